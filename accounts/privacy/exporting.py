"""A copy of everything about somebody: one private zip, made by a job, fetched once by themselves, gone after a day.

    export = ask(person=person, at=at)      # the row and its job
    make(export.pk)                          # the task: data.json, a CSV for each table, the files; then it is ready
    file = fetch(export=export, at=at)       # opened and unlinked at once: whoever comes second finds nothing

Killed half-way, the file is written anew from the start; it is never called ready before it is whole.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from accounts.hooks import own_files
from accounts.privacy.everything import Apart, Table, tables_of
from accounts.privacy.models import Export
from groundwork import clock, private
from groundwork.answer import No, Refused
from groundwork.html import say
from groundwork.jobs import api as jobs

if TYPE_CHECKING:
    from accounts.models import Person

KEPT = timedelta(hours=24)
# A job that said nothing for so long is begun anew.
SILENT = timedelta(minutes=10)
KIND = "my_data"
PIECE = 1 << 16
GONE = No(_("This copy was fetched or has expired. Please ask for a new one."))


def ask(*, person: Person, at: datetime) -> Export:
    """One at a time. Refused while one is being made or waits to be fetched."""
    with transaction.atomic():
        close_expired(at, person=person)
        if Export.objects.filter(person=person, over_at__isnull=True).exists():
            raise Refused(No(_("Your copy is being made or waits for you already.")))
        export = Export.objects.create(person=person, asked_at=at)
        jobs.begin(KIND, export.pk, at=at, waiting=True)
        transaction.on_commit(partial(_start, export.pk), robust=True)
    return export


def _start(pk: int) -> None:
    from accounts.privacy.tasks import make_export

    make_export.apply_async([pk], retry=False)


def make(pk: int) -> None:
    """Write the file and say that it is ready. Whatever goes wrong, nothing is ready and the next run begins anew."""
    export = Export.objects.unmade().select_related("person").filter(pk=pk).first()
    if export is None:
        return
    name = f"my-data-{secrets.token_hex(16)}.zip"
    try:
        with override(export.person.language), private.create(name) as out:
            write(export.person, out, tell=partial(_tell, pk))
        size = private.path_of(name).stat().st_size
        with transaction.atomic():
            now = clock.now()
            ready = Export.objects.unmade().filter(pk=pk)
            if not ready.update(file=name, size=size, ready_at=now, expires_at=now + KEPT):
                private.delete(name)  # somebody else was quicker
                return
            jobs.finish(KIND, pk, at=now, size=size)
    except BaseException:
        private.delete(name)
        jobs.fail(KIND, pk, at=clock.now(), reason="error")
        raise


def _tell(pk: int, done: int, total: int) -> None:
    jobs.tell(KIND, pk, at=clock.now(), done=done, total=total)


def write(
    person: Person, out: BinaryIO, *, tell: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """The zip, row by row: never more than a few hundred rows in memory."""
    tables = tables_of(person)
    total = 2 * len(tables) + 1
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme())
        filled = _write_json(archive, tables, person, lambda done: tell(done, total))
        for number, table in enumerate(filled, len(tables)):
            _write_csv(archive, table, person)
            tell(number, total)
        for source in own_files:
            for name, open_file in source(person):
                _write_file(archive, f"files/{name}", open_file)
        tell(total, total)


def _readme() -> str:
    return gettext(
        "This is a copy of everything we hold about you.\n\n"
        "data.json: all of it, for programs. tables/: the same as tables, one for each place where something is kept.\n"
        "files/: pictures and documents you added. Passwords and keys are named, but never shown.\n"
        "Where a row also says something about another person, that is left out.\n"
    )


def _write_json(
    archive: zipfile.ZipFile, tables: list[Table | Apart], person: Person, tell: Callable[[int], None]
) -> list[Table | Apart]:
    """Returns the tables that hold something."""
    filled: list[Table | Apart] = []
    with archive.open("data.json", "w", force_zip64=True) as member:
        member.write(b"{")
        for number, table in enumerate(tables):
            first = True
            for row in table.shown(person):
                head = (b",\n" if filled else b"\n") + json.dumps(table.label).encode() + b": ["
                member.write(head if first else b",")
                member.write(b"\n " + json.dumps(row, ensure_ascii=False, default=repr).encode())
                if first:
                    filled.append(table)
                first = False
            if not first:
                member.write(b"\n]")
            tell(number)
        member.write(b"\n}\n")
    return filled


def _write_csv(archive: zipfile.ZipFile, table: Table | Apart, person: Person) -> None:
    with archive.open(f"tables/{table.label}.csv", "w", force_zip64=True) as member:
        text = io.TextIOWrapper(member, encoding="utf-8-sig", newline="")
        writer: Any = None
        for row in table.shown(person):
            if writer is None:
                # Whose a row is may stand in different columns of it.
                people = [name for name in table.notes if name not in row]
                writer = csv.DictWriter(text, [*row, *people], restval="", extrasaction="ignore")
                writer.writeheader()
            writer.writerow({name: cell(value) for name, value in row.items()})
        text.flush()
        text.detach()


def cell(value: Any) -> Any:
    """As a spreadsheet may open it: what looks like a formula is text."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.lstrip()[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{value}"
    return value


def _write_file(archive: zipfile.ZipFile, name: str, open_file: Callable[[], BinaryIO]) -> None:
    try:
        source = open_file()
    except FileNotFoundError:
        return
    with source, archive.open(name, "w", force_zip64=True) as member:
        while piece := source.read(PIECE):
            member.write(piece)


@transaction.atomic
def fetch(*, export: Export, at: datetime) -> tuple[BinaryIO, int]:
    """The file, once. It is unlinked while it is read, so that nobody can fetch it a second time."""
    export = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if export.over_at or not export.ready_at or export.expires_at is None or export.expires_at <= at:
        raise Refused(GONE)
    try:
        file = private.path_of(export.file).open("rb")
    except FileNotFoundError:
        raise Refused(GONE) from None
    name, size = export.file, export.size
    Export.objects.filter(pk=export.pk).update(over_at=at, fetched_at=at, file="")
    transaction.on_commit(partial(private.delete, name))
    return file, size


def close_expired(at: datetime, *, person: Person | None = None) -> int:
    """Delete copies nobody fetched in time. Returns how many."""
    late = Export.objects.filter(over_at__isnull=True, expires_at__lte=at)
    if person is not None:
        late = late.filter(person=person)
    for name in late.values_list("file", flat=True):
        private.delete(name)
    return late.update(over_at=at, file="")


def sweep(at: datetime) -> None:
    """Copies that expired go; those whose making stopped are made anew; rows older than thirty days are forgotten."""
    close_expired(at)
    for pk in Export.objects.unmade().filter(asked_at__lte=at - SILENT).values_list("pk", flat=True):
        job = jobs.Job.objects.filter(kind=KIND, key=str(pk)).first()
        if job is None or job.beat_at <= at - SILENT:
            make(pk)
    forget_old(at)


def forget_old(at: datetime) -> int:
    return Export.objects.filter(over_at__lte=at - timedelta(days=30)).delete()[0]


def remove_of(person: Person, at: datetime) -> None:
    """When an account closes, and when a guest becomes one."""
    for export in Export.objects.filter(person=person):
        private.delete(export.file)
        jobs.cancel(KIND, export.pk, at=at)
        export.delete()


def _made(facts: Mapping[str, Any]) -> str:
    kb = max(1, int(facts.get("size", 0)) // 1024)
    return ngettext("{n} kilobyte", "{n} kilobytes", kb).format(n=say.number(kb))


jobs.kinds.add(
    KIND, jobs.JobKind(KIND, _("A copy of somebody's data"), said=_made, retry=lambda key: make(int(key)))
)
