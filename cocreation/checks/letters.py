"""Codes by letter: made and printed in the background, redeemed on the page of the process, revoked one by one or together.

A code exists on paper and nowhere else: the database has its keyed hash, the letters are a private file that can be fetched
once and is deleted then, or after a day. Addresses pass from the uploaded list into the letters and are gone with both.
"""

from __future__ import annotations

import hmac
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from cocreation import roles
from cocreation.checks import codes, jobs, paper
from cocreation.checks.base import NOT_OFFERED, OVER, is_active
from cocreation.checks.register import take_over
from cocreation.checks.tables import Layout, Reading
from cocreation.models import Eligibility, LetterBatch, LetterCode, Process
from cocreation.peppers import PepperGone, key_of, keyed, plain
from groundwork import clock, private
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

MOST_BLANK, MOST_LETTERS = 5_000, 20_000
IN_ONE_FILE = 1_000
PIECE = 500
COLUMNS = ("number", "first", "name", "street", "postal", "city")

NO_CODE = No(
    _("This is not a code of ours: a character is missing or wrong."),
    _("A code has twelve characters. There is no zero, no one and no letter O, I or L in it."),
)
UNKNOWN_CODE = No(
    _("This code is not valid here, or not any more."),
    _("Check that it belongs to this process. If it does, the citizens' office can help."),
)

FETCHED = No(
    _("These letters were fetched already, or their day is over. Nobody can print them again."),
    _("Revoke the batch and make a new one."),
)


# --- redeeming ---


def identify(process: Process, typed: str, *, at: datetime) -> LetterCode | No:
    """The code, whose `entry` is the one of whoever holds the letter."""
    code = codes.read(typed)
    if code is None:
        return NO_CODE
    if not is_offered(process):
        return NOT_OFFERED
    try:
        key = _key(process, code)
    except PepperGone:
        return OVER
    found = LetterCode.objects.valid().select_related("entry").filter(key=key).first()
    if found is None or not hmac.compare_digest(bytes(found.key), key):
        return UNKNOWN_CODE
    return found


def is_offered(process: Process) -> bool:
    """Letters, or slips from the desk."""
    return is_active(process, "letters") or is_active(process, "desk")


def _key(process: Process, code: str) -> bytes:
    return keyed(process, "code", code)


# --- making ---


@transaction.atomic
def invite(
    *, process: Process, count: int, place: str, age_band: str, language: str, by: Person, at: datetime
) -> LetterBatch:
    """Blank invitations for a place or for anybody: so many codes, each an entry of its own."""
    from cocreation.tasks import make_letters

    require(roles.may_configure(by, process))
    if not 0 < count <= MOST_BLANK:
        raise Refused(No(_("Between 1 and 5,000 invitations can be made at once.")))
    batch = LetterBatch.objects.create(
        process=process, kind=LetterBatch.Kind.BLANK, wanted=count, place=place, age_band=age_band,
        language=language, made_by=by, made_at=at, state=LetterBatch.State.QUEUED, beat_at=at,
    )  # fmt: skip
    transaction.on_commit(lambda: make_letters.delay(batch.pk))
    return batch


def upload(
    *, process: Process, token: str, place: str, language: str, by: Person, at: datetime
) -> LetterBatch:
    """A list of people to write to. `place`: where somebody lives whom the register does not know; "" leaves them out."""
    batch = LetterBatch(
        process=process,
        kind=LetterBatch.Kind.MAILING,
        place=place,
        language=language,
        made_by=by,
        made_at=at,
        token=token,
    )
    take_over(batch, by)
    return batch


@transaction.atomic
def start(*, batch: LetterBatch, columns: dict[str, int | None], by: Person) -> None:
    from cocreation.tasks import make_letters

    require(roles.may_configure(by, batch.process))
    jobs.enqueue(batch, columns, make_letters)


# --- the job ---


@dataclass(frozen=True, slots=True)
class Letter:
    """What is printed on one letter; in memory and on paper only."""

    serial: str
    code: str
    address: list[str]


def make(batch: LetterBatch, run: jobs.Run) -> None:
    """The work of the job: entries and codes in one transaction, the letters as one file."""
    name = f"{batch.token}-letters.zip"
    problems = jobs.Problems()
    try:
        with transaction.atomic():
            letters = (
                _blank(batch) if batch.kind == LetterBatch.Kind.BLANK else _mailing(batch, run, problems)
            )
            made = _print(batch, run, letters, name)
            if not made:
                raise jobs.Failed("empty")
            if batch.kind == LetterBatch.Kind.MAILING and problems.count > made:
                raise jobs.Failed("mostly_bad")
            jobs.finish(
                batch, clock.now(), rows=made + problems.count, made=made, file=name, bad=problems.count,
                problems=sorted(problems.kept),
            )  # fmt: skip
            journal.record(
                "letters.made", by=batch.made_by, on=batch.process, process=batch.process_id, at=clock.now(),
                data={"count": made},
            )  # fmt: skip
    except PepperGone:
        private.delete(name)
        raise jobs.Failed("over") from None
    except BaseException:
        private.delete(name)
        raise


def _print(batch: LetterBatch, run: jobs.Run, letters: Iterator[Letter], name: str) -> int:
    """A thousand letters a PDF, all of them in one archive. Returns how many there are."""
    made = part = 0
    with private.create(name) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        while some := list(islice(letters, IN_ONE_FILE)):
            part += 1
            made += len(some)
            archive.writestr(f"letters-{batch.pk}-{part:02}.pdf", paper.letters(batch, some))
            run.tell(now=True, made=made)
    return made


def _blank(batch: LetterBatch) -> Iterator[Letter]:
    for first in range(0, batch.wanted, PIECE):
        count = min(PIECE, batch.wanted - first)
        entries = [
            Eligibility(
                process=batch.process,
                key=key_of(batch.process, f"invitation {secrets.token_hex(16)}"),
                residence=batch.place,
                age_band=batch.age_band,
                source=Eligibility.Source.INVITATION,
                invited=True,
            )
            for _number in range(count)
        ]
        yield from _coded(batch, Eligibility.objects.bulk_create(entries), first, [[]] * count)


def _mailing(batch: LetterBatch, run: jobs.Run, problems: jobs.Problems) -> Iterator[Letter]:
    """Rows to letters; who stands twice in the list gets one."""
    seen: set[bytes] = set()
    serial = rows = 0
    with Reading.of(private.path_of(batch.token), Layout.read(batch.layout)) as reading:
        found = iter(reading)
        while some := list(islice(found, PIECE)):
            rows += len(some)
            if rows > MOST_LETTERS:
                raise jobs.Failed("too_many")
            addresses: dict[bytes, list[str]] = {}
            lines: dict[bytes, int] = {}
            for row in some:
                number, address = _address(batch.columns, row.cells)
                if row.cells is None or not plain(number) or len(address) < 2:
                    slug = (
                        "unreadable"
                        if row.cells is None
                        else "no_number"
                        if not plain(number)
                        else "no_address"
                    )
                    problems.add(row.line, slug)
                    continue
                key = key_of(batch.process, number)
                if key in seen:
                    problems.add(row.line, "duplicate")
                    continue
                seen.add(key)
                addresses[key], lines[key] = address, row.line
            entries = _entries(batch, addresses.keys())
            for key in addresses.keys() - entries.keys():
                problems.add(lines[key], "not_in_register")
            known = [key for key in addresses if key in entries]
            yield from _coded(
                batch, [entries[key] for key in known], serial, [addresses[key] for key in known]
            )
            serial += len(known)
            run.tell(rows=rows, bytes_done=reading.at)


def _address(columns: dict[str, int | None], cells: list[str] | None) -> tuple[str, list[str]]:
    def cell(meaning: str) -> str:
        column = columns.get(meaning)
        return cells[column].strip() if cells and column is not None and column < len(cells) else ""

    lines = [f"{cell('first')} {cell('name')}", cell("street"), f"{cell('postal')} {cell('city')}"]
    return cell("number"), [line.strip()[:80] for line in lines if line.strip()]


def _entries(batch: LetterBatch, keys: Iterable[bytes]) -> dict[bytes, Eligibility]:
    """The entries of these keys; new ones where the batch says where people live whom the register does not know."""
    wanted = list(keys)
    of_process = Eligibility.objects.filter(process=batch.process)
    found = {bytes(entry.key): entry for entry in of_process.filter(key__in=wanted)}
    if batch.place:
        new = [
            Eligibility(
                process=batch.process, key=key, residence=batch.place, source=Eligibility.Source.LETTER
            )
            for key in sorted(set(wanted) - found.keys())
        ]
        found |= {bytes(entry.key): entry for entry in Eligibility.objects.bulk_create(new)}
    return {key: entry for key, entry in found.items() if entry.revoked_at is None}


def _coded(
    batch: LetterBatch, entries: list[Eligibility], after: int, addresses: list[list[str]]
) -> Iterator[Letter]:
    made = []
    letters = []
    for number, (entry, address) in enumerate(zip(entries, addresses, strict=True), start=after + 1):
        code = codes.make()
        made.append(LetterCode(batch=batch, serial=number, entry=entry, key=_key(batch.process, code)))
        letters.append(Letter(f"{batch.pk}-{number}", codes.shown(code), address))
    LetterCode.objects.bulk_create(made)
    yield from letters


@transaction.atomic
def slip(*, entry: Eligibility, by: Person, at: datetime) -> tuple[str, str]:
    """A code for somebody at the desk: (code, serial). It is shown once; earlier slips of the same entry end."""
    if not roles.roles_of(by).may_verify:
        raise Refused(No(_("Only the citizens' office may give out codes.")))
    batch, _new = LetterBatch.objects.select_for_update().get_or_create(
        process_id=entry.process_id,
        kind=LetterBatch.Kind.SLIPS,
        defaults={"made_at": at, "state": LetterBatch.State.DONE, "finished_at": at},
    )
    LetterCode.objects.filter(
        batch=batch, entry=entry, redeemed_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=at)
    batch.made += 1
    batch.save(update_fields=["made"])
    code = codes.make()
    LetterCode.objects.create(batch=batch, serial=batch.made, entry=entry, key=_key(entry.process, code))
    return codes.shown(code), f"{batch.pk}-{batch.made}"


# --- printing and revoking ---


@transaction.atomic
def fetch(*, batch: LetterBatch, by: Person, at: datetime) -> str:
    """The name of the file, which whoever called reads and deletes: it is given out once."""
    require(roles.may_configure(by, batch.process))
    batch = LetterBatch.objects.select_for_update().get(pk=batch.pk)
    until = batch.kept_until()
    if until is None or until <= at:
        raise Refused(FETCHED)
    name, batch.file, batch.fetched_at = batch.file, "", at
    batch.save(update_fields=["file", "fetched_at"])
    journal.record("letters.fetched", by=by, on=batch.process, process=batch.process_id, at=at)
    return name


@transaction.atomic
def revoke(*, batch: LetterBatch, serial: int | None = None, by: Person, at: datetime) -> int:
    """Codes that were not used stop being valid: one by its number, or all of the batch. Whoever used theirs keeps the
    entry; unused invitations are taken back with their entry."""
    require(roles.may_configure(by, batch.process))
    batch = LetterBatch.objects.select_for_update(of=("self",)).select_related("process").get(pk=batch.pk)
    unused = batch.codes.filter(redeemed_at__isnull=True, revoked_at__isnull=True)
    if serial is not None:
        unused = unused.filter(serial=serial)
        if not unused.exists():
            raise Refused(
                No(
                    _("There is no unused code of this number in this batch."),
                    _("The number stands below the code."),
                )
            )
    ids = list(unused.values_list("entry_id", flat=True))
    count = unused.update(revoked_at=at)
    Eligibility.objects.standing().filter(
        pk__in=ids, source=Eligibility.Source.INVITATION, claimed_at__isnull=True
    ).update(revoked_at=at)
    if serial is None:
        private.delete(batch.file)
        batch.file, batch.revoked_at = "", at
        batch.save(update_fields=["file", "revoked_at"])
    journal.record(
        "letters.revoked", by=by, on=batch.process, process=batch.process_id, at=at, data={"count": count}
    )
    return count


def forget_files(at: datetime) -> None:
    """Letters nobody fetched within a day."""
    for batch in LetterBatch.objects.exclude(file="").select_related("process"):
        until = batch.kept_until()
        if until is not None and until <= at:
            private.delete(batch.file)
            LetterBatch.objects.filter(pk=batch.pk).update(file="")


# --- counts ---


@dataclass(frozen=True, slots=True)
class Counts:
    made: int
    redeemed: int
    revoked: int

    @property
    def open(self) -> int:
        return self.made - self.redeemed - self.revoked


def counts_of(process: Process) -> dict[int, Counts]:
    """By batch. One query."""
    rows: Any = (
        LetterCode.objects.filter(batch__process=process)
        .values("batch")
        .annotate(
            made=Count("pk"),
            redeemed=Count("pk", filter=Q(redeemed_at__isnull=False)),
            revoked=Count("pk", filter=Q(revoked_at__isnull=False, redeemed_at__isnull=True)),
        )
    )
    return {row["batch"]: Counts(row["made"], row["redeemed"], row["revoked"]) for row in rows}
