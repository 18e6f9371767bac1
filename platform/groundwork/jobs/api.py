"""What the rooms use: kinds of jobs to declare, rows to keep, and what else may be left undone.

kinds.add("tally", JobKind("tally", _("Count of a vote"), said=counted, why=reasons.get, retry=count_again))
jobs.begin("tally", vote.pk, title=process.title, at=now)
jobs.finish("tally", vote.pk, at=now, ballots=812)      # inside the transaction of what was done
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from groundwork.jobs.models import Job
from groundwork.registry import Registry

if TYPE_CHECKING:
    from groundwork.answer import Words

State = Job.State
KEPT = timedelta(days=90)


def _nothing(facts: Mapping[str, Any]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class JobKind:
    """`said` puts the facts of a result into words, `why` knows the words of a reason, `url` leads to its own page, `retry`
    starts it once more by its key (None: it cannot be started from here)."""

    slug: str
    words: Words
    said: Callable[[Mapping[str, Any]], str] = _nothing
    why: Callable[[str], Words | None] | None = None
    url: Callable[[Job], str] | None = None
    retry: Callable[[str], None] | None = None


kinds: Registry[JobKind] = Registry("kind of job")


@dataclass(frozen=True, slots=True)
class Backlog:
    """Work that has no job row: `left()` says how many things wait and since when the oldest. At most one query."""

    slug: str
    words: Words
    left: Callable[[datetime], tuple[int, datetime | None]]
    # Older than this is a sign that something stands still.
    late: timedelta = timedelta(minutes=10)


backlogs: Registry[Backlog] = Registry("backlog")

REASONS: dict[str, Words] = {
    "error": _("Something went wrong on our side. What exactly stands in the log of the server."),
}


def reason_of(job: Job) -> Words:
    """Why it failed, in the reader's language."""
    kind = kinds.find(job.kind)
    own = kind.why(job.reason) if kind and kind.why else None
    return own or REASONS.get(job.reason, job.reason)


_BEGIN = """
insert into jobs_job (kind, key, title, state, made_at, beat_at, done, total, result, reason)
values (%(kind)s, %(key)s, %(title)s, %(state)s, %(at)s, %(at)s, %(done)s, %(total)s, '{}', '')
on conflict (kind, key) do update set state = excluded.state, beat_at = excluded.beat_at, finished_at = null,
  done = excluded.done, total = greatest(excluded.total, jobs_job.total), result = '{}', reason = '',
  title = case when excluded.title = '' then jobs_job.title else excluded.title end
"""


def begin(
    kind: str,
    key: object,
    *,
    at: datetime,
    title: str = "",
    total: int = 0,
    done: int = 0,
    waiting: bool = False,
) -> None:
    """The job runs from now on, or waits for its turn. Beginning again starts anew. KeyError for an unknown kind."""
    kinds.get(kind)
    about: dict[str, Any] = {
        "kind": kind, "key": str(key), "title": title[:200], "at": at, "done": done, "total": total,
        "state": (State.WAITING if waiting else State.RUNNING).value,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, about)


def tell(kind: str, key: object, *, at: datetime, done: int, total: int | None = None) -> None:
    """How far it is."""
    about: dict[str, Any] = {"done": done, "beat_at": at, "state": State.RUNNING}
    _of(kind, key).filter(state__in=[State.WAITING, State.RUNNING]).update(
        **about if total is None else about | {"total": total}
    )


def finish(kind: str, key: object, *, at: datetime, **result: Any) -> None:
    """It is done: to be called inside the transaction of its last change, so that the one never stands without the other."""
    _of(kind, key).exclude(state=State.CANCELLED).update(
        state=State.DONE, finished_at=at, beat_at=at, done=F("total"), result=result, reason=""
    )


def fail(kind: str, key: object, *, at: datetime, reason: str) -> None:
    """It has failed, and why. What is done stays done."""
    _of(kind, key).exclude(state__in=[State.DONE, State.CANCELLED]).update(
        state=State.FAILED, finished_at=at, beat_at=at, reason=reason or "error"
    )


def cancel(kind: str, key: object, *, at: datetime) -> None:
    _of(kind, key).exclude(state=State.DONE).update(state=State.CANCELLED, finished_at=at, beat_at=at)


def forget_old(at: datetime) -> int:
    """Jobs that ended long ago. Returns how many."""
    return Job.objects.over().filter(finished_at__lt=at - KEPT).delete()[0]


def _of(kind: str, key: object) -> Any:
    return Job.objects.filter(kind=kind, key=str(key))
