"""Plain text of people as markup: paragraphs, links, quotes ("> ") and names that were called. Nothing else is markup."""

# ruff: noqa: S308 - every piece of text passes escape() before anything is put around it

from __future__ import annotations

import re
from collections.abc import Collection

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# Letters of addresses as they stand in escaped text; what ends a sentence does not belong to the address.
_LINK = re.compile(r"https?://[^\s<>\"'“”„]+[^\s<>\"'“”„.,;:!?)\]]")
LONGEST_SHOWN = 60


def drawn(text: str, names: Collection[str] = (), gone: Collection[str] = ()) -> SafeString:
    """`names`: the public names that "@" may call; they stand out. `gone`: texts that are not shown any more; what is
    quoted from one of them is not shown here either."""
    unsaid = [_flat(each) for each in gone]
    blocks: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()):
        quoted: list[str] = []
        plain: list[str] = []
        for line in block.split("\n"):
            if line.startswith(">"):
                _flush(blocks, plain, names, "p")
                quoted.append(line[1:].strip())
            else:
                _quote(blocks, quoted, names, unsaid)
                plain.append(line)
        _quote(blocks, quoted, names, unsaid)
        _flush(blocks, plain, names, "p")
    return mark_safe("".join(blocks))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _quote(blocks: list[str], lines: list[str], names: Collection[str], unsaid: Collection[str]) -> None:
    words = _flat(" ".join(lines)).removesuffix("…").strip()
    if words and any(words in each for each in unsaid):
        said = _("What was quoted here is not shown any more.")
        blocks.append(f"<blockquote><p>{escape(said)}</p></blockquote>")
        lines.clear()
    else:
        _flush(blocks, lines, names, "blockquote")


def _flush(blocks: list[str], lines: list[str], names: Collection[str], kind: str) -> None:
    if lines and any(line.strip() for line in lines):
        inside = "<br>".join(_line(line, names) for line in lines)
        blocks.append(
            f"<blockquote><p>{inside}</p></blockquote>" if kind == "blockquote" else f"<p>{inside}</p>"
        )
    lines.clear()


def _line(line: str, names: Collection[str]) -> str:
    pieces, last = [], 0
    for found in _LINK.finditer(line):
        pieces.append(_call(line[last : found.start()], names))
        address = found[0]
        shown = address if len(address) <= LONGEST_SHOWN else address[: LONGEST_SHOWN - 1] + "…"
        pieces.append(f'<a href="{escape(address)}" rel="nofollow noopener ugc">{escape(shown)}</a>')
        last = found.end()
    pieces.append(_call(line[last:], names))
    return "".join(pieces)


def _call(text: str, names: Collection[str]) -> str:
    called = [escape(f"@{name}") for name in sorted(names, key=len, reverse=True) if f"@{name}" in text]
    safe = str(escape(text))
    if called:
        safe = re.sub("|".join(map(re.escape, called)), lambda found: f"<b>{found[0]}</b>", safe)
    return safe


def called_in(text: str, names: Collection[str]) -> list[str]:
    """Which of these names the text calls; of two that begin alike the longer one. Quotes call nobody."""
    own = "\n".join(line for line in text.split("\n") if not line.startswith(">"))
    found = []
    for name in sorted(names, key=len, reverse=True):
        if name and re.search(re.escape(f"@{name}") + r"(?!\w)", own):
            found.append(name)
            own = own.replace(f"@{name}", "")
    return found


def quotes(text: str) -> bool:
    return any(line.startswith(">") for line in text.splitlines())


def quoted(text: str, most: int = 400) -> str:
    """The beginning of a text as a quotation, to answer under it. What it quotes itself is left out."""
    own = " ".join(line for line in text.splitlines() if line.strip() and not line.startswith(">"))
    short = own if len(own) <= most else own[: most - 1].rsplit(" ", 1)[0] + " …"
    return f"> {short}\n\n" if short else ""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text under discussion; an empty line divides them."""
    return [part.strip() for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")) if part.strip()]


def excerpt(text: str, most: int = 160) -> str:
    """The beginning of a text in one line, without what it quotes."""
    own = " ".join(" ".join(line for line in text.splitlines() if not line.startswith(">")).split())
    return own if len(own) <= most else own[: most - 1].rsplit(" ", 1)[0] + " …"
