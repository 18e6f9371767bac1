// The studio's forms follow what is typed: drafts save themselves after a pause, what is public is only looked at.
//
// <form data-studio="save|look" data-saving="…" data-lost="…" data-wrong="…"> with <… id="saved" data-live>
// The page itself answers (header X-Studio). Every [data-live] with an id is laid over what is there, errors come to their
// fields, and the version that is stored comes along. What somebody types into is never touched.
const PAUSE = 900;
const RETRY = 8000;

function follow(form) {
  const state = document.getElementById("saved");
  let timer, running, said = print(), stopped = false, bad = false;

  function print() {
    return new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "version")).toString();
  }

  function say(sentence, lost = false) {
    if (!state || !sentence) return;
    state.textContent = sentence;
    state.classList.toggle("is-lost", lost);
  }

  // One question at a time: each answer brings the version the next one builds on.
  function ask() {
    running ??= send().finally(() => (running = null));
    return running;
  }

  async function send() {
    const now = print();
    if (stopped || now === said) return;
    const saves = form.dataset.studio === "save";
    if (saves) say(form.dataset.saving);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Studio": form.dataset.studio, "X-Requested-With": "fetch" },
        keepalive: now.length < 60000,
      });
      if (![200, 409, 422].includes(answer.status)) throw new Error(answer.status);
      show(await answer.text(), answer.status);
      said = now;
      bad = saves && answer.status !== 200;
    } catch {
      bad = saves;
      if (saves) say(form.dataset.lost, true);
      plan(RETRY);
      return;
    }
    if (!stopped && print() !== said) plan(PAUSE);
  }

  function show(html, status) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const node of fresh.querySelectorAll("[data-live][id]")) {
      const old = document.getElementById(node.id);
      if (old && !old.contains(document.activeElement) && old.innerHTML !== node.innerHTML) old.innerHTML = node.innerHTML;
    }
    state?.classList.remove("is-lost");
    errors(fresh);
    if (status === 422 && form.dataset.studio === "save") say(form.dataset.wrong, true);
    // Somebody else saved meanwhile: from here on only the person decides.
    if (status === 409) stopped = true;
    const version = fresh.querySelector("#" + form.id + " [name=version], form[data-studio] [name=version]");
    if (version && form.elements.version) form.elements.version.value = version.value;
  }

  // Sentences beside the fields they are about; fields are found by the name of their input.
  function errors(fresh) {
    for (const old of form.querySelectorAll(".errorlist, .errors")) old.remove();
    for (const old of form.querySelectorAll(".kern-form-input--error")) old.classList.remove("kern-form-input--error");
    for (const list of fresh.querySelectorAll("form[data-studio] .errorlist")) {
      const name = list.closest(".kern-form-input")?.querySelector("[name]")?.name;
      const field = name && form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest(".kern-form-input");
      if (!field) continue;
      field.classList.add("kern-form-input--error");
      field.append(document.adoptNode(list));
    }
  }

  function plan(pause) {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  }

  form.addEventListener("input", () => plan(PAUSE));
  form.addEventListener("change", () => plan(PAUSE));
  // Whatever is sent from this page waits until what was typed is stored: the version, and the order, stay right.
  document.addEventListener("submit", (event) => {
    clearTimeout(timer);
    const own = event.target === form;
    const waits = !stopped && (running || (!own && form.dataset.studio === "save" && print() !== said));
    if (!waits) {
      stopped = true;
      bad = false;
      return;
    }
    event.preventDefault();
    ask().finally(() => {
      stopped = true;
      bad = false;
      event.target.requestSubmit(event.submitter);
    });
  }, true);
  document.addEventListener("visibilitychange", () => document.hidden && ask());
  addEventListener("pagehide", ask);
  addEventListener("online", ask);
  // Only what could not be saved is worth a question on leaving.
  addEventListener("beforeunload", (event) => bad && event.preventDefault());
}

document.querySelectorAll("form[data-studio]").forEach(follow);
