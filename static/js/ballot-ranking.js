// Projects in an order: cards move between "your order" and the others without loading the page.
//
// <form data-kind="ranking"> <div data-places="5"> (one for each envelope) <p data-empty> <ol data-ranked> <li data-card>… <section data-others> <p data-full> <ul data-rest> <li data-card>…
//   <li data-card> <select name="place-7"> <button name="step" value="7:up" data-in> … <button name="step" value="7:add" data-out>
// The lists are the truth, the places in the selects follow them. A change is told by a "change" event; ballot.js saves it.
const form = document.querySelector("form[data-kind=ranking]");
const boxes = form ? [...form.querySelectorAll("[data-places]")] : [];
const boxOf = (card) => card.closest("[data-places]");
const mineOf = (box) => box.querySelector("[data-ranked]");
const restOf = (box) => box.querySelector("[data-rest]");

const isFull = (box) => mineOf(box).children.length >= Number(box.dataset.places);
const isIn = (card) => card.parentElement.matches("[data-ranked]");

function paint(box) {
  const full = isFull(box);
  const mine = mineOf(box);
  const rest = restOf(box);
  for (const card of box.querySelectorAll("[data-card]")) {
    const inside = isIn(card);
    card.classList.toggle("is-in", inside);
    for (const button of card.querySelectorAll("[data-in]")) button.hidden = !inside;
    for (const button of card.querySelectorAll("[data-out]")) {
      button.hidden = inside;
      button.setAttribute("aria-disabled", String(full));
    }
    card.querySelector("select").value = inside ? String([...mine.children].indexOf(card) + 1) : "";
    card.querySelector("[value$=':up']").setAttribute("aria-disabled", String(!card.previousElementSibling));
    card.querySelector("[value$=':down']").setAttribute("aria-disabled", String(!card.nextElementSibling));
  }
  box.querySelector("[data-empty]").hidden = mine.children.length > 0;
  box.querySelector("[data-others]").hidden = rest.children.length === 0;
  const note = box.querySelector("[data-full]");
  note.hidden = !full || rest.children.length === 0 || !note.textContent.trim();
}

// Puts a card on a place of the order (from 0), or out of it (-1). False when there is no room.
function put(card, place) {
  const box = boxOf(card);
  const mine = mineOf(box);
  if (place < 0) restOf(box).prepend(card);
  else if (!isIn(card) && isFull(box)) return false;
  else {
    card.remove();
    mine.insertBefore(card, mine.children[place] ?? null);
  }
  paint(box);
  card.classList.remove("is-moved");
  void card.offsetWidth; // lets the movement be shown again
  card.classList.add("is-moved");
  return true;
}

function pressed(card, what) {
  const mine = mineOf(boxOf(card));
  const at = [...mine.children].indexOf(card);
  if (what === "add") return put(card, mine.children.length);
  if (what === "out") return put(card, -1);
  if (what === "up" && at > 0) return put(card, at - 1);
  if (what === "down" && at >= 0 && at < mine.children.length - 1) return put(card, at + 1);
  return false;
}

if (boxes.length) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=step]");
    if (!button) return;
    event.preventDefault();
    const card = button.closest("[data-card]");
    const moved = pressed(card, button.value.split(":")[1]);
    // Moving a card takes the focus from it; a button that is gone hands it to its counterpart.
    const next = button.hidden ? card.querySelector(isIn(card) ? "[data-in]" : "[data-out]") : button;
    next.focus();
    if (moved) form.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener(
    "change",
    (event) => {
      const select = event.target.closest?.("select");
      if (!select) return;
      const card = select.closest("[data-card]");
      const wanted = Number(select.value) - 1;
      put(card, wanted < 0 ? -1 : Math.min(wanted, mineOf(boxOf(card)).children.length));
      select.focus();
    },
    { capture: true },
  );
  boxes.forEach(paint);
}
