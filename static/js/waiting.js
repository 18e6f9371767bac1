// A kept act whose owner logged in in another tab: when they come back to this one, it is sent by itself.
//
// <div data-waiting> … </div>: the page as a visitor sees it. The same address, asked again, holds <form data-send> as soon
// as somebody is signed in. Without this module the same form is there after loading the page again.
const here = document.querySelector("[data-waiting]");
const SENDING = 15000;
let last = 0;

async function look() {
  if (document.visibilityState !== "visible" || Date.now() - last < 1000) return;
  last = Date.now();
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(SENDING) });
    // Done already, in the other tab: go where it led.
    if (answer.redirected) return void location.assign(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector("form[data-send]");
    if (!form) return;
    // Something else is missing: the page says what.
    if (form.querySelector("a")) return void location.reload();
    here.replaceChildren(document.importNode(form, true));
    here.querySelector("form").requestSubmit();
  } catch {
    // No connection: the next look will tell.
  }
}

if (here) {
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
  addEventListener("pageshow", (event) => event.persisted && look());
}
