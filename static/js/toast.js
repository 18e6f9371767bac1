// Sentences from the server and trouble with the network, shown where they are seen and heard. Never silence.
const region = document.getElementById("toast");

function close(button) {
  button.closest(".toast").remove();
}

function furnish(toast) {
  if (toast.querySelector(".toast__close")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast__close";
  button.setAttribute("aria-label", region.dataset.close);
  button.textContent = "×";
  button.addEventListener("click", () => close(button));
  toast.append(button);
}

export function say(sentence, bad = false) {
  const toast = document.createElement("p");
  toast.className = bad ? "toast toast--bad" : "toast";
  const words = document.createElement("span");
  words.textContent = sentence;
  toast.append(words);
  region.replaceChildren(toast);
}

if (region) {
  new MutationObserver(() => region.querySelectorAll(".toast").forEach(furnish)).observe(region, { childList: true });
  // A live region is read when it changes: what came with the page is put in once more.
  const came = [...region.children];
  if (came.length) setTimeout(() => region.replaceChildren(...came), 200);

  document.addEventListener("quartier:say", (event) => say(event.detail.sentence, event.detail.bad));
  document.body.addEventListener("htmx:sendError", () => say(region.dataset.offline, true));
  document.body.addEventListener("htmx:timeout", () => say(region.dataset.offline, true));
  document.body.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    // A refusal brings its own sentence (HX-Retarget: #toast); everything else gets ours.
    if (answer.getResponseHeader("HX-Retarget") !== "#toast" && answer.status !== 422) say(region.dataset.trouble, true);
  });
}
