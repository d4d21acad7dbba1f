/*
 * Going from one state of the page to another is going to another URL.
 *
 * Every control is a link whose address the server wrote, so that it can be opened
 * in a tab, copied and reached by keyboard. A plain click on one marked data-nav
 * stays in the page: the history moves and dcc.Location tells the callbacks.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const clientside = (window.dash_clientside = window.dash_clientside || {});

  /** Parameters that only the browser reads; the callbacks need not run for them. */
  const OWN_PARAMETERS = ["at", "at2"];
  const METRICS = ["count", "density", "rate"];
  const PLAYS = ["day", "week", "month"];
  const VIEWS = ["areas", "heat", "hot", "emerging"];

  function announce() {
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  /** Whether an address shows the same areas as the page does now. */
  function staysThere(target) {
    const other = new URLSearchParams(window.location.search).get("with");
    return target.pathname === window.location.pathname && target.searchParams.get("with") === other;
  }

  /** Go to an address of this page; the camera stays while the area stays. */
  gridboard.go = function (href) {
    const target = new URL(href, window.location.href);
    const here = new URLSearchParams(window.location.search);
    for (const name of staysThere(target) ? OWN_PARAMETERS : []) {
      if (here.has(name) && !target.searchParams.has(name)) target.searchParams.set(name, here.get(name));
    }
    if (target.href === window.location.href) return;
    window.history.pushState({}, "", target);
    announce();
  };

  /** Address of another area with the same filters. */
  gridboard.areaHref = function (code) {
    const search = new URLSearchParams(window.location.search);
    OWN_PARAMETERS.forEach((name) => search.delete(name));
    const query = search.toString().replaceAll("%2C", ",");
    return "/map/" + encodeURIComponent(code) + (query ? "?" + query : "");
  };

  /**
   * Write the camera into the address without a new entry in the history.
   *
   * @param camera longitude, latitude and zoom, or null to forget it
   * @param {"at" | "at2"} name of the parameter, the second one that of a map beside
   */
  gridboard.keepCamera = function (camera, name = "at") {
    const url = new URL(window.location.href);
    url.searchParams.delete(name);
    const at = camera && camera.map((number, i) => number.toFixed(i < 2 ? 5 : 2)).join(",");
    const query = [url.searchParams.toString().replaceAll("%2C", ","), at && `${name}=${at}`]
      .filter(Boolean)
      .join("&");
    window.history.replaceState(window.history.state, "", url.pathname + (query && "?" + query));
  };

  /** Go to the same address with other values of some parameters; null leaves one out. */
  gridboard.goWith = function (changes) {
    const url = new URL(window.location.href);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    const query = url.searchParams.toString().replaceAll("%2C", ",");
    gridboard.go(url.pathname + (query && "?" + query));
  };

  /** The same address with one code of a comma-separated filter switched on or off. */
  gridboard.toggled = function (search, name, code) {
    const parameters = new URLSearchParams(search);
    const codes = new Set((parameters.get(name) || "").split(",").filter(Boolean));
    if (!codes.delete(code)) codes.add(code);
    parameters.delete(name);
    if (codes.size) parameters.set(name, [...codes].sort().join(","));
    const query = parameters.toString().replaceAll("%2C", ",");
    return query && "?" + query;
  };

  function plain(event) {
    return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  }

  let stopKeeping = () => {};

  /**
   * The answer to a link replaces the part of the page it stands in. Whoever came by
   * keyboard finds the focus on the same link again, or on the first one of its part,
   * however late the answer comes, unless it went elsewhere meanwhile.
   */
  function keepFocus(link) {
    stopKeeping();
    const part = link.closest("[id]");
    if (!part) return;
    const plainWords = (each) => each.textContent.replace(/ [↑↓]$/, "");
    const [id, words] = [part.id, plainWords(link)];
    const observer = new MutationObserver(() => {
      const there = document.getElementById(id);
      if (!there || there.contains(document.activeElement)) return;
      if (document.activeElement !== document.body) return;
      const links = [...there.querySelectorAll("a[data-nav]")];
      const again = links.find((each) => plainWords(each) === words);
      const first = there.querySelector("tbody a[data-nav]") || links[0];
      (again || first || there).focus({ preventScroll: true });
    });
    observer.observe(document.body, { childList: true, subtree: true });
    const kinds = ["focusin", "pointerdown"];
    const elsewhere = (event) => document.getElementById(id)?.contains(event.target) || stopKeeping();
    kinds.forEach((kind) => document.addEventListener(kind, elsewhere));
    stopKeeping = () => {
      observer.disconnect();
      kinds.forEach((kind) => document.removeEventListener(kind, elsewhere));
    };
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-nav]");
    if (!link || !plain(event)) return;
    event.preventDefault();
    if (event.detail === 0) keepFocus(link);
    if (link.dataset.toggle) {
      const [name, code] = link.dataset.toggle.split(":");
      const search = gridboard.toggled(window.location.search, name, code);
      gridboard.go(window.location.pathname + search);
    } else {
      gridboard.go(gridboard.hrefOf(link));
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("[data-retry]")) {
      window.dispatchEvent(new CustomEvent("gridboard:retry"));
    }
  });

  /** A row of the ranking under the pointer or the focus is shown on the map. */
  for (const kind of ["mouseover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const row = event.target.closest && event.target.closest("[data-area-id]");
      const id = row ? Number(row.dataset.areaId) : null;
      window.dispatchEvent(new CustomEvent("gridboard:point", { detail: id }));
    });
  }

  /** The sheet of a tablet: as it is, tall, low, and again. */
  const SHEETS = ["middle", "tall", "low"];
  document.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest("[data-sheet-handle]")) return;
    const root = document.documentElement;
    const next = (SHEETS.indexOf(root.dataset.sheet || SHEETS[0]) + 1) % SHEETS.length;
    root.dataset.sheet = SHEETS[next];
  });

  function dress(parameters) {
    const root = document.documentElement;
    root.dataset.theme = parameters.get("theme") === "light" ? "light" : "dark";
    root.lang = parameters.get("lang") === "en" ? "en" : "zh-CN";
    return root.dataset.theme;
  }

  dress(new URLSearchParams(window.location.search));

  clientside.gridboard = Object.assign(clientside.gridboard || {}, {
    /** The address as the callbacks need it: unchanged means that nothing has to run. */
    address(pathname, search, last) {
      if (pathname === undefined || pathname === null) return clientside.no_update;
      if (pathname !== "/" && !/^\/map(\/|$)/.test(pathname)) return clientside.no_update;
      const parameters = new URLSearchParams(search || "");
      OWN_PARAMETERS.forEach((name) => parameters.delete(name));
      const query = parameters.toString().replaceAll("%2C", ",");
      const next = { pathname, search: query && "?" + query };
      const same = last && last.pathname === next.pathname && last.search === next.search;
      return same ? clientside.no_update : next;
    },

    /** The chart's library is large: it is fetched when the map no longer needs the line. */
    chart(settled, settings) {
      if (!settled) return clientside.no_update;
      const props = { ...settings, responsive: true, figure: {} };
      return { namespace: "dash_core_components", type: "Graph", props };
    },

    /** A figure knows no screen: its type and lines follow the page's. */
    sized(figure) {
      if (!figure || !figure.layout) return figure || {};
      const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
      const layout = { ...figure.layout, font: { size: 12 * scale } };
      const above = (layout.annotations || []).length ? 26 : 10;
      layout.margin = { l: 8 * scale, r: 8 * scale, t: above * scale, b: 8 * scale };
      layout.hoverlabel = { font: { size: 13 * scale } };
      const data = figure.data.map((trace) => {
        if (trace.type === "bar") return trace;
        const line = { ...trace.line, width: trace.line.width * scale };
        return { ...trace, line, marker: { ...trace.marker, size: trace.marker.size * scale } };
      });
      return { ...figure, data, layout };
    },

    /** What the map can change by itself, before any server answers. */
    look(search) {
      const parameters = new URLSearchParams(search || "");
      const metric = METRICS.includes(parameters.get("metric")) ? parameters.get("metric") : "count";
      // Only areas have publishable figures.
      const chosen = parameters.get("publish") === "1" ? null : parameters.get("view");
      const view = VIEWS.includes(chosen) ? chosen : "areas";
      const radius = Number(parameters.get("radius")) || null;
      const play = (view === "areas" && PLAYS.includes(parameters.get("play")) && parameters.get("play")) || "";
      return { metric, view, radius, play, theme: dress(parameters) };
    },

    /** The same for two maps beside each other; the first one can show the change instead. */
    looks(address) {
      // On every other page it runs without an address, and must not undress that page.
      if (!address) return [clientside.no_update, clientside.no_update];
      const search = address.search;
      const look = { ...clientside.gridboard.look(search), view: "areas", play: "" };
      const parameters = new URLSearchParams(search);
      const change = parameters.get("show") === "change" && !parameters.has("with");
      return [{ ...look, view: change ? "change" : "areas" }, look];
    },
  });
})();
