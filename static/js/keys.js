// Keys for long queues: J next, K previous, and one letter per button that names one: <button data-key="a">.
// Never while someone types, and a switch turns them off: <input type="checkbox" data-keys-switch>.
const SWITCH = "quartier-keys";
let off = localStorage.getItem(SWITCH) === "off";

document.querySelectorAll("[data-keys-switch]").forEach((box) => {
  box.checked = !off;
  box.addEventListener("change", () => {
    off = !box.checked;
    localStorage.setItem(SWITCH, off ? "off" : "on");
  });
});

const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

function step(by) {
  const links = [...document.querySelectorAll(".queue li > a")];
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[here + by]?.click();
}

document.addEventListener("keydown", (event) => {
  if (off || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j") step(1);
  else if (key === "k") step(-1);
  else {
    const button = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
    if (!button) return;
    // A choice is focused and set, an action only focused: one letter never publishes anything.
    if (button.matches("input")) button.click();
    button.focus();
  }
  event.preventDefault();
});
