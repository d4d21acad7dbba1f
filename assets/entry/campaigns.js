/*
 * A calendar beside each day of a campaign's form; without it, days are typed.
 *
 * The field holds the day as year-month-day, whatever the order of the browser's own date fields.
 */
const SEPARATED = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/;
const RUN_TOGETHER = /^(\d{4})(\d{2})(\d{2})$/;

/** As read_day in dashboard/campaigns/campaign.py: what is no day stays as it was typed. */
const tidied = (typed) => {
  const plain = typed.normalize("NFKC").replace(/\s/g, "");
  const found = plain.match(SEPARATED) || plain.match(RUN_TOGETHER);
  return found ? [found[1], found[2].padStart(2, "0"), found[3].padStart(2, "0")].join("-") : typed;
};

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
