/*
 * A day, typed as year-month-day or chosen in the browser's calendar: the browser's own date field
 * would write it in the order of the browser's language, beside days that are written in ours.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const React = window.React;
  const h = React.createElement;
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

  /** @param props label, value (as typed), set, min, max (ISO days), text (form, calendar) */
  gridboard.DayField = function DayField({ label, value, set, min, max, text }) {
    const calendar = React.useRef(null);
    const day = gridboard.readDay(value);
    const wrong = Boolean(value) && !day;
    const pick = () => {
      calendar.current.value = day || "";
      calendar.current.showPicker();
    };
    return h(
      "div",
      { className: "day-field" },
      h(
        "label",
        null,
        h("span", { className: "quiet" }, label),
        h("input", {
          type: "text",
          inputMode: "numeric",
          autoComplete: "off",
          maxLength: 20,
          placeholder: text.form,
          title: wrong ? text.form : undefined,
          "aria-invalid": wrong,
          value: value || "",
          onChange: (event) => set(event.target.value),
          onBlur: () => day && set(day),
        }),
      ),
      h("input", {
        type: "date",
        ref: calendar,
        tabIndex: -1,
        "aria-hidden": true,
        min,
        max,
        onChange: (event) => event.target.value && set(event.target.value),
      }),
      h(
        "button",
        { type: "button", className: "day-pick", title: text.calendar, "aria-label": `${label}: ${text.calendar}`, onClick: pick },
        h("i", { "aria-hidden": true }),
      ),
    );
  };
})();
