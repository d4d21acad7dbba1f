/*
 * An answer that the page asked for and did not get: it may now show less than its address says.
 * "gridboard:missed" tells of it; assets/freshness.js has the page drawn anew once the server
 * answers again.
 */
(function () {
  "use strict";

  const CALLBACKS = "/_dash-update-component";
  const FAILED = 500;
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
})();
