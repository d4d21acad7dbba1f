/*
 * A menu of a page that the server writes: it opens and closes without this script, which closes
 * it by Escape, by a press elsewhere and on leaving by keyboard, as assets/menu.js does its own.
 */
for (const menu of document.querySelectorAll("details.menu")) {
  const button = menu.querySelector("summary");
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    button.focus();
  });
}
