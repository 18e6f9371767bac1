"""The public life record: every step in order, with who took it, when and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cocreation.record import Coming, Entry, Joined, Life, Record, gone, records
from groundwork.html import say
from groundwork.registry import Registry
from proposals import memory
from proposals.line import Planned, life_line, next_date
from proposals.living import living_page_of
from proposals.models import Assessment, Authorship, Proposal, Revision, Stage, StageMove
from proposals.panels import planned_stops
from proposals.queries import alike

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution

_ICONS = {
    Stage.RECEIVED: "inbox",
    Stage.FEASIBLE: "circle-check",
    Stage.NOT_FEASIBLE: "circle-x",
    Stage.ON_BALLOT: "vote",
    Stage.CHOSEN: "circle-check-big",
    Stage.NOT_CHOSEN: "circle-minus",
    Stage.ANSWERED: "message-square-reply",
    Stage.PROMISED: "handshake",
    Stage.UNDER_WAY: "shovel",
    Stage.DELIVERED: "badge-check",
    Stage.EVALUATED: "star",
    Stage.WITHDRAWN: "undo-2",
    Stage.MERGED: "git-merge",
}


def record_of(
    proposal: Proposal, moves: Sequence[StageMove], assessments: Sequence[Assessment]
) -> list[Entry]:
    """Oldest first. Names of offices are in memory; each source of the rooms asks once."""
    reasons = {(a.office_id, a.at): a for a in assessments}
    entries = _assessed_beside(moves, assessments)
    for move in moves:
        assessment = reasons.get((move.office_id or 0, move.at))
        office = memory.offices.get(move.office_id)
        if office is not None:
            by = office.name
        elif move.stage in (Stage.RECEIVED, Stage.WITHDRAWN):
            by = _author_of(proposal)
        else:
            by = ""
        back = bool(move.data.get("back"))
        entries.append(
            Entry(
                at=move.at,
                words=_("Separated again: it stands for itself") if back else Stage(move.stage).label,
                by="" if back else by,
                why=_why(assessment) if assessment else move.detail,
                cost=assessment.cost if assessment and move.stage == Stage.FEASIBLE else None,
                icon="split" if back else _ICONS.get(Stage(move.stage), "circle-dot"),
                price=cost_words(assessment) if assessment and move.stage == Stage.FEASIBLE else "",
            )
        )
    entries += [*_versions(proposal), *_hands(proposal)]
    for source in record_sources:
        entries.extend(source(proposal))
    return sorted(entries, key=lambda entry: entry.at)


def _versions(proposal: Proposal) -> Iterable[Entry]:
    """Versions that changed what is asked for, each; small ones as one line with their number. One query."""
    small: list[Revision] = []
    for revision in proposal.revisions.filter(number__gt=1).select_related("by").order_by("number"):
        if revision.is_substantive:
            yield Entry(
                at=revision.at,
                words=_("Version %(number)s of the text") % {"number": revision.number},
                by=(revision.by.public_name if revision.by else "") or _("Someone from here"),
                why=revision.note,
                icon="file-diff",
            )
        else:
            small.append(revision)
    if small:
        words = ngettext(
            "%(n)s small improvement of the text", "%(n)s small improvements of the text", len(small)
        )
        yield Entry(at=small[-1].at, words=words % {"n": len(small)}, by="", icon="file-diff")


def _hands(proposal: Proposal) -> Iterable[Entry]:
    """Who joined after the beginning, and who left. One query."""
    agreed = proposal.authorships.filter(accepted_at__isnull=False)
    for hand in agreed.select_related("person").order_by("pk"):
        name = name_of(hand)
        if hand.accepted_at and (hand.invited_by_id or hand.accepted_at > hand.invited_at):
            yield Entry(
                hand.accepted_at,
                _("Joined: %(role)s") % {"role": hand.get_role_display()},
                name,
                icon="user-plus",
            )
        if hand.left_at:
            yield Entry(hand.left_at, _("Left the authors"), name, icon="log-out")


def name_of(hand: Authorship) -> str:
    """A name somebody agreed to be called by, with the organisation they act for."""
    name = (hand.person.public_name if hand.person else "") or _("Someone from here")
    organisation = memory.organisations.get(hand.organisation_id)
    return f"{name} · {organisation.name}" if organisation else name


# What rooms know of a proposal's life beside its moves: (proposal) -> entries; one query each.
record_sources: Registry[Callable[[Proposal], Iterable[Entry]]] = Registry("source of the life record")


def planned_of(proposal: Proposal, at: datetime) -> list[Planned]:
    return [stop for stops in planned_stops for stop in stops(proposal, at)]


def life_of(contribution: Contribution, person: Person | None, at: datetime) -> Life:
    """The record of a public proposal: its moves with their reasons, what rooms know, and the stops ahead. Of one that
    lives on in another: its own life up to that day, and how the other one goes on."""
    found = Proposal.objects.without_vector().get(pk=contribution.pk)
    found.contribution, found.process = contribution, contribution.process
    own = _life(found, person, at)
    if not contribution.lives_on:
        return own
    last = living_page_of(found)
    if not last.is_public:
        return replace(own, coming=(), joined=Joined(last.receipt, gone=gone(last.contribution)))
    further = _life(last, person, at)
    since = contribution.set_aside_at
    joined = Joined(
        last.receipt,
        title=further.title,
        lang=further.lang,
        url=last.get_absolute_url(),
        goes_on=[entry for entry in further.entries if since is None or entry.at >= since],
    )
    return replace(own, coming=further.coming, office=further.office, joined=joined, comments=found.comments)


def _life(found: Proposal, person: Person | None, at: datetime) -> Life:
    process, contribution = found.process, found.contribution
    moves = list(found.moves.select_related("by"))
    planned = planned_of(found, at)
    office = memory.offices.get(process.office_id)
    stops = life_line(
        found, moves, process.lived, at,
        answer_by=process.owed_by, planned=planned, answered_by=office.name if office else "",
    )  # fmt: skip
    said_in = found.text_language()
    promised = next_date(found, process.lived, at, answer_by=process.owed_by, planned=planned)
    is_author = person is not None and contribution.author_id == person.pk
    return Life(
        title=found.in_language("title"),
        lang=said_in if said_in != get_language() else "",
        url=found.get_absolute_url(),
        link=_("To the proposal"),
        entries=record_of(found, moves, list(found.assessments.order_by("at"))),
        coming=[Coming(stop.name, stop.text, stop.due, stop.state) for stop in stops if stop.state != "past"],
        hue=found.hue,
        thanks=_("Thank you. Your proposal is published."),
        office=office.name if office and not (promised and promised.promised) else "",
        like=alike(found.title, get_language() or "de", process=process, but=found.pk, place=found.place_id)
        if is_author and found.is_public
        else (),
    )


records.add("proposal", Record(life_of))


def _author_of(proposal: Proposal) -> str:
    contribution = proposal.contribution
    organisation = memory.organisations.get(contribution.organisation_id)
    if organisation:
        return f"{organisation.name} · {organisation.get_kind_display()}"
    return contribution.author.public_name if contribution.author else _("Someone from here")


def _why(assessment: Assessment) -> str:
    """The reason, and before it why an earlier assessment was corrected."""
    if assessment.correction:
        return _("Corrected: %(why)s %(reason)s") % {
            "why": assessment.correction,
            "reason": assessment.reason,
        }
    return assessment.reason


def _assessed_beside(moves: Sequence[StageMove], assessments: Sequence[Assessment]) -> list[Entry]:
    """Assessments that moved nothing yet: another office is still at it."""
    moved = {(move.office_id, move.at) for move in moves}
    entries = []
    for each in assessments:
        office = memory.offices.get(each.office_id)
        if (each.office_id, each.at) not in moved and office is not None:
            price = "" if each.verdict == Assessment.Verdict.NOT_FEASIBLE else cost_words(each)
            said = Assessment.Verdict(each.verdict).label
            entries.append(Entry(each.at, said, office.name, _why(each), icon="clipboard-check", price=price))
    return entries


def cost_words(assessment: Assessment) -> str:
    """€42,000, then €1,200 a year; a range as €40,000 to €45,000"""
    if assessment.cost is None:
        return ""
    once = say.money_range(assessment.cost_from, assessment.cost)
    if assessment.yearly_cost:
        return _("%(once)s, then %(yearly)s a year") % {
            "once": once,
            "yearly": say.money(assessment.yearly_cost),
        }
    return once
