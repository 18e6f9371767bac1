"""What the room has people told beyond its opening and its result, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cocreation.news import Crowd, News, Said, crowds, news
from groundwork.html import say


def _ends(data: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(data["until"]) if data.get("until") else None


def _said(data: Mapping[str, Any], row: None) -> Said:
    ends = _ends(data)
    until = _("You can vote until %(until)s.") % {"until": say.when(ends)} if ends else ""
    rest = _("If your ballot says “Counts now”, there is nothing more to do.")
    return Said(_("The vote ends soon"), f"{until} {rest}".strip())


def _ballot(data: Mapping[str, Any]) -> str:
    return f"{reverse('ballots:ballot', args=[data['slug']])}?phase={data['phase']}"


news.add("vote.ending", News("waiting", _said, url=_ballot, until=_ends))

# Everybody on the roll of those entitled hears of the opening and of the result, whether they voted or not: a message only
# to those who voted would be a list of them (docs/decisions/0011).
crowds.add(
    "roll",
    Crowd(
        "roll",
        frozenset({"vote"}),
        "select e.person_id from cocreation_eligibility e where e.process_id = %(process)s"
        " and e.revoked_at is null and e.person_id > %(last)s order by e.person_id limit %(chunk)s",
    ),
)
