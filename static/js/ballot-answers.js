// Answers on a ballot: an answer can be taken back without loading the page.
//
// <form data-kind="answers"> <fieldset data-question> <input type="radio" name="answer-3" value="1">
//   <p class="ask__clear" hidden><button name="step" value="2:clear">
// A change is told by a "change" event; ballot.js saves it.
const form = document.querySelector("form[data-kind=answers]");

const marks = (question) => [...question.querySelectorAll("input[type=radio]")];

function paint(question) {
  question.querySelector(".ask__clear").hidden = !marks(question).some((mark) => mark.checked);
}

form?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=step]");
  if (!button) return;
  event.preventDefault();
  const question = button.closest("[data-question]");
  for (const mark of marks(question)) mark.checked = false;
  // The button goes with the answer; the focus stays in its question.
  marks(question)[0].focus();
  paint(question);
  question.dispatchEvent(new Event("change", { bubbles: true }));
});
form?.addEventListener("change", (event) => paint(event.target.closest("[data-question]")));
