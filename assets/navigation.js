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
  const OWN_PARAMETERS = ["at"];
  const METRICS = ["count", "density", "rate"];

  function announce() {
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  /** Go to an address of this page; the camera stays while the area stays. */
  gridboard.go = function (href) {
    const target = new URL(href, window.location.href);
    const at = new URLSearchParams(window.location.search).get("at");
    if (at && target.pathname === window.location.pathname && !target.searchParams.has("at")) {
      target.searchParams.set("at", at);
    }
    if (target.href === window.location.href) return;
    window.history.pushState({}, "", target);
    announce();
  };

  /** Address of another area with the same filters. */
  gridboard.areaHref = function (code) {
    const search = new URLSearchParams(window.location.search);
    search.delete("at");
    const query = search.toString().replaceAll("%2C", ",");
    return "/map/" + encodeURIComponent(code) + (query ? "?" + query : "");
  };

  /** Write the camera into the address without a new entry in the history. */
  gridboard.keepCamera = function (camera) {
    const url = new URL(window.location.href);
    url.searchParams.delete("at");
    const at = camera && camera.map((number, i) => number.toFixed(i < 2 ? 5 : 2)).join(",");
    const query = [url.searchParams.toString().replaceAll("%2C", ","), at && "at=" + at]
      .filter(Boolean)
      .join("&");
    window.history.replaceState(window.history.state, "", url.pathname + (query && "?" + query));
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

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-nav]");
    if (!link || !plain(event)) return;
    event.preventDefault();
    if (link.dataset.toggle) {
      const [name, code] = link.dataset.toggle.split(":");
      const search = gridboard.toggled(window.location.search, name, code);
      gridboard.go(window.location.pathname + search);
    } else {
      gridboard.go(link.getAttribute("href"));
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
      const parameters = new URLSearchParams(search || "");
      OWN_PARAMETERS.forEach((name) => parameters.delete(name));
      const query = parameters.toString().replaceAll("%2C", ",");
      const next = { pathname, search: query && "?" + query };
      const same = last && last.pathname === next.pathname && last.search === next.search;
      return same ? clientside.no_update : next;
    },

    /** What the map can change by itself, before any server answers. */
    look(search) {
      const parameters = new URLSearchParams(search || "");
      const metric = METRICS.includes(parameters.get("metric")) ? parameters.get("metric") : "count";
      const view = parameters.get("view") === "heat" ? "heat" : "areas";
      return { metric, view, theme: dress(parameters) };
    },
  });
})();
