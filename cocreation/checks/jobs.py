"""What reading an uploaded table in the background has in common: whose turn it is, how far it is, what a dead worker leaves.

A job is a row (models.checks.Upload). A worker takes it by counting up `attempt`; whoever finds a higher number stops. A
job whose worker says nothing for two minutes is taken anew, three times at most; then it has failed, cleanly.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cocreation.models.checks import LetterBatch, RegisterImport, Upload
from groundwork import clock, private
from groundwork.answer import No, Refused, Words
from groundwork.html import say
from groundwork.jobs import api as board

SILENT = timedelta(minutes=2)
WAITS = timedelta(hours=24)
ATTEMPTS = 3
MOST_PROBLEMS = 5_000
U = TypeVar("U", bound=Upload)

FAILURES: dict[str, Words] = {
    "too_many": _("The file has more rows than may be read at once. Nothing was changed."),
    "empty": _("There was no row that could be used. Nothing was changed."),
    "mostly_bad": _(
        "More than half of the rows could not be used. Most likely a column was chosen wrongly. Nothing was changed."
    ),
    "file_gone": _("The file is not there any more. Nothing was changed; please upload it again."),
    "broken_off": _("Reading broke off several times. Nothing was changed; please try again later."),
    "over": _("The checks of this process have ended. Nothing was changed."),
    "error": _(
        "Something went wrong on our side. Nothing was changed; please try again or ask whoever runs this server."
    ),
}


# --- the same on the jobs page of the whole city ---


def _kind(job: Upload) -> str:
    return "letters" if isinstance(job, LetterBatch) else "register_import"


def _imported(facts: Mapping[str, Any]) -> str:
    return gettext("{n} new, {same} unchanged").format(
        n=say.number(int(facts.get("added", 0))), same=say.number(int(facts.get("unchanged", 0)))
    )


def _made(facts: Mapping[str, Any]) -> str:
    n = int(facts.get("made", 0))
    return ngettext("{n} letter", "{n} letters", n).format(n=say.number(n))


def _page(model: type[Upload]) -> Callable[[board.Job], str]:
    def url(job: board.Job) -> str:
        row = model._default_manager.select_related("process").filter(pk=int(job.key)).first()
        return row.get_absolute_url() if row else ""  # type: ignore[attr-defined]

    return url


def _why(slug: str) -> Words | None:
    return FAILURES.get(slug)


board.kinds.add(
    "register_import",
    board.JobKind(
        "register_import", _("Import of a register"), said=_imported, why=_why, url=_page(RegisterImport)
    ),
)
board.kinds.add(
    "letters", board.JobKind("letters", _("Letters with codes"), said=_made, why=_why, url=_page(LetterBatch))
)


class Failed(Exception):
    """The job cannot be done; `slug` names in FAILURES why. Nothing has changed."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(slug)


class Superseded(Exception):
    """Somebody cancelled the job, or another worker has it now."""


class Problems:
    """Lines with what is wrong with them: all are counted, the first few thousand are kept."""

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[tuple[int, str]] = []

    def add(self, line: int, slug: str) -> None:
        self.count += 1
        if len(self.kept) < MOST_PROBLEMS:
            self.kept.append((line, slug))


class Run:
    """One attempt at a job: says how far it is, at most twice a second, and notices when it lost its turn."""

    def __init__(self, job: Upload) -> None:
        self.job = job
        self._told = time.monotonic()

    def tell(self, *, now: bool = False, **numbers: int) -> None:
        if not now and time.monotonic() - self._told < 0.5:
            return
        self._told = time.monotonic()
        mine = type(self.job)._default_manager.filter(
            pk=self.job.pk, attempt=self.job.attempt, state=Upload.State.RUNNING
        )
        if not mine.update(beat_at=clock.now(), **numbers):
            raise Superseded
        done = numbers.get("bytes_done", self.job.bytes_done)
        board.tell(_kind(self.job), self.job.pk, at=clock.now(), done=done, total=self.job.size)


def take(model: type[U], pk: int, at: datetime) -> U | None:
    """Take the job if it waits, or if whoever had it has been silent for too long."""
    State = Upload.State
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, beat_at__lt=at - SILENT)
    taken = model._default_manager.filter(free, pk=pk, attempt__lt=ATTEMPTS).update(
        state=State.RUNNING, attempt=F("attempt") + 1, beat_at=at, bytes_done=0, rows=0
    )
    if not taken:
        return None
    job = model._default_manager.select_related("process").get(pk=pk)
    board.begin(_kind(job), pk, at=at, title=job.process.title, total=job.size)
    return job


def run(model: type[U], pk: int, work: Callable[[U, Run], None]) -> None:
    """Do the job, if it is free. `work` makes its changes in one transaction and sets the job's numbers. However it ends,
    the uploaded file is deleted, unless the worker itself dies: then the sweep takes the job anew."""
    job = take(model, pk, clock.now())
    if job is None:
        return
    try:
        work(job, Run(job))
    except Superseded:
        return
    except Failed as failed:
        fail(job, failed.slug)
    except FileNotFoundError:
        fail(job, "file_gone")
    except Exception:
        fail(job, "error")
        raise
    private.delete(job.token)


def finish(job: Upload, at: datetime, **numbers: Any) -> None:
    """Inside the transaction of the job's changes: it is done, or another one has its turn and all is rolled back."""
    mine = type(job)._default_manager.filter(pk=job.pk, attempt=job.attempt, state=Upload.State.RUNNING)
    done = {"state": Upload.State.DONE, "finished_at": at, "beat_at": at, "bytes_done": job.size}
    if not mine.update(**done, **numbers, layout={}):
        raise Superseded
    facts = {name: n for name, n in numbers.items() if isinstance(n, int)}
    board.finish(_kind(job), job.pk, at=at, **facts)


def fail(job: Upload, slug: str) -> None:
    mine = type(job)._default_manager.filter(pk=job.pk, attempt=job.attempt)
    mine.exclude(state__in=[Upload.State.DONE, Upload.State.CANCELLED]).update(
        state=Upload.State.FAILED, failure=slug, finished_at=clock.now(), layout={}
    )
    board.fail(_kind(job), job.pk, at=clock.now(), reason=slug)
    private.delete(job.token)


def enqueue(job: Upload, columns: dict[str, Any], task: Any) -> None:
    """The columns are known: the job waits for a worker. Refused while another one of this process is at work."""
    try:
        with transaction.atomic():
            queued = type(job)._default_manager.filter(pk=job.pk, state=Upload.State.UPLOADED)
            if not queued.update(state=Upload.State.QUEUED, columns=columns, beat_at=clock.now()):
                raise Refused(No(_("This file is being read already, or it is deleted.")))
            board.begin(
                _kind(job), job.pk, at=clock.now(), title=job.process.title, total=job.size, waiting=True
            )
    except IntegrityError:
        raise Refused(No(_("Another file is being read just now. Please wait until it is done."))) from None
    transaction.on_commit(lambda: task.delay(job.pk))


def cancel(job: Upload) -> None:
    """Stop it, whatever it is doing: what is not finished is not done at all."""
    State = Upload.State
    open_ = type(job)._default_manager.filter(pk=job.pk).exclude(state__in=[State.DONE, State.FAILED])
    if open_.update(state=State.CANCELLED, finished_at=clock.now(), layout={}):
        private.delete(job.token)
        board.cancel(_kind(job), job.pk, at=clock.now())


def sweep(model: type[U], task: Any, at: datetime) -> None:
    """Take anew what a dead worker left, give up what failed too often, forget what nobody came back for."""
    State = Upload.State
    for job in model._default_manager.filter(
        state__in=[State.QUEUED, State.RUNNING], beat_at__lt=at - SILENT
    ):
        if job.attempt >= ATTEMPTS:
            fail(job, "broken_off")
        else:
            model._default_manager.filter(pk=job.pk, state=State.QUEUED).update(beat_at=at)
            task.delay(job.pk)
    for job in model._default_manager.filter(state=State.UPLOADED, made_at__lt=at - WAITS):
        cancel(job)
