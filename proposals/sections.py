"""What proposals add to pages of the houses below: the process page, its numbers, "my page"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.hooks import Section, sections
from cocreation.models import Phase
from cocreation.panels import Number, Panel, comment_counters, process_numbers, process_panels
from groundwork.html import say
from groundwork.html.line import mini
from proposals import hands
from proposals.assessing import progress
from proposals.counts import counts_of
from proposals.line import card_line
from proposals.models import Authorship, Proposal, Stage
from proposals.queries import some

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

MINE = 12


def process_panel(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """Three cards and the way to all; nothing where proposals are not part of the process."""
    if not any(phase.method == "ideas" for phase in process.line):
        return None
    counts = counts_of(process)
    total = counts.total()
    may = process.is_published and process.phase_with("propose", at) is not None
    if not total and not may:
        return None
    return {
        "total": total,
        "cards": some(person, at, process=process),
        "url": reverse("proposals:list", args=[process.slug]),
        "propose_url": reverse("proposals:propose", args=[process.slug]) if may else "",
        "progress": progress(process, at, counts),
        "results_url": reverse("proposals:assessments", args=[process.slug]),
    }


def numbers(process: Process, at: datetime) -> list[Number]:
    counts = counts_of(process)
    total = counts.total()
    if not total:
        return []
    by_stage = counts.by_stage()
    found = [
        Number(
            say.number(total), _("proposals"), _("Public proposals: withdrawn and hidden ones do not count."),
            reverse("proposals:list", args=[process.slug]),
        )
    ]  # fmt: skip
    feasible = total - by_stage[Stage.RECEIVED] - by_stage[Stage.NOT_FEASIBLE]
    if feasible:
        found.append(
            Number(
                say.number(feasible),
                _("feasible"),
                _("Proposals an office found feasible, also with a change."),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal on "my page": its title, its dots and where it stands."""

    title: str
    url: str
    hue: str
    mini: str
    supports: int
    note: str = ""


def mine(person: Person, at: datetime) -> dict[str, Any]:
    """What I proposed, hidden and withdrawn ones too, and what I support. Three queries."""
    own = list(
        Proposal.objects.filter(Q(contribution__author=person) | Q(pk__in=_written_by(person)))
        .select_related("contribution")
        .order_by("-pk")[:MINE]
    )
    supported = list(Proposal.objects.public().supported_by(person).order_by("-supports_rows__id")[:MINE])
    lines = _phases([*own, *supported])
    return {
        "own": [_line(each, lines, at) for each in own],
        "supported": [_line(each, lines, at) for each in supported],
    }


def _written_by(person: Person) -> QuerySet[Authorship, Any]:
    """Public ones somebody else began: what is hidden or taken back stays with its first author."""
    return Authorship.objects.standing().filter(person=person, proposal__is_public=True).values("proposal")


def _phases(proposals: list[Proposal]) -> dict[int, list[Phase]]:
    lines: dict[int, list[Phase]] = {}
    processes = {each.process_id for each in proposals}
    for phase in Phase.objects.lived().filter(process__in=processes, lane=0).order_by("order"):
        lines.setdefault(phase.process_id, []).append(phase)
    return lines


def _line(each: Proposal, lines: dict[int, list[Phase]], at: datetime) -> Line:
    note = ""
    url = each.get_absolute_url()
    if not each.is_public:
        contribution = each.contribution
        if contribution.hidden_at:
            note = str(_("taken off the pages by moderation"))
        elif contribution.withdrawn_at:
            note = str(_("withdrawn"))
        elif contribution.set_aside_at:
            note = str(_("lives on together with others"))
        elif contribution.held_at:
            note = str(_("waits for approval by moderation"))
    return Line(
        each.in_language("title"), url, each.hue, mini(*card_line(each.stage, lines.get(each.process_id, ()), at)),
        each.supports, note,
    )  # fmt: skip


def invited(person: Person, at: datetime) -> dict[str, Any] | None:
    """Proposals somebody is asked to be named on, by their account or a confirmed address, or to lead. Three queries."""
    waiting = hands.invitations_for(person, at)
    asked = Authorship.objects.writing().filter(person=person, lead_offered_at__isnull=False)
    leads = list(asked.select_related("proposal").order_by("pk")[:MINE])
    if not waiting and not leads:
        return None
    return {
        "invitations": [
            {
                "title": hand.proposal.in_language("title"),
                "by": (hand.invited_by.public_name if hand.invited_by else "")
                or gettext("Someone from here"),
                "until": say.day(hand.expires_at) if hand.expires_at else "",
                "url": reverse("proposals:invitation", args=[hand.proposal.receipt]),
            }
            for hand in waiting
        ],
        "leads": [
            {
                "title": hand.proposal.in_language("title"),
                "url": reverse("proposals:authors", args=[hand.proposal.receipt]),
            }
            for hand in leads
        ],
    }


def keep_comments(counts: dict[int, int]) -> None:
    """The number on the cards. One statement."""
    numbers = [When(pk=key, then=Value(n)) for key, n in counts.items()]
    Proposal.objects.filter(pk__in=counts).update(
        comments=Case(*numbers, default=F("comments"), output_field=IntegerField())
    )


comment_counters.add("proposals", keep_comments)
process_panels.add("proposals", Panel("proposals", "proposals/process_panel.html", process_panel, order=40))
process_numbers.add("proposals", numbers)
sections.add("invited", Section("invited", "proposals/section_invited.html", invited, column="top", order=4))
sections.add("proposals", Section("proposals", "proposals/my_section.html", mine, order=20))
