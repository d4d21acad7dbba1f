/*
 * On paper: light colours whatever the screen's, and charts as wide as the sheet.
 *
 * print.css says what is printed. What no style sheet can do is done when the browser is about to
 * print, at once, since it does not wait; and undone when it has. A button marked data-print prints.
 */
(function () {
  "use strict";

  const root = document.documentElement;
  const PAINTS = ["fill", "stroke"];
  const undone = [];

  /** Change something until the printing is over. */
  function until(change, back) {
    change();
    undone.push(back);
  }

  function setProperty(element, name, value) {
    const [before, priority] = [element.style.getPropertyValue(name), element.style.getPropertyPriority(name)];
    until(
      () => element.style.setProperty(name, value),
      () => element.style.setProperty(name, before, priority),
    );
  }

  function setAttribute(element, name, value) {
    const before = element.getAttribute(name);
    until(
      () => element.setAttribute(name, value),
      () => (before === null ? element.removeAttribute(name) : element.setAttribute(name, before)),
    );
  }

  /** A colour as browsers write it back. */
  function written(colour) {
    const probe = document.createElement("i");
    probe.style.color = colour;
    return probe.style.color;
  }

  /** The colours of the theme in force, by the names of their tokens. */
  function colours() {
    const style = getComputedStyle(root);
    const names = ["line", "text", "muted", "accent", "bad", "good", "ghost", "bar", "series", "compared", "raised", "surface", "background"];
    return new Map(names.map((name) => [name, written(style.getPropertyValue(`--${name}`).trim())]));
  }

  /** A chart is drawn in the colours of the screen, and as wide as its panel. */
  function layOut(chart, dark, light) {
    const turned = new Map([...dark].map(([name, colour]) => [colour, light.get(name)]));
    for (const element of chart.querySelectorAll(".main-svg [style]")) {
      for (const paint of PAINTS) {
        const colour = turned.get(element.style.getPropertyValue(paint));
        if (colour) setProperty(element, paint, colour);
      }
    }
    for (const drawing of chart.querySelectorAll(".main-svg")) {
      const [width, height] = ["width", "height"].map((name) => drawing.getAttribute(name));
      setAttribute(drawing, "viewBox", `0 0 ${width} ${height}`);
      setProperty(drawing.parentElement, "aspect-ratio", `${width} / ${height}`);
    }
  }

  function begin() {
    if (undone.length) return;
    const [theme, before] = [root.dataset.theme, colours()];
    until(() => (root.dataset.theme = "light"), () => (root.dataset.theme = theme));
    const light = colours();
    document.querySelectorAll(".js-plotly-plot").forEach((chart) => layOut(chart, before, light));
    // An address on paper is one that can be typed.
    for (const link of document.querySelectorAll("[data-typed]")) {
      const before = link.textContent;
      until(() => (link.textContent = link.href), () => (link.textContent = before));
    }
    window.dispatchEvent(new CustomEvent("gridboard:paper", { detail: true }));
  }

  function end() {
    if (!undone.length) return;
    while (undone.length) undone.pop()();
    window.dispatchEvent(new CustomEvent("gridboard:paper", { detail: false }));
  }

  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
