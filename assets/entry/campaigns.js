/*
 * A calendar beside each day of a campaign's form; without it, days are typed.
 *
 * The field holds the day as year-month-day, whatever the order of the browser's own date fields.
 */

/** What is no day stays as it was typed. */
const tidied = (typed) => window.gridboard.readDay(typed) ?? typed;

for (const calendar of document.querySelectorAll("input[data-of]")) {
  const field = document.getElementById(calendar.dataset.of);
  const button = document.querySelector(`[data-pick="${field.id}"]`);
  field.addEventListener("change", () => (field.value = tidied(field.value)));
  if (typeof calendar.showPicker !== "function") continue;
  calendar.hidden = button.hidden = false;
  button.addEventListener("click", () => {
    // A calendar understands year-month-day alone: anything else leaves it at today.
    calendar.value = tidied(field.value);
    calendar.showPicker();
  });
  calendar.addEventListener("change", () => {
    if (!calendar.value) return;
    field.value = calendar.value;
    field.focus();
  });
}
