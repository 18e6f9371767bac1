// Tools above a textarea: <template data-toolbar="id of the textarea"> holds them. The text stays plain Markdown; Ctrl+B, Ctrl+I
// and Ctrl+K work in it, and every step can be undone with Ctrl+Z. In the toolbar the arrow keys lead from tool to tool.
const WRAPS = { bold: "**", italic: "*" };
const LINES = { heading: "# ", list: "- ", numbered: "1. ", quote: "> " };
const KEYS = { b: "bold", i: "italic", k: "link" };

function write(field, start, end, text, from, to) {
  field.focus();
  field.setSelectionRange(start, end);
  // The only way that leaves undoing intact; where it is missing the text is put in all the same.
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(from, to);
}

function wrap(field, mark) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const chosen = value.slice(start, end), n = mark.length;
  if (value.slice(start - n, start) === mark && value.slice(end, end + n) === mark && value[end + n] !== "*" && value[start - n - 1] !== "*")
    return write(field, start - n, end + n, chosen, start - n, end - n);
  write(field, start, end, mark + chosen + mark, start + n, end + n);
}

function lines(field, mark) {
  const { value } = field;
  const start = value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const next = value.indexOf("\n", field.selectionEnd);
  const end = next < 0 ? value.length : next;
  const rows = value.slice(start, end).split("\n");
  const bare = rows.map((row) => row.replace(/^(#{1,6} |- |\d+\. |> )/, ""));
  const has = rows.every((row, n) => row.startsWith(mark === "1. " ? `${n + 1}. ` : mark));
  const text = has ? bare.join("\n") : bare.map((row, n) => (mark === "1. " ? `${n + 1}. ` : mark) + row).join("\n");
  write(field, start, end, text, start + text.length, start + text.length);
}

function link(field, word) {
  const { selectionStart: start, selectionEnd: end } = field;
  const chosen = field.value.slice(start, end);
  if (/^https?:\/\/\S+$/.test(chosen)) return write(field, start, end, `[${word}](${chosen})`, start + 1, start + 1 + word.length);
  const words = chosen || word;
  const at = start + words.length + 3;
  write(field, start, end, `[${words}](https://)`, at, at + 8);
}

function picture(field) {
  const shown = [...document.querySelectorAll("[data-alt]")];
  const used = new Set([...field.value.matchAll(/\(picture:(\d+)\)/g)].map((found) => found[1]));
  const next = shown.find((each) => !used.has(each.dataset.alt)) || shown[0];
  if (!next) return void document.getElementById("id_pictures")?.focus();
  const { selectionStart: start, selectionEnd: end, value } = field;
  const before = start && value[start - 1] !== "\n" ? "\n\n" : "";
  const text = `${before}![${next.value.replace(/[[\]]/g, "")}](picture:${next.dataset.alt})\n`;
  write(field, start, end, text, start + text.length, start + text.length);
}

function use(field, tool, bar) {
  if (WRAPS[tool]) wrap(field, WRAPS[tool]);
  else if (LINES[tool]) lines(field, LINES[tool]);
  else if (tool === "link") link(field, bar.querySelector("[data-word]").dataset.word);
  else if (tool === "picture") picture(field);
}

function furnish(template) {
  const field = document.getElementById(template.dataset.toolbar);
  if (!field) return;
  const bar = template.content.firstElementChild.cloneNode(true);
  const tools = [...bar.querySelectorAll("button")].filter((tool) => tool.dataset.tool !== "picture" || document.querySelector("[data-files]"));
  bar.replaceChildren(...tools);
  const hold = (tool) => tools.forEach((each) => (each.tabIndex = each === tool ? 0 : -1));
  hold(tools[0]);
  bar.addEventListener("click", (event) => {
    const tool = event.target.closest("button");
    if (!tool) return;
    hold(tool);
    use(field, tool.dataset.tool, bar);
  });
  bar.addEventListener("keydown", (event) => {
    const here = tools.indexOf(document.activeElement);
    const step = getComputedStyle(bar).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: here + step, ArrowLeft: here - step, Home: 0, End: tools.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tool = tools[(to + tools.length) % tools.length];
    hold(tool);
    tool.focus();
  });
  field.addEventListener("keydown", (event) => {
    const tool = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[event.key.toLowerCase()];
    if (!tool) return;
    event.preventDefault();
    use(field, tool, bar);
  });
  field.before(bar);
}

document.querySelectorAll("template[data-toolbar]").forEach(furnish);
