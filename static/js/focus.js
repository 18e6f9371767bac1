// Where the eye and the screen reader go: to the list of errors, and to what htmx just put in.
const errors = document.querySelector(".errors");
if (errors) errors.focus();

document.body.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.elt.querySelector?.(".errors, [data-focus]") ?? event.detail.elt.closest?.("[data-focus]");
  if (!target) return;
  if (!target.matches("a, button, input, select, textarea, [tabindex]")) target.tabIndex = -1;
  target.focus();
});

// A phone's menu closes when focus leaves it, so nobody tabs behind it.
const menu = document.getElementById("menu");
menu?.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !menu.contains(event.relatedTarget) && menu.matches(":popover-open")) menu.hidePopover();
});
