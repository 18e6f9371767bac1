// A click on the map of the town fills the two hidden fields beside it; a second click on the same point takes it away.
const map = document.getElementById("point-map");

if (map) {
  const pin = map.querySelector(".pin");
  const [x, y] = [document.getElementById(map.dataset.x), document.getElementById(map.dataset.y)];
  map.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    const near = x.value && Math.hypot(point.x - x.value, point.y - y.value) < 12;
    x.value = near ? "" : Math.min(600, Math.max(0, point.x)).toFixed(1);
    y.value = near ? "" : Math.min(440, Math.max(0, point.y)).toFixed(1);
    pin.setAttribute("cx", near ? -40 : x.value);
    pin.setAttribute("cy", near ? -40 : y.value);
  });
}
