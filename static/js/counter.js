// How many characters are left. The field keeps its limit without this; here it becomes visible while typing.
const words = (sentence, n) => sentence.replace("{n}", n);

function count(hint) {
  const field = document.getElementById(hint.dataset.counter);
  if (!field) return;
  const most = Number(hint.dataset.max);
  // The field may grow past the limit while someone pastes and shortens; the server refuses what is too long.
  field.removeAttribute("maxlength");
  const show = () => {
    const left = most - [...field.value].length;
    hint.textContent = left < 0 ? words(hint.dataset.over, -left) : words(hint.dataset.left, left);
    hint.classList.toggle("is-over", left < 0);
    // Only when it matters is it read out.
    hint.setAttribute("aria-live", left <= most / 10 ? "polite" : "off");
  };
  field.addEventListener("input", show);
  show();
}

document.querySelectorAll("[data-counter]").forEach(count);
