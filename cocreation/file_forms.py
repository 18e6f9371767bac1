"""The part of a form that takes files: pictures with their words, documents, beside any contribution.

    part = FilesPart(request.POST, request.FILES, person=person, at=at, contribution=contribution or None)
    if part.asked: show the form again, nothing else was wanted
    if form.is_valid() and part.is_valid(): files.settle(contribution=…, draft=part.draft, listed=part.listed, …)
    part.payload()          for an act that waits: files.from_payload reads it again

What stands where is in the form itself: the order of its `file` fields is the order of the files, what is not listed is
removed. So adding, removing and moving are ordinary buttons of the form; static/js/files.js only spares the new page.
The template is cocreation/files_part.html. The view is decorated with `cocreation.views.uploads.capped`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cocreation import files
from cocreation.file_types import DOCUMENT_BYTES, DOCUMENT_TOO_BIG, PICTURE_BYTES, PICTURE_TOO_BIG
from cocreation.files import Listed
from cocreation.models import Attachment
from cocreation.pictures import COLUMNS, Shown, shown
from groundwork.answer import Refused

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution

# The inputs of the form and the most bytes each takes, for the handler of uploads.
INPUTS = {"pictures": PICTURE_BYTES, "documents": DOCUMENT_BYTES}
_TOKEN = re.compile(r"[\w-]{24,40}")


@dataclass(slots=True)
class Item:
    """One file in the form, with the words as they were typed."""

    file: Shown
    alt: str = ""
    caption: str = ""
    error: str = ""
    first: bool = False
    last: bool = False

    @property
    def key(self) -> str:
        return self.file.key


class FilesPart:
    """`pictures` and `documents` as they stand now, `errors` of what could not be taken in, by input."""

    def __init__(
        self, data: Any = None, uploads: Any = None, *, person: Person | None, at: datetime,
        contribution: Contribution | None = None, too_big: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self.person, self.at, self.contribution = person, at, contribution
        self.errors: dict[str, list[str]] = {"pictures": [], "documents": []}
        self.said = ""
        posted = data is not None and data.get("files-part") is not None
        token = str(data.get("files", "")) if posted else ""
        self.draft = token if _TOKEN.fullmatch(token) else ""
        verb, _colon, key = str(data.get("file-do", "")).partition(":") if posted else ("", "", "")
        self.asked = bool(verb)
        self._order = data.getlist("file") if posted else None
        rows = self._rows()
        self.items = [self._item(row, data if posted else None) for row in rows]
        for name in too_big:
            self.errors[name].append(str(PICTURE_TOO_BIG if name == "pictures" else DOCUMENT_TOO_BIG))
        if posted:
            self._change(verb, key)
            self._take_in(uploads)
        self._mark()

    def _rows(self) -> list[Shown]:
        if self.contribution is None and not self.draft:
            return []
        mine = Q(contribution=self.contribution) if self.contribution is not None else Q(pk__in=[])
        waiting = Q(contribution__isnull=True, draft=self.draft) if self.draft else Q(pk__in=[])
        found = list(Attachment.objects.filter(mine | waiting).values(*COLUMNS, "contribution_id"))
        if self._order is not None:
            place = {key: n for n, key in reversed(list(enumerate(self._order)))}
            gone = [row["key"] for row in found if row["key"] not in place and row["contribution_id"] is None]
            if gone:
                files.remove(Attachment.objects.of_draft(self.draft).filter(key__in=gone))
            found = sorted((row for row in found if row["key"] in place), key=lambda row: place[row["key"]])
        return self._shown(found)

    def _shown(self, rows: Iterable[dict[str, Any]]) -> list[Shown]:
        return [shown([row], draft=self.draft if row["contribution_id"] is None else "")[0] for row in rows]

    def _item(self, row: Shown, data: Any) -> Item:
        if data is None:
            return Item(row, row.alt, row.caption)
        alt, caption = (
            str(data.get(f"file-{row.key}-{what}", "")).replace("\x00", "") for what in ("alt", "caption")
        )
        return Item(row, alt[:250], caption[:200])

    # --- what the buttons do ---

    def _change(self, verb: str, key: str) -> None:
        found = next((item for item in self.items if item.key == key), None)
        if found is None:
            return
        if verb == "remove":
            self.items.remove(found)
            files.remove(Attachment.objects.of_draft(self.draft).filter(key=key))
            self.said = _("Removed: {name}").format(name=found.file.name)
        if verb in ("up", "down"):
            alike = [item for item in self.items if item.file.kind == found.file.kind]
            place = alike.index(found) + (-1 if verb == "up" else 1)
            if 0 <= place < len(alike):
                ours, theirs = self.items.index(found), self.items.index(alike[place])
                self.items[ours], self.items[theirs] = self.items[theirs], self.items[ours]
                self.said = _("Moved: {name}").format(name=found.file.name)

    def _take_in(self, uploads: Any) -> None:
        added = 0
        for name, add in (("pictures", files.add_picture), ("documents", files.add_document)):
            for upload in uploads.getlist(name) if uploads else ():
                self.draft = self.draft or files.new_draft()
                kind = Attachment.Kind.IMAGE if name == "pictures" else Attachment.Kind.DOCUMENT
                beside = sum(item.file.kind == kind and not item.file.draft for item in self.items)
                try:
                    row = add(
                        draft=self.draft, file=upload, name=upload.name or "", by=self.person, at=self.at,
                        beside=beside,
                    )  # fmt: skip
                except Refused as refused:
                    words = refused.answer.sentence
                    self.errors[name].append(f"{str(upload.name)[:80]}: {words}")
                    continue
                values = {column: getattr(row, column) for column in COLUMNS}
                self.items.append(Item(self._shown([values | {"contribution_id": None}])[0]))
                added += 1
        if added:
            self.said = _("Added. Please say in a few words what can be seen in each picture.")

    def _mark(self) -> None:
        self.pictures = [item for item in self.items if item.file.is_image]
        self.documents = [item for item in self.items if not item.file.is_image]
        for group in (self.pictures, self.documents):
            for number, item in enumerate(group, 1):
                item.first, item.last = number == 1, number == len(group)
        numbered = shown({column: getattr(item.file, column) for column in COLUMNS} for item in self.items)
        for item, with_number in zip(self.items, numbered, strict=True):
            values = {column: getattr(with_number, column) for column in COLUMNS}
            values |= {"alt": item.alt, "caption": item.caption}
            item.file = Shown(**values, number=with_number.number, draft=item.file.draft)

    # --- what the view asks ---

    @property
    def shown(self) -> list[Shown]:
        """The files as a page would show them: for a preview."""
        return [item.file for item in self.items]

    @property
    def room_for_pictures(self) -> int:
        return files.PICTURES - len(self.pictures)

    @property
    def room_for_documents(self) -> int:
        return files.DOCUMENTS - len(self.documents)

    @property
    def listed(self) -> list[Listed]:
        return [Listed(item.key, item.alt.strip(), item.caption.strip()) for item in self.items]

    def is_valid(self) -> bool:
        """Every picture has words, and what was uploaded with the form could be taken in."""
        for item in self.pictures:
            item.error = "" if item.alt.strip() else str(files.NEEDS_ALT.reason)
        return not any(self.errors.values()) and not any(item.error for item in self.pictures)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each with the id of the field it belongs to, for the summary on top of the form."""
        found = [(f"id_{name}", words) for name, each in self.errors.items() for words in each]
        return found + [(f"id_file-{item.key}-alt", item.error) for item in self.pictures if item.error]

    def payload(self) -> dict[str, Any]:
        """For an act that waits: {"files": …} or nothing."""
        return {"files": files.to_payload(self.draft, self.listed)} if self.draft and self.items else {}
