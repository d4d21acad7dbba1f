/*
 * gridboard.isOccupied: whether somebody is at something that drawing the page anew would take
 * away: a question that is open, or a form that is being filled in. News wait until then.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  /** Whoever has not touched a field for so long may see the news. */
  const IDLE_MS = 20000;
  const FIELDS = "input, select, textarea";
  const LOOK_AGAIN_MS = 300;
  let touchedAt = 0;

  for (const kind of ["focusin", "input", "keydown"]) {
    document.addEventListener(kind, () => (touchedAt = Date.now()), true);
  }

  const isFilledIn = (part, since) => {
    const field = document.activeElement;
    return part.contains(field) && field.matches(FIELDS) && touchedAt > Math.max(since, Date.now() - IDLE_MS);
  };

  /**
   * @param selector of the parts that are to be drawn anew
   * @param since fields touched before this moment do not count
   */
  gridboard.isOccupied = (selector, since = 0) =>
    [...document.querySelectorAll(selector)].some((part) => part.querySelector("dialog[open]") || isFilledIn(part, since));

  /** Do something once nobody is at these parts. @returns what calls it off */
  gridboard.whenFree = function (selector, act, since = 0) {
    let timer = 0;
    const look = () => {
      if (gridboard.isOccupied(selector, since)) timer = setTimeout(look, LOOK_AGAIN_MS);
      else act();
    };
    look();
    return () => clearTimeout(timer);
  };
})();
