/* dashboard.SiteMap: the scope's borders, and on them what a file holds: points or defects. */
(function () {
  "use strict";

  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;
  const VIEW = new URL("gridmap/site.js", document.currentScript.src).href;

  /** @param props scene ({borders, points, defects, legend}), theme, text, lang */
  dashboard.SiteMap = function SiteMap(props) {
    const { scene, text } = props;
    const host = React.useRef(null);
    const view = React.useRef(null);
    const [state, setState] = React.useState("loading");
    const [about, setAbout] = React.useState(null);
    const latest = React.useRef(scene);
    latest.current = scene;
    const shown = Boolean(scene);
    React.useEffect(() => {
      if (!shown) return undefined;
      let gone = false;
      import(VIEW).then(
        ({ SiteView }) => {
          if (gone) return;
          view.current = new SiteView(host.current, { state: setState, about: setAbout });
          view.current.show(latest.current);
        },
        () => setState("failed"),
      );
      const look = (event) => view.current && view.current.look(event.detail);
      window.addEventListener("gridboard:look", look);
      return () => {
        gone = true;
        window.removeEventListener("gridboard:look", look);
        if (view.current) view.current.remove();
        view.current = null;
      };
    }, [shown]);
    const said = JSON.stringify(scene);
    React.useEffect(() => {
      if (view.current && scene) view.current.show(scene);
    }, [said]);
    React.useEffect(() => {
      if (view.current) view.current.restyle();
    }, [props.theme]);
    if (!shown) return null;
    return h(
      "div",
      { id: props.id, className: "sitemap", role: "region", "aria-label": text.map, "data-map-state": state },
      h("div", { className: "map-canvas", ref: host }),
      state === "loading" && h("div", { className: "map-busy", role: "status" }, h("span", { className: "unseen" }, text.loading)),
      state === "failed" && h("div", { className: "notice failed", role: "alert" }, h("b", null, text.failed)),
      h("ul", { className: "sitemap-legend" }, scene.legend.map((line) =>
        h("li", { key: line.look }, h("i", { className: `dot-${line.look}`, "aria-hidden": true }), line.words))),
      about && h("div", { className: "card", role: "status", style: { left: 12, top: 12 } },
        h("p", { className: "card-name" }, about.title), about.lines.map((line) => h("p", { key: line, className: "quiet" }, line))),
      h("div", { className: "map-tools" },
        [["zoomIn", "+", 1], ["zoomOut", "−", -1]].map(([name, sign, by]) =>
          h("button", { key: name, type: "button", className: "tool", "aria-label": text[name], title: text[name], onClick: () => view.current && view.current.zoom(by) }, sign)),
        h("button", { type: "button", className: "tool", "aria-label": text.fit, title: text.fit, onClick: () => view.current && view.current.fit() }, "⤢")),
    );
  };

  /** A row with a place is looked at on the map: by click, or by Enter on its button. */
  document.addEventListener("click", (event) => {
    const row = event.target.closest && event.target.closest("[data-look]");
    if (!row) return;
    const [lon, lat, metres] = row.dataset.look.split(",").map(Number);
    window.dispatchEvent(new CustomEvent("gridboard:look", { detail: { lon, lat, metres } }));
  });
})();
