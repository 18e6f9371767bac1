"""The register: read as programs export it, hashed at once, reported by line, never half imported."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from cocreation import tasks
from cocreation.checks import jobs, postal, register, tables
from cocreation.checks.attributes import Born, Problem, read_born
from cocreation.eligibility import claim
from cocreation.models import Eligibility, RegisterImport
from groundwork import private
from groundwork.answer import Refused
from tests.cocreation.checks.checking import HEAD, LINES, import_table, switch_on, table, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(world):
    return switch_on(world.collecting)


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.PRIVATE_DIR = str(tmp_path / "private")


def files() -> list[Path]:
    return list(private.folder().iterdir())


# --- tables as programs write them ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encoding_separator_and_german_headers_are_found_out(tmp_path, encoding, separator):
    file = tmp_path / "table.csv"
    lines = [HEAD, *["4712;Müßig-Größer;86150;01.02.1990"] * 20, ""]
    file.write_bytes("\n".join(lines).replace(";", separator).encode(encoding))
    layout = tables.detect(file)
    assert layout.separator == separator
    assert layout.guess(register.COLUMNS) == {"number": 0, "name": 1, "postal": 2, "born": 3, "place": None}
    with tables.Reading.of(file, layout) as reading:
        rows = list(reading)
    assert rows[0].cells == ["4712", "Müßig-Größer", "86150", "01.02.1990"]
    assert [row.line for row in rows] == list(range(2, 22))


def test_the_first_rows_are_shown_masked_and_a_table_without_a_header_has_none(tmp_path):
    file = tmp_path / "table.csv"
    file.write_bytes(table(*LINES[:1]))
    assert tables.detect(file).rows == [["0000", "Xxxxxx", "00000", "00.00.0000"]]
    file.write_bytes(table(*LINES, head="4710;Canary;86150;01.01.1980"))
    layout = tables.detect(file)
    assert not layout.header
    assert "Canary" not in str(layout.store()) and layout.names == [""] * 4


@pytest.mark.parametrize("data", [b"", b"\n\n", b"only one column\n1\n2\n", b"\x00\x01\x02\xff" * 90])
def test_what_is_no_table_is_refused_and_deleted(process, world, data):
    with pytest.raises(Refused, match=r"Tabelle|table"):
        upload(process, world.ada, data)
    assert not files() and not RegisterImport.objects.filter(process=process).exists()


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("17.5.1988", Born(1988, 5, 17)),
        ("17.05.1988", Born(1988, 5, 17)),
        ("1988-05-17", Born(1988, 5, 17)),
        ("1988-05-17T00:00:00", Born(1988, 5, 17)),
        ("17/05/1988", Born(1988, 5, 17)),
        ("19880517", Born(1988, 5, 17)),
        ("00.00.1950", Born(1950)),
    ],
)
def test_dates_of_birth_as_registers_write_them(text, born):
    assert read_born(text) == born


@pytest.mark.parametrize("text", ["31.02.1988", "88", "17.5.88", "May 1988", ""])
def test_what_is_no_date_is_a_problem(text):
    with pytest.raises(Problem):
        read_born(text)


def test_an_unknown_day_of_birth_gives_a_band_only_where_it_decides_nothing():
    today = timezone.localdate().replace(month=6, day=30)
    assert Born(today.year - 40).band(today) == "27-64"
    assert Born(today.year - 16).band(today) == ""


# --- the import ---


def test_an_import_makes_entries_with_attributes_and_nothing_else(process, world):
    job = import_table(process, world.ada, table(*LINES))
    assert (job.state, job.rows, job.added, job.bad, job.duplicates) == ("done", 6, 6, 0, 0)
    assert sorted(process.eligibilities.values_list("residence", "age_band", "source")) == sorted(
        [("lindach", "27-64", "register"), ("auental", "27-64", "register"), ("auental", "16-17", "register")]
        + [("auental", "16-17", "register")] + [("auental", "27-64", "register")] * 2
    )  # fmt: skip
    assert not files()
    assert job.layout == {}


def test_duplicates_and_bad_rows_are_reported_with_their_lines_and_without_their_values(
    process, world, sign_in
):
    job = import_table(
        process,
        world.ada,
        table(
            LINES[0],
            "4712;Petersen;86150;31.02.1990",
            ";Ohne;86150;01.01.1980",
            "4720;Weit;99999;01.01.1980",
            '4721;"Zwei\nZeilen";86150;01.01.1980',
            "4722;Kurz",
            "4711;Doppelt;86150;01.01.1999",
            "4723;Ungeboren;86150;01.01.2999",
            *[f"48{n:02};Gut;86150;02.02.1980" for n in range(20)],
        ),
    )
    assert (job.state, job.bad, job.duplicates, job.added) == ("done", 5, 1, 22)
    assert job.problems == [
        [3, "bad_date"], [4, "no_number"], [5, "unknown_postal"], [8, "few_columns"], [9, "duplicate"],
        [10, "impossible_date"],
    ]  # fmt: skip
    # The first of two lines counts.
    assert process.eligibilities.filter(residence="lindach").count() == 1
    report = sign_in(world.ada).get(f"/de/studio/{process.slug}/register/{job.pk}/report.csv")
    text = report.content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Zeile;") and "\r\n9;" in text
    assert "4712" not in text and "Kurz" not in text


def test_the_same_file_twice_changes_nothing(process, world):
    import_table(process, world.ada, table(*LINES))
    before = list(Eligibility.objects.order_by("pk").values("pk", "key", "residence", "age_band", "lookup"))
    job = import_table(process, world.ada, table(*LINES))
    assert (job.added, job.changed, job.unchanged, job.restored, job.missing) == (0, 0, 6, 0, 0)
    assert (
        list(Eligibility.objects.order_by("pk").values("pk", "key", "residence", "age_band", "lookup"))
        == before
    )


def test_a_second_import_adds_changes_and_takes_back_only_what_it_is_told_to(process, world):
    import_table(process, world.ada, table(*LINES))
    kramer: Any = postal.find(process, postal="86150", born=Born(1970, 4, 4), name="Kramer")
    claim(entry=kramer, person=world.jonas, by_way_of="register", at=timezone.now())
    moved = LINES[0].replace("86199", "86150")
    job = import_table(process, world.ada, table(moved, *LINES[1:3], "4799;Neu;86199;05.05.2000"))
    assert (job.added, job.changed, job.unchanged, job.missing, job.missing_claimed) == (1, 1, 2, 3, 1)
    assert process.eligibilities.standing().count() == 7, "nothing is taken back silently"
    assert register.revoke_missing(job=job, claimed_too=False, by=world.ada, at=timezone.now()) == 2
    assert Eligibility.objects.get(person=world.jonas).revoked_at is None
    # They are back in the register: the entries are valid again, claimed ones stay claimed.
    job = import_table(process, world.ada, table(*LINES))
    assert (job.restored, job.changed) == (2, 1)
    assert Eligibility.objects.standing().get(person=world.jonas).pk == kramer.pk


def test_only_the_newest_import_can_take_entries_back(process, world):
    first = import_table(process, world.ada, table(*LINES))
    import_table(process, world.ada, table(*LINES[:3]))
    with pytest.raises(Refused):
        register.revoke_missing(job=first, claimed_too=False, by=world.ada, at=timezone.now())


@pytest.mark.parametrize(
    ("lines", "failure"),
    [
        (["4711;A;00000;01.01.1980", "4712;B;00000;01.01.1980", LINES[2]], "mostly_bad"),
        (["4711;A;00000;01.01.1980"], "empty"),
    ],
)
def test_a_file_that_cannot_be_meant_changes_nothing(process, world, lines, failure):
    job = import_table(process, world.ada, table(*lines))
    assert (job.state, job.failure) == ("failed", failure)
    assert not process.eligibilities.exists() and not files()


def test_more_rows_than_allowed_change_nothing(process, world, monkeypatch):
    monkeypatch.setattr(register, "MOST_ROWS", 5)
    job = import_table(process, world.ada, table(*LINES))
    assert (job.state, job.failure) == ("failed", "too_many")
    assert not process.eligibilities.exists() and not files()


def test_a_cancelled_import_stops_and_changes_nothing(process, world, monkeypatch):
    job = upload(process, world.ada, table(*LINES))
    RegisterImport.objects.filter(pk=job.pk).update(
        state="queued", columns={"number": 0, "postal": 2}, beat_at=timezone.now()
    )
    merge = register._merge

    def cancelled_meanwhile(*about):
        jobs.cancel(job)
        merge(*about)

    monkeypatch.setattr(register, "_merge", cancelled_meanwhile)
    jobs.run(RegisterImport, job.pk, register.read)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not process.eligibilities.exists() and not files()


def test_a_dead_worker_is_replaced_three_times_then_the_import_has_failed_cleanly(
    process, world, monkeypatch
):
    job = upload(process, world.ada, table(*LINES))
    RegisterImport.objects.filter(pk=job.pk).update(state="queued", columns={"number": 0, "postal": 2}, beat_at=timezone.now())  # fmt: skip
    asked: list[int] = []
    monkeypatch.setattr(tasks.import_register, "delay", asked.append)

    class Killed(BaseException):
        pass

    def die(*_about):
        raise Killed

    monkeypatch.setattr(register, "_merge", die)
    for attempt in range(jobs.ATTEMPTS):
        with pytest.raises(Killed):
            jobs.run(RegisterImport, job.pk, register.read)
        assert files(), "the file stays for the next attempt"
        jobs.sweep(RegisterImport, tasks.import_register, timezone.now())
        assert len(asked) == attempt, "a job that spoke a moment ago is not taken away"
        later = timezone.now() + jobs.SILENT + timedelta(seconds=1)
        jobs.sweep(RegisterImport, tasks.import_register, later)
        RegisterImport.objects.filter(pk=job.pk).update(beat_at=timezone.now() - jobs.SILENT * 2)
    job.refresh_from_db()
    assert (job.state, job.failure, len(asked)) == ("failed", "broken_off", jobs.ATTEMPTS - 1)
    assert not process.eligibilities.exists() and not files()


def test_uploads_nobody_came_back_for_are_forgotten(process, world):
    job = upload(process, world.ada, table(*LINES))
    jobs.sweep(RegisterImport, tasks.import_register, timezone.now() + timedelta(hours=25))
    job.refresh_from_db()
    assert job.state == "cancelled" and not files()


# --- what is left afterwards ---


def test_nothing_of_the_rows_is_in_the_database_or_on_the_disk_afterwards(process, world):
    """Every table as text, grepped for what stood in the file; and the folder of private files is empty."""
    data = table(
        *LINES, "7700123499;Kanarienvogel;86150;31.12.1931", "7700123499;Kanarienvogel;86150;31.12.1931",
        "7700123498;Kanarienvogel;00000;31.12.1931",
    )  # fmt: skip
    job = import_table(process, world.ada, data)
    assert (job.added, job.duplicates, job.bad) == (7, 1, 1)
    assert not files()
    dump = io.BytesIO()
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            with cursor.copy(f'copy "{name}" to stdout') as copy:
                for piece in copy:
                    dump.write(piece)
    text = dump.getvalue().decode()
    assert job.token in text, "the dump has what the database has"
    for canary in ("7700123499", "7700123498", "Kanarienvogel", "kanarienvogel", "31.12.1931", "1931-12-31"):
        assert canary not in text and canary.encode().hex() not in text
