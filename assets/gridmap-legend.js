/*
 * The legend of the map: what each colour stands for, in which unit, over which days,
 * and how many areas it covers. The density surface has its own, gridmap-surface.js.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const h = window.React.createElement;
  const RAMP_STEPS = 7;

  /** Figures of a metric: whole incidents, or three significant digits. */
  gridboard.formatFigure = function (metric, value, lang) {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    const digits =
      metric === "count" ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
    return new Intl.NumberFormat(lang, digits).format(value);
  };

  function step(k, n) {
    return n <= 1 ? Math.ceil(RAMP_STEPS / 2) : 1 + Math.round(((k - 1) * (RAMP_STEPS - 1)) / (n - 1));
  }

  /** What class k holds: whole numbers from-to, other figures from-below. */
  gridboard.classRange = function (metric, scale, k, lang) {
    const figure = (value) => gridboard.formatFigure(metric, value, lang);
    // Limits are rounded already, as far as their neighbours allow: 12.15 and 12.22 stay two.
    const limit = (value) => new Intl.NumberFormat(lang, { maximumSignificantDigits: 12 }).format(value);
    const { limits, lowest, highest } = scale;
    const low = k === 1 ? lowest : limits[k - 2];
    const high = k === limits.length + 1 ? highest : limits[k - 1];
    if (metric !== "count") {
      if (k === limits.length + 1) return k === 1 ? figure(low) : `≥ ${limit(low)}`;
      return k === 1 ? `< ${limit(high)}` : `${limit(low)} – ${limit(high)}`;
    }
    const first = Math.ceil(low);
    const last = k === limits.length + 1 ? high : Math.ceil(high) - 1;
    if (k === limits.length + 1 && k > 1) return `≥ ${figure(first)}`;
    return last > first ? `${figure(first)} – ${figure(last)}` : figure(first);
  };

  /** Areas that have a pattern in the place of a colour: unknown, too few to judge, hidden. */
  gridboard.legendPatterns = function ({ picture, words, largest, lang }) {
    return [["hatch", picture.unknown, words.unknown], ["dots", picture.few, words.few],
      ["cross", picture.hidden, words.hidden]]
      .filter(([, size]) => size > 0)
      .map(([className, size, range]) => h(Row, { key: className, className, range, size, largest, lang }));
  };

  function Row({ className, colour, range, size, largest, lang }) {
    const width = largest > 0 ? `${Math.max(size > 0 ? 2 : 0, (100 * size) / largest)}%` : "0";
    return h(
      "li",
      { className: "legend-row" },
      h("span", { className: `swatch ${className || ""}`, style: colour && { background: colour } }),
      h("span", { className: "legend-range" }, range),
      h("span", { className: "legend-bar", "aria-hidden": true }, h("i", { style: { width } })),
      h("span", { className: "legend-size quiet" }, new Intl.NumberFormat(lang).format(size)),
    );
  }

  gridboard.LegendRow = Row;

  function Classes({ scale, metric, rate, picture, text, lang }) {
    const n = scale.lowest === null ? 0 : scale.limits.length + 1;
    const sizes = picture.sizes || [];
    const largest = Math.max(picture.unknown, picture.few, picture.hidden, ...sizes, 1);
    const rows = [];
    for (let k = n; k >= 1; k -= 1) {
      rows.push(
        h(Row, {
          key: k,
          colour: `var(--ramp-${step(k, n)})`,
          range: gridboard.classRange(metric, scale, k, lang),
          size: sizes[k] || 0,
          largest,
          lang,
        }),
      );
    }
    rows.push(
      h(Row, { key: 0, className: "zero", range: `0 · ${text.zero}`, size: sizes[0] || 0, largest, lang }),
    );
    const unknown = metric === "rate" ? rate.unknown : text.unknown[metric];
    const words = { unknown, few: rate.tooFew, hidden: text.hidden };
    rows.push(...gridboard.legendPatterns({ picture, words, largest, lang }));
    return h(
      "div",
      null,
      h(
        "p",
        { className: "legend-head quiet" },
        h("span", null, metric === "rate" ? rate.unit : text.units[metric]),
        h("span", null, text.areas),
      ),
      h("ul", { className: "legend-rows" }, rows),
      metric === "rate" && rate.note && !picture.period && h("p", { className: "quiet" }, rate.note),
    );
  }

  /** @param props scene, look, picture, move (of the bandwidth), text, lang */
  gridboard.Legend = function Legend({ scene, look, picture, move, text, lang }) {
    const surface = look.view === "heat";
    const spots = scene.spots && scene.spots[look.view];
    const name = look.metric === "rate" && !picture.period ? scene.rate.name : text.metrics[look.metric];
    const body = surface
      ? picture.heat &&
        h(gridboard.Surface, { heat: picture.heat, counted: picture.counted, radii: scene.radii, wanted: look.radius, move, text, lang })
      : spots
        ? picture.spots && h(gridboard.Spots, { view: look.view, scene, picture, lang })
        : h(Classes, { scale: picture.scales[look.metric], metric: look.metric, rate: scene.rate, picture, text, lang });
    return h(
      "section",
      { className: "legend", "aria-label": text.legend },
      h("h2", { className: "legend-title" }, surface ? text.surface : spots ? spots.title : name),
      h("p", { className: "quiet" }, (spots && spots.period) || picture.period || scene.legend.period),
      body,
      (scene.legend.located || []).slice(0, surface ? 1 : 2).map((line) =>
        h("p", { key: line, className: "quiet" }, line),
      ),
      picture.period && h("p", { className: "quiet" }, text.play.classes),
      !surface && !spots && !picture.period && scene.legend.scale && h("p", { className: "quiet" }, scene.legend.scale),
      !surface &&
        !spots &&
        !picture.period &&
        scene.legend.rescale &&
        h("a", { className: "action", "data-nav": "", href: scene.legend.rescale }, text.rescale),
    );
  };
})();
