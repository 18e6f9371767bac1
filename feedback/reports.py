"""The figures of an evaluation report: the same for every process, so that processes can be compared.

What people did comes from the journal; what became of it from the rows of answers and promises. Groups of people pass
`small_numbers.protected`: None means that too few are in it to be named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from cocreation.models import Process
from feedback import keeping_rules
from feedback.models import Commitment, EvaluationReport, Pledge, Release, State
from groundwork import small_numbers
from groundwork.answer import Words
from groundwork.journal.models import Entry
from groundwork.registry import Registry
from proposals.models import Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person

# What counts as taking part, and what it is called in the table of who did what.
WROTE = ("proposal.published",)
SUPPORTED = ("proposal.supported",)
COMMENTED = ("comment.published", "annotation.published", "amendment.proposed")
TOOK_PART = (*WROTE, *SUPPORTED, *COMMENTED, "preference.given")
CHOSEN = (Stage.CHOSEN, Stage.PROMISED, Stage.UNDER_WAY, Stage.DELIVERED, Stage.EVALUATED)
YES = ("accepted", "partly_accepted", "in_progress", "done")


# Question -> answer -> people, None where they are too few to be told.
Told = Mapping[str, Mapping[str, "int | None"]]


@dataclass(frozen=True, slots=True)
class ToldTable:
    words: Words
    rows: list[tuple[Words, str]]


@dataclass(frozen=True, slots=True)
class Teller:
    """What a room adds to "Who took part": `count(process)` gives figures that may be published, `words` the tables of them."""

    count: Callable[[Process], Told]
    words: Callable[[Told], list[ToldTable]]


tellers: Registry[Teller] = Registry("teller of who took part")


@dataclass(frozen=True)
class Numbers:
    """`people` took part (accounts, each once; ballots are secret and counted apart), `reached` took part or follow.
    `acts`, `kinds`, `ages`: people by what they did, by what they are, by age where it was checked. `days`: half of the
    answers came sooner. Money in euros as text."""

    reached: int = 0
    people: int = 0
    ballots: int = 0
    acts: dict[str, int | None] = field(default_factory=dict)
    kinds: dict[str, int | None] = field(default_factory=dict)
    ages: dict[str, int | None] = field(default_factory=dict)
    proposals: int = 0
    supports: int = 0
    comments: int = 0
    influenced: int = 0
    answered: int = 0
    answered_in_time: int = 0
    days: int | None = None
    asked: int = 0
    works_yes: int = 0
    works_partly: int = 0
    works_no: int = 0
    promises: dict[str, int] = field(default_factory=dict)
    kept: int = 0
    kept_of: int = 0
    budget: str = "0"
    spent: str = "0"
    hours: str = "0"
    # Slug of a teller -> what it counted.
    told: dict[str, Told] = field(default_factory=dict)

    @property
    def influence(self) -> float:
        """Proposals that changed something, of a hundred."""
        return 100 * self.influenced / self.proposals if self.proposals else 0.0

    @property
    def answered_share(self) -> float:
        return 100 * self.answered / self.proposals if self.proposals else 0.0

    @property
    def satisfaction(self) -> float:
        """Who says that it works, of a hundred who answered."""
        return 100 * self.works_yes / self.asked if self.asked else 0.0

    @property
    def kept_share(self) -> float:
        return 100 * self.kept / self.kept_of if self.kept_of else 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Numbers:
        """Those of a report; figures a later version of us counts are empty in it."""
        return cls(**{name: value for name, value in stored.items() if name in cls.__dataclass_fields__})


def numbers_of(process: Process, at: datetime) -> Numbers:
    """Count now. About ten queries; for the desk and the day of publication, never for a public page."""
    acts = {
        "wrote": _actors(process, WROTE),
        "supported": _actors(process, SUPPORTED),
        "commented": _actors(process, COMMENTED),
    }
    people = people_of(process)
    followers = set(process.follows.values_list("person", flat=True))
    promises = list(Commitment.objects.public().filter(process=process))
    states = {state.value: 0 for state in State}
    for promise in promises:
        states[promise.state(at).value] += 1
    counted = [each for each in promises if each.is_over or each.first_due < keeping_rules.day_of(at)]
    works = _works(promises)
    money = (
        Commitment.objects.public()
        .filter(process=process)
        .aggregate(budget=Sum("budget"), spent=Sum("spent"))
    )
    hours = (
        Pledge.objects.standing().filter(task__commitment__in=promises).aggregate(sum=Sum("hours_done"))["sum"] or 0
    )  # fmt: skip
    return Numbers(
        reached=len(people | followers), people=len(people), ballots=_ballots(process),
        acts=small_numbers.protected({name: len(who) for name, who in acts.items()}),
        kinds=small_numbers.protected(_kinds(process, people)), ages=small_numbers.protected(_ages(people)),
        **_proposals(process), **_answers(process),
        asked=sum(works), works_yes=works[0], works_partly=works[1], works_no=works[2],
        promises=states, kept=sum(each.was_on_time for each in counted), kept_of=len(counted),
        budget=str(money["budget"] or Decimal(0)), spent=str(money["spent"] or Decimal(0)), hours=str(hours),
        told={slug: tellers.get(slug).count(process) for slug in tellers.slugs()},
    )  # fmt: skip


def people_of(process: Process) -> set[int]:
    """The keys of everybody who took part in the open."""
    return _actors(process, TOOK_PART)


def _actors(process: Process, verbs: Iterable[str]) -> set[int]:
    found = Entry.objects.filter(process_id=process.pk, verb__in=list(verbs), actor_id__isnull=False)
    return {key for key in found.values_list("actor_id", flat=True).distinct() if key is not None}


def _ballots(process: Process) -> int:
    """Ballots that were counted, as the votes of the process published them. They name nobody."""
    found = Entry.objects.filter(process_id=process.pk, verb="vote.published").values_list("data", flat=True)
    return sum(int(data.get("ballots") or 0) for data in found)


def _kinds(process: Process, people: set[int]) -> dict[str, int]:
    """People who spoke for themselves, and people who spoke for an organisation, by its kind."""
    found = Entry.objects.filter(
        process_id=process.pk, verb__in=TOOK_PART, actor_id__isnull=False, organisation_id__isnull=False
    )
    from accounts.models import Organisation

    pairs = {
        (p, o) for p, o in found.values_list("actor_id", "organisation_id") if p is not None and o is not None
    }
    kind_of = dict(Organisation.objects.filter(pk__in={o for _p, o in pairs}).values_list("pk", "kind"))
    groups: dict[str, set[int]] = {}
    for person, organisation in pairs:
        groups.setdefault(kind_of.get(organisation, "civil_society"), set()).add(person)
    speakers = {person for person, _organisation in pairs}
    return {"person": len(people - speakers), **{kind: len(who) for kind, who in sorted(groups.items())}}


def _ages(people: set[int]) -> dict[str, int]:
    from accounts.models import Verification

    found = Verification.objects.filter(person__any_of=people).exclude(age_band="")
    groups: dict[str, set[int]] = {}
    for person, band in found.values_list("person", "age_band"):
        groups.setdefault(band, set()).add(person)
    return {band: len(who) for band, who in sorted(groups.items())}


def _proposals(process: Process) -> dict[str, int]:
    found = Proposal.objects.public(process).aggregate(supports=Sum("supports"), comments=Sum("comments"))
    return {
        "proposals": Proposal.objects.public(process).count(),
        "supports": found["supports"] or 0,
        "comments": found["comments"] or 0,
        "influenced": _influenced(process),
    }


def _influenced(process: Process) -> int:
    """Public proposals that were chosen or promised, or whose last answer is a yes or a partly."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select count(*) from proposals_proposal p
            where p.process_id = %(process)s and p.is_public and (p.stage = any(%(chosen)s) or
              (select a.status from feedback_officialanswer a where a.contribution_id = p.contribution_id
               order by a.published_at desc, a.id desc limit 1) = any(%(yes)s))
            """,
            {"process": process.pk, "chosen": [str(stage) for stage in CHOSEN], "yes": list(YES)},
        )
        return int(cursor.fetchone()[0])


def _answers(process: Process) -> dict[str, Any]:
    """Time from publication to the first answer, from the journal; what is not public any more is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with said as (
              select p.contribution_id, min(e.at) filter (where e.verb = 'proposal.published') published,
                     min(e.at) filter (where e.verb = 'contribution.answered') answered
              from proposals_proposal p
              join journal_entry e on e.process_id = p.process_id and e.subject_key = p.contribution_id::text
               and e.verb in ('proposal.published', 'contribution.answered')
              where p.process_id = %(process)s and p.is_public group by p.contribution_id)
            select count(answered), count(*) filter (where answered <= %(by)s::timestamptz),
                   percentile_disc(0.5) within group (order by answered - published)
            from said
            """,
            {"process": process.pk, "by": process.answer_by},
        )
        answered, in_time, half = cursor.fetchone()
    days = half.days if isinstance(half, timedelta) else None
    return {"answered": answered, "answered_in_time": in_time, "days": days}


def _works(promises: list[Commitment]) -> tuple[int, int, int]:
    """What people said of everything that was delivered: published figures only."""
    newest: dict[int, Release] = {}
    for each in Release.objects.filter(commitment__in=promises, source=Release.Source.PEOPLE).order_by("pk"):
        newest[each.commitment_id] = each
    return (
        sum(each.yes for each in newest.values()),
        sum(each.partly for each in newest.values()),
        sum(each.no for each in newest.values()),
    )


# --- which reports are owed ---


def owed(person: Person, at: datetime) -> QuerySet[Process]:
    """Processes of this person's offices that are over and have no report, the oldest end first: with `ended`."""
    from cocreation.roles import roles_of

    roles = roles_of(person)
    found = (
        Process.objects.published()
        .annotate(
            ended=Coalesce("stopped_at", Max("phases__ends")),
            undated=Count("phases", filter=Q(phases__ends__isnull=True)),
        )
        .filter(Q(stopped_at__isnull=False) | Q(undated=0), evaluation_report__isnull=True, ended__lte=at)
        .order_by("ended", "pk")
    )
    return found if roles.is_admin else found.filter(office__in=roles.offices)


def owed_number(person: Person, at: datetime) -> int:
    return owed(person, at).count()


def is_overdue(person: Person, at: datetime) -> bool:
    """Whether one ended more than the days of a report ago."""
    return owed(person, at - keeping_rules.REPORT_WITHIN - timedelta(microseconds=1)).exists()


def report_of(process: Process) -> EvaluationReport | None:
    return EvaluationReport.objects.filter(process=process).select_related("process__office").first()
