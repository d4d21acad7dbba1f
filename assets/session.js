/*
 * When the session of this page ends, whoever ended it and however the page hears of it: the
 * last picture stays, and a bar over it says so and leads to the log-in and back.
 *
 * The page hears by the first request that is answered 401, or by its live stream
 * ("gridboard:session"). Once somebody has logged in again in another tab, it starts anew.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const ASK_AGAIN_MS = 5000;
  const CALLBACKS = "/_dash-update-component";
  const NO_CONTENT = 204;
  const realFetch = window.fetch.bind(window);
  let shown = null;

  /** The words of the page's language come with the person's menu; before it nothing is shown. */
  function words() {
    const menu = document.querySelector("[data-session-words]");
    return menu && JSON.parse(menu.dataset.sessionWords);
  }

  /** Where log-in leads back to: this very address. */
  function logInHref() {
    const here = window.location.pathname + window.location.search;
    return `/log-in?${new URLSearchParams({ next: here })}`;
  }

  function element(kind, properties, ...children) {
    const made = Object.assign(document.createElement(kind), properties);
    made.append(...children);
    return made;
  }

  function button(state, text) {
    if (state === "changed") {
      const press = () => window.location.reload();
      return element("button", { type: "button", className: "action primary", onclick: press }, text);
    }
    return element("a", { className: "action primary", href: logInHref() }, text);
  }

  function show(state) {
    if (shown === state || shown === "ended") return;
    shown = state;
    const text = words()?.[state];
    if (!text) {
      if (state === "changed") window.location.reload();
      else window.location.assign(logInHref());
      return;
    }
    document.documentElement.dataset.session = state;
    document.querySelector(".session-bar")?.remove();
    const bar = element("div", { className: "session-bar" });
    bar.setAttribute("role", "alert");
    bar.append(
      element("b", {}, text.title),
      element("span", { className: "quiet" }, text.rest),
      button(state, text.go),
    );
    document.body.append(bar);
    if (state === "ended") setTimeout(lookAgain, ASK_AGAIN_MS);
  }

  /** Somebody may have logged in again, in another tab: then this one starts anew. */
  async function lookAgain() {
    try {
      if (!document.hidden && (await realFetch("/revision.json", { cache: "no-store" })).ok) {
        window.location.reload();
        return;
      }
    } catch {
      // The server is away: it is asked again.
    }
    setTimeout(lookAgain, ASK_AGAIN_MS);
  }

  function addressOf(request) {
    return new URL(request instanceof Request ? request.url : String(request), window.location.href);
  }

  const isOurs = (request) => addressOf(request).origin === window.location.origin;
  const isCallback = (request) => addressOf(request).pathname === CALLBACKS;

  window.fetch = async function fetch(request, options) {
    const answer = await realFetch(request, options);
    if (answer.status !== 401 || !isOurs(request)) return answer;
    show("ended");
    // To Dash, nothing changed: of a refusal it would read the words twice, and fail over them.
    return isCallback(request) ? new Response(null, { status: NO_CONTENT }) : answer;
  };

  window.addEventListener("gridboard:session-ended", () => show("ended"));
  window.addEventListener("gridboard:session", (event) => show(event.detail.state));

  // The address moves on while the bar is there: it leads back to where one is by then.
  for (const kind of ["popstate", "_dashprivate_pushstate"]) {
    window.addEventListener(kind, () => {
      const link = document.querySelector(".session-bar a");
      if (link) link.href = logInHref();
    });
  }

  // A page that the browser kept whole shows figures of whoever was logged in then.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());

  gridboard.sessionState = () => shown;
})();
