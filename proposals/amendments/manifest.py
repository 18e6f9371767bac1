"""The verbs of suggested changes, and what the room leaves in the registries of the hall and of the houses below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import hooks
from cocreation.kinds import About, Kind, kinds
from cocreation.news import News, Said, news
from groundwork.journal.api import Verb, declare
from proposals.panels import Panel, proposal_panels
from proposals.record import record_sources
from proposals.stories import stories

if TYPE_CHECKING:
    from cocreation.models import Contribution
    from proposals.amendments.models import Amendment

declare(
    Verb("amendment.published", gettext_lazy("Change suggested"), adds=True),
    Verb("amendment.accepted", gettext_lazy("Suggested change accepted")),
    Verb("amendment.declined", gettext_lazy("Suggested change declined")),
    Verb("amendment.put_to_supporters", gettext_lazy("Suggested change put to the supporters")),
    Verb("amendment.answered", gettext_lazy("Supporter answered"), public=False, adds=True),
)


def _url(receipt: str) -> str:
    return reverse("amendments:amendment", args=[receipt])


def _about(contribution: Contribution) -> About:
    words = _("Suggested change %(number)s") % {"number": contribution.receipt}
    return About(words, _url(contribution.receipt))


kinds.add(
    "amendment",
    Kind(gettext_lazy("Suggested change"), url=lambda contribution: _url(contribution.receipt), about=_about),
)


# --- who is told ---


def _rows(keys: set[int]) -> Mapping[int, Amendment]:
    from proposals.amendments.models import Amendment

    return Amendment.objects.public().with_people().in_bulk(keys)


def _leads(data: Mapping[str, Any]) -> str:
    return _url(str(data.get("receipt", "")))


def _published(data: Mapping[str, Any], row: Amendment | None) -> Said:
    from proposals.amendments.queries import name_of

    short = _("Somebody suggests another wording")
    return (
        Said(short, _("You decide together whether it is taken over."), row.reason, name_of(row))
        if row
        else Said(short)
    )


def _accepted(data: Mapping[str, Any], row: Amendment | None) -> Said:
    text = _("It stands in version %(number)s of the proposal.") % {"number": data.get("revision", "")}
    return Said(_("Your suggested change was accepted"), text, *_reason(row))


def _declined(data: Mapping[str, Any], row: Amendment | None) -> Said:
    return Said(_("Your suggested change was declined"), "", *_reason(row))


def _reason(row: Amendment | None) -> tuple[str, str]:
    decision = row.verdict if row else None
    if decision is None or not decision.reason:
        return "", ""
    return decision.reason, decision.by.public_name if decision.by else ""


def _asked(data: Mapping[str, Any], row: Amendment | None) -> Said:
    from groundwork.html import say

    short = _("The authors ask the supporters about another wording")
    poll = row.asked if row else None
    text = (
        _("You can answer until %(day)s if you support the proposal.") % {"day": say.day(poll.ends)}
        if poll
        else ""
    )
    return Said(short, text)


news.add("amendment.published", News("author", _published, rows=_rows, url=_leads))
news.add("amendment.accepted", News("named", _accepted, rows=_rows, url=_leads))
news.add("amendment.declined", News("named", _declined, rows=_rows, url=_leads))
news.add("amendment.put_to_supporters", News("contribution", _asked, rows=_rows, url=_leads))

# What the room leaves in the registries of the hall; the pending act registers itself.
from proposals.amendments import actions, panels, pending_acts, queries  # noqa: E402, F401

stories.add("amendments", queries.story)
proposal_panels.add(
    "amendments",
    Panel(
        "amendments",
        "proposals/amendments/panel.html",
        panels.of_proposal,
        where="main",
        order=15,
        own=panels.own_of_proposal,
    ),
)
record_sources.add("amendments", panels.record)
hooks.closing.add("amendments", actions.leave)
hooks.claiming.add("amendments", actions.move)
