/*
 * A day, typed as year-month-day or chosen in the browser's calendar: the browser's own date field
 * would write it in the order of the browser's language, beside days that are written in ours.
 */
(function () {
  "use strict";

  const gridboard = (window.gridboard = window.gridboard || {});
  const React = window.React;
  const h = React.createElement;

  /** @param props id, label, value (as typed), set, picked (from the calendar; by default set), min, max (ISO days), text (form, calendar) */
  gridboard.DayField = function DayField({ id, label, value, set, picked, min, max, text }) {
    const calendar = React.useRef(null);
    const day = gridboard.readDay(value);
    const wrong = Boolean(value) && !day;
    const opens = typeof HTMLInputElement.prototype.showPicker === "function";
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
          id,
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
        onChange: (event) => event.target.value && (picked || set)(event.target.value),
      }),
      opens && h(
        "button",
        { type: "button", className: "day-pick", title: text.calendar, "aria-label": `${label}: ${text.calendar}`, onClick: pick },
        h("i", { "aria-hidden": true }),
      ),
    );
  };
})();
