// Messages on this device: asks the browser, puts what it hands out into the form, and sends the form as any other.
//
// <form data-push="public key" data-worker="address of the worker" …> with fields endpoint, p256dh and auth; a sentence for
// whatever goes wrong stands in data-denied, data-missing, data-failed. Without this module the form stays hidden (data-push-box).
const form = document.querySelector("form[data-push]");
const said = form?.querySelector("[data-said]");

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (each) => each.charCodeAt(0));
}

function base64(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function tell(sentence) {
  const line = document.createElement("p");
  line.className = "note note--warn";
  line.textContent = sentence;
  said.replaceChildren(line);
}

async function worker() {
  const registration = await navigator.serviceWorker.register(form.dataset.worker);
  const starting = registration.installing || registration.waiting;
  if (starting && !registration.active) {
    await new Promise((done) => starting.addEventListener("statechange", () => starting.state === "activated" && done()));
  }
  return registration;
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return void tell(form.dataset.denied);
  const key = bytes(form.dataset.push);
  const { pushManager } = await worker();
  const known = await pushManager.getSubscription();
  const old = known?.options.applicationServerKey;
  // Made with a key the city no longer has: it would take nothing from us.
  if (known && old && base64(old) !== form.dataset.push) await known.unsubscribe();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  form.elements.endpoint.value = made.endpoint;
  form.elements.p256dh.value = base64(made.getKey("p256dh"));
  form.elements.auth.value = base64(made.getKey("auth"));
  form.submit();
}

async function mark() {
  const registration = await navigator.serviceWorker.getRegistration(new URL(form.dataset.worker, location.href).pathname);
  const known = await registration?.pushManager.getSubscription();
  for (const row of document.querySelectorAll("[data-device]")) {
    const here = known?.endpoint === row.dataset.device;
    row.querySelector("[data-here]").hidden = !here;
    if (here) row.querySelector("form").addEventListener("submit", () => void known.unsubscribe());
  }
}

if (form) {
  form.closest("[data-push-box]").hidden = false;
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!able) return void tell(form.dataset.missing);
    subscribe().catch(() => tell(form.dataset.failed));
  });
  if (able) mark().catch(() => {});
}
