"""Where the room joins the house: its part of the proposal's page, its page on the desk, its kind of job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cocreation.desk import Queue, queues
from feedback.council.actions import KIND
from feedback.council.models import InCouncil, Meeting, Paper
from groundwork.html import say
from groundwork.jobs import api as jobs
from groundwork.prepared import Prepared
from proposals.panels import Panel, proposal_panels
from proposals.stories import stories

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.roles import Roles
    from proposals.models import Proposal

REASONS = {
    "unsafe": _(
        "This address is not one we speak to: it has to begin with https:// and lead to the open internet."
    ),
    "silent": _("The server did not answer. It is asked again within an hour."),
    "status": _("The server did not give out what it was asked for. It is asked again within an hour."),
    "large": _("The server answered more than can be read at once."),
    "form": _("What the server answered is not OParl 1.0 or 1.1."),
}


def _said(facts: Mapping[str, Any]) -> str:
    if not facts:
        return ""
    papers = ngettext("%(n)s paper", "%(n)s papers", facts["papers"]) % {"n": say.number(facts["papers"])}
    meetings = ngettext("%(n)s meeting", "%(n)s meetings", facts["meetings"]) % {"n": say.number(facts["meetings"])}  # fmt: skip
    return str(_("Changed: %(papers)s, %(meetings)s")) % {"papers": papers, "meetings": meetings}


def _again(key: str) -> None:
    from feedback.council.tasks import read_one

    read_one.delay(int(key))


_papers: Prepared[Any] = Prepared(
    lambda contribution: (
        Paper.objects.filter(about__contribution=contribution, deleted=False)
        .order_by(F("day").asc(nulls_last=True), "pk", "consultations__pk")
        .values_list(
            "pk",
            "source",
            "oparl",
            "web",
            "name",
            "reference",
            "day",
            "consultations__meeting",
            "consultations__role",
        )
    ),
    contribution=-7,
)


def _has_papers() -> Any:
    """Whether the council has papers about it: comes with the proposal."""
    return Exists(InCouncil.objects.filter(contribution=OuterRef("pk")))


def in_council(proposal: Proposal, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """Papers about it and the meetings that deal with them; what was deleted there is not shown. No query where there is none, else two."""
    found = _papers(contribution=proposal.pk) if getattr(proposal, "story_papers", True) else []
    if not found:
        return None
    papers: dict[int, Paper] = {}
    dealt: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pk, source, oparl, web, name, reference, day, meeting, role in found:
        papers[pk] = Paper(
            pk=pk, source_id=source, oparl=oparl, web=web, name=name, reference=reference, day=day
        )
        if meeting:
            dealt[pk].append((meeting, role))
    wanted = {address for pairs in dealt.values() for address, _role in pairs}
    meetings = {(each.source_id, each.oparl): each for each in Meeting.objects.filter(oparl__in=wanted, deleted=False)}  # fmt: skip
    return {
        "rows": [
            (
                paper,
                sorted(
                    (
                        (meetings[paper.source_id, address], role)
                        for address, role in dealt[pk]
                        if (paper.source_id, address) in meetings
                    ),
                    key=lambda pair: (pair[0].starts is None, pair[0].starts, pair[0].pk),
                ),
            )
            for pk, paper in papers.items()
        ]
    }


def administers(roles: Roles) -> bool:
    return roles.is_admin


stories.add("papers", _has_papers)
proposal_panels.add("council", Panel("council", "feedback/council/proposal_panel.html", in_council, where="top", order=30))  # fmt: skip
jobs.kinds.add(
    KIND, jobs.JobKind(KIND, _("Papers of the council"), said=_said, why=REASONS.get, retry=_again)
)
queues.add(
    "council",
    Queue(
        "council",
        _("The council"),
        "landmark",
        "council:desk",
        lambda person, at: None,
        administers,
        order=94,
    ),
)
