// While a line is typed it says which projects the numbers stand for. The server reads the line again and has the last word.
const known = new Map();
for (const item of document.querySelectorAll("[data-options] [data-code]")) {
  const { code, title, cost } = item.dataset;
  known.set(code.toLowerCase(), { title, cost: Number(cost || 0) });
  if (/^\d+$/.test(code)) known.set(String(Number(code)), known.get(code.toLowerCase()));
}

for (const form of document.querySelectorAll("[data-line]")) {
  const field = form.elements.namedItem("line");
  const echo = form.querySelector("[data-echo]");
  const show = () => {
    const seen = new Set();
    const said = field.value.trim().toLowerCase().split(/[\s,;+]+/).filter(Boolean).map((word) => {
      const found = known.get(word) || known.get(word.replace(/^0+(?=\d)/, ""));
      if (!found) return `${word}: ${echo.dataset.unknown}`;
      if (seen.has(found)) return `${word}: ${echo.dataset.twice}`;
      seen.add(found);
      return found.title;
    });
    echo.textContent = said.join(" · ");
  };
  field.addEventListener("input", show);
  show();
}

// The next thing to type is the line or the code, unless an error asks for the reader first.
if (!document.querySelector(".errors")) {
  const next = document.querySelector("[data-line] [name=line], form [name=code]");
  const number = document.querySelector("[data-line] [name=number]");
  if (next && (!number || number.value)) next.focus();
}
