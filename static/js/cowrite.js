// Several people write in the same fields. What is typed becomes changes of a Yjs document, what others change becomes text in
// the fields, and a web socket carries both. The document is the queue: what could not be sent is asked for on reconnection.
const SYNC = 0, PRESENCE = 1, WHO = 3, SAVED = 100, OVER = 101;
const HAVE = 0, LACK = 1, WROTE = 2;
const STILL = 3000; // so long a name stands at a cursor that does not move
const PAUSE = 90, KEEP = 400, LOOK = 20_000, LONGEST = 15_000;
const FROM_OTHERS = "others", HERE = "here";

const root = document.getElementById("cowrite");
if (root) start(root, await import(root.dataset.yjs));

// --- bytes ---

function number(out, value) {
  while (value > 127) { out.push(128 | (value % 128)); value = Math.floor(value / 128); }
  out.push(value);
}

function message(kind, ...parts) {
  const out = [];
  number(out, kind);
  for (const part of parts) {
    if (typeof part === "number") number(out, part);
    else { number(out, part.length); for (const byte of part) out.push(byte); }
  }
  return new Uint8Array(out);
}

class Reader {
  constructor(data) { this.data = data; this.at = 0; }
  number() {
    let value = 0, factor = 1, byte;
    do { byte = this.data[this.at++]; value += (byte & 127) * factor; factor *= 128; } while (byte > 127);
    return value;
  }
  block() {
    const length = this.number();
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }
}

const encode = (value) => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const toText = (bytes) => { let s = ""; for (const byte of bytes) s += String.fromCharCode(byte); return btoa(s); };
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// --- differences ---

const splits = (text, at) => at > 0 && at < text.length && /[\uD800-\uDBFF]/.test(text[at - 1]) && /[\uDC00-\uDFFF]/.test(text[at]);

/** Where two texts differ: [from, how many go, what comes]. The caret tells which of several equal letters is the new one. */
export function splice(before, after, caret = after.length) {
  const most = Math.min(before.length, after.length);
  let start = 0, end = 0;
  const stop = Math.min(most, Math.max(0, caret - Math.max(0, after.length - before.length)));
  while (start < stop && before[start] === after[start]) start++;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  while (start < most - end && before[start] === after[start]) start++;
  if (splits(before, start) || splits(after, start)) start--;
  if (splits(before, before.length - end) || splits(after, after.length - end)) end--;
  return [start, before.length - end - start, after.slice(start, after.length - end)];
}

// --- the page ---

function start(root, Y) {
  const say = root.dataset;
  const doc = new Y.Doc();
  const state = document.getElementById("cowrite-state");
  const form = document.getElementById("cowrite-form");
  const fields = new Map();
  const people = new Map(); // client -> {clock, state}
  const kept = `${say.kept}:${doc.clientID}`;
  let restored = [];
  let socket = null, synced = false, closed = "", tries = 0, timer, flushing, keeping, clock = 0, heard = 0;
  let queue = [], sent = 0, taken = 0, dirty = false, held = null;

  // --- the fields ---

  class Field {
    constructor(box) {
      this.name = box.dataset.text;
      this.box = box;
      this.input = box.querySelector("input, textarea");
      this.text = doc.getText(this.name);
      this.undo = new Y.UndoManager(this.text, { trackedOrigins: new Set([HERE]), captureTimeout: 600 });
      this.last = null; // what stands in the field and in the document; null until the document has come
      this.input.readOnly = true; // until then
      this.input.addEventListener("input", (event) => event.isComposing || this.typed());
      this.input.addEventListener("compositionstart", () => { held ??= []; });
      this.input.addEventListener("compositionend", () => { this.typed(); release(); });
      this.input.addEventListener("beforeinput", (event) => this.before(event));
      this.input.addEventListener("keydown", (event) => this.keys(event));
      this.input.addEventListener("scroll", () => this.draw());
      for (const event of ["focus", "blur", "keyup", "pointerup"]) this.input.addEventListener(event, tellWhere);
      this.text.observe((event, transaction) => transaction.origin === HERE || this.show(event.delta));
      new ResizeObserver(() => this.draw()).observe(this.input);
    }

    typed() {
      if (this.last === null) return;
      let value = this.input.value;
      if (this.input.localName === "input") value = value.replace(/\n/g, " ");
      const [from, gone, put] = splice(this.last, value, this.input.selectionEnd);
      if (!gone && !put) return;
      this.last = value;
      doc.transact(() => {
        if (gone) this.text.delete(from, gone);
        if (put) this.text.insert(from, put);
      }, HERE);
      if (this.marks?.isConnected) this.draw();
      tellWhere();
    }

    /** The browser's own undo knows nothing of what others wrote. */
    before(event) {
      if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return;
      event.preventDefault();
      this.back(event.inputType === "historyRedo");
    }

    keys(event) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || this.input.readOnly) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      this.back(key === "y" || event.shiftKey);
    }

    back(again) { if (again) this.undo.redo(); else this.undo.undo(); }

    /** What somebody else (or undo) changed, without moving the caret of whoever writes here. */
    show(delta) {
      if (this.last === null) return;
      const value = this.text.toString();
      const active = document.activeElement === this.input;
      let { selectionStart: from, selectionEnd: to, scrollTop } = this.input, at = 0;
      for (const part of delta) {
        if (part.retain) at += part.retain;
        else if (part.insert) {
          const n = part.insert.length;
          if (at < from) from += n;
          if (at < to) to += n;
          at += n;
        } else {
          from -= Math.max(0, Math.min(from, at + part.delete) - at);
          to -= Math.max(0, Math.min(to, at + part.delete) - at);
        }
      }
      this.input.value = this.last = value;
      if (active) this.input.setSelectionRange(from, to);
      this.input.scrollTop = scrollTop;
      this.input.dispatchEvent(new CustomEvent("change", { bubbles: true }));
      drawPeople();
    }

    fill() {
      this.last = this.text.toString();
      if (this.input.value !== this.last) this.input.value = this.last;
      this.input.readOnly = Boolean(closed);
    }

    // --- where others are ---

    draw() {
      this.marks?.remove();
      const others = [...people.values()].filter(({ state }) => state?.field === this.name && state.place);
      if (!others.length || this.last === null) return;
      const style = getComputedStyle(this.input);
      this.marks = document.createElement("div");
      this.marks.className = "cowrite__marks";
      this.marks.setAttribute("aria-hidden", "true");
      const put = (node, inset) => { for (const [name, value] of Object.entries(inset)) node.style[name] = value; };
      const area = this.input.getBoundingClientRect(), box = this.box.getBoundingClientRect();
      put(this.marks, { left: `${area.left - box.left}px`, top: `${area.top - box.top}px`, width: `${area.width}px`, height: `${area.height}px` });
      const mirror = document.createElement("div");
      mirror.className = "cowrite__mirror";
      for (const name of ["font", "letterSpacing", "padding", "borderWidth", "borderStyle", "boxSizing", "lineHeight", "tabSize"]) mirror.style[name] = style[name];
      mirror.style.width = `${this.input.clientWidth + parseFloat(style.borderLeftWidth) + parseFloat(style.borderRightWidth)}px`;
      if (this.input.localName === "input") put(mirror, { whiteSpace: "pre", width: "auto" });
      this.marks.append(mirror);
      this.box.append(this.marks);
      for (const { state, since } of others) {
        const index = absolute(state.place, this.text);
        if (index === null) continue;
        const spot = document.createElement("span");
        spot.textContent = "\u200b";
        mirror.replaceChildren(this.last.slice(0, index), spot, this.last.slice(index) || " ");
        const mark = document.createElement("div"), name = document.createElement("span");
        mark.className = `cowrite__mark pen-${state.hue}`;
        name.textContent = state.name;
        mark.append(name);
        let top = spot.offsetTop - this.input.scrollTop;
        if (this.input.localName === "input") top = (area.height - spot.offsetHeight) / 2;
        put(mark, { left: `${spot.offsetLeft - this.input.scrollLeft}px`, top: `${top}px` });
        mark.classList.toggle("is-under", top < 24);
        mark.classList.toggle("is-still", Date.now() - since > STILL);
        this.marks.append(mark);
      }
      mirror.remove();
    }

    where() {
      const index = this.input.selectionEnd ?? 0;
      const paragraph = this.input.value.slice(0, index).split(/\n\s*\n/).length;
      return { field: this.name, paragraph, place: Y.createRelativePositionFromTypeIndex(this.text, index) };
    }
  }

  function absolute(place, text) {
    try {
      const found = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(place), doc);
      return found && found.type === text ? found.index : null;
    } catch { return null; }
  }

  for (const box of root.querySelectorAll("[data-text]")) fields.set(box.dataset.text, new Field(box));

  // --- the document ---

  const apply = (update) => held ? held.push(update) : Y.applyUpdate(doc, update, FROM_OTHERS);

  /** While a letter is put together (accents, Chinese, dictation) the field belongs to the keyboard alone. */
  function release() {
    const waiting = held ?? [];
    held = null;
    waiting.forEach(apply);
  }

  doc.on("update", (update, origin) => {
    if (origin === FROM_OTHERS) return;
    dirty = true;
    queue.push(update);
    clearTimeout(flushing);
    flushing = setTimeout(flush, PAUSE);
    keepSoon();
    show();
  });

  function flush() {
    if (!queue.length || !isOpen() || !synced) return;
    const update = queue.length > 1 ? Y.mergeUpdates(queue) : queue[0];
    queue = [];
    sent++;
    socket.send(message(SYNC, WROTE, update));
  }

  // --- kept on this device, until the city has it ---

  function keepSoon() {
    clearTimeout(keeping);
    keeping = setTimeout(keep, KEEP);
  }

  function keep() {
    clearTimeout(keeping);
    try {
      if (dirty) localStorage.setItem(kept, toText(Y.encodeStateAsUpdate(doc)));
      else for (const key of [kept, ...restored.splice(0)]) localStorage.removeItem(key);
    } catch { /* no room, or not allowed: the window still has it */ }
  }

  function restore() {
    try {
      restored = Object.keys(localStorage).filter((key) => key.startsWith(`${say.kept}:`));
      for (const key of restored) {
        Y.applyUpdate(doc, toBytes(localStorage.getItem(key)), FROM_OTHERS);
        dirty = true;
      }
    } catch { restored = []; }
  }

  // --- the connection ---

  const isOpen = () => socket?.readyState === WebSocket.OPEN;

  function connect() {
    clearTimeout(timer);
    if (closed || isOpen() || socket?.readyState === WebSocket.CONNECTING) return;
    synced = false; sent = taken = 0;
    socket = new WebSocket(say.socket);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      heard = Date.now();
      socket.send(message(SYNC, HAVE, Y.encodeStateVector(doc)));
      socket.send(message(WHO));
    };
    socket.onmessage = (event) => { heard = Date.now(); hear(new Reader(new Uint8Array(event.data))); };
    socket.onclose = (event) => lost(event.code);
    show();
  }

  function lost(code) {
    socket = null; synced = false;
    const known = [...people.keys()];
    known.forEach((client) => people.delete(client));
    if (known.length) drawPeople();
    if (code === 4403 || code === 4404) return end("refused");
    if (code === 4413) return end("full");
    if (closed) return show();
    tries++;
    show();
    // A refusal looks like a broken line from here; the page itself tells them apart.
    if (tries % 3 === 2) ask();
    timer = setTimeout(connect, Math.min(LONGEST, 400 * 2 ** tries) * (.6 + Math.random() * .6));
  }

  async function ask() {
    try {
      const answer = await fetch(say.page, { method: "HEAD", redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) end("refused");
    } catch { /* offline */ }
  }

  function hear(reader) {
    const kind = reader.number();
    if (kind === SYNC) {
      const which = reader.number(), data = reader.block();
      if (which === HAVE) {
        // All that the city lacks, whatever became of earlier messages.
        queue = [];
        sent++;
        socket.send(message(SYNC, LACK, Y.encodeStateAsUpdate(doc, data)));
        return;
      }
      apply(data);
      if (which === LACK && !synced) {
        synced = true;
        tries = 0;
        for (const field of fields.values()) if (field.last === null) field.fill();
        flush();
        tellWhere();
      }
    } else if (kind === SAVED) {
      taken = reader.number();
    } else if (kind === PRESENCE) {
      hearPresence(new Reader(reader.block()));
    } else if (kind === WHO) {
      tellWhere(null, true);
    } else if (kind === OVER) {
      end(decode(reader.block()).kind);
    }
    show();
  }

  /** No more writing here; what is not sent stays on this device and in the field. */
  function end(kind) {
    if (closed) return;
    closed = kind;
    clearTimeout(timer);
    socket?.close();
    const note = document.getElementById("cowrite-over");
    note.querySelector("[data-words]").textContent = say[kind] || say.refused;
    note.hidden = false;
    for (const field of fields.values()) field.input.readOnly = true;
    root.classList.add("is-live");
    state.hidden = true;
    document.getElementById("cowrite-publish").closest("div").hidden = kind !== "full";
  }

  function show() {
    const saved = synced && !queue.length && sent === taken;
    if (saved && dirty) { dirty = false; keep(); }
    const trouble = !synced && tries > 0;
    root.classList.toggle("is-live", !trouble && !closed);
    state.classList.toggle("is-saved", saved);
    state.classList.toggle("is-offline", trouble);
    const sentence = saved ? say.saved : synced ? say.saving : trouble ? (dirty ? say.offline : say.offlineClean) : say.connecting;
    const words = state.querySelector("[data-words]");
    if (words.textContent !== sentence) words.textContent = sentence;
    // Without any connection from the start one can still write in the form and save it.
    if (trouble && !closed) for (const field of fields.values()) if (field.last === null) field.input.readOnly = false;
  }

  // --- who is there ---

  let said = "", soon, stilling;
  const me = say.kept.split(":").pop();

  function tellWhere(event = null, again = false) {
    clearTimeout(soon);
    soon = setTimeout(() => {
      if (!isOpen() || !synced) return;
      const field = [...fields.values()].find(({ input }) => input === document.activeElement);
      const where = field && field.last !== null ? field.where() : {};
      const now = JSON.stringify(where);
      if (now === said && !again) return;
      said = now;
      clock++;
      const entry = message(1, doc.clientID, clock, encode(where));
      socket.send(message(PRESENCE, entry));
    }, 120);
  }

  function hearPresence(reader) {
    const before = names();
    for (let n = reader.number(); n > 0; n--) {
      const client = reader.number(), at = reader.number(), what = decode(reader.block());
      if (client === doc.clientID || (people.get(client)?.clock ?? -1) > at) continue;
      if (what && String(what.who) === me) continue; // another window of one's own
      const before = people.get(client);
      const moved = JSON.stringify(before?.state) !== JSON.stringify(what);
      if (what) people.set(client, { clock: at, state: what, since: moved ? Date.now() : before.since });
      else people.delete(client);
    }
    const after = names();
    for (const name of after) if (!before.has(name)) announce(say.joined, name);
    for (const name of before) if (!after.has(name)) announce(say.left, name);
    drawPeople();
    clearTimeout(stilling);
    stilling = setTimeout(() => fields.forEach((field) => field.draw()), STILL + 100);
  }

  const names = () => new Set([...people.values()].map(({ state }) => state.name));
  const announce = (sentence, name) => { document.getElementById("cowrite-said").textContent = sentence.replace("{name}", name); };

  function drawPeople() {
    const list = document.getElementById("cowrite-people");
    const seen = new Map();
    for (const { state } of people.values()) if (!seen.get(state.who)?.field) seen.set(state.who, state);
    list.replaceChildren(...[...seen.values()].map((state) => {
      const item = document.createElement("li"), face = document.createElement("span"), words = document.createElement("span");
      const name = document.createElement("b"), where = document.createElement("span");
      face.className = `cowrite__face pen-${state.hue}`;
      face.setAttribute("aria-hidden", "true");
      face.textContent = state.name.split(/\s+/).map((part) => part[0]).slice(0, 2).join("").toUpperCase();
      name.textContent = state.name;
      where.className = "muted";
      where.textContent = { title: say.inTitle, summary: say.inSummary, body: say.inBody.replace("{n}", state.paragraph) }[state.field] ?? "";
      words.append(name, where);
      item.append(face, words);
      return item;
    }));
    for (const field of fields.values()) field.draw();
  }

  // --- leaving ---

  form.addEventListener("submit", () => {
    keep();
    // With a document the words of the form are not enough: others may stand in them too.
    if ([...fields.values()].every(({ last }) => last !== null)) form.elements.update.value = toText(Y.encodeStateAsUpdate(doc));
  });

  document.getElementById("cowrite-publish").addEventListener("click", (event) => {
    if (!dirty || !isOpen()) return;
    event.preventDefault();
    flush();
    const target = event.currentTarget.href, until = Date.now() + 3000;
    const go = setInterval(() => { if (!dirty || Date.now() > until) { clearInterval(go); location.assign(target); } }, 50);
  });

  addEventListener("pagehide", () => { flush(); keep(); });
  addEventListener("online", () => { tries = 0; connect(); });
  addEventListener("offline", () => socket?.close());
  document.addEventListener("visibilitychange", () => document.hidden ? (flush(), keep()) : connect());
  setInterval(() => {
    if (!isOpen()) return;
    // Heals what got lost between two servers; and a line that has gone silent is a broken one.
    if (Date.now() - heard > 3 * LOOK) socket.close();
    else socket.send(message(SYNC, HAVE, Y.encodeStateVector(doc)));
  }, LOOK);

  restore();
  connect();
}
