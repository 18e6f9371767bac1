"""What a person follows, with the rhythm of each, for one's own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cocreation.models import Follow
from feedback.notices.models import ThingRhythm
from proposals.models import Theme

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing: its name, what it is, where it stands ("" where it has no page) and the rhythm ("": as all of its kind)."""

    key: int
    title: str
    what: str
    url: str
    rhythm: str


def followed_by(person: Person, most: int = 200) -> list[Followed]:
    """Newest first; what the person may not see any more is left out. Two queries."""
    follows = list(
        Follow.objects.filter(person=person)
        .select_related("process", "place", "contribution__proposal", "contribution__process")
        .order_by("-pk")[:most]
    )
    rhythms = dict(ThingRhythm.objects.filter(follow__person=person).values_list("follow", "rhythm"))
    return [found for follow in follows if (found := _shown(follow, rhythms.get(follow.pk, "")))]


def _shown(follow: Follow, rhythm: str) -> Followed | None:
    if follow.contribution is not None:
        thing = follow.contribution
        if not thing.is_public or not thing.process.is_published:
            return None
        proposal = getattr(thing, "proposal", None)
        title = proposal.in_language("title") if proposal else thing.receipt
        return Followed(follow.pk, title, _("Proposal"), thing.get_absolute_url(), rhythm)
    if follow.process is not None:
        if not follow.process.is_published:
            return None
        return Followed(
            follow.pk, follow.process.title, _("Process"), follow.process.get_absolute_url(), rhythm
        )
    if follow.place is not None:
        return Followed(follow.pk, follow.place.name, _("Place"), "", rhythm)
    return Followed(follow.pk, str(dict(Theme.choices).get(follow.theme or "", "")), _("Theme"), "", rhythm)
