"""What pages and figures ask about answers and commitments. Each function says how many queries it costs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Least
from django.utils.translation import get_language

from cocreation.models import Phase
from cocreation.roles import roles_of
from feedback.models import INTERIM, Commitment, Delay, Helpful, OfficialAnswer, ReplyClock, State, day_of
from groundwork import clock
from groundwork.prepared import Prepared
from proposals.models import Proposal, Stage

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process


@dataclass(frozen=True)
class Kept:
    """Promises kept on time. `of` counts what is delivered or whose first date has passed; a later date set
    afterwards does not help. `kept` counts what was delivered by the day promised first; what was given up is not kept."""

    kept: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        return 100 * self.kept / self.of if self.of else 0.0


# Every state in SQL: a test holds it against `Commitment.state`.
_BOARD = """
with public as (
  select c.*, (c.delivered_at at time zone %(zone)s)::date delivered_on
  from feedback_commitment c
  join cocreation_process p on p.id = c.process_id
  left join cocreation_contribution i on i.id = c.contribution_id
  where p.published_at is not null and (i.id is null or i.is_public))
select c.office_id, coalesce(nullif(o.{name}, ''), o.name), count(*),
       count(*) filter (where c.delivered_on <= c.first_due),
       count(*) filter (where c.delivered_on is not null or c.given_up_at is not null or c.first_due < %(today)s),
       count(*) filter (where c.delivered_on is null and c.given_up_at is null and c.due = c.first_due and c.due >= %(today)s
                        and c.started_at is null),
       count(*) filter (where c.delivered_on is null and c.given_up_at is null and c.due = c.first_due and c.due >= %(today)s
                        and c.started_at is not null),
       count(*) filter (where c.delivered_on is null and c.given_up_at is null and (c.due > c.first_due or c.due < %(today)s)),
       count(*) filter (where c.delivered_on is not null and c.evaluated_at is null),
       count(*) filter (where c.evaluated_at is not null),
       count(*) filter (where c.given_up_at is not null),
       (select to_jsonb(n) from (select id, due, coalesce(nullif({title}, ''), title) title from public n
        where n.office_id = c.office_id and n.delivered_on is null and n.given_up_at is null and n.due >= %(today)s order by due, id limit 1) n)
from public c join cocreation_office o on o.id = c.office_id
group by c.office_id, o.id order by count(*) desc, c.office_id
"""
STATES_IN_ORDER = (
    State.PROMISED,
    State.UNDER_WAY,
    State.DELAYED,
    State.DELIVERED,
    State.EVALUATED,
    State.GIVEN_UP,
)


@dataclass(frozen=True)
class OfficeRow:
    """An office on the board: its promises by state, how many were on time, and the next date it owes."""

    office: int
    name: str
    number: int
    kept: Kept
    states: dict[str, int]
    next_due: date | None = None
    next_title: str = ""
    next_pk: int | None = None


@dataclass(frozen=True)
class Board:
    """The numbers of all public promises, office by office; the sums are the city's."""

    offices: list[OfficeRow]

    @property
    def kept(self) -> Kept:
        return Kept(sum(row.kept.kept for row in self.offices), sum(row.kept.of for row in self.offices))

    @property
    def number(self) -> int:
        return sum(row.number for row in self.offices)

    @property
    def states(self) -> dict[str, int]:
        return {
            state.value: sum(row.states[state.value] for row in self.offices) for state in STATES_IN_ORDER
        }


def board(at: datetime) -> Board:
    """All numbers of the board, the office with most promises first. One query."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    language = language if language in settings.MODELTRANSLATION_LANGUAGES else settings.LANGUAGE_CODE
    sql = _BOARD.format(name=f"name_{language}", title=f"title_{language}")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"zone": settings.TIME_ZONE, "today": day_of(at)})
        return Board([_office_row(row) for row in cursor.fetchall()])


def _office_row(row: Sequence[Any]) -> OfficeRow:
    office, name, number, kept, of, *rest = row
    states = {state.value: n for state, n in zip(STATES_IN_ORDER, rest[:6], strict=True)}
    soon = json.loads(rest[6]) if isinstance(rest[6], str) else rest[6]
    if not soon:
        return OfficeRow(office, name, number, Kept(kept, of), states)
    due = date.fromisoformat(soon["due"])
    return OfficeRow(office, name, number, Kept(kept, of), states, due, soon["title"], soon["id"])


def kept_on_time(at: datetime | None = None) -> Kept:
    """How many public promises of the city were kept on time. One query."""
    return board(at or clock.now()).kept


def what_became_of_it(
    person: Person | None = None, limit: int = 3, at: datetime | None = None
) -> list[Commitment]:
    """Public commitments, the newest movement first: for the home page. Two queries (commitments, milestones)."""
    return list(Commitment.objects.public().for_board().newest_movement_first()[:limit])


def with_delays(commitments: Iterable[Commitment], at: datetime) -> list[Commitment]:
    """Give those that are late their newest delay as `newest_delay`: one query, none when nothing is late."""
    found = list(commitments)
    late = [commitment.pk for commitment in found if commitment.state(at) == State.DELAYED]
    newest: dict[int, Delay] = {}
    if late:
        newest = {delay.commitment_id: delay for delay in Delay.objects.filter(commitment__in=late)}
    for commitment in found:
        commitment.newest_delay = newest.get(commitment.pk)  # type: ignore[attr-defined]
    return found


# For half a year what was delivered counts as just finished; the chip "Delivered" leads to all of it.
JUST = timedelta(days=190)


def overview(at: datetime) -> QuerySet[Commitment]:
    """What the board shows before anybody chooses: all that is open and what is just finished, newest movement first."""
    is_open = Q(delivered_at__isnull=True, given_up_at__isnull=True)
    is_new = Q(evaluated_at__isnull=True, delivered_at__gt=at - JUST) | Q(given_up_at__gt=at - JUST)
    open_or_new = is_open | is_new
    return Commitment.objects.public().for_board().filter(open_or_new).newest_movement_first()


def newest_answer(contribution: int) -> OfficialAnswer | None:
    """The answer that counts. One query."""
    return OfficialAnswer.objects.filter(contribution=contribution).newest_first().first()


def answered_in(process: int) -> tuple[int, int]:
    """How many public proposals of a process the city has answered, and how many there are. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select count(*) filter (where exists
                     (select 1 from feedback_officialanswer a where a.contribution_id = p.contribution_id)), count(*)
            from proposals_proposal p
            where p.process_id = %(process)s and p.is_public
              and exists (select 1 from feedback_officialanswer a where a.process_id = %(process)s)
            """,
            {"process": process},
        )
        done, of = cursor.fetchone()
    return done, of


def of_process(process: Process) -> list[Commitment]:
    """The public commitments of a process, newest movement first. Two queries."""
    return list(Commitment.objects.public().filter(process=process).for_board().newest_movement_first()[:20])


_MAY_HAVE_PROMISES = frozenset({Stage.PROMISED, Stage.UNDER_WAY, Stage.DELIVERED, Stage.EVALUATED})


def answers_to(proposal: Proposal, person: Person | None = None) -> list[OfficialAnswer]:
    """All answers to a proposal, the one that counts first, each with the question about it, how many it helped, and
    what this person said. One query."""
    if person is None or not person.is_authenticated:
        return _answers_to[False](contribution=proposal.pk)
    return _answers_to[True](contribution=proposal.pk, person=person.pk)


def _with_voices(contribution: int, person: int | None = None) -> QuerySet[OfficialAnswer]:
    said = Helpful.objects.filter(answer=OuterRef("pk"), person=person).values("yes")[:1]
    found = (
        OfficialAnswer.objects.filter(contribution=contribution).newest_first().select_related("follow_up")
    )
    return found.annotate(
        helped=Count("helpful", filter=Q(helpful__yes=True)),
        heard=Count("helpful"),
        mine=Subquery(said) if person else Value(None, output_field=BooleanField()),
    )


_answers_to: dict[bool, Prepared[OfficialAnswer]] = {
    False: Prepared(_with_voices, contribution=-1),
    True: Prepared(_with_voices, contribution=-1, person=-2),
}


def promises_for(proposal: Proposal) -> list[Commitment]:
    """The commitments of a proposal, newest first, asked once per object. Two queries, none before a promise."""
    known: list[Commitment] | None = getattr(proposal, "_promises", None)
    if known is None:
        known = []
        if proposal.stage in _MAY_HAVE_PROMISES:
            found = Commitment.objects.filter(contribution=proposal.pk).select_related("office")
            known = list(found.prefetch_related("milestones").order_by("-promised_at", "-pk"))
        proposal._promises = known  # type: ignore[attr-defined]
    return known


# --- the desk ---


def unanswered_in(process: Process) -> QuerySet[Proposal]:
    """What people of one process still wait for: public proposals, off the ballot, without an answer of the city."""
    answered = OfficialAnswer.objects.filter(contribution=OuterRef("pk"))
    waiting = [
        Stage.RECEIVED,
        Stage.FEASIBLE,
        Stage.NOT_FEASIBLE,
        Stage.CHOSEN,
        Stage.NOT_CHOSEN,
        Stage.ON_BALLOT,
    ]
    return Proposal.objects.public().filter(process=process, stage__in=waiting).exclude(Exists(answered))


def due_for_answer(person: Person, at: datetime) -> QuerySet[Any]:
    """What the offices of this person owe an answer: the answer phase has begun, there is nothing left to wait for
    (not feasible), or a promised next date has come. The first deadline comes first, as `due`.

    An office answers what it assessed; what nobody assessed is the process' office's. Observers look on where they may.
    """
    roles = roles_of(person)
    phase_began = Phase.objects.filter(process=OuterRef("process"), method="answer", starts__lte=at)
    own_clock = ReplyClock.objects.filter(contribution=OuterRef("pk"))
    newest = OfficialAnswer.objects.filter(contribution=OuterRef("pk")).order_by("-published_at", "-pk")
    unanswered = Q(
        stage__in=[Stage.RECEIVED, Stage.FEASIBLE, Stage.NOT_FEASIBLE, Stage.CHOSEN, Stage.NOT_CHOSEN]
    )
    promised_more = Q(
        stage=Stage.ANSWERED, last_status__in=INTERIM,
        last_date__lte=day_of(at),
    )  # fmt: skip
    found = (
        Proposal.objects.public()
        .annotate(
            last_status=Subquery(newest.values("status")[:1]),
            last_date=Subquery(newest.values("next_date")[:1]),
            due=Least(Subquery(own_clock.values("due")[:1]), "process__answer_by"),
        )
        .filter(
            unanswered & (Q(stage=Stage.NOT_FEASIBLE) | Exists(phase_began) | Exists(own_clock))
            | promised_more
        )
    )
    if not roles.is_admin:
        mine = Q(assessments__office__in=roles.offices) | Q(
            assessments__isnull=True, process__office__in=roles.offices
        )
        if roles.observes:
            mine |= roles.observes.narrow("process__") & Q(pk__isnull=False)
        found = found.filter(pk__in=Proposal.objects.filter(mine).values("pk"))
    return found.order_by("due", "-supports", "pk")


def answers_waiting(person: Person, at: datetime) -> int:
    return due_for_answer(person, at).count()


def answer_overdue(person: Person, at: datetime) -> bool:
    return due_for_answer(person, at).filter(due__lte=at).exists()


def to_keep(person: Person, at: datetime) -> QuerySet[Commitment]:
    """The promises this person's offices still have to keep, and those that wait for their evaluation; next date first."""
    roles = roles_of(person)
    asked = Q(delivered_at__isnull=False, evaluated_at__isnull=True, evaluate_by__lt=day_of(at))
    return (
        Commitment.objects.visible_to(person)
        .for_offices(None if roles.is_admin else roles.offices)
        .filter(Q(delivered_at__isnull=True, given_up_at__isnull=True) | asked)
        .order_by("due", "pk")
    )


def promises_waiting(person: Person, at: datetime) -> int:
    return to_keep(person, at).count()


def promise_overdue(person: Person, at: datetime) -> bool:
    return (
        to_keep(person, at)
        .filter(delivered_at__isnull=True, given_up_at__isnull=True, due__lt=day_of(at))
        .exists()
    )
