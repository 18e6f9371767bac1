"""A page as the tests read it: what it says in which language, where it points, how it is built."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
SPOKEN = frozenset(("alt", "title", "placeholder", "aria-label", "aria-description", "content"))
UNREAD = frozenset(("script", "style", "template"))
POINTING = frozenset(
    ("href", "src", "action", "formaction", "poster", "srcset", "hx-get", "hx-post", "xlink:href")
)


@dataclass(frozen=True)
class Words:
    """A piece of text, or of a spoken attribute, with the language it claims to be in."""

    text: str
    language: str


@dataclass
class Page:
    language: str = ""
    headings: list[str] = field(default_factory=list)  # of level one
    words: list[Words] = field(default_factory=list)
    pointers: list[tuple[str, str, str]] = field(default_factory=list)  # element, attribute, where to
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        return " ".join(words.text for words in self.words)

    @property
    def links(self) -> list[str]:
        return [where for element, name, where in self.pointers if element == "a" and name == "href"]

    @property
    def structure(self) -> str:
        """The same for pages built of the same parts, however many of each: ten cards look like three."""
        return hashlib.sha256("\n".join(sorted(self.parts)).encode()).hexdigest()[:16]


@functools.lru_cache(maxsize=256)
def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[tuple[str, str]] = []  # element, its language

    @property
    def _language(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        language = values.get("lang", self._language)
        if tag == "html":
            self.page.language = language
        for name, value in values.items():
            self.page.attributes.append((tag, name, value))
            if name in POINTING:
                self.page.pointers.append((tag, name, value))
            if name in SPOKEN and value.strip() and _is_spoken(tag, name, values):
                self.page.words.append(Words(_flat(value), language))
        if "id" in values:
            self.page.ids.append(values["id"])
        if tag == "h1":
            self.page.headings.append("")
        classes = " ".join(sorted(values.get("class", "").split()))
        state = "".join(
            sorted(name for name in values if name.startswith("aria-") or name in ("disabled", "type"))
        )
        signature = f"{tag}.{classes}[{values.get('role', '')}{state}]"
        self.page.parts.add(signature)
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth][0] == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        text = _flat(data)
        if not text or (self.open and self.open[-1][0] in UNREAD):
            return
        # What stands in <code> is the language of a program.
        in_code = any(tag == "code" for tag, _language in self.open)
        self.page.words.append(Words(text, "zxx" if in_code else self._language))
        if any(tag == "h1" for tag, _language in self.open):
            self.page.headings[-1] = f"{self.page.headings[-1]} {text}".strip()


def _is_spoken(tag: str, name: str, values: dict[str, str]) -> bool:
    if name != "content":
        return True
    return values.get("name") == "description" or values.get("property") in ("og:title", "og:description")


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
