/*
 * dashboard.GridMap: the map as a Dash component, without a build of its own.
 *
 * React draws what floats on the map (card, legend, buttons, notices); the map itself
 * is gridmap/view.js, loaded when the first map is mounted.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;
  const VIEW = new URL("gridmap/view.js", document.currentScript.src).href;
  // Asked for at once: it arrives while Dash still asks for the layout.
  const viewModule = import(VIEW);
  viewModule.catch(() => {}); // Whoever mounts a map says so.
  const NOTHING = { state: "loading", at: null, sizes: null, spots: null, unknown: 0, total: 0, heat: null };

  function Card({ hover, scene, look, text, lang }) {
    const { area, figures } = hover;
    const base = scene.rate;
    const figure = (metric) => gridboard.formatFigure(metric, figures ? figures[metric] : NaN, lang);
    const size = new Intl.NumberFormat(lang, { maximumSignificantDigits: 4 });
    // As many as the sentence above says: people are counted, not measured.
    const people = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });
    const rows = [
      ["count", null],
      ["density", figures && figures.areaKm2 > 0 ? `÷ ${size.format(figures.areaKm2)} km²` : text.noArea],
      ["rate", figures && figures.people > 0 ? `÷ ${people.format(figures.people)} ${base.of}` : base.unknown],
    ];
    const units = { ...text.units, rate: base.unit };
    const current = look.view === "areas" ? look.metric : null;
    const name = area && ((lang === "en" && area.name_en) || area.name);
    return h(
      "div",
      { className: "card", style: place(hover), role: "status" },
      h("p", { className: "card-name" }, name || "…"),
      h("p", { className: "quiet" }, area ? `${scene.levels[area.level] || ""} ${area.code}` : scene.layer.name),
      !figures && h("p", { className: "quiet" }, text.outside),
      area && area.said && h("p", { className: "card-said" }, area.said[lang] || area.said.en),
      figures && figures.hidden && h("p", { className: "quiet" }, text.hidden),
      figures &&
        !figures.hidden &&
        h(
          "table",
          { className: "card-figures" },
          h(
            "tbody",
            null,
            rows.map(([metric, note]) =>
              h(
                "tr",
                { key: metric, className: metric === current ? "current" : null },
                h("td", null, figure(metric)),
                h("td", { className: "quiet" }, units[metric]),
                h("td", { className: "quiet" }, note),
              ),
            ),
          ),
        ),
      area && area.synthetic && h("p", { className: "quiet" }, text.synthetic),
    );
  }

  /** Beside the pointer, on the side where there is room. */
  function place({ x, y, width, height }) {
    const right = x > width / 2;
    const below = y > height / 2;
    const gap = 14;
    return {
      left: right ? "auto" : x + gap,
      right: right ? width - x + gap : "auto",
      top: below ? "auto" : y + gap,
      bottom: below ? height - y + gap : "auto",
    };
  }

  function Failed({ at, problem, text, lang }) {
    const time = at && new Intl.DateTimeFormat(lang, { timeStyle: "medium" }).format(at);
    return h(
      "div",
      { className: "notice failed", role: "alert" },
      h("b", null, problem || text.failed),
      h("span", null, time ? text.failedSince.replace("{time}", time) : text.failedEmpty),
      h("button", { type: "button", className: "action", "data-retry": "" }, text.retry),
    );
  }

  function Notice({ picture, scene, look, problem, text, lang }) {
    // What is not to be shown did not fail, and trying again would not help.
    if (problem && problem.refused) {
      return h("div", { className: "notice empty", role: "status" }, problem.refused);
    }
    if (problem || picture.state === "failed") {
      return h(Failed, { at: picture.at, problem, text, lang });
    }
    if (!scene || picture.state === "loading") {
      const first = !scene || !picture.at;
      return h(
        "div",
        { className: first ? "map-skeleton" : "map-busy", role: "status" },
        h("span", { className: first ? "" : "unseen" }, text.loading),
      );
    }
    if (picture.total === 0) {
      return h("div", { className: "notice empty", role: "status" }, text.noAreas);
    }
    const judged = picture.few === 0 && picture.hidden === 0;
    const zero = judged && picture.sizes && picture.sizes.slice(1).every((size) => size === 0);
    const unknown = picture.unknown === picture.total;
    // Counted, but without what to divide by.
    const spots = scene.spots && scene.spots[look.view];
    // Spots are judged by rates, a change by two counts.
    const metric = !spots ? look.metric : look.view === "change" ? null : "rate";
    const nobody = picture.counted && text.noMetric[metric];
    const why = (spots && spots.why) || nobody || text.noData;
    if (unknown) return h("div", { className: "notice empty", role: "status" }, why);
    return zero ? h("div", { className: "notice zero", role: "status" }, text.allZero) : null;
  }

  function Tools({ view, playing, text }) {
    const button = (label, sign, act, more) =>
      h("button", { type: "button", className: "tool", "aria-label": label, title: label, onClick: act, ...more }, sign);
    return h(
      "div",
      { className: "map-tools" },
      button(text.zoomIn, "+", () => view.current && view.current.zoom(1)),
      button(text.zoomOut, "−", () => view.current && view.current.zoom(-1)),
      button(text.fit, "⤢", () => view.current && view.current.fit()),
      playing &&
        button(text.play.name, "▶", playing.toggle, { "aria-pressed": Boolean(playing.step), "data-play-toggle": "" }),
    );
  }

  /** The same value as long as it says the same: every answer brings a new object. */
  function useSettled(value) {
    const kept = React.useRef(value);
    if (JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
    return kept.current;
  }

  function useView(props, scene, look) {
    const host = React.useRef(null);
    const view = React.useRef(null);
    const [picture, setPicture] = React.useState(NOTHING);
    const [hover, setHover] = React.useState(null);
    const [loaded, setLoaded] = React.useState(false);

    React.useEffect(() => {
      let gone = false;
      const tellHover = (next) => {
        const box = host.current;
        setHover(next && { ...next, width: box.clientWidth, height: box.clientHeight });
      };
      viewModule.then(
        ({ MapView }) => {
          if (gone) return;
          view.current = new MapView(host.current, { picture: setPicture, hover: tellHover });
          setLoaded(true);
        },
        () => setPicture({ ...NOTHING, state: "failed" }),
      );
      const retry = () => view.current && view.current.retry();
      const point = (event) => view.current && view.current.mark(event.detail);
      const paper = (event) => view.current && view.current.paper(event.detail);
      window.addEventListener("gridboard:retry", retry);
      window.addEventListener("gridboard:paper", paper);
      window.addEventListener("gridboard:point", point);
      return () => {
        gone = true;
        window.removeEventListener("gridboard:retry", retry);
        window.removeEventListener("gridboard:paper", paper);
        window.removeEventListener("gridboard:point", point);
        if (view.current) view.current.remove();
        view.current = null;
      };
    }, []);

    React.useEffect(() => {
      if (loaded) view.current.name(props.text.map);
    }, [loaded, props.text.map]);

    // What is less urgent than the map waits for its first picture, or its first failure.
    const settled = picture.idle || picture.state === "failed";
    React.useEffect(() => {
      if (settled) props.setProps({ settled: true });
    }, [settled]);

    const link = useSettled(props.link);
    React.useEffect(() => {
      if (loaded && link) view.current.link(link);
    }, [loaded, link]);

    React.useEffect(() => {
      if (loaded && scene && look) view.current.show(scene, look);
    }, [loaded, scene, look]);

    return { host, view, picture, hover };
  }

  /**
   * @param {object} props
   * @param {object} props.scene what to show: area, layer, outlines, urls, scales, labels
   * @param {object} props.look how to show it: metric, view, radius, theme
   * @param {object} props.text words of the user's language
   * @param {string} props.lang language of numbers
   * @param {object} props.link how it moves together with other maps of the page, if it does
   * It sets `settled` once there is a first picture, or none is to be had.
   */
  dashboard.GridMap = function GridMap(props) {
    const { text, lang } = props;
    const scene = useSettled(props.scene);
    const look = useSettled(props.look);
    const { host, view, picture, hover } = useView(props, scene, look);
    const move = (radiusM) => view.current && view.current.spread(radiusM);
    React.useEffect(() => {
      if (scene && scene.title) document.title = scene.title;
    }, [scene && scene.title]);
    const shown = scene && look;
    // Only areas are played, and only where a map stands alone.
    const playing = shown && look.view === "areas" && scene.play && !props.link && {
      step: look.play,
      toggle: () => gridboard.goWith({ play: look.play ? null : scene.play.usual }),
    };
    return h(
      "div",
      {
        id: props.id,
        className: "gridmap",
        role: "region",
        "aria-label": text.map,
        "data-map-state": props.problem ? (props.problem.refused ? "refused" : "failed") : shown ? picture.state : "loading",
        "data-map-idle": picture.idle ? "true" : "false",
        "data-map-slot": shown ? scene.layer.slot : null,
        "data-map-areas": picture.total,
      },
      h("div", { className: "map-canvas", ref: host }),
      h(Notice, { picture, scene: shown && scene, look, problem: props.problem, text, lang }),
      h(
        "div",
        { className: "float" },
        props.children,
        // The legend explains the picture that is there, not the one asked for.
        shown && picture.at && h(gridboard.Legend, { scene: picture.scene, look, picture, move, text, lang }),
      ),
      h(Tools, { view, playing, text }),
      playing && playing.step && picture.at && picture.scene === scene &&
        h(gridboard.Play, { scene, step: playing.step, view, text, lang }),
      hover && shown && hover.id !== null && h(Card, { hover, scene, look, text, lang }),
    );
  };
})();
