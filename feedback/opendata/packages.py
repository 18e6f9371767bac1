"""Packages of processes for everybody: one of each public process, written again every day and when something left the pages."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q

from cocreation.models import Contribution, Process
from feedback.opendata import packing
from feedback.opendata.actions import RENEW_AFTER, reason_of
from feedback.opendata.models import ProcessPackage
from groundwork import clock
from groundwork.jobs import api as jobs
from groundwork.jobs.models import Job

if TYPE_CHECKING:
    from accounts.models import Person

log = logging.getLogger("quartier.opendata")

KIND = "package"
FOLDER = "packages"
# Any number that nothing else locks with.
_LOCK = 0x7061636B


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


def due(at: datetime) -> list[Process]:
    """Public processes whose package is missing, a day old, or holds what left the pages."""
    good = ProcessPackage.objects.downloadable().filter(fresh_at__gt=at - RENEW_AFTER)
    return list(Process.objects.published().exclude(pk__in=good.values("pk")).order_by("pk"))


def renew(at: datetime, *, wanted: list[Process] | None = None) -> list[str]:
    """Write what is due (or `wanted`). Returns the processes that have another package now. One that fails holds up no other."""
    todo = due(at) if wanted is None else wanted
    if not todo:
        return []
    with _alone() as alone:
        if not alone:
            return []
        for key in Job.objects.open().filter(kind=KIND).values_list("key", flat=True):
            # Whoever holds the lock is the only one who writes: what still "runs" was killed.
            jobs.fail(KIND, key, at=at, reason="killed")
        for process in todo:
            jobs.begin(KIND, process.slug, at=at, title=process.slug, waiting=True)
        new = [process.slug for process in todo if _renew(process, at)]
        sweep()
    return new


def _renew(process: Process, at: datetime) -> bool:
    """Whether it has another package now."""
    last = ProcessPackage.objects.filter(process=process).first()
    try:
        jobs.begin(KIND, process.slug, at=clock.now(), total=last.records if last else 0)
        with tempfile.TemporaryFile(prefix="package-") as out:
            content, counts = packing.write(
                process,
                out,
                at=at,
                tell=lambda done: jobs.tell(KIND, process.slug, at=clock.now(), done=done),
            )
            n = sum(counts.values())
            if last is not None and last.content == content and default_storage.exists(last.stored):
                with transaction.atomic():
                    ProcessPackage.objects.filter(pk=process.pk).update(made_at=at, fresh_at=at)
                    jobs.finish(KIND, process.slug, at=clock.now(), records=n, same=True)
                return False
            size = out.tell()
            out.seek(0)
            sha256 = hashlib.file_digest(out, "sha256").hexdigest()
            out.seek(0)
            stored = default_storage.save(f"{FOLDER}/{process.slug}-{content[:16]}.zip", File(out))
        _publish(process, last, at, content=content, counts=counts, size=size, sha256=sha256, stored=stored)
    except Exception as problem:
        log.exception("opendata.package_failed process=%s", process.pk)
        jobs.fail(KIND, process.slug, at=clock.now(), reason=reason_of(problem))
        return False
    return True


@transaction.atomic
def _publish(process: Process, last: ProcessPackage | None, at: datetime, **about: Any) -> None:
    ProcessPackage.objects.update_or_create(
        process=process, defaults={"made_at": at, "fresh_at": at, **about}
    )
    jobs.finish(KIND, process.slug, at=clock.now(), records=sum(about["counts"].values()), same=False)
    if last is not None:
        # What is downloaded right now is read to its end; afterwards nobody finds it.
        transaction.on_commit(partial(default_storage.delete, last.stored))


def of(process: Process) -> ProcessPackage | None:
    """The package that may be downloaded now."""
    return ProcessPackage.objects.downloadable().filter(process=process).first()


def forget_names(person: Person, at: datetime) -> None:
    """When an account closes: packages that may hold its name go at once, and are written anew without it.

    The files go before the transaction ends: one that is undone leaves a package without a file, which is written again.
    """
    wrote = Contribution.objects.filter(
        Q(author=person) | Q(proposal__authorships__person=person) | Q(proposal__revisions__by=person)
    )
    holding = ProcessPackage.objects.filter(process__in=wrote.values("process"))
    for stored in holding.values_list("stored", flat=True):
        default_storage.delete(stored)
    holding.delete()


def sweep() -> int:
    """Delete files that no package points to. Returns how many."""
    known = set(ProcessPackage.objects.values_list("stored", flat=True))
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return 0
    lost = [name for name in names if f"{FOLDER}/{name}" not in known]
    for name in lost:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(lost)
