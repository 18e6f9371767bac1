"""Questions about votes; no writes, no request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Person
from accounts.request import NEEDS_ACCOUNT
from cocreation.models import Eligibility, Phase, Process
from cocreation.standing import standing_of
from cocreation.words import over_since
from groundwork import clock
from groundwork.answer import Answer, No, Yes
from proposals.ballots import envelopes, kinds, questions
from proposals.ballots.kinds import Filled, Kind
from proposals.ballots.models import BallotOption, Vote

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


VOTES_ON_PAPER = No(
    _("You vote on paper. Your ballot on paper counts, so you cannot vote online any more."),
    _("Something wrong? The office that holds the vote can help."),
)


def may_vote(person: Person | AnonymousUser | None, vote: Vote, at: datetime) -> Answer:
    """Whether this person may cast or change a ballot now. The last word has the database's clock, in the cast."""
    if vote.counted_at is not None:
        return over_since(vote.phase)
    if not vote.phase.process.is_published:
        return No(_("This process is not published yet."))
    return may_vote_in(person, vote.phase, at)


def may_vote_in(person: Person | AnonymousUser | None, phase: Phase, at: datetime) -> Answer:
    """The same for a phase whose vote nobody has opened yet. A ballot always belongs to a person, whatever the audience."""
    answer = phase.allows("vote", person, at)  # type: ignore[arg-type]
    if answer and (person is None or not person.is_authenticated or not person.is_active):
        return No(
            _("Please sign in first. What you chose is kept."), _("Sign in"), "account_login", identify=True
        )
    if answer and getattr(person, "is_guest", False) and not counts_entries(phase):
        return NEEDS_ACCOUNT
    return answer


def counts_entries(phase: Phase) -> bool:
    """Whether one entry of the process is one ballot, whichever account holds it; else one account is one ballot."""
    return phase.audience_of("vote").counts_entries(phase.process)


def voter_key(person: Person, phase: Phase) -> str | None:
    """What of this person is counted once in this vote; None for somebody without an entry where entries count."""
    if not counts_entries(phase):
        return str(person.pk)
    entry = standing_of(person, phase.process, clock.now()).entry
    return entry_key(bytes(entry.key)) if entry else None


def entry_key(key: bytes) -> str:
    return f"entry:{key.hex()}"


def eligible_keys(phase: Phase, at: datetime) -> list[str]:
    """The keys of everyone who may vote, as one query: the inverse of the audience. Entries count before they are claimed."""
    if not counts_entries(phase):
        return [str(key) for key in eligible_people(phase, at).values_list("pk", flat=True)]
    entries = Eligibility.objects.standing().filter(
        phase.audience_of("vote").entries(), process=phase.process
    )
    return [entry_key(bytes(key)) for key in entries.values_list("key", flat=True)]


def eligible_people(phase: Phase, at: datetime) -> QuerySet[Person]:
    """Every account `may_vote_in` says yes to, where accounts count."""
    audience = phase.audience_of("vote")
    people = phase.process.people()
    return people.filter(pk__in=people.filter(audience.people(phase.process, at)).values("pk"))


def ballot_phase(process: Process, at: datetime, key: str = "") -> Phase | None:
    """The ballot phase a page of this process is about: the named one, else the open, the coming or the last one."""
    return pick_phase([phase for phase in process.line if phase.method == "ballot"], at, key)


def pick_phase(phases: Sequence[Phase], at: datetime, key: str = "") -> Phase | None:
    """The same among the ballot phases of a process, in order of its line."""
    if key:
        return next((phase for phase in phases if phase.key == key), None)
    dated = [phase for phase in phases if phase.starts is not None]
    return (
        next((phase for phase in dated if phase.is_open(at)), None)
        or next((phase for phase in dated if phase.is_ahead(at)), None)
        or next(iter(reversed(dated)), None)
        or next(iter(phases), None)
    )


@dataclass(frozen=True, slots=True)
class State:
    """What a ballot is worth as it stands: whether it counts, what of it is used up, how many projects are missing.

    `spent`, `left` and `whole` are money where approvals have to fit the budget, points where points are shared out, questions
    where they are answered, envelopes where there are any, and else a number of projects; `left` and `whole` are None where nothing limits it.
    """

    chosen: Filled
    spent: Decimal
    whole: Decimal | None
    missing: int

    @property
    def left(self) -> Decimal | None:
        return None if self.whole is None else self.whole - self.spent

    @property
    def counts(self) -> bool:
        return self.missing == 0

    @property
    def is_empty(self) -> bool:
        return not self.chosen


def state_of(vote: Vote, options: Sequence[BallotOption], chosen: Filled) -> State:
    """The state of a choice, given by keys of options in the form of the vote's kind (kinds.py)."""
    chosen = kinds.tidy(vote.kind, chosen)
    if vote.kind == Kind.ANSWERS:
        asked = questions.read(vote.questions)
        done = questions.answered(asked, chosen)
        return State(chosen, Decimal(done), Decimal(len(asked)), 0 if done else 1)
    if vote.envelopes:
        return _state_in_envelopes(vote, options, chosen)
    missing = max(0, vote.min_choices - len(chosen))
    if isinstance(chosen, Mapping):
        return State(chosen, Decimal(sum(chosen.values())), Decimal(vote.points or 0), missing)
    if vote.within_budget and vote.kind == Kind.APPROVAL:
        spent = sum((option.cost for option in options if option.pk in chosen), Decimal(0))
        return State(chosen, spent, vote.budget, missing)
    most = vote.max_choices or (len(options) if vote.kind == Kind.RANKING else None)
    return State(chosen, Decimal(len(chosen)), None if most is None else Decimal(most), missing)


def _state_in_envelopes(vote: Vote, options: Sequence[BallotOption], chosen: Filled) -> State:
    """Whole when something counts and nothing that was begun is still incomplete."""
    parts = [
        state_of(section.vote, section.options, section.part(chosen))
        for section in envelopes.sections_of(vote, options)
    ]
    counting = sum(part.counts for part in parts)
    begun = [part.missing for part in parts if part.chosen and part.missing]
    missing = min(begun, default=0 if counting else 1)
    return State(chosen, Decimal(counting), Decimal(envelopes.how_many(vote)), missing)


def most_for_one(vote: Vote) -> int:
    """How many points one project can get at most."""
    return vote.most_points or vote.points or 0


def is_castable(vote: Vote, options: Sequence[BallotOption], chosen: Filled) -> Answer:
    """Whether this choice may stand on a ballot. Too few is fine: it is stored and does not count yet."""
    if vote.kind == Kind.ANSWERS:
        given = kinds.tidy(vote.kind, chosen)
        return questions.is_castable(
            questions.read(vote.questions), given if isinstance(given, Mapping) else {}
        )
    known = {option.pk: option for option in options}
    if not set(chosen) <= known.keys():
        return No(_("A project you chose is not on this ballot."), _("Load the ballot again."))
    if vote.envelopes:
        return _is_castable_in_envelopes(vote, options, chosen)
    if vote.kind == Kind.RANKING and (again := kinds.twice(chosen)) is not None:
        return No(
            format_lazy(_("“{project}” stands twice in your order."), project=_title(known[again])),
            _("Leave one of the two places out."),
        )
    chosen = kinds.tidy(vote.kind, chosen)
    if vote.max_choices is not None and len(chosen) > vote.max_choices:
        return No(
            format_lazy(
                ngettext_lazy(
                    "You can choose at most {n} project.",
                    "You can choose at most {n} projects.",
                    vote.max_choices,
                ),
                n=vote.max_choices,
            ),
            _("Take another project out first."),
        )
    if isinstance(chosen, Mapping):
        return _points_are_castable(vote, known, chosen)
    state = state_of(vote, options, chosen)
    if vote.kind == Kind.APPROVAL and vote.within_budget and state.spent > vote.budget:
        # Name the dearest chosen one: taking it out helps most.
        dearest = max((known[pk] for pk in chosen), key=lambda option: (option.cost, -option.position))
        return No(
            format_lazy(
                _("Your projects cost more than there is. The dearest one is “{project}”."),
                project=_title(dearest),
            ),
            _("Take a project out and save again."),
        )
    return Yes()


def _is_castable_in_envelopes(vote: Vote, options: Sequence[BallotOption], chosen: Filled) -> Answer:
    """Every section may stand for itself, and there are not more of them than one person votes in."""
    sections = envelopes.sections_of(vote, options)
    for section in sections:
        answer = is_castable(section.vote, section.options, section.part(chosen))
        if isinstance(answer, No):
            said = format_lazy("{name}: {reason}", name=section.envelope.said, reason=answer.reason)
            return No(said, answer.next_step)
    many = envelopes.beyond(vote, envelopes.voted_in(sections, chosen))
    if not many:
        return Yes()
    return No(
        format_lazy(
            ngettext_lazy(
                "You can vote in {n} of these envelopes, and you have chosen in more: {names}.",
                "You can vote in {n} of these envelopes, and you have chosen in more: {names}.",
                vote.most_envelopes or 0,
            ),
            n=vote.most_envelopes,
            names=", ".join(section.envelope.said for section in many),
        ),
        _("Take your projects out in one of them."),
    )


def lives_there(
    vote: Vote, options: Sequence[BallotOption], chosen: Filled, person: Person, at: datetime
) -> Answer:
    """Whether this person may choose in these envelopes, where those of places are for the people who live there."""
    if not vote.envelopes_at_home:
        return Yes()
    used = envelopes.voted_in(envelopes.sections_of(vote, options), chosen)
    mine = envelopes.lived_in(vote, used, standing_of(person, vote.phase.process, at).residence)
    strange = next((section for section in used if section.code not in mine), None)
    if strange is None:
        return Yes()
    return No(
        format_lazy(_("“{name}” is for the people who live there."), name=strange.envelope.said),
        _("Take your projects out there."),
    )


def _points_are_castable(vote: Vote, known: Mapping[int, BallotOption], given: Mapping[int, int]) -> Answer:
    if any(points < 0 for points in given.values()):
        return No(_("Points cannot be less than zero."), _("Give the project 0 points instead."))
    most = most_for_one(vote)
    if over := next((pk for pk, points in given.items() if points > most), None):
        return No(
            format_lazy(
                ngettext_lazy(
                    "One project can get at most {n} point. “{project}” has more.",
                    "One project can get at most {n} points. “{project}” has more.",
                    most,
                ),
                n=most,
                project=_title(known[over]),
            ),
            _("Give it fewer points."),
        )
    spent, whole = sum(given.values()), vote.points or 0
    if spent > whole:
        return No(
            format_lazy(
                ngettext_lazy(
                    "You have given {spent} points, and there is only {n}.",
                    "You have given {spent} points, and there are only {n}.",
                    whole,
                ),
                n=whole,
                spent=spent,
            ),
            _("Take points away from a project."),
        )
    return Yes()


def _title(option: BallotOption) -> str:
    return option.proposal.in_language("title")


def eligible_for_ballot(process: Process) -> QuerySet:
    """The proposals an opening takes when nobody picked: every public one that is feasible and has its cost."""
    from proposals.models import Proposal, Stage

    return Proposal.objects.filter(process=process, is_public=True, stage=Stage.FEASIBLE, cost__isnull=False)
