"""The figures of a running city, each defined once: /readyz, /metrics, the status page and the page of the administration
read the same ones.

What can be undone is a backlog (groundwork.jobs); a room adds what else is worth a figure:

    figures.add("ballots", Figure("ballots", _("Ballots on the board"), ballots_on_board))
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from celery import current_app
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words
from groundwork.jobs import api as jobs
from groundwork.jobs.models import Job, Run
from groundwork.registry import Registry

log = logging.getLogger("quartier.figures")
Kind = Literal["gauge", "counter"]
# The task that runs every few seconds: when it ran last, a worker and the clock were alive.
PULSE = "journal.follow"
SILENT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number about the whole city, read with at most one query. A "counter" only grows."""

    slug: str
    words: Words
    measure: Callable[[datetime], float]
    kind: Kind = "gauge"


figures: Registry[Figure] = Registry("figure")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One backlog at one moment: how many, how long the oldest has waited (seconds), and whether that is too long."""

    slug: str
    words: Words
    number: int
    seconds: float
    late: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """All of it at one moment. `database` False: nothing else could be read."""

    at: datetime
    database: bool
    broker: bool | None
    backlogs: tuple[Waiting, ...] = ()
    numbers: tuple[tuple[Figure, float], ...] = ()
    pulse: datetime | None = None
    queued: int | None = None

    @property
    def working(self) -> bool:
        """Somebody does the work in the background."""
        return self.pulse is not None and self.at - self.pulse < SILENT

    @property
    def late(self) -> tuple[Waiting, ...]:
        return tuple(each for each in self.backlogs if each.late)

    def backlog(self, slug: str) -> Waiting | None:
        return next((each for each in self.backlogs if each.slug == slug), None)

    @property
    def oldest(self) -> float:
        """Seconds the oldest undone piece of work has waited."""
        return max((each.seconds for each in self.backlogs), default=0.0)


def queue_length() -> int | None:
    """Tasks the broker holds; None when it does not answer within two seconds."""
    try:
        with current_app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
            queue = current_app.conf.task_default_queue
            return int(broker.default_channel.queue_declare(queue=queue, passive=True).message_count)
    except Exception as error:  # kombu raises what the transport raises
        if type(error).__name__ == "ChannelError":  # the queue is made with its first task
            return 0
        return None


def read(at: datetime, *, numbers: bool = True) -> Reading:
    """Look at everything once, with or without the figures of the rooms. What does not answer within seconds is said not to answer."""
    queued = queue_length()
    try:
        with transaction.atomic():
            # Whoever asks how it goes must not wait for what does not go.
            with connection.cursor() as cursor:
                cursor.execute("set local statement_timeout = 3000")
            found = [(each, *each.left(at)) for each in jobs.backlogs]
            measured = tuple((each, float(each.measure(at))) for each in figures) if numbers else ()
            pulse = Run.objects.filter(task=PULSE).values_list("ok_at", flat=True).first()
    except (OperationalError, InterfaceError) as error:
        log.error("figures.not_read %s", error)
        return Reading(at, database=False, broker=queued is not None, queued=queued)
    backlogs = tuple(
        Waiting(
            each.slug,
            each.words,
            number,
            max((at - oldest).total_seconds(), 0.0) if oldest else 0.0,
            bool(oldest and at - oldest > each.late),
        )
        for each, number, oldest in found
    )
    return Reading(at, True, queued is not None, backlogs, measured, pulse, queued)


figures.add(
    "jobs_failed", Figure("jobs_failed", _("Failed jobs"), lambda at: float(Job.objects.failed().count()))
)
