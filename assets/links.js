/*
 * gridboard.leadsTo: where a link leads once the page was sent on since the link was drawn.
 *
 * A link's address is written with the answer it came with. Whoever chooses something else before
 * the next answer is drawn would lose it by that address: what the link changes is changed in the
 * address the page has by now instead.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});

  /** Parameters that say one thing together. */
  const TOGETHER = [["from", "to", "period", "span"], ["scale_from", "scale_to"], ["from2", "to2", "against"]];
  /** Where maps were moved to; gridboard.go sees to it. */
  const CAMERAS = ["at", "at2"];

  function read(href) {
    const { pathname, searchParams } = new URL(href, window.location.href);
    CAMERAS.forEach((name) => searchParams.delete(name));
    const [, section = "", code = ""] = pathname.split("/");
    return { section, code, said: searchParams };
  }

  function differing(one, other) {
    const names = new Set([...one.said.keys(), ...other.said.keys()]);
    return [...names].filter((name) => one.said.get(name) !== other.said.get(name));
  }

  const isSame = (one, other) =>
    one.section === other.section && one.code === other.code && !differing(one, other).length;

  /** What the part that an element stands in was drawn for: the address asked for, and as links write it. */
  gridboard.drawnFor = function (element) {
    for (let part = element.parentElement; part; part = part.parentElement) {
      const mark = part.querySelector(":scope > [data-drawn]");
      if (mark) return JSON.parse(mark.dataset.drawn);
    }
    return null;
  };

  /**
   * @param href of the link
   * @param drawn what the link was drawn for, if that is known
   * @param beside hrefs of the choices that the link is one of, where it is the one in force: what
   *   they change it changes back
   */
  gridboard.leadsTo = function (href, drawn, beside = []) {
    const now = read(window.location.href);
    if (!drawn || isSame(read(drawn[0]), now)) return href;
    const [to, from] = [read(href), read(drawn[1])];
    const names = new Set([from, ...beside.map(read)].flatMap((other) => differing(to, other)));
    for (const kin of TOGETHER) {
      if (kin.some((name) => names.has(name))) kin.forEach((name) => names.add(name));
    }
    for (const name of names) {
      if (to.said.has(name)) now.said.set(name, to.said.get(name));
      else now.said.delete(name);
    }
    const code = to.code === from.code ? now.code || to.code : to.code;
    const query = now.said.toString().replaceAll("%2C", ",");
    return `/${[to.section, code].filter(Boolean).join("/")}${query && "?" + query}`;
  };

  /** Where a link of the page leads by now. */
  gridboard.hrefOf = function (link) {
    const group = link.hasAttribute("aria-current") && link.closest("[role=group]");
    const beside = group ? [...group.querySelectorAll("a[data-nav]")].map((each) => each.getAttribute("href")) : [];
    return gridboard.leadsTo(link.getAttribute("href"), gridboard.drawnFor(link), beside);
  };
})();
