// Phases are dragged to another place or lane. Before they are let go a sentence says what moves along; the buttons of
// each phase do the same without this module.
//
// <div data-line><ol data-lane="0"><li data-phase="ideas" data-move="/…/move/">  and  <p id="lane-say" data-rest="…">
const line = document.querySelector("[data-line]");
const say = document.getElementById("lane-say");

if (line && line.querySelector("[data-phase]")) {
  say.textContent = say.dataset.rest;
  let held = null;
  let target = null;
  let timer;

  for (const row of line.querySelectorAll("[data-phase]")) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      held = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.phase);
      row.classList.add("is-held");
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("is-held");
      mark(null);
      held = null;
      if (!document.hidden) say.textContent = say.dataset.rest;
    });
  }

  line.addEventListener("dragover", (event) => {
    if (!held) return;
    const lane = event.target.closest("[data-line] > *")?.querySelector("[data-lane]");
    if (!lane) return;
    event.preventDefault();
    const others = [...lane.children].filter((row) => row !== held);
    const after = others.filter((row) => {
      const box = row.getBoundingClientRect();
      return event.clientY > box.top + box.height / 2;
    });
    mark({ to: `${lane.dataset.lane}:${after.length}`, lane, before: others[after.length] ?? null, last: others.at(-1) });
  });

  line.addEventListener("drop", (event) => {
    if (!held || !target) return;
    event.preventDefault();
    const form = document.createElement("form");
    form.method = "post";
    form.action = held.dataset.move;
    const to = document.createElement("input");
    to.type = "hidden";
    to.name = "to";
    to.value = target.to;
    form.append(to);
    document.body.append(form);
    form.submit();
  });

  function mark(next) {
    if (next?.to === target?.to) return;
    line.querySelectorAll(".is-before, .is-after").forEach((row) => row.classList.remove("is-before", "is-after"));
    target = next;
    if (!next) return;
    if (next.before) next.before.classList.add("is-before");
    else next.last?.classList.add("is-after");
    clearTimeout(timer);
    timer = setTimeout(tell, 120, held, next.to);
  }

  async function tell(row, to) {
    const answer = await fetch(`${row.dataset.move}?to=${encodeURIComponent(to)}`, {
      headers: { "X-Requested-With": "fetch" },
    });
    if (answer.ok && target?.to === to) say.textContent = await answer.text();
  }
}
