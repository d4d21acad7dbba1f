/* A button marked data-print prints the page; what of it is printed, the style sheets say. */
(function () {
  "use strict";

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
