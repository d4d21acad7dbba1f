/*
 * gridboard.live: the server's news as they happen, over one stream of server-sent events.
 *
 * Only a page that is looked at keeps a stream open. When it breaks, or there is no place for
 * it, whoever listens is told and asks by the clock until it is back.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  /** The server says something every ten seconds; after this long it is as good as away. */
  const SILENCE_MS = 35000;
  const FIRST_PAUSE_MS = 1000;
  const LONGEST_PAUSE_MS = 60000;
  const TICK_MS = 5000;

  function read(message) {
    try {
      return JSON.parse(message.data);
    } catch {
      return {};
    }
  }

  /** What another script shows: assets/session.js. */
  function tellOfSession({ state }) {
    if (state === "ended") window.dispatchEvent(new CustomEvent("gridboard:session-ended"));
    else window.dispatchEvent(new CustomEvent("gridboard:session", { detail: { state } }));
  }

  /**
   * Listen until the returned function is called.
   *
   * @param url of the stream
   * @param hear what to call, where wanted: revision({area, incident}); alive() whenever the
   *   server said that all is well; away() when it cannot reach its database; up(boolean) when
   *   the stream opens or breaks
   */
  gridboard.live = function (url, hear) {
    let source = null;
    let timer = 0;
    let pause = FIRST_PAUSE_MS;
    let heardAt = 0;
    let isUp = false;

    function turn(up) {
      if (up === isUp) return;
      isUp = up;
      hear.up?.(up);
    }
    function close() {
      clearTimeout(timer);
      if (source) source.close();
      source = null;
    }
    function later(ms) {
      close();
      if (!document.hidden) timer = setTimeout(open, ms);
    }
    function broken() {
      // Somewhat at random: a server that comes back is not asked by all pages at once.
      later(pause * (0.5 + Math.random()));
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      turn(false);
    }
    function open() {
      close();
      heardAt = Date.now();
      const mine = (source = new EventSource(url));
      const on = (kind, act) =>
        mine.addEventListener(kind, (message) => {
          if (mine !== source) return;
          heardAt = Date.now();
          act(read(message));
        });
      mine.onerror = () => mine === source && broken();
      on("revision", (revision) => {
        pause = FIRST_PAUSE_MS;
        turn(true);
        hear.revision?.(revision);
      });
      on("beat", () => hear.alive?.());
      on("away", () => {
        turn(true);
        hear.away?.();
      });
      on("reconnect", ({ after_ms }) => later(after_ms || FIRST_PAUSE_MS));
      on("session", (news) => {
        tellOfSession(news);
        if (news.state !== "ended") return broken();
        // Whoever logs in again finds a new page; until then nobody is there to listen.
        close();
        turn(false);
      });
    }
    function looked() {
      if (document.hidden) {
        close();
        turn(false);
      } else if (!source) {
        open();
      }
    }
    const watchdog = setInterval(() => {
      if (source && Date.now() - heardAt > SILENCE_MS) broken();
    }, TICK_MS);
    document.addEventListener("visibilitychange", looked);
    // A page that is left keeps no connection, so that the browser can bring it back as it was.
    window.addEventListener("pagehide", close);
    window.addEventListener("pageshow", looked);
    looked();
    return () => {
      close();
      clearInterval(watchdog);
      document.removeEventListener("visibilitychange", looked);
      window.removeEventListener("pagehide", close);
      window.removeEventListener("pageshow", looked);
    };
  };
})();
