/*
 * The legend of hot and cold spots: one line a class, hot on the left and cold on the right,
 * each with how many areas have it.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const h = window.React.createElement;
  const TOKENS = { hot: ["gi-hot", "gi-cold"], change: ["gi-hot", "gi-cold"], emerging: ["hot", "cold"] };

  function Side({ token, size, lang }) {
    return h(
      window.React.Fragment,
      null,
      h("span", { className: "swatch", style: { background: `var(--${token})` } }),
      h("span", { className: "legend-size quiet" }, new Intl.NumberFormat(lang).format(size)),
    );
  }

  function Line({ name, view, k, spots, lang }) {
    const [hot, cold] = TOKENS[view];
    return h(
      "li",
      { className: "legend-row spots" },
      h(Side, { token: `${hot}-${k}`, size: spots.hot[k], lang }),
      h("span", { className: "legend-range" }, name),
      h(Side, { token: `${cold}-${k}`, size: spots.cold[k], lang }),
    );
  }

  /** Read once, and then in the way of the classes: it opens when asked for. */
  function Method({ name, notes }) {
    return h(
      "details",
      { className: "legend-method" },
      h("summary", null, name),
      notes.map((note) => h("p", { key: note, className: "quiet" }, note)),
    );
  }

  /** @param props view, scene, picture, lang */
  gridboard.Spots = function Spots({ view, scene, picture, lang }) {
    const words = scene.spots[view];
    const { spots } = picture;
    const largest = Math.max(spots.none, picture.unknown, picture.few, picture.hidden, 1);
    // The surest class, or the largest change, first; patterns in their own order, from new to historical.
    const classes = words.classes.map((name, i) => [i + 1, name]);
    if (view !== "emerging") classes.reverse();
    return h(
      "div",
      null,
      h("p", { className: "legend-head sides quiet" }, h("span", null, words.hot), h("span", null, words.cold)),
      h(
        "ul",
        { className: "legend-rows plain" },
        classes.map(([k, name]) => h(Line, { key: k, name, view, k, spots, lang })),
      ),
      h(
        "ul",
        { className: "legend-rows" },
        h(gridboard.LegendRow, { className: "zero", range: words.none, size: spots.none, largest, lang }),
        gridboard.legendPatterns({ picture, words, largest, lang }),
      ),
      words.notes.map((note) => h("p", { key: note, className: "quiet" }, note)),
      words.method && h(Method, words.method),
    );
  };
})();
