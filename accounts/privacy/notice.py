"""The privacy notice: its versions, what changed between them, and whether somebody looked at it in the last twelve months.

A city begins with the text in `notice_text/`. It becomes version 1 in the database with the first review or the first own
version, and what was public once never changes any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.privacy.models import NoticeReview, NoticeVersion
from groundwork.answer import Answer, No, Refused, Yes, late
from groundwork.html import say
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

HOLDS = timedelta(days=365)
WARNED = timedelta(days=60)
TEXTS = ("text_de", "text_en", "easy_de", "easy_en")
CHANGED = "privacy_notice.changed"
# When the text that comes with the program was written and read last.
BUILT_IN_AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
_FOLDER = Path(__file__).parent / "notice_text"


@dataclass(frozen=True, slots=True)
class Standing:
    """The notice in force, and since when nobody has looked at it."""

    version: NoticeVersion
    reviewed_at: datetime

    @property
    def due_at(self) -> datetime:
        return self.reviewed_at + HOLDS

    def is_overdue(self, at: datetime) -> bool:
        return at >= self.due_at

    def is_due_soon(self, at: datetime) -> bool:
        return at >= self.due_at - WARNED


def built_in() -> NoticeVersion:
    texts = {
        f"{name}_{code}": (_FOLDER / f"{code}{ending}").read_text(encoding="utf-8").strip()
        for name, ending in (("text", ".md"), ("easy", ".easy.md"))
        for code in ("de", "en")
    }
    return NoticeVersion(number=1, published_at=BUILT_IN_AT, **texts)


def standing() -> Standing:
    """Two queries."""
    version = NoticeVersion.objects.order_by("-number").first() or built_in()
    review = NoticeReview.objects.filter(version=version.number).order_by("-at").first()
    return Standing(version, max(version.published_at, review.at) if review else version.published_at)


def versions() -> list[NoticeVersion]:
    return list(NoticeVersion.objects.order_by("-number")) or [built_in()]


def fresh(at: datetime) -> Answer:
    """Nothing new is asked of people under a notice nobody has looked at for a year."""
    now = standing()
    if not now.is_overdue(at):
        return Yes()
    return No(
        late(
            lambda: str(
                _("The privacy notice was looked at last on {day}, more than twelve months ago.")
            ).format(day=say.day(now.reviewed_at))
        ),
        _("The administration reviews it first: desk, Privacy."),
    )


# --- what the administration does ---


def _lock() -> None:
    """One at a time: numbers of versions have no gap."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('privacy.notice'))")


def _stored() -> NoticeVersion:
    found = NoticeVersion.objects.order_by("-number").first()
    if found is None:
        found = built_in()
        found.save(force_insert=True)
    return found


@transaction.atomic
def review(*, by: Person, at: datetime) -> NoticeReview:
    """Read, compared with what the city does, and still right."""
    _lock()
    made = NoticeReview.objects.create(version=_stored().number, at=at, by=by)
    journal.record("privacy_notice.reviewed", by=by, on=made, at=at)
    return made


@transaction.atomic
def publish(*, texts: Mapping[str, str], by: Person, at: datetime) -> NoticeVersion:
    """A new version, in force at once. Everybody with an account is told what is new."""
    _lock()
    before = _stored()
    version = NoticeVersion(number=before.number + 1, published_at=at, published_by=by, **texts)
    if all(getattr(version, name).split() == getattr(before, name).split() for name in TEXTS):
        raise Refused(No(_("Nothing is different from the version in force.")))
    version.full_clean(exclude=["published_by"])
    version.save(force_insert=True)
    journal.record(CHANGED, by=by, on=version, at=at, data={"row": version.pk})
    return version


# --- what changed ---


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Paragraph by paragraph: a notice is read in paragraphs."""
    old, new = ([line for line in text.splitlines() if line.strip()] for text in (before, after))
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces += [Piece("same", line) for line in new[k:m]]
        else:
            pieces += [Piece("gone", line) for line in old[i:j]] + [Piece("new", line) for line in new[k:m]]
    return pieces
