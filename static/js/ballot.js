// The ballot: every touch is saved and says so. Without this module the same form is sent by its button.
//
// <form data-ballot data-budget="300000" data-most="5" data-why-cost="…" data-why-most="…" data-saving="…" data-lost="…" data-refused="…">
//   #strip (what is left, the bar, [role=status] > .state) · #state-sentence
//   <label class="pick"><input name="choice" data-cost="42000" aria-describedby="why-1">… <span class="pick__why" id="why-1" hidden>
//   [<section data-envelope data-budget data-most data-why-most>: a part of the money with limits of its own]
// The answer is HTML with #strip and #state-sentence (and any other id of the page); it is laid over what is there.
const form = document.querySelector("form[data-ballot]");
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;

let wanted = 0; // how often something was touched
let stored = 0; // up to which touch the server has it
let sending = false;
let wait = FIRST_WAIT;
let timer;

// What has limits of its own: each envelope, or the whole form.
const scopes = () => (form.querySelector("[data-envelope]") ? [...form.querySelectorAll("[data-envelope]")] : [form]);
const boxesOf = (scope) => [...scope.querySelectorAll("input[data-cost], input[name=choice]")];
const cost = (box) => Number(box.dataset.cost || 0);

// What costs more than is left, or is one too many, can not be taken; its card says why.
function offer() {
  scopes().forEach(offerIn);
}

function offerIn(scope) {
  const boxes = boxesOf(scope);
  const chosen = boxes.filter((box) => box.checked);
  const left = scope.dataset.budget ? Number(scope.dataset.budget) - chosen.reduce((sum, box) => sum + cost(box), 0) : Infinity;
  const full = scope.dataset.most ? chosen.length >= Number(scope.dataset.most) : false;
  for (const box of boxes) {
    if (box.type !== "checkbox") continue;
    const dear = !box.checked && cost(box) > left;
    const closed = !box.checked && (dear || full);
    box.disabled = closed;
    const why = box.closest(".pick")?.querySelector(".pick__why");
    if (!why) continue;
    why.hidden = !closed;
    const sentence = dear ? form.dataset.whyCost : scope.dataset.whyMost;
    if (closed && sentence) why.lastElementChild.textContent = sentence;
  }
}

// Lays new markup over old node by node: focus, live regions and the open details stay where they are.
function lay(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((node, at) => {
    const here = before[at];
    if (!here) old.append(node);
    else if (here.nodeType !== node.nodeType || here.nodeName !== node.nodeName) here.replaceWith(node);
    else if (node.nodeType === Node.ELEMENT_NODE) lay(here, node);
    else if (here.data !== node.data) here.data = node.data;
  });
  before.slice(after.length).forEach((node) => node.remove());
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const node of fresh.querySelectorAll("[id]")) {
    const old = document.getElementById(node.id);
    if (old && !node.parentElement.closest("[id]")) lay(old, node);
  }
}

const SIGNS = { saving: "loader", lost: "wifi-off", refused: "circle-alert" };

function state(kind) {
  const sentence = form.dataset[kind];
  if (!sentence) return;
  const sign = document.createElement("span");
  sign.className = `state state--${kind}`;
  sign.append(icon(SIGNS[kind]), sentence);
  form.querySelector("[role=status]")?.replaceChildren(sign);
}

// From the sprite the page uses already.
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sprite = document.querySelector(".icon use")?.getAttribute("href").split("#")[0];
  use.setAttribute("href", `${sprite}#${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

async function send() {
  if (sending || stored === wanted) return;
  clearTimeout(timer);
  sending = true;
  const touch = wanted;
  form.querySelector("#strip")?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-Requested-With": "fetch" },
    });
    const html = await answer.text();
    if (answer.ok) {
      stored = touch;
      wait = FIRST_WAIT;
      // An answer to an older touch would show what is no longer chosen.
      if (stored === wanted) show(html);
    } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
      // Refused, for example because the vote has just ended: say so and stop asking.
      stored = wanted;
      state(form.dataset.refused ? "refused" : "lost");
      const sentence = new DOMParser().parseFromString(html, "text/html").querySelector(".toast");
      if (sentence) document.getElementById("toast")?.replaceChildren(sentence);
    } else throw new Error(answer.status);
  } catch {
    state("lost");
    timer = setTimeout(send, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
  form.querySelector("#strip")?.removeAttribute("aria-busy");
  sending = false;
  if (stored !== wanted && wait === FIRST_WAIT) send();
}

if (form) {
  form.classList.add("is-live");
  form.addEventListener("change", () => {
    wanted += 1;
    offer();
    state("saving");
    send();
  });
  form.addEventListener("submit", (event) => {
    // Opening an envelope sends the form the plain way, and leads to the page with its projects.
    if (event.submitter?.name === "go") {
      stored = wanted;
      return;
    }
    event.preventDefault();
    wanted += 1;
    send();
  });
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (stored !== wanted) event.preventDefault();
  });
  // A restored page (back button) may show older ticks than the server holds.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  offer();
}
