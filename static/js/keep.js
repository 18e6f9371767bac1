// <form data-keep="name" data-fresh>: this tab remembers what was written, through a reload or a crash, until it was sent. Nothing
// leaves the browser. A page the server drew with what was sent (without data-fresh) is always right.
const PAUSE = 400;

function keep(form) {
  const name = `kept:${form.dataset.keep}`;
  const state = form.querySelector("[data-keep-state]");
  const read = () => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const first = JSON.stringify(read());
  let timer;

  function store() {
    const now = JSON.stringify(read());
    if (now === first) return sessionStorage.removeItem(name);
    sessionStorage.setItem(name, now);
    if (state) state.textContent = state.dataset.words;
  }

  function restore() {
    const entries = JSON.parse(sessionStorage.getItem(name) || "[]");
    const kept = new Map(entries);
    for (const field of form.elements) {
      if (!field.name || !kept.has(field.name) || field.type === "submit" || /^files?(-|$)/.test(field.name)) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = entries.some(([n, v]) => n === field.name && v === field.value);
      else field.value = kept.get(field.name);
    }
    if (kept.get("files"))
      document.dispatchEvent(new CustomEvent("files:show", { detail: { files: kept.get("files"), entries: entries.filter(([n]) => n === "file" || n.startsWith("file-")) } }));
    if (entries.length) form.dispatchEvent(new CustomEvent("kept:restored", { bubbles: true }));
    form.querySelectorAll("textarea").forEach((each) => each.dispatchEvent(new Event("input", { bubbles: true })));
  }

  if (form.hasAttribute("data-fresh")) restore();
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(store, PAUSE);
  });
  form.addEventListener("change", store);
  addEventListener("pagehide", () => timer !== null && store());
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name) return;
    clearTimeout(timer);
    timer = null;
    sessionStorage.removeItem(name);
  });
}

try {
  document.querySelectorAll("form[data-keep]").forEach(keep);
} catch {
  // A browser that keeps nothing: the form works as it is.
}
