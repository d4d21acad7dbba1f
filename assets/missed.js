/*
 * An answer that the page asked for and did not get: it may now show less than its address says.
 * "gridboard:missed" tells of it; assets/freshness.js has the map drawn anew once the server
 * answers again, and gridboard.onMissed any other page.
 */
(function () {
  "use strict";

  const CALLBACKS = "/_dash-update-component";
  const FAILED = 500;
  const FIRST_MS = 1000;
  const LONGEST_MS = 30000;
  const gridboard = (window.gridboard = window.gridboard || {});
  const realFetch = window.fetch.bind(window);

  function isCallback(request) {
    const url = new URL(request instanceof Request ? request.url : String(request), window.location.href);
    return url.origin === window.location.origin && url.pathname === CALLBACKS;
  }

  const missed = () => window.dispatchEvent(new CustomEvent("gridboard:missed"));

  window.fetch = async function fetch(request, options) {
    if (!isCallback(request)) return realFetch(request, options);
    try {
      const answer = await realFetch(request, options);
      if (answer.status >= FAILED) missed();
      return answer;
    } catch (error) {
      if (error.name !== "AbortError") missed();
      throw error;
    }
  };

  /** Do something a while after an answer was missed, ever later as long as that goes on. @returns what ends it */
  gridboard.onMissed = function (act) {
    let timer = 0;
    let wait = FIRST_MS;
    let triedAt = 0;
    const again = () => {
      timer = 0;
      triedAt = Date.now();
      act();
    };
    const heard = () => {
      if (timer) return;
      wait = Date.now() - triedAt < 2 * LONGEST_MS ? Math.min(2 * wait, LONGEST_MS) : FIRST_MS;
      timer = setTimeout(again, wait);
    };
    window.addEventListener("gridboard:missed", heard);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("gridboard:missed", heard);
    };
  };
})();
