/*
 * dashboard.Freshness: hears whether the data changed, and says how old the picture is.
 *
 * It hears by the stream of assets/live.js; without one it asks every few seconds. When
 * neither answers the page keeps what it shows and says so.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const dashboard = (window.dashboard = window.dashboard || {});
  const React = window.React;
  const h = React.createElement;
  const TIMEOUT_MS = 10000;
  const TICK_MS = 1000;
  /** All pages hear of a change at once; they ask for what changed one after the other. */
  const SPREAD_MS = 1000;
  const REFRESH_EVERY_MS = 5000;
  /** A page that misses answers again and again asks for them ever more seldom. */
  const LONGEST_REFRESH_MS = 60000;
  /** Several callbacks of one page fail at once: one question tells whether the server is away. */
  const ASK_AFTER_MS = 200;

  async function ask(url) {
    const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) {
      const error = new Error(`the server answered ${response.status}`);
      throw Object.assign(error, { status: response.status });
    }
    return response.json();
  }

  /** Rounded down to the largest whole unit: 14 s, 3 min, 2 h, 5 d. */
  gridboard.age = function (ms, lang) {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
    const [unit, size] = units.find((entry) => seconds >= entry[1]) || units[3];
    return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "short" }).format(
      Math.floor(seconds / size),
    );
  };

  /** Have the page drawn anew: soon, but not while it may still be busy with the last time. */
  function refresher(props, seen) {
    let timer = 0;
    let drawnAt = 0;
    let retries = 0;
    let callOff = () => {};
    /** Days that somebody is writing would be taken away. */
    const soon = (revision) => {
      callOff = gridboard.whenFree(".range", () => draw(revision));
    };
    const draw = (revision) => {
      const { area, incident } = revision;
      drawnAt = Date.now();
      retries += 1;
      seen.current = { area, incident };
      props.setProps({ revision: { area, incident, retries } });
    };
    return {
      /** Draw if this is not what is shown; at once when somebody asked for it. */
      take(revision, spread, forced) {
        const shown = seen.current;
        const moved = shown && (shown.area !== revision.area || shown.incident !== revision.incident);
        if (!moved && !forced) return;
        clearTimeout(timer);
        callOff();
        const wait = Math.max(spread, drawnAt + REFRESH_EVERY_MS - Date.now());
        if (forced) draw(revision);
        else if (wait <= 0) soon(revision);
        else timer = setTimeout(() => soon(revision), wait);
      },
      stop() {
        clearTimeout(timer);
        callOff();
      },
    };
  }

  /**
   * What the page asked for and was not given (assets/missed.js) is asked for again once the
   * server is heard: without this it would go on showing the place it was to leave.
   */
  function debt() {
    let owed = false;
    let timer = 0;
    let triedAt = 0;
    let wait = 0;
    const ask = () => {
      triedAt = Date.now();
      owed = false;
      window.dispatchEvent(new CustomEvent("gridboard:retry"));
    };
    return {
      owe() {
        if (owed) return;
        const soon = Date.now() - triedAt < LONGEST_REFRESH_MS;
        wait = soon ? Math.min(2 * wait || REFRESH_EVERY_MS, LONGEST_REFRESH_MS) : 0;
        owed = true;
      },
      /** The server answers. */
      heard() {
        if (!owed || Date.now() - triedAt < wait) return;
        owed = false;
        clearTimeout(timer);
        timer = setTimeout(ask, Math.random() * SPREAD_MS);
      },
      stop: () => clearTimeout(timer),
    };
  }

  /**
   * While there is no stream the next question comes some time after the last answer, or when
   * the page is looked at again.
   */
  function useNews(props, heard) {
    const seen = React.useRef(props.shown);
    seen.current = props.shown || seen.current;
    React.useEffect(() => {
      const picture = refresher(props, seen);
      const missing = debt();
      const well = () => {
        heard({ at: Date.now(), failed: false });
        missing.heard();
      };
      let timer = 0;
      let gone = false;
      let streaming = false;
      const poll = async (forced) => {
        clearTimeout(timer);
        try {
          const revision = await ask(props.url);
          if (gone) return;
          well();
          picture.take(revision, 0, forced === true);
        } catch (error) {
          // A session that has ended is told of by its own bar: the server did answer.
          if (!gone) heard({ failed: error.status !== 401 });
        }
        if (!gone && !streaming) again();
      };
      const again = () => {
        clearTimeout(timer);
        timer = setTimeout(poll, props.every_s * 1000);
      };
      const retry = () => poll(true);
      const missed = () => {
        missing.owe();
        clearTimeout(timer);
        timer = setTimeout(poll, ASK_AFTER_MS);
      };
      const back = () => document.hidden || poll();
      const hush = gridboard.live(props.live, {
        revision: (revision) => {
          well();
          picture.take(revision, Math.random() * SPREAD_MS, false);
        },
        alive: well,
        away: () => heard({ failed: true }),
        up: (is) => {
          streaming = is;
          if (is) clearTimeout(timer);
          else if (document.hidden) again();
          else poll();
        },
      });
      window.addEventListener("gridboard:retry", retry);
      window.addEventListener("gridboard:missed", missed);
      document.addEventListener("visibilitychange", back);
      again();
      return () => {
        gone = true;
        hush();
        picture.stop();
        missing.stop();
        clearTimeout(timer);
        window.removeEventListener("gridboard:retry", retry);
        window.removeEventListener("gridboard:missed", missed);
        document.removeEventListener("visibilitychange", back);
      };
    }, [props.url, props.every_s, props.live]);
  }

  /** @param props url, every_s, live, shown ({area, incident}), as_of (words), text, lang */
  dashboard.Freshness = function Freshness(props) {
    const [news, setNews] = React.useState({ at: Date.now(), failed: false });
    const [now, setNow] = React.useState(Date.now());
    useNews(props, (next) => setNews((last) => ({ ...last, ...next })));
    React.useEffect(() => {
      const timer = setInterval(() => setNow(Date.now()), TICK_MS);
      return () => clearInterval(timer);
    }, []);
    React.useEffect(() => {
      document.documentElement.dataset.feed = news.failed ? "stale" : "fresh";
    }, [news.failed]);
    const age = gridboard.age(now - news.at, props.lang);
    const { text } = props;
    return h(
      "div",
      { id: props.id, className: `freshness ${news.failed ? "stale" : "fresh"}` },
      h("span", { className: "dot", "aria-hidden": true }),
      h("span", null, props.as_of),
      h("span", { className: "quiet" }, news.failed ? null : text.checked.replace("{age}", age)),
      news.failed && h("b", { role: "alert" }, text.stale),
      news.failed && h("span", null, text.since.replace("{age}", age)),
      news.failed &&
        h("button", { type: "button", className: "action", "data-retry": "" }, text.retry),
    );
  };
})();
