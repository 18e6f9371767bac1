"""A suggested change and the text as it stands now: where its passage is, and what the text would say."""

from __future__ import annotations

from dataclasses import dataclass

from proposals.actions import Wording
from proposals.amendments.models import Amendment
from proposals.amendments.rebase import Changed, Gone, Moved, Place, Placed, put, rebase
from proposals.models import Revision


@dataclass(frozen=True, slots=True)
class Standing:
    """What the field says now and the place of the passage in it. Where the passage is gone, the whole field stands in."""

    text: str
    place: Place

    @property
    def applies(self) -> bool:
        """Whether it can be accepted as it is."""
        return isinstance(self.place, Placed | Moved)

    @property
    def is_moved(self) -> bool:
        return isinstance(self.place, Moved)

    @property
    def is_changed(self) -> bool:
        return isinstance(self.place, Changed)

    @property
    def is_gone(self) -> bool:
        return isinstance(self.place, Gone)

    @property
    def start(self) -> int:
        return 0 if isinstance(self.place, Gone) else self.place.start

    @property
    def end(self) -> int:
        return len(self.text) if isinstance(self.place, Gone) else self.place.end

    @property
    def now(self) -> str:
        return self.text[self.start : self.end]

    def with_wording(self, wording: str) -> str:
        if isinstance(self.place, Gone):
            return wording
        return put(self.text, self.place, wording)


def standing_of(amendment: Amendment, newest: Revision) -> Standing:
    """No query where the revision of the amendment was fetched with it."""
    text = str(getattr(newest, amendment.field))
    if newest.pk == amendment.revision_id or newest.number == amendment.revision.number:
        return Standing(text, Placed(amendment.start, amendment.end))
    before = str(getattr(amendment.revision, amendment.field))
    return Standing(text, rebase(before, amendment.start, amendment.end, text))


def wording_with(newest: Revision, field: str, text: str) -> Wording:
    """All words of the next version when this field says `text`."""
    words = {name: str(getattr(newest, name)) for name in ("title", "summary", "body")}
    return Wording(**words | {field: text})


MOST = {"title": 120, "summary": 200, "body": 10_000}
