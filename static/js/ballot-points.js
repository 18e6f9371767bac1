// Points on a ballot: the buttons count without loading the page, and nothing more can be given than there is.
//
// <form data-kind="points"> <div data-points="10" data-most-points="6" [data-choices="3"] data-why-left data-why-one [data-why-choices]>   (one for each envelope)
//   <div data-card> <button name="step" value="7:less"> <input type="number" name="points-7"> <button name="step" value="7:more"> .pick__why[hidden]
// A change is told by a "change" event; ballot.js saves it. Buttons that do nothing stay reachable, so that the focus does.
const form = document.querySelector("form[data-kind=points]");
const boxes = form ? [...form.querySelectorAll("[data-points]")] : [];
const fieldsOf = (box) => [...box.querySelectorAll("input[type=number]")];
const boxOf = (field) => field.closest("[data-points]");

const given = (field) => Math.max(0, Math.trunc(Number(field.value)) || 0);
const limit = (box, name) => (box.dataset[name] ? Number(box.dataset[name]) : Infinity);

// How many this project can have at most while the others keep theirs, and which sentence says why not more.
function room(field) {
  const box = boxOf(field);
  const others = fieldsOf(box).filter((other) => other !== field);
  const left = limit(box, "points") - others.reduce((sum, other) => sum + given(other), 0);
  if (others.filter((other) => given(other) > 0).length >= limit(box, "choices")) return [0, box.dataset.whyChoices];
  const most = limit(box, "mostPoints");
  return most <= left ? [most, box.dataset.whyOne] : [Math.max(0, left), box.dataset.whyLeft];
}

function why(field, sentence) {
  const place = field.closest("[data-card]").querySelector(".pick__why");
  place.hidden = !sentence;
  place.lastElementChild.textContent = sentence || "";
}

function paint(box) {
  for (const field of fieldsOf(box)) {
    const card = field.closest("[data-card]");
    const now = given(field);
    card.classList.toggle("is-in", now > 0);
    card.querySelector("[value$=':less']").setAttribute("aria-disabled", String(now === 0));
    card.querySelector("[value$=':more']").setAttribute("aria-disabled", String(now >= room(field)[0]));
  }
}

// Keeps what was typed within what there is, and says so beside the field.
function settle(field) {
  const [most, sentence] = room(field);
  const wanted = given(field);
  field.value = Math.min(wanted, most);
  for (const other of fieldsOf(boxOf(field))) why(other, other === field && wanted > most ? sentence : "");
  paint(boxOf(field));
}

if (boxes.length) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=step]");
    if (!button) return;
    event.preventDefault();
    const field = button.closest("[data-card]").querySelector("input[type=number]");
    const before = given(field);
    field.value = Math.max(0, before + (button.value.endsWith(":more") ? 1 : -1));
    settle(field);
    if (given(field) !== before) field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // Before ballot.js hears of it and sends the form.
  form.addEventListener("change", (event) => event.target.matches?.("[data-points] input[type=number]") && settle(event.target), { capture: true });
  boxes.forEach(paint);
}
