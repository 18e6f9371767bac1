// A click on the map of the town fills the two hidden fields beside it; a second click on the same point takes it away. With the
// keyboard: arrow keys move a cross (with Shift in small steps), Enter or Space sets the point, Delete takes it away. Where the
// point lies is said in words, by the nearest place, and a place that was not chosen yet is chosen.
const map = document.getElementById("point-map");

if (map) {
  const pin = map.querySelector(".pin"), cross = map.querySelector(".cross");
  const [x, y] = [document.getElementById(map.dataset.x), document.getElementById(map.dataset.y)];
  const part = map.closest("[data-point]");
  const state = part?.querySelector("[data-point-state]"), clear = part?.querySelector("[data-point-clear]");
  const places = JSON.parse(map.dataset.places || "[]");
  const choice = document.getElementById("id_place"), everywhere = document.getElementById("id_everywhere");
  const within = (value, most) => Math.min(most, Math.max(0, value));
  let at = { x: Number(x.value) || 300, y: Number(y.value) || 220 };

  const near = (point) => places.toSorted((a, b) => Math.hypot(a.x - point.x, a.y - point.y) - Math.hypot(b.x - point.x, b.y - point.y))[0];
  const say = (words, point) => state && (state.textContent = words.replace("{place}", near(point)?.name || ""));

  function show(quiet = false) {
    const is = x.value !== "" && y.value !== "";
    pin.setAttribute("cx", is ? x.value : -40);
    pin.setAttribute("cy", is ? y.value : -40);
    if (clear) clear.hidden = !is;
    if (is && places.length) say(map.dataset.words, { x: Number(x.value), y: Number(y.value) });
    else if (!quiet && state) state.textContent = map.dataset.none || "";
  }

  function set(point) {
    x.value = point ? within(point.x, 600).toFixed(1) : "";
    y.value = point ? within(point.y, 440).toFixed(1) : "";
    if (point) at = { x: Number(x.value), y: Number(y.value) };
    if (point && choice && choice.value === "" && near(point)) choice.value = near(point).key;
    show();
    x.dispatchEvent(new Event("change", { bubbles: true }));
  }

  map.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    set(x.value && Math.hypot(point.x - x.value, point.y - y.value) < 12 ? null : point);
  });

  map.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 4 : 20;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (move) {
      at = { x: within(at.x + move[0], 600), y: within(at.y + move[1], 440) };
      cross?.setAttribute("transform", `translate(${at.x} ${at.y})`);
      cross?.setAttribute("visibility", "visible");
      if (places.length) say(map.dataset.cross, at);
    } else if (event.key === "Enter" || event.key === " ") set(at);
    else if (event.key === "Delete" || event.key === "Backspace") set(null);
    else return;
    event.preventDefault();
  });
  map.addEventListener("blur", () => cross?.setAttribute("visibility", "hidden"));
  clear?.addEventListener("click", () => {
    set(null);
    map.focus();
  });

  // Something that concerns the whole area has no point, no place and no address.
  const fields = [choice, document.getElementById("id_location")].map((field) => field?.closest(".kern-form-input"));
  const whole = () => {
    for (const field of fields) if (field) field.hidden = everywhere.checked;
    if (part) part.hidden = everywhere.checked;
  };
  if (everywhere) everywhere.addEventListener("change", whole);
  if (part) part.hidden = false;
  if (everywhere) whole();
  show(true);
  document.addEventListener("kept:restored", () => {
    show(true);
    if (everywhere) whole();
  });
}
