/* Days as people type them, read as read_day in dashboard/campaigns/campaign.py reads them. */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const SEPARATED = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/;
  const RUN_TOGETHER = /^(\d{4})(\d{2})(\d{2})$/;

  /** A typed day as the address has it, or null: 2026-3-1, 20260301 and 2026年3月1日 are one. */
  gridboard.readDay = function (typed) {
    const plain = (typed || "").normalize("NFKC").replace(/\s/g, "");
    const found = plain.match(SEPARATED) || plain.match(RUN_TOGETHER);
    if (!found) return null;
    const day = [found[1], found[2].padStart(2, "0"), found[3].padStart(2, "0")].join("-");
    const time = new Date(`${day}T00:00:00Z`);
    return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day) ? day : null;
  };
})();
