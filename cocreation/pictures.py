"""Files as pages show them: pictures with their widths, documents with type and size. Built of rows or of the JSON of a story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from cocreation.file_types import WIDTHS, widths_of
from cocreation.models import Attachment
from groundwork.html.text import numbers_shown

# What a page needs of a row.
COLUMNS = ("key", "kind", "type", "name", "alt", "caption", "size", "width", "height")


@dataclass(frozen=True, slots=True)
class Shown:
    """One file on a page. `number` counts the pictures: a text names them by it, `picture:1`."""

    key: str
    kind: str
    type: str
    name: str
    alt: str
    caption: str
    size: int
    width: int | None = None
    height: int | None = None
    number: int = 0
    draft: str = ""

    @property
    def is_image(self) -> bool:
        return self.kind == Attachment.Kind.IMAGE

    @property
    def url(self) -> str:
        """The whole picture, or the download."""
        found = reverse("cocreation:file", args=[self.key])
        return f"{found}?draft={self.draft}" if self.draft else found

    def at(self, width: int) -> str:
        return f"{self.url}{'&' if self.draft else '?'}w={width}"

    @property
    def small(self) -> str:
        return self.at(WIDTHS[0])

    @property
    def src(self) -> str:
        return self.at(WIDTHS[1])

    @property
    def srcset(self) -> str:
        widths = widths_of(self.width or WIDTHS[0])
        return ", ".join(f"{self.at(width)} {width}w" for width in widths) if len(widths) > 1 else ""

    @property
    def big(self) -> str:
        return filesizeformat(self.size)

    @property
    def short_type(self) -> str:
        return self.type.upper()


def shown(rows: Iterable[Mapping[str, Any]], *, draft: str = "") -> list[Shown]:
    """In their order, pictures numbered."""
    found, number = [], 0
    for row in rows:
        is_image = row["kind"] == Attachment.Kind.IMAGE
        number += is_image
        values = {name: row[name] for name in COLUMNS}
        found.append(Shown(**values, number=number if is_image else 0, draft=draft))
    return found


@dataclass(frozen=True, slots=True)
class Gallery:
    """What stands below a text: its pictures but for those the text shows itself, and its documents."""

    pictures: list[Shown]
    documents: list[Shown]

    def __bool__(self) -> bool:
        return bool(self.pictures or self.documents)


def gallery(files: Iterable[Shown], text: str) -> Gallery:
    found, used = list(files), numbers_shown(text)
    return Gallery(
        [each for each in found if each.is_image and each.number not in used],
        [each for each in found if not each.is_image],
    )
