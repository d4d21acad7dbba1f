/*
 * A calendar beside each day of a campaign's form; without it, days are typed.
 *
 * The field holds the day as year-month-day, whatever the order of the browser's own date fields.
 */
for (const calendar of document.querySelectorAll("input[data-of]")) {
  const field = document.getElementById(calendar.dataset.of);
  const button = document.querySelector(`[data-pick="${field.id}"]`);
  if (typeof calendar.showPicker !== "function") continue;
  calendar.hidden = button.hidden = false;
  button.addEventListener("click", () => {
    // A calendar understands year-month-day alone: anything else leaves it at today.
    calendar.value = field.value.trim();
    calendar.showPicker();
  });
  calendar.addEventListener("change", () => {
    if (!calendar.value) return;
    field.value = calendar.value;
    field.focus();
  });
}
