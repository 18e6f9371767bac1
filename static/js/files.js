// The files of a form, without a new page: what is chosen is uploaded at once, with progress; remove and move are the form's own
// buttons, sent behind the scenes. The answer is the whole page, of which only this part is taken.
const SELECTOR = "[data-files]";

function send(form, values, progress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action") || location.href);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress?.(event.loaded / event.total));
    request.addEventListener("load", () => (request.status < 400 || request.status === 422 ? done(request.responseText) : failed()));
    request.addEventListener("error", failed);
    request.send(values);
  });
}

function values(form, verb, chosen) {
  const found = new FormData(form);
  for (const input of form.querySelectorAll(`${SELECTOR} input[type=file]`)) if (input !== chosen) found.delete(input.name);
  found.set("file-do", verb);
  return found;
}

async function go(part, verb, chosen) {
  const form = part.closest("form");
  const state = part.querySelector("[data-files-state]");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  state.replaceChildren(part.dataset.busy, " ", bar);
  part.setAttribute("aria-busy", "true");
  try {
    const sent = values(form, verb, chosen);
    part.querySelectorAll("input[type=file], button").forEach((each) => (each.disabled = true));
    const page = new DOMParser().parseFromString(await send(form, sent, (share) => (bar.value = share)), "text/html");
    const fresh = page.querySelector(SELECTOR);
    if (!fresh) throw new Error("no answer");
    const old = new Set([...part.querySelectorAll("input[name=file]")].map((each) => each.value));
    part.replaceWith(fresh);
    ready(fresh);
    const added = [...fresh.querySelectorAll("input[name=file]")].find((each) => !old.has(each.value));
    const key = verb.split(":")[1];
    const again = key && [...fresh.querySelectorAll("button")].find((each) => each.value.endsWith(`:${key}`));
    const words = added && fresh.querySelector(`[name="file-${added.value}-alt"]`);
    (words || again || fresh.querySelector("input[type=file], button"))?.focus();
    fresh.dispatchEvent(new Event("input", { bubbles: true }));
  } catch {
    part.removeAttribute("aria-busy");
    part.querySelectorAll("input[type=file], button").forEach((each) => (each.disabled = false));
    state.textContent = part.dataset.lost;
  }
}

function ready(part) {
  part.querySelectorAll("[data-no-script]").forEach((each) => each.remove());
  part.addEventListener("change", (event) => event.target.type === "file" && event.target.files.length && go(part, "upload", event.target));
  part.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=file-do]");
    if (!button) return;
    event.preventDefault();
    go(part, button.value);
  });
}

document.querySelectorAll(SELECTOR).forEach(ready);
// The page comes back with what was written: ask for the files of it.
document.addEventListener("files:show", (event) => {
  const part = document.querySelector(SELECTOR);
  if (part && event.detail.files) {
    part.querySelector("[name=files]").value = event.detail.files;
    for (const [name, value] of event.detail.entries) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      part.append(field);
    }
    go(part, "show");
  }
});
