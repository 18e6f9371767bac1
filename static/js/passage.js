// Mark something in the text of a proposal, and a button beside it leads to the form with just that passage.
// Without this one chooses a paragraph from a list; the server finds the passage in the source again.
const form = document.getElementById("passage-button");
const text = document.querySelector("[data-words]");
const PART = 160;
let button = null;

const plain = (words) => words.replace(/\s+/g, " ");

function remove() {
  button?.remove();
  button = null;
}

// What of the text is marked, and in which part it lies; nothing where it goes over several parts.
function marked() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const lead = text.querySelector(".lead");
  if (!text.contains(range.commonAncestorContainer)) return null;
  const inLead = lead.contains(range.commonAncestorContainer);
  if (!inLead && range.intersectsNode(lead)) return null;
  const words = plain(range.toString()).trim();
  if (!words) return null;
  const before = document.createRange();
  if (inLead) before.setStart(lead, 0);
  else before.setStartAfter(lead);
  before.setEnd(range.startContainer, range.startOffset);
  return { range, words, part: inLead ? "summary" : "body", before: plain(before.toString()).slice(-40) };
}

function show() {
  const found = marked();
  if (!found) return remove();
  if (!button) {
    button = form.content.firstElementChild.cloneNode(true);
    // Right behind the marked block, so that the next Tab reaches it.
    const block = found.range.endContainer.parentElement.closest("p, li, h3, h4, h5, h6, blockquote, td") ?? text.lastElementChild;
    const after = block.closest("table, ul, ol") ?? block;
    after.after(button);
  }
  const { words, part, before, range } = found;
  const query = new URLSearchParams({ field: part, head: words.slice(0, PART), tail: words.slice(-PART), length: String(words.length), before });
  button.href = `${form.dataset.url}?${query}`;
  const place = range.getBoundingClientRect();
  const frame = button.offsetParent.getBoundingClientRect();
  button.style.insetBlockStart = `${place.bottom - frame.top + 8}px`;
  button.style.insetInlineStart = `${Math.max(0, Math.min(place.left - frame.left, frame.width - button.offsetWidth))}px`;
  return button;
}

if (form && text && (text.lang || document.documentElement.lang) === form.dataset.lang) {
  let timer = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 200);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") remove();
  });
  // A click on the button must not lose the selection before it is followed.
  document.addEventListener("pointerdown", (event) => {
    if (button?.contains(event.target)) event.preventDefault();
  });
}
