// While a line is typed it says which projects the numbers stand for. The server reads the line again and has the last word.
const known = new Map();
for (const item of document.querySelectorAll("[data-options] [data-code]")) {
  const { code, title } = item.dataset;
  known.set(code.toLowerCase(), title);
  const number = code.match(/^([A-Z]\.)?(\d+)$/);
  if (number) known.set(`${(number[1] || "").toLowerCase()}${Number(number[2])}`, title);
}

// Where a ballot has parts each has a field with its letter, and the letter is left out.
const meant = (word, letter) => {
  const short = word.replace(/^0+(?=\d)/, "");
  return (letter && (known.get(`${letter}.${word}`) || known.get(`${letter}.${short}`))) || known.get(word) || known.get(short);
};

for (const form of document.querySelectorAll("[data-line]")) {
  const fields = [...form.querySelectorAll("[name^=line]")];
  const echo = form.querySelector("[data-echo]");
  const show = () => {
    const said = fields.map((field) => {
      const letter = field.name.slice("line-".length).toLowerCase();
      const seen = new Set();
      const words = field.value.trim().toLowerCase().split(/[\s,;+]+/).filter(Boolean).map((word) => {
        const found = meant(word, letter);
        if (!found) return `${word}: ${echo.dataset.unknown}`;
        if (seen.has(found)) return `${word}: ${echo.dataset.twice}`;
        seen.add(found);
        return found;
      });
      return words.length && letter ? `${letter.toUpperCase()}: ${words.join(" · ")}` : words.join(" · ");
    });
    echo.textContent = said.filter(Boolean).join(" / ");
  };
  for (const field of fields) field.addEventListener("input", show);
  show();
}

// The next thing to type is the line or the code, unless an error asks for the reader first.
if (!document.querySelector(".errors")) {
  const next = document.querySelector("[data-line] [name^=line], form [name=code]");
  const number = document.querySelector("[data-line] [name=number]");
  if (next && (!number || number.value)) next.focus();
}
