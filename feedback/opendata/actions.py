"""A version of a data set comes into being, and rows leave older ones. What is not whole is in no row of the database."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from feedback.opendata import writing
from feedback.opendata.models import Release, ReleaseFile
from groundwork import clock
from groundwork.datasets import Dataset, open_ones
from groundwork.jobs import api as jobs
from groundwork.jobs.models import Job
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger("quartier.opendata")

KIND = "opendata"
FOLDER = "opendata"
# Every data set is compared with the city once a day, well before it would be late.
RENEW_AFTER = timedelta(hours=20)
# Any number that nothing else locks with.
_LOCK = 0x6F70656E


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else writes: one lock for as long as this connection holds, so that a killed program holds none."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def due(at: datetime) -> list[Dataset]:
    """Open data sets that were not compared with the city for long, or never."""
    fresh = dict(Release.objects.newest().values_list("dataset", "fresh_at"))
    return [each for each in open_ones() if each.slug not in fresh or at - fresh[each.slug] >= RENEW_AFTER]


def renew(at: datetime, *, wanted: list[Dataset] | None = None) -> list[str]:
    """Write what is due (or `wanted`), all of it from one moment. Returns the slugs that have a new version.

    One data set that fails does not hold up the others: its job says why, and its last version stays.
    """
    todo = due(at) if wanted is None else wanted
    if not todo:
        return []
    new = []
    with _alone() as alone:
        if not alone:
            return []
        bury(at)
        for dataset in todo:
            jobs.begin(KIND, dataset.slug, at=at, title=dataset.slug, waiting=True)
        with writing.snapshot() as reader:
            for dataset in todo:
                if _renew(dataset, reader, at):
                    new.append(dataset.slug)
        sweep()
    return new


def bury(at: datetime) -> int:
    """Whoever holds the lock is the only one who writes: what still "runs" was killed. Says so; returns how many."""
    killed = list(Job.objects.open().filter(kind=KIND).values_list("key", flat=True))
    for key in killed:
        jobs.fail(KIND, key, at=at, reason="killed")
    return len(killed)


def notice_killed(at: datetime) -> int:
    """Between two runs: jobs nobody works on any more. Returns how many."""
    if not Job.objects.open().filter(kind=KIND).exists():
        return 0
    with _alone() as alone:
        return bury(at) if alone else 0


def _renew(dataset: Dataset, reader: BaseDatabaseWrapper, at: datetime) -> bool:
    """Whether it has a new version now."""
    last = Release.objects.filter(dataset=dataset.slug).order_by("-number").first()
    number = last.number + 1 if last else 1
    try:
        jobs.begin(KIND, dataset.slug, at=clock.now(), total=dataset.rows().count())
        with tempfile.TemporaryDirectory(prefix="opendata-") as folder:
            whole = writing.write(
                dataset, Path(folder), writing.rows_of(dataset, reader), number=number, at=at,
                tell=lambda done: jobs.tell(KIND, dataset.slug, at=clock.now(), done=done),
            )  # fmt: skip
            if last is not None and last.digest == whole.digest:
                with transaction.atomic():
                    Release.objects.filter(pk=last.pk).update(fresh_at=at)
                    jobs.finish(KIND, dataset.slug, at=clock.now(), number=last.number, rows=last.rows, same=True)  # fmt: skip
                return False
            stored = _store(dataset, number, whole.files)
        _publish(dataset, number, whole, stored, at)
    except Exception as problem:
        log.exception("opendata.failed dataset=%s", dataset.slug)
        jobs.fail(KIND, dataset.slug, at=clock.now(), reason=reason_of(problem))
        return False
    return True


def reason_of(problem: Exception) -> str:
    """A word the page of jobs has a sentence for."""
    if isinstance(problem, OSError) and problem.errno == 28:  # ENOSPC
        return "full"
    return "storage" if isinstance(problem, OSError) else "error"


def _store(dataset: Dataset, number: int, files: list[writing.Written]) -> list[str]:
    """Put the files where pages find them. Nothing points there yet."""
    stored = []
    for file in files:
        with file.path.open("rb") as opened:
            name = f"{FOLDER}/{dataset.slug}/{number}/{file.path.name}"
            stored.append(default_storage.save(name, File(opened)))
    return stored


@transaction.atomic
def _publish(dataset: Dataset, number: int, whole: writing.Whole, stored: list[str], at: datetime) -> Release:
    """The version is there: its row, its files, the word in the journal and the end of the job, or none of them."""
    release = Release.objects.create(
        dataset=dataset.slug, number=number, made_at=at, fresh_at=at, rows=whole.rows, digest=whole.digest,
        columns=whole.columns, counts=whole.counts, licence=dataset.licence,
    )  # fmt: skip
    ReleaseFile.objects.bulk_create(
        ReleaseFile(
            release=release, form=file.form, name=file.path.name, size=file.size, sha256=file.sha256, stored=name
        )
        for file, name in zip(whole.files, stored, strict=True)
    )  # fmt: skip
    journal.record(
        "data.published", on=release, at=at, data={"dataset": dataset.slug, "number": number, "rows": whole.rows}
    )  # fmt: skip
    jobs.finish(KIND, dataset.slug, at=clock.now(), number=number, rows=whole.rows, same=False)
    return release


def sweep() -> int:
    """Delete files that no version points to: what a killed run or a redone version left behind. Returns how many."""
    known = set(ReleaseFile.objects.values_list("stored", flat=True))
    gone = 0
    for dataset in _folders(FOLDER):
        for number in _folders(f"{FOLDER}/{dataset}"):
            here = f"{FOLDER}/{dataset}/{number}"
            for name in default_storage.listdir(here)[1]:
                if f"{here}/{name}" not in known:
                    default_storage.delete(f"{here}/{name}")
                    gone += 1
    return gone


def _folders(path: str) -> list[str]:
    try:
        return list(default_storage.listdir(path)[0])
    except FileNotFoundError:
        return []
