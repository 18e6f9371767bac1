"""Reading suggested changes: a list of them, one of them, and their numbers on the page of a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from groundwork.answer import Words
from groundwork.html import say
from proposals.amendments.drawn import compared
from proposals.amendments.models import Amendment, AmendmentQuerySet, Decision, TextField
from proposals.amendments.places import Standing, standing_of
from proposals.models import Revision

if TYPE_CHECKING:
    from django.db.models import Expression

    from accounts.models import Person
    from proposals.models import Proposal

PER_PAGE = 20
# state -> the badge of a suggested change: its look and its icon
LOOKS = {
    "open": ("badge--now", "inbox"),
    "asking": ("badge--info", "users"),
    "answered": ("badge--now", "users"),
    "accepted": ("badge--ok", "circle-check"),
    "reworded": ("badge--ok", "circle-check"),
    "declined": ("badge--bad", "circle-x"),
    "withdrawn": ("", "undo-2"),
    "replaced": ("", "repeat"),
}


def story() -> Expression:
    """How many public suggestions there are on a proposal, by what became of them: a part of the proposal's own query."""
    rows = Amendment.objects.filter(proposal=OuterRef("pk"), is_public=True).order_by().values("proposal")
    taken = Q(decision__outcome__in=(Decision.Outcome.ACCEPTED, Decision.Outcome.REWORDED))
    counted = rows.annotate(
        row=JSONObject(
            total=Count("pk"),
            open=Count("pk", filter=Q(decision__isnull=True)),
            accepted=Count("pk", filter=taken),
        )
    )
    return cast("Expression", Subquery(counted.values("row")))


@dataclass(frozen=True, slots=True)
class Numbers:
    total: int = 0
    open: int = 0
    accepted: int = 0

    @property
    def decided(self) -> int:
        return self.total - self.open


def numbers_of(proposal: Proposal) -> Numbers:
    """Of a proposal fetched `with_story`. No query."""
    return Numbers(**(getattr(proposal, "story_amendments", None) or {}))


@dataclass(frozen=True, slots=True)
class Opinions:
    yes: int
    no: int
    none: int

    @property
    def total(self) -> int:
        return self.yes + self.no + self.none

    @property
    def yes_width(self) -> str:
        return f"{100 * self.yes / self.total:.2f}" if self.total else "0"

    @property
    def no_width(self) -> str:
        return f"{100 * self.no / self.total:.2f}" if self.total else "0"

    @property
    def no_start(self) -> str:
        return f"{100 - 100 * self.no / self.total:.2f}" if self.total else "100"


@dataclass(slots=True)
class Shown:
    """A suggested change ready to be drawn."""

    amendment: Amendment
    standing: Standing
    at: datetime
    excerpt: SafeString

    @property
    def state(self) -> str:
        return self.amendment.state(self.at)

    @property
    def look(self) -> str:
        return LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.state][1]

    @property
    def words(self) -> Words:
        if self.state == "open":
            return pgettext("suggested change", "Open")
        if self.state == "asking":
            poll = self.amendment.asked
            assert poll is not None
            return _("Supporters answer until %(day)s") % {"day": say.day(poll.ends)}
        if self.state == "answered":
            return _("Supporters have answered")
        return Decision.Outcome(self.state).label

    @property
    def name(self) -> str:
        return name_of(self.amendment)

    @property
    def part(self) -> Words:
        """Which part of the text it is about."""
        return TextField(self.amendment.field).label

    @property
    def conflicts(self) -> bool:
        """Open, and the passage is not what it was any more."""
        return self.amendment.verdict is None and not self.standing.applies

    @property
    def opinions(self) -> Opinions:
        found = self.amendment.opinions or {}
        return Opinions(found.get("yes", 0), found.get("no", 0), found.get("none", 0))


def name_of(amendment: Amendment) -> str:
    """Who suggested it, where they agreed to be named."""
    author = amendment.contribution.author
    return (author.public_name if author and amendment.named else "") or _("Someone from here")


def shown(amendment: Amendment, newest: Revision, at: datetime, around: int | None = 14) -> Shown:
    """No query where it was fetched `with_people` and with its revision."""
    if amendment.verdict is not None:
        # What was decided is read in the text it was made for.
        text = str(getattr(amendment.revision, amendment.field))
        after = text[: amendment.start] + amendment.new + text[amendment.end :]
        return Shown(amendment, standing_of_its_own(amendment), at, compared(text, after, around))
    standing = standing_of(amendment, newest)
    if not standing.applies:
        return Shown(amendment, standing, at, compared(amendment.old, amendment.new, around))
    return Shown(
        amendment, standing, at, compared(standing.text, standing.with_wording(amendment.new), around)
    )


def standing_of_its_own(amendment: Amendment) -> Standing:
    return standing_of(amendment, amendment.revision)


def listed(proposal: Proposal, person: Person | None) -> AmendmentQuerySet:
    """What this person may see of a proposal's suggestions; those of others that are gone are not listed."""
    rows = Amendment.objects.filter(proposal=proposal.pk, is_public=True)
    return rows.with_people().select_related("revision").with_opinions(person)
