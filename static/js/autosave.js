// Drafts save themselves: <form data-autosave="/…/draft/"> with <span data-autosave-state> for the sentence.
// The address takes the whole form by POST and answers with the sentence to show ("Saved at 10:42").
const PAUSE = 1500;
const RETRY = 10000;

function autosave(form) {
  const state = form.querySelector("[data-autosave-state]");
  let timer, saved = fingerprint(), busy = false;

  function fingerprint() {
    return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  }

  function say(sentence, lost = false) {
    if (!state) return;
    state.textContent = sentence;
    state.classList.toggle("is-lost", lost);
  }

  async function save() {
    const now = fingerprint();
    if (busy || now === saved) return;
    busy = true;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(now),
        headers: { "X-Requested-With": "fetch" },
        keepalive: now.length < 60000,
      });
      if (!answer.ok) throw new Error(answer.status);
      saved = now;
      say((await answer.text()).trim());
    } catch {
      say(form.dataset.autosaveLost || "", true);
      plan(RETRY);
    }
    busy = false;
    if (fingerprint() !== saved) plan(PAUSE);
  }

  function plan(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  form.addEventListener("input", () => plan(PAUSE));
  form.addEventListener("change", () => plan(PAUSE));
  document.addEventListener("visibilitychange", () => document.hidden && save());
  addEventListener("online", save);
  form.addEventListener("submit", () => clearTimeout(timer));
}

document.querySelectorAll("form[data-autosave]").forEach(autosave);
