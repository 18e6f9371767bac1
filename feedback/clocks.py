"""Until when the city owes an answer: dates fixed at the publication, reminders, and how many answers came on time.

Only an outcome stops a clock; that somebody is looking into it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cocreation.models import Contribution, Office, Phase, Process, RoleGrant
from feedback.models import INTERIM, ReplyDate, ReplyReminder, day_of, days_between
from groundwork.journal import api as journal
from proposals import memory

if TYPE_CHECKING:
    from proposals.models import Proposal

Step = ReplyReminder.Step
# How many days before the date an office is reminded, and how many after it its head hears of it.
FIRST, LAST, ESCALATE = 14, 3, 3

# Every contribution the city owes an outcome, with its date, the office that owes it, and the first outcome it got.
# ruff: noqa: S608 - the parts are our own constants; values travel as parameters
_OWED = f"""
with owed as (
  select p.contribution_id, p.process_id, p.stage, coalesce(first.office_id, held.office_id, pr.office_id) office_id,
         least(d.due, c.due) due, first.published_at outcome_at
  from feedback_replydate d
  join cocreation_process pr on pr.id = d.process_id and pr.published_at is not null and pr.stopped_at is null
  join proposals_proposal p on p.process_id = pr.id and p.is_public
  left join feedback_replyclock c on c.contribution_id = p.contribution_id
  left join lateral (
    select o.office_id, o.published_at from feedback_officialanswer o
    where o.contribution_id = p.contribution_id and o.status not in {INTERIM!r}
    order by o.published_at, o.id limit 1) first on true
  left join lateral (
    select a.office_id from proposals_assignment a
    where a.proposal_id = p.contribution_id and a.ended_at is null order by a.id limit 1) held on true)
"""


# --- dates are fixed ---


def fix_date(process: Process, at: datetime) -> ReplyDate | None:
    """The date of a process and what its answer phase says about many supporters, as they stand at its publication."""
    phase = answer_phase(process)
    due = process.answer_by or (phase.ends if phase else None)
    if due is None or process.is_dry_run:
        return None
    options = phase.opts if phase else None
    fixed, _made = ReplyDate.objects.get_or_create(
        process=process,
        defaults={
            "due": due,
            "threshold": max(0, int(getattr(options, "threshold", 0) or 0)),
            "days": max(1, int(getattr(options, "days", 30) or 30)),
            "fixed_at": at,
        },
    )
    return fixed


def answer_phase(process: Process) -> Phase | None:
    """The phase in which the city answers, the last one where there are several."""
    return next((phase for phase in reversed(process.line) if phase.method == "answer"), None)


def fix_missing(at: datetime) -> int:
    """Processes that became public in another way (taken over, from before there were clocks) get their date too."""
    without = Process.objects.published().filter(reply_date__isnull=True, stopped_at__isnull=True)
    return sum(fix_date(process, at) is not None for process in without)


@transaction.atomic
def start_clocks(at: datetime) -> int:
    """Whatever has found enough supporters gets a date of its own, counted from the moment it got there. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into feedback_replyclock (contribution_id, process_id, threshold, reached_at, due)
            select p.contribution_id, p.process_id, d.threshold, s.at, s.at + make_interval(days => d.days)
            from feedback_replydate d
            join cocreation_process pr on pr.id = d.process_id and pr.stopped_at is null
            join proposals_proposal p on p.process_id = d.process_id and p.is_public and p.supports >= d.threshold
            join lateral (select at from proposals_support where proposal_id = p.contribution_id
                          order by at, id offset d.threshold - 1 limit 1) s on true
            where d.threshold > 0
              and not exists (select from feedback_replyclock c where c.contribution_id = p.contribution_id)
            order by p.contribution_id
            on conflict do nothing returning contribution_id, threshold, due
            """
        )
        made = cursor.fetchall()
    found = Contribution.objects.in_bulk([key for key, _n, _due in made])
    journal.record_many(
        {
            "verb": "reply.clock_started", "on": found[key], "process": found[key].process_id, "at": at,
            "data": {"contribution": key, "supports": n, "due": day_of(due).isoformat()},
        }
        for key, n, due in made
    )  # fmt: skip
    return len(made)


# --- reminders ---


def remind(at: datetime) -> int:
    """Tell offices what is due in two weeks, in three days, and what is late; then their heads. Each once per date.

    Where several steps have passed unseen, only the last is told. Returns how many were written.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _OWED + "select office_id, process_id, (due at time zone %(zone)s)::date, count(*) from owed"
            " where outcome_at is null and stage <> 'on_ballot' group by 1, 2, 3 order by 3, 1, 2",
            {"zone": settings.TIME_ZONE},
        )
        rows = cursor.fetchall()
    return sum(_remind(at, *row) for row in rows)


def step_of(due: date, today: date) -> str | None:
    days = (due - today).days
    if days > FIRST:
        return None
    if days > LAST:
        return Step.DAYS_14
    if days >= 0:
        return Step.DAYS_3
    return Step.LATE if days > -ESCALATE else Step.HEAD


@transaction.atomic
def _remind(at: datetime, office: int, process: int, due: date, number: int) -> bool:
    step = step_of(due, day_of(at))
    if step is None:
        return False
    _row, made = ReplyReminder.objects.get_or_create(
        office_id=office, process_id=process, due=due, step=step, defaults={"at": at}
    )
    if not made:
        return False
    known = memory.offices.get(office)
    journal.record(
        "reply.escalated" if step == Step.HEAD else "reply.reminded",
        on=Process(pk=process),
        process=process,
        at=at,
        data={
            "office": known.slug if known else "",
            "n": number,
            "due": due.isoformat(),
            "step": str(step),
            "tell": people_of(office, at, heads=step == Step.HEAD),
        },
    )
    return True


def people_of(office: int, at: datetime, *, heads: bool = False) -> list[int]:
    """Who acts for an office. `heads`: only those who lead it; the administration where nobody does."""
    valid = RoleGrant.objects.valid(at)
    found = valid.filter(role=RoleGrant.Role.OFFICIAL, office=office)
    people = found.filter(head=True) if heads else found
    keys = sorted(set(people.values_list("person", flat=True)))
    if keys or not heads:
        return keys
    return sorted(set(valid.filter(role=RoleGrant.Role.ADMIN).values_list("person", flat=True)))


# --- in the open ---


@dataclass(frozen=True, slots=True)
class OfficeRate:
    """An office in numbers: `kept` of `of` answers came on time; `waiting` are not due yet, `overdue` are late."""

    name: str
    kept: int
    of: int
    waiting: int
    overdue: int
    next_due: datetime | None

    @property
    def share(self) -> float:
        return 100 * self.kept / self.of if self.of else 0.0


def rates(at: datetime) -> list[OfficeRate]:
    """Every office that owes or owed an answer, the one with most first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OWED + "select office_id, count(*) filter (where outcome_at <= due),"
            " count(*) filter (where outcome_at is not null or due < %(at)s),"
            " count(*) filter (where outcome_at is null and due >= %(at)s),"
            " count(*) filter (where outcome_at is null and due < %(at)s),"
            " min(due) filter (where outcome_at is null and due >= %(at)s)"
            " from owed group by 1 order by count(*) desc, 1",
            {"at": at},
        )
        rows = cursor.fetchall()
    return [OfficeRate(_name(office), *numbers) for office, *numbers in rows]


def _name(office: int) -> str:
    known = memory.offices.get(office)
    return known.name if known else Office.objects.get(pk=office).name


@dataclass(frozen=True, slots=True)
class Owed:
    """How far the city is with the answers of a process."""

    done: int
    of: int
    late: int
    due: datetime


def owed_in(process: Process, at: datetime) -> Owed | None:
    """None where no date was fixed. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OWED
            + "select count(outcome_at), count(*), count(*) filter (where outcome_at is null and due < %(at)s),"
            " (select due from feedback_replydate where process_id = %(process)s) from owed where process_id = %(process)s",
            {"at": at, "process": process.pk},
        )
        done, of, late, due = cursor.fetchone()
    return Owed(done, of, late, due) if due is not None else None


def dues(keys: Sequence[int]) -> dict[int, datetime]:
    """Contribution -> when its answer is due. One query."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _OWED + "select contribution_id, due from owed where contribution_id = any(%s)", [list(keys)]
        )
        return dict(cursor.fetchall())


def without_outcome(process: Process) -> list[int]:
    """Public contributions of a process the city has not decided about. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select p.contribution_id from proposals_proposal p
            where p.process_id = %s and p.is_public and not exists (
              select from feedback_officialanswer o
              where o.contribution_id = p.contribution_id and o.status not in {INTERIM!r})
            order by 1
            """,
            [process.pk],
        )
        return [key for (key,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Words:
    """A clock in a few words: "due in 5 days", "overdue by 3 days"."""

    words: str
    icon: str
    kind: str
    due: datetime
    threshold: int = 0


def clock_words(due: datetime, at: datetime, threshold: int = 0) -> Words:
    days = days_between(due, at)
    if due <= at:
        late = max(1, -days)
        words = ngettext("overdue by %(n)s day", "overdue by %(n)s days", late) % {"n": late}
        return Words(words, "triangle-alert", "bad", due, threshold)
    if days == 0:
        return Words(_("due today"), "clock", "warn", due, threshold)
    words = ngettext("due in %(n)s day", "due in %(n)s days", days) % {"n": days}
    return Words(words, "clock", "warn" if days <= LAST else "", due, threshold)


def reply_of(proposal: Proposal) -> dict[str, Any]:
    """The dates of one proposal: `due`, `own`, `threshold`, `outcome`. From its page's own query where that brought them."""
    told = getattr(proposal, "story_reply", None)
    if told is None:
        from feedback.traces import story

        told = type(proposal).objects.filter(pk=proposal.pk).values_list(story(), flat=True).first()
    return told or {}
