"""Reading for the pages of the room: what is similar and why, the table, what changed for a supporter, clusters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz
from rapidfuzz import process as fuzzy

from cocreation.models import Process
from cocreation.roles import Role, roles_of
from groundwork.answer import Words
from proposals import memory
from proposals.differences import parts
from proposals.groupings import Group
from proposals.merging import rules
from proposals.merging.models import Cluster, Merge, MergePart
from proposals.merging.picture import Strand, flow
from proposals.models import Authorship, Proposal, Revision, Support, Theme
from proposals.queries import similar

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from accounts.models import Person

SUGGESTED = 6
# What the desk compares: the newest of each process, all of them together, and how many pairs it shows.
COMPARED, PROCESSES, PAIRS = 300, 12, 20
LIKE_ENOUGH = 62.0
_WORD = re.compile(r"\w{4,}")


# --- similar, and why ---


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A similar proposal and what both have in common."""

    proposal: Proposal
    title: str
    lang: str
    place: str
    why: list[str]


def suggestions(proposal: Proposal, language: str) -> list[Suggestion]:
    """What could be joined with it. Two queries."""
    found = [
        other
        for other in similar(proposal.title, language, limit=SUGGESTED * 2, process=proposal.process)
        if other.pk != proposal.pk and rules.may_join(other)
    ]
    busy = set(
        MergePart.objects.filter(is_open=True, proposal__in=[other.pk for other in found]).values_list(
            "proposal", flat=True
        )
    )
    free = [other for other in found if other.pk not in busy][:SUGGESTED]
    return [_suggestion(other, reasons(proposal, other), language) for other in free]


def _suggestion(other: Proposal, why: list[str], language: str) -> Suggestion:
    said_in = other.text_language(language)
    return Suggestion(
        other,
        other.in_language("title", language),
        said_in if said_in != language else "",
        _place(other),
        why,
    )


def _place(proposal: Proposal) -> str:
    place = memory.places.get(proposal.place_id)
    return place.name if place else ""


def reasons(one: Proposal, other: Proposal) -> list[str]:
    """What two proposals have in common, in words."""
    why = []
    if words := _shared(one.title, other.title):
        why.append(_("same words: %(words)s") % {"words": ", ".join(words[:4])})
    if one.place_id == other.place_id:
        why.append(_("same place: %(place)s") % {"place": _place(one)})
    if one.theme == other.theme:
        why.append(_("same theme: %(theme)s") % {"theme": Theme(one.theme).label})
    return why or [_("similar text")]


def _shared(one: str, other: str) -> list[str]:
    theirs = {word.casefold() for word in _WORD.findall(other)}
    return [word for word in dict.fromkeys(_WORD.findall(one)) if word.casefold() in theirs]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two proposals nobody has joined yet."""

    one: Suggestion
    other: Suggestion
    url: str
    group_url: str
    why: list[str]


def in_their_care(person: Person) -> QuerySet[Process]:
    """The public processes a person accompanies, the newest first."""
    roles = roles_of(person)
    where = roles.where(Role.ADMIN, Role.FACILITATOR, Role.MODERATOR)
    cared = where.narrow() if where else Q(pk__in=[])
    if roles.offices and not where.everywhere:
        cared = cared | Q(office__in=roles.offices)
    return Process.objects.published().filter(cared, stopped_at=None).order_by("-published_at", "-pk")


def pairs(processes: Sequence[Process], language: str) -> list[Pair]:
    """The most similar pairs of the newest proposals: by title, place and theme. Two queries."""
    memory.places.all()  # their names are in memory, whether or not a pair needs them
    known = {process.pk: process for process in processes}
    found = (
        Proposal.objects.filter(process__in=known, is_public=True).at_stage(*rules.MAY_JOIN).without_vector()
    )
    by_process: dict[int, list[Proposal]] = defaultdict(list)
    for proposal in found.order_by("-pk")[:COMPARED]:
        by_process[proposal.process_id].append(proposal)
    busy = set(
        MergePart.objects.filter(is_open=True, merge__process__in=known).values_list("proposal", flat=True)
    )
    scored: list[tuple[float, Proposal, Proposal]] = []
    for same in by_process.values():
        free = [proposal for proposal in same if proposal.pk not in busy]
        titles = [proposal.title.casefold() for proposal in free]
        if len(free) < 2:
            continue
        matrix = fuzzy.cdist(titles, titles, scorer=fuzz.token_set_ratio, score_cutoff=30)
        for left, one in enumerate(free):
            for right in range(left + 1, len(free)):
                other, score = free[right], float(matrix[left][right])
                # Half a likeness of words becomes a likeness where place and theme agree too.
                score = score * 0.8 + 12 * (one.place_id == other.place_id) + 8 * (one.theme == other.theme)
                if score >= LIKE_ENOUGH:
                    scored.append((score, one, other))
    scored.sort(key=lambda row: (-row[0], row[1].pk, row[2].pk))
    shown = []
    for _score, one, other in scored[:PAIRS]:
        why, slug = reasons(one, other), known[one.process_id].slug
        group = reverse("merging:clusters", args=[slug])
        shown.append(
            Pair(
                _suggestion(one, [], language),
                _suggestion(other, [], language),
                f"{reverse('merging:propose', args=[one.receipt])}?with={other.receipt}",
                f"{group}?part={one.receipt}&part={other.receipt}",
                why,
            )
        )
    return shown


# --- the table ---


@dataclass(frozen=True, slots=True)
class Seat:
    """A part as the table shows it. `text` is None where it must not be shown any more."""

    part: MergePart
    text: Revision | None
    authors: list[str]
    lead: str
    agreed: bool
    obstacle: Words
    overtaken: bool
    is_mine: bool
    may_split: bool = False


@dataclass(frozen=True)
class Table:
    """Everything the page of a merge says."""

    merge: Merge
    seats: list[Seat]
    left: list[Seat]
    sits: bool
    steers: bool
    may_stop: bool
    missing: list[Words]
    picture: SafeString

    @property
    def mine(self) -> list[Seat]:
        """The parts this person decides for."""
        return [seat for seat in self.seats if seat.is_mine]

    @property
    def to_answer(self) -> list[Seat]:
        return [seat for seat in self.mine if not seat.agreed]

    @property
    def is_blocked(self) -> bool:
        return any(seat.obstacle for seat in self.seats)

    @property
    def everybody_agreed(self) -> bool:
        return all(seat.agreed for seat in self.seats)

    @property
    def agreed(self) -> int:
        return sum(seat.agreed for seat in self.seats)


def table_of(merge: Merge, person: Person | None, at: datetime) -> Table:
    """Four queries beside those of `with_all`, more only for who may separate parts."""
    keys = [part.proposal_id for part in merge.everybody]
    leads, newest = rules.leads_of(keys), _texts(merge, keys)
    named = _names(keys)
    late = {part.pk for part in rules.overtaken(merge, {key: text.number for key, text in newest.items()})}
    seats: list[Seat] = []
    left: list[Seat] = []
    for part in merge.everybody:
        part.merge = merge
        contribution = part.proposal.contribution
        shown = contribution.is_public or contribution.lives_on
        lead = leads.get(part.proposal_id)
        authors = named.get(part.proposal_id, [])
        seat = Seat(
            part=part,
            text=newest.get(part.proposal_id) if shown else None,
            authors=[name for _key, name in authors],
            lead=next((name for key, name in authors if key == lead), ""),
            agreed=rules.has_agreed(part, merge.version, leads),
            obstacle=rules.obstacle(part, leads) if merge.is_open and part.left_at is None else "",
            overtaken=merge.is_open and part.pk in late,
            is_mine=merge.is_open and person is not None and lead == person.pk and part.left_at is None,
            may_split=bool(rules.may_split(person, part, leads, at)),
        )
        (left if part.left_at else seats).append(seat)
    writes = person is not None and any(
        key == person.pk for seat in seats for key, _name in named.get(seat.part.proposal_id, [])
    )
    sits = merge.is_open and writes
    steers = merge.is_open and (writes or rules.accompanies(person, merge.process))
    strands = [
        Strand(seat.part.proposal.receipt, seat.agreed, bool(seat.part.left_at or seat.part.split_at))
        for seat in [*seats, *left]
    ]
    return Table(
        merge, seats, left, sits, steers, merge.is_open and bool(rules.may_stop(person, merge)),
        _missing(seats) if merge.is_open else [],
        flow(strands, merge.target.proposal.receipt, done=merge.state == merge.State.COMPLETED),
    )  # fmt: skip


def _missing(seats: Sequence[Seat]) -> list[Words]:
    """What has to happen before they are one, each a sentence."""
    missing: list[Words] = [seat.obstacle for seat in seats if seat.obstacle]
    missing += [
        format_lazy(
            gettext_lazy(
                "The text of {number} was changed meanwhile. Take it in and save the joint text again."
            ),
            number=seat.part.proposal.receipt,
        )
        for seat in seats
        if seat.overtaken
    ]
    for seat in seats:
        if not seat.agreed and seat.lead:
            missing.append(
                format_lazy(
                    gettext_lazy("{name} has to agree for {number}."),
                    name=seat.lead,
                    number=seat.part.proposal.receipt,
                )
            )
    return missing


def _texts(merge: Merge, keys: Sequence[int]) -> dict[int, Revision]:
    """The text of each part: as it stands while they talk, as it was when they became one afterwards. One query."""
    found = Revision.objects.filter(proposal__in=keys)
    if merge.state == Merge.State.COMPLETED:
        target = merge.target.proposal_id
        found = found.exclude(Q(proposal=target) & Q(number__gt=merge.before)).exclude(
            ~Q(proposal=target) & Q(at__gt=merge.ended_at)
        )
    found = found.order_by("proposal", "-number").distinct("proposal")
    return {revision.proposal_id: revision for revision in found}


def _names(keys: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Who writes each, the lead first. One query."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    hands = (
        Authorship.objects.writing().exclude(person=None).filter(proposal__in=keys).order_by("-role", "id")
    )
    for proposal, person, name in hands.values_list("proposal", "person", "person__public_name"):
        found[proposal].append((person, name))
    return found


# --- what changed ---


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that stayed, was taken out, or is new."""

    kind: str  # "same", "gone", "new"
    words: str


_KINDS = {"same": "same", "removed": "gone", "added": "new"}


def compared(old: str, new: str) -> list[Piece]:
    """Two texts word by word."""
    return [Piece(_KINDS[part.kind], part.text) for part in parts(old, new)]


@dataclass(frozen=True, slots=True)
class Change:
    """What a merge changed for somebody who supported one of its parts."""

    part: MergePart
    others: list[MergePart]
    old: Revision
    new: Revision
    title: list[Piece]
    summary: list[Piece]
    body: list[Piece]
    support: Support | None

    @property
    def is_rewritten(self) -> bool:
        """So little stayed that both texts side by side say more than marked words."""
        kept = sum(len(piece.words) for piece in self.body if piece.kind == "same" and piece.words.strip())
        return kept * 2 < len(self.old.body)


def change_of(merge: Merge, person: Person | None, receipt: str = "") -> Change | None:
    """The part somebody asked for or supported, else the first. Three queries at most. None where nothing may be shown."""
    shown = [
        part
        for part in merge.here
        if part.proposal.contribution.is_public or part.proposal.contribution.lives_on
    ]
    target = merge.target
    if target not in shown or merge.before is None:
        return None
    support = None
    if person is not None:
        support = Support.objects.filter(proposal=target.proposal_id, person=person).first()
    via = support.via_id if support else None
    part = next((each for each in shown if each.proposal.receipt == receipt), None) or next(
        (each for each in shown if each.proposal_id == via), None
    )
    part = part or (target if support else next((each for each in shown if each is not target), target))
    old = _texts(merge, [part.proposal_id])[part.proposal_id]
    new = Revision.objects.get(proposal=target.proposal_id, number=merge.after or 0)
    return Change(
        part, [each for each in shown if each is not part], old, new, compared(old.title, new.title),
        compared(old.summary, new.summary), compared(old.body, new.body), support,
    )  # fmt: skip


# --- clusters ---


def clusters_of(process: Process) -> QuerySet[Cluster]:
    """The groups of a process with the number of their public proposals as `n`."""
    inside = Q(members__removed_at=None, members__proposal__is_public=True)
    return Cluster.objects.standing().filter(process=process).annotate(n=Count("members", filter=inside))


def groups_of(process: Process) -> list[Group]:
    """The groups of a process, for whoever speaks to all of one at once. One query."""
    return [Group(str(each.pk), each.name, proposals_in(each)) for each in clusters_of(process)]


def proposals_in(cluster: Cluster) -> QuerySet[Proposal]:
    inside = cluster.members.filter(removed_at=None).values("proposal")
    return Proposal.objects.public(cluster.process).filter(pk__in=inside)


def like_these(cluster: Cluster, members: Iterable[Proposal], language: str) -> list[Suggestion]:
    """Public proposals of the process that are like the group and not in it. One query."""
    inside = {proposal.pk: proposal for proposal in members}
    asked = " ".join([cluster.name_de, *(proposal.title for proposal in list(inside.values())[:6])])
    found = similar(asked, language, limit=SUGGESTED + len(inside), process=cluster.process)
    return [_suggestion(other, [], language) for other in found if other.pk not in inside][:SUGGESTED]
