"""A page as the tests read it: what it says in which language, where it points, how it is built."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

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
    page = Page()
    root = LexborHTMLParser(html).root
    if root is not None:
        _read(root, "", page)
    return page


def _read(node: LexborNode, language: str, page: Page, in_heading: bool = False) -> None:
    """This element and all below it; `language` is that of the element around it."""
    tag = node.tag or ""
    values = {name: value or "" for name, value in node.attributes.items()}
    language = values.get("lang", language)
    if tag == "html":
        page.language = language
    if values:
        _read_attributes(tag, values, language, page)
    classes = " ".join(sorted(values.get("class", "").split()))
    state = "".join(
        sorted(name for name in values if name.startswith("aria-") or name in ("disabled", "type"))
    )
    page.parts.add(f"{tag}.{classes}[{values.get('role', '')}{state}]")
    if tag == "h1":
        page.headings.append("")
        in_heading = True
    child = node.child
    while child is not None:
        if child.tag == "-text":
            if tag not in UNREAD and (text := _flat(child.text_content or "")):
                page.words.append(Words(text, language))
                if in_heading:
                    page.headings[-1] = f"{page.headings[-1]} {text}".strip()
        elif not (child.tag or "-").startswith("-"):
            # What stands in <code> is the language of a program.
            _read(child, "zxx" if child.tag == "code" else language, page, in_heading)
        child = child.next


def _read_attributes(tag: str, values: dict[str, str], language: str, page: Page) -> None:
    for name, value in values.items():
        page.attributes.append((tag, name, value))
        if name in POINTING:
            page.pointers.append((tag, name, value))
        if name in SPOKEN and value.strip() and _is_spoken(tag, name, values):
            page.words.append(Words(_flat(value), language))
    if "id" in values:
        page.ids.append(values["id"])


def _is_spoken(tag: str, name: str, values: dict[str, str]) -> bool:
    if name != "content":
        return True
    return values.get("name") == "description" or values.get("property") in ("og:title", "og:description")


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
