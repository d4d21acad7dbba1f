/*
 * What the pages at the door do beyond plain forms: nothing here is needed to log in.
 *
 * The key of a one-time link stands behind its #, which browsers do not send; this script
 * posts it, and takes it out of the address bar before anything else.
 */
const all = (selector) => [...document.querySelectorAll(selector)];

/** A button beside a password that shows what was typed. */
for (const button of all("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute("aria-pressed", String(shown));
    field.focus();
  });
  field.form.addEventListener("submit", () => (field.type = "password"));
}

for (const field of all('input[type="password"]')) {
  const told = field.closest(".entry-field").querySelector(".entry-caps");
  field.addEventListener("keyup", (event) => {
    if (event.getModifierState) told.hidden = !event.getModifierState("CapsLock");
  });
  field.addEventListener("blur", () => (told.hidden = true));
}

/** Checking a password takes a moment: a second press would count as a second attempt. */
for (const form of all("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.classList.add("busy");
  });
}
window.addEventListener("pageshow", () => {
  for (const form of all("form[data-sent]")) delete form.dataset.sent;
  for (const button of all(".busy")) button.classList.remove("busy");
});

/** After too many attempts: count the seconds down, and let go again when they are over. */
const waiting = document.querySelector("[data-wait-s]");
if (waiting) {
  const until = Date.now() + Number(waiting.dataset.waitS) * 1000;
  const words = waiting.querySelector("p");
  const pattern = words.textContent;
  const buttons = all("form[data-once] [type=submit]:not(.entry-card)");
  const tick = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    words.textContent = pattern.replace(/\d+:\d\d/, clock);
    buttons.forEach((button) => (button.disabled = left > 0));
    if (left > 0) return setTimeout(tick, 250);
    waiting.hidden = true;
  };
  tick();
}

/** The key of a link, out of the address bar and into a form that posts it. */
const link = document.querySelector("form[data-link]");
if (link) {
  const token = window.location.hash.slice(1);
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  if (token) {
    link.elements.token.value = token;
    link.submit();
  } else {
    document.querySelector("[data-no-link]").hidden = false;
    document.querySelector(".entry-what").hidden = true;
  }
}

/** An element that the server says to look at first. */
document.querySelector('[aria-invalid="true"][type="password"]')?.focus();
