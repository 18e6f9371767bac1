"""The register of residents, imported from a table: every row becomes a keyed hash and its attributes before it touches the
database, and the table is deleted when the import is over.

Rows are read one at a time and go in pieces into a temporary table of hashes; duplicates, differences and missing entries
are found there by the database. Then one transaction changes the entries: a killed worker leaves nothing half done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from cocreation import roles
from cocreation.checks import jobs
from cocreation.checks.attributes import Problem, Reader, lookup_name_of, lookup_of, read_born
from cocreation.checks.tables import Layout, NotATable, Reading, Row, detect
from cocreation.models import Eligibility, Process, RegisterImport
from cocreation.peppers import PepperGone, key_of, plain
from groundwork import clock, private
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

MOST_ROWS = 200_000
MOST_BYTES = 60 * 1024 * 1024
PIECE = 5_000
COLUMNS = ("number", "place", "postal", "born", "name")
NO_TABLE = No(
    _("This is not a table we can read."),
    _("Export it as CSV: one line a person, columns separated by semicolon, comma or tab."),
)


# --- upload and columns ---


def upload(*, process: Process, token: str, by: Person, at: datetime) -> RegisterImport:
    """Take over the private file `token` and look at its shape. Refused when it is no table; then the file is gone."""
    job = RegisterImport(process=process, made_by=by, made_at=at, token=token)
    take_over(job, by)
    return job


def take_over(job: Any, by: Person) -> None:
    """The shape of the uploaded file into the row, with all that is in it masked."""
    try:
        require(roles.may_configure(by, job.process))
        job.size = private.path_of(job.token).stat().st_size
        job.layout = detect(private.path_of(job.token)).store()
        job.save()
    except NotATable:
        private.delete(job.token)
        raise Refused(NO_TABLE) from None
    except BaseException:
        private.delete(job.token)
        raise


@transaction.atomic
def start(*, job: RegisterImport, columns: dict[str, int | None], by: Person) -> None:
    """Say which column is what, and let a worker read the file."""
    from cocreation.tasks import import_register

    require(roles.may_configure(by, job.process))
    jobs.enqueue(job, columns, import_register)


# --- the job ---

_TABLE = "pg_temp.register_rows"
_MAKE = """
create temporary table if not exists register_rows (
  line integer not null, key bytea not null, residence varchar(60) not null, age_band varchar(6) not null,
  lookup bytea, lookup_name bytea
)
"""
_COPY = f"copy {_TABLE} (line, key, residence, age_band, lookup, lookup_name) from stdin"
_DOUBLES = f"""
delete from {_TABLE} doubled using (
  select ctid, line, row_number() over (partition by key order by line) as nth from {_TABLE}
) counted
where doubled.ctid = counted.ctid and counted.nth > 1
returning counted.line
"""  # noqa: S608 - the only name in it is a constant
_COMPARE = f"""
select count(*) filter (where entry.id is null),
       count(*) filter (where entry.revoked_at is not null),
       count(*) filter (where entry.id is not null and entry.revoked_at is null and
         (entry.residence, entry.age_band, entry.lookup, entry.lookup_name)
         is distinct from (file.residence, file.age_band, file.lookup, file.lookup_name)),
       count(*)
from {_TABLE} file left join cocreation_eligibility entry on entry.process_id = %s and entry.key = file.key
"""  # noqa: S608
# Whoever took part with another entry while theirs was revoked keeps that one.
_LET_GO = f"""
update cocreation_eligibility entry set person_id = null
from {_TABLE} file
where entry.process_id = %s and entry.key = file.key and entry.revoked_at is not null and exists (
  select 1 from cocreation_eligibility other
  where other.process_id = entry.process_id and other.person_id = entry.person_id and other.revoked_at is null
)
"""  # noqa: S608
# In the order of the hashes: the order of rows must not say who is next to whom in the register.
_MERGE = f"""
insert into cocreation_eligibility
  (process_id, key, residence, age_band, lookup, lookup_name, source, invited, claimed_by_way_of, seen_in_id)
select %s, key, residence, age_band, lookup, lookup_name, 'register', false, '', %s from {_TABLE} order by key
on conflict (process_id, key) do update set
  residence = excluded.residence, age_band = excluded.age_band, lookup = excluded.lookup,
  lookup_name = excluded.lookup_name, seen_in_id = excluded.seen_in_id, revoked_at = null
"""  # noqa: S608


def read(job: RegisterImport, run: jobs.Run) -> None:
    """The work of the job."""
    problems = jobs.Problems()
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
        cursor.execute(f"truncate {_TABLE}")
        try:
            rows = _copy(job, run, problems, cursor)
            if not rows - problems.count:
                raise jobs.Failed("empty")
            if problems.count * 2 > rows:
                raise jobs.Failed("mostly_bad")
            run.tell(now=True, rows=rows, bad=problems.count, bytes_done=job.size)
            cursor.execute(f"analyze {_TABLE}")
            _merge(job, rows, problems, cursor)
        except PepperGone:
            raise jobs.Failed("over") from None
        finally:
            _drop()


def _drop() -> None:
    """Gone with the connection at the latest; a broken transaction drops it by itself."""
    if not connection.needs_rollback and connection.connection and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute(f"drop table if exists {_TABLE}")


def _copy(job: RegisterImport, run: jobs.Run, problems: jobs.Problems, cursor: Any) -> int:
    """Row by row into hashes, piece by piece into the temporary table. Returns how many rows there were."""
    rows = 0
    with Reading.of(private.path_of(job.token), Layout.read(job.layout)) as reading:
        hashed = _hashed(job, reading, problems)
        # A piece is complete before the copy begins: the connection can do nothing else during it.
        while piece := list(islice(hashed, PIECE)):
            rows += len(piece)
            if rows > MOST_ROWS:
                raise jobs.Failed("too_many")
            with cursor.copy(_COPY) as copy:
                for line, values in piece:
                    if values is not None:
                        copy.write_row((line, *values))
            run.tell(rows=rows, bad=problems.count, bytes_done=reading.at)
    return rows


Hashed = tuple[bytes, str, str, bytes | None, bytes | None]


def _hashed(
    job: RegisterImport, reading: Iterable[Row], problems: jobs.Problems
) -> Iterator[tuple[int, Hashed | None]]:
    """Every row as hashes and attributes; None for one that cannot be used, which is noted."""
    reader = Reader(job.process, job.made_at)
    columns = job.columns
    for row in reading:
        try:
            yield row.line, _hash(job.process, reader, columns, row.cells)
        except Problem as problem:
            problems.add(row.line, problem.slug)
            yield row.line, None


def _hash(
    process: Process, reader: Reader, columns: dict[str, int | None], cells: list[str] | None
) -> Hashed:
    if cells is None:
        raise Problem("unreadable")

    def cell(meaning: str) -> str:
        column = columns.get(meaning)
        if column is None:
            return ""
        if column >= len(cells):
            raise Problem("few_columns")
        return cells[column].strip()

    number = cell("number")
    if not plain(number):
        raise Problem("no_number")
    if len(number) > 100:
        raise Problem("long_number")
    postal, name = cell("postal"), cell("name")
    residence = reader.residence(place=cell("place"), postal=postal)
    if columns.get("born") is None:
        return key_of(process, number), residence, "", None, None
    born = read_born(cell("born"))
    band = born.band(reader.on)
    return (
        key_of(process, number),
        residence,
        band,
        lookup_of(process, postal, born),
        lookup_name_of(process, postal, born, name),
    )


@transaction.atomic
def _merge(job: RegisterImport, rows: int, problems: jobs.Problems, cursor: Any) -> None:
    at = clock.now()
    Process.objects.select_for_update().get(pk=job.process_id)
    cursor.execute(_DOUBLES)
    doubles, kept = 0, problems.kept
    for (line,) in cursor:
        doubles += 1
        if len(kept) < jobs.MOST_PROBLEMS:
            kept.append((line, "duplicate"))
    cursor.execute(_COMPARE, [job.process_id])
    added, restored, changed, usable = cursor.fetchone()
    if restored:
        cursor.execute(_LET_GO, [job.process_id])
    cursor.execute(_MERGE, [job.process_id, job.pk])
    missing = missing_of(job)
    jobs.finish(
        job,
        at,
        rows=rows,
        bad=problems.count,
        duplicates=doubles,
        problems=sorted(kept),
        added=added,
        changed=changed,
        restored=restored,
        unchanged=usable - added - changed - restored,
        missing=missing.count(),
        missing_claimed=missing.filter(claimed_at__isnull=False).count(),
    )
    journal.record(
        "register.imported",
        by=job.made_by,
        on=job.process,
        process=job.process_id,
        at=at,
        data={"added": added, "changed": changed, "restored": restored},
    )


# --- afterwards ---


def missing_of(job: RegisterImport) -> Any:
    """Entries of earlier imports that this one did not have."""
    return (
        Eligibility.objects.standing()
        .filter(process=job.process_id, source=Eligibility.Source.REGISTER)
        .exclude(seen_in=job.pk)
    )


def is_latest(job: RegisterImport) -> bool:
    later = RegisterImport.objects.filter(
        process=job.process_id, state=RegisterImport.State.DONE, pk__gt=job.pk
    )
    return job.state == RegisterImport.State.DONE and not later.exists()


@transaction.atomic
def revoke_missing(*, job: RegisterImport, claimed_too: bool, by: Person, at: datetime) -> int:
    """Take the entries back that the newest file does not have any more; those in use only when told so."""
    require(roles.may_configure(by, job.process))
    job = RegisterImport.objects.select_for_update(of=("self",)).select_related("process").get(pk=job.pk)
    if not is_latest(job):
        raise Refused(No(_("Only the newest import can say who is missing.")))
    missing = missing_of(job)
    if not claimed_too:
        missing = missing.filter(claimed_at__isnull=True)
    count: int = missing.update(revoked_at=at)
    job.revoked += count
    job.save(update_fields=["revoked"])
    journal.record(
        "register.entries_revoked",
        by=by,
        on=job.process,
        process=job.process_id,
        at=at,
        data={"count": count},
    )
    return count


def size_of(process: Process) -> int:
    return Eligibility.objects.standing().filter(process=process, source=Eligibility.Source.REGISTER).count()
