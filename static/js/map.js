/* The map of all proposals that fit: the city's own drawing, pins that gather where they are many, names for every pin.
   It takes the place of the picture the server drew; when anything fails, that picture stays. */

const CELL = 56; // pixels within which pins gather
const MOST_LISTED = 12;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function leaflet(address) {
  if (window.L) return Promise.resolve(window.L);
  return new Promise((resolve, reject) => {
    const script = element("script", { src: address });
    script.addEventListener("load", () => resolve(window.L));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

async function read(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

function link(feature) {
  const { title, url, lang, place, stage, exact } = feature.properties;
  const name = element("a", { href: url, lang }, title);
  const where = exact ? place : `${words.place} ${place}`;
  return element("div", { class: "citymap__one" }, name, element("span", { class: "small muted" }, `${where} · ${stage}`));
}

let words = {};

function gathered(L, map, features) {
  const cells = new Map();
  for (const feature of features) {
    const [x, y] = feature.geometry.coordinates;
    const at = map.project([y, x]);
    const key = `${Math.floor(at.x / CELL)}:${Math.floor(at.y / CELL)}`;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(feature);
  }
  return [...cells.values()];
}

function draw(L, map, layer, features) {
  const focused = document.activeElement?.dataset?.pins;
  layer.clearLayers();
  for (const some of gathered(L, map, features)) {
    const points = some.map(({ geometry: { coordinates: [x, y] } }) => [y, x]);
    const [lat, lng] = points.reduce((sum, point) => [sum[0] + point[0], sum[1] + point[1]], [0, 0]);
    const at = [lat / points.length, lng / points.length];
    const single = some.length === 1;
    const name = single ? some[0].properties.title : `${some.length} ${words.many}`;
    const size = single ? 30 : Math.min(56, 34 + 4 * Math.log2(some.length));
    const html = element("span", {}, single ? "" : String(some.length));
    const icon = L.divIcon({
      className: single ? `citymap__pin hue-${some[0].properties.hue}` : "citymap__pin citymap__pin--many",
      iconSize: [size, size], html,
    });
    const marker = L.marker(at, { icon, keyboard: true, title: name, riseOnHover: true });
    const open = () => {
      const bounds = L.latLngBounds(points);
      const closer = map.getZoom() < map.getMaxZoom() && bounds.getNorthEast().distanceTo(bounds.getSouthWest()) > 3;
      if (!single && closer) return map.fitBounds(bounds.pad(0.3), { maxZoom: map.getZoom() + 2 });
      const list = element("div", { class: "citymap__list" }, ...some.slice(0, MOST_LISTED).map(link));
      if (some.length > MOST_LISTED) list.append(element("p", { class: "small muted" }, `+ ${some.length - MOST_LISTED}`));
      return L.popup({ maxWidth: 280, autoPanPadding: [24, 24] }).setLatLng(at).setContent(list).openOn(map) && list;
    };
    marker.on("click", open);
    marker.addTo(layer);
    const pin = marker.getElement();
    pin.setAttribute("aria-label", name);
    pin.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open()?.querySelector?.("a")?.focus();
    });
    pin.dataset.pins = some[0].properties.number;
    if (focused && some.some(({ properties }) => properties.number === focused)) pin.focus({ preventScroll: true });
  }
}

async function begin(picture) {
  if (!picture || picture.dataset.begun) return;
  picture.dataset.begun = "yes";
  words = picture.dataset;
  const [L, city, found] = await Promise.all([leaflet(words.leaflet), read(words.city), read(words.geojson)]);
  const box = element("div", { class: "citymap", role: "region", "aria-label": words.name });
  const count = element("p", { class: "small muted", role: "status" }, `${found.more ? `${words.more} ` : ""}${found.features.length} ${words.shown}`);
  picture.hidden = true;
  picture.before(box, count);
  const whole = [[0, 0], [city.bbox[3], city.bbox[2]]];
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, {
    crs: L.CRS.Simple, attributionControl: false, zoomControl: false, minZoom: -1, maxZoom: 5, zoomSnap: 0.5, maxBounds: L.latLngBounds(whole).pad(0.3),
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm,
  });
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  L.rectangle(whole, { className: "m-land", interactive: false }).addTo(map);
  L.geoJSON(city, { interactive: false, style: ({ properties }) => ({ className: `m-${properties.kind}` }) }).addTo(map);
  L.geoJSON({ type: "FeatureCollection", features: found.places.filter(({ geometry }) => geometry.type !== "Point") }, {
    interactive: false, style: () => ({ className: "m-border" }),
  }).addTo(map);
  for (const { properties: { name, at: [x, y] } } of found.places) {
    const label = L.divIcon({ className: "citymap__place", html: element("span", {}, name), iconSize: null });
    L.marker([y, x], { icon: label, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map);
  }
  const points = found.features.map(({ geometry: { coordinates: [x, y] } }) => [y, x]);
  map.fitBounds(points.length > 1 ? L.latLngBounds(points).pad(0.15) : whole, { animate: false, maxZoom: 3 });
  const pins = L.layerGroup().addTo(map);
  const redraw = () => draw(L, map, pins, found.features);
  map.on("zoomend", redraw);
  redraw();
}

const start = () => begin(document.getElementById("map")).catch(() => {
  const picture = document.getElementById("map");
  if (picture) picture.hidden = false;
  document.querySelector(".citymap")?.remove();
});
start();
document.addEventListener("htmx:afterSettle", start);
