// A spot in a drawing: by click, or with the arrow keys (Shift: small steps) and Enter. Fills the hidden fields x and y of the form
// of the same design, in hundredths; without this module the form asks for the spot in words.
function furnish(box) {
  const drawing = box.querySelector("svg"), prefix = box.dataset.spots;
  const [x, y, spot] = ["x", "y", "spot"].map((name) => document.getElementById(`id_${prefix}-${name}`));
  if (!x) return;
  const form = x.form, { width, height } = drawing.viewBox.baseVal;
  const cross = drawing.querySelector(".cross"), pin = drawing.querySelector(".spot--new"), state = form.querySelector("[data-spot-state]");
  const within = (value, most) => Math.min(most, Math.max(0, value));
  let at = { x: width / 2, y: height / 2 };

  drawing.tabIndex = 0;
  drawing.setAttribute("role", "application");
  drawing.setAttribute("aria-label", `${drawing.getAttribute("aria-label")}. ${drawing.dataset.label}`);

  function set(point, go) {
    at = { x: within(point.x, width), y: within(point.y, height) };
    x.value = ((at.x / width) * 100).toFixed(1);
    y.value = ((at.y / height) * 100).toFixed(1);
    pin.setAttribute("transform", `translate(${at.x} ${at.y})`);
    pin.setAttribute("visibility", "visible");
    state.textContent = drawing.dataset.words;
    const row = Math.min(2, Math.floor((at.y / height) * 3)), column = Math.min(2, Math.floor((at.x / width) * 3));
    if (spot) spot.value = `${row}${column}`;
    form.closest("details").open = true;
    if (go) document.getElementById(`id_${prefix}-text`)?.focus();
  }

  // Choosing in words takes the point of the click away.
  spot?.addEventListener("change", () => {
    x.value = y.value = "";
    pin.setAttribute("visibility", "hidden");
  });
  drawing.addEventListener("click", (event) =>
    set(new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse()), true));
  drawing.addEventListener("keydown", (event) => {
    const step = (event.shiftKey ? 0.01 : 0.05) * width;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (move) {
      at = { x: within(at.x + move[0], width), y: within(at.y + move[1], height) };
      cross.setAttribute("transform", `translate(${at.x} ${at.y})`);
      cross.setAttribute("visibility", "visible");
    } else if (event.key === "Enter" || event.key === " ") set(at, true);
    else return;
    event.preventDefault();
  });
  drawing.addEventListener("blur", () => cross.setAttribute("visibility", "hidden"));
}

document.querySelectorAll("[data-spots]").forEach(furnish);
