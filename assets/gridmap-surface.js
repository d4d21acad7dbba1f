/*
 * The legend of the density surface: its scale in incidents per km², what it is made of, and the
 * bandwidth, which can be moved while the surface follows.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const React = window.React;
  const h = React.createElement;
  /** A bandwidth that rests for so long goes into the address. */
  const REST_MS = 500;

  /** The bandwidth shown where one is wanted: the nearest that can be had, or the usual one. */
  gridboard.radiusOf = function (radii, wanted) {
    if (!wanted) return radii.usual;
    return Math.min(Math.max(wanted, radii.stops[0]), radii.stops[radii.stops.length - 1]);
  };

  function nearest(stops, radius) {
    let found = 0;
    stops.forEach((stop, i) => {
      if (Math.abs(stop - radius) < Math.abs(stops[found] - radius)) found = i;
    });
    return found;
  }

  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  /** A slider over the bandwidths; the usual one is marked and can be gone back to. */
  function Radius({ radii, wanted, move, text, lang }) {
    const chosen = gridboard.radiusOf(radii, wanted);
    const [moved, setMoved] = React.useState(null);
    const timer = React.useRef(0);
    React.useEffect(() => setMoved(null), [radii, wanted]);
    React.useEffect(() => () => clearTimeout(timer.current), []);
    const radius = moved ?? chosen;
    const words = fill(text.metres, { m: new Intl.NumberFormat(lang).format(Math.round(radius)) });
    const settle = (metres) => gridboard.goWith({ radius: metres === radii.usual ? null : Math.round(metres) });
    const shift = (next) => {
      clearTimeout(timer.current);
      setMoved(next);
      move(next);
    };
    const slide = (event) => {
      const next = radii.stops[Number(event.target.value)];
      shift(next);
      timer.current = setTimeout(() => settle(next), REST_MS);
    };
    const back = () => {
      shift(radii.usual);
      settle(radii.usual);
    };
    return h(
      "div",
      { className: "radius" },
      h(
        "label",
        { className: "radius-head" },
        h("span", { className: "quiet" }, text.bandwidth),
        h("output", { className: "radius-value" }, words),
        h("input", {
          type: "range",
          className: "radius-slider",
          min: 0,
          max: radii.stops.length - 1,
          step: 1,
          value: nearest(radii.stops, radius),
          "aria-valuetext": words,
          onChange: slide,
        }),
      ),
      radius !== radii.usual &&
        h(
          "button",
          { type: "button", className: "action", onClick: back },
          fill(text.usualBandwidth, { m: new Intl.NumberFormat(lang).format(Math.round(radii.usual)) }),
        ),
    );
  }

  /** A surface of nothing has no scale: either nothing happened, or nothing is known. */
  function Empty({ counted, text }) {
    const [className, words] = counted ? ["zero", `0 · ${text.zero}`] : ["hatch", text.unknown.count];
    return h(
      "p",
      { className: "legend-row" },
      h("span", { className: `swatch ${className}` }),
      h("span", { className: "legend-range" }, words),
    );
  }

  /** @param props heat (the surface drawn), counted, radii, wanted, move, text, lang */
  gridboard.Surface = function Surface({ heat, counted, radii, wanted, move, text, lang }) {
    if (!(heat.maxPerKm2 > 0)) return h(Empty, { counted, text });
    const figure = (value) => gridboard.formatFigure("density", value, lang);
    const number = (value) => new Intl.NumberFormat(lang).format(value);
    const max = heat.maxPerKm2;
    return h(
      "div",
      null,
      h("p", { className: "legend-head quiet" }, h("span", null, text.surfaceUnit)),
      h("div", { className: "heat-bar" }),
      h(
        "div",
        { className: "heat-ticks" },
        [0, max / 16, max / 4, (9 * max) / 16, max].map((value, i) =>
          h("span", { key: i }, figure(value)),
        ),
      ),
      radii && h(Radius, { radii, wanted, move, text, lang }),
      h("p", { className: "quiet" }, text.surfaceNote),
      h(
        "p",
        { className: "quiet" },
        fill(text.located, { used: number(heat.used), left_out: number(heat.leftOut) }),
      ),
    );
  };
})();
