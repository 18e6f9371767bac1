"""The journal keeps everything once, in order, for ever."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from cocreation.models import Office
from groundwork.journal import api as journal
from groundwork.journal.api import Reader, readers
from groundwork.journal.follow import follow_all
from groundwork.journal.models import Cursor, Entry, Seal
from groundwork.journal.sealer import seal, verify

AT = datetime(2027, 5, 3, 12, tzinfo=UTC)


@pytest.fixture
def thing(db):
    return Office.objects.create(slug="thing", name="Thing", short="TH")


def write(thing, n=1):
    for number in range(n):
        journal.record("process.changed", on=thing, at=AT, data={"n": number})


def test_an_undeclared_verb_is_refused_and_nothing_is_written(thing):
    with pytest.raises(KeyError):
        journal.record("office.exploded", on=thing, at=AT)
    assert Entry.objects.count() == 0


def test_sealing_numbers_without_gaps_and_verifies(thing):
    write(thing, 1203)
    assert seal() == 1203
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 1204))
    assert verify() is None
    assert seal() == 0


def test_the_database_refuses_to_change_or_delete_an_entry(thing):
    write(thing)
    seal()
    for statement in (
        "update journal_entry set verb = 'other'",
        "update journal_entry set seq = seq + 1",
        "delete from journal_entry",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Entry.objects.get().verb == "process.changed"


@pytest.mark.parametrize("tampering", [
    "update journal_entry set verb = 'process.published' where seq = 2",
    "update journal_entry set data = '{}' where seq = 3",
    "delete from journal_entry where seq = 3",
    "delete from journal_entry where seq = 5",
    "update journal_entry set at = at + interval '1 second' where seq = 4",
])  # fmt: skip
def test_tampering_behind_the_triggers_back_is_found(thing, tampering):
    write(thing, 5)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("alter table journal_entry disable trigger journal_append_only")
        cursor.execute(tampering)
    assert verify() is not None


def test_a_reader_gets_every_entry_once_and_a_failing_one_does_not_stop_the_others(thing):
    write(thing, 7)
    seen: list[int] = []

    def good(entries):
        seen.extend(entry.seq for entry in entries)

    def bad(entries):
        Office.objects.create(slug="left-behind", name="X", short="X")
        raise RuntimeError("broken reader")

    with (
        readers.temporarily("bad", Reader("bad", bad)),
        readers.temporarily("good", Reader("good", good)),
    ):
        follow_all()
        follow_all()
    assert seen == list(range(1, 8))
    assert not Office.objects.filter(slug="left-behind").exists()
    assert Cursor.objects.get(reader="good").seq == 7
    assert not Cursor.objects.filter(reader="bad", seq__gt=0).exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_neither_lost_nor_doubled_and_stalls_nobody():
    thing = Office.objects.create(slug="late", name="Late", short="LA")
    Seal.objects.all().delete()
    seal()
    started, finish = threading.Event(), threading.Event()

    def slow_writer():
        try:
            with transaction.atomic():
                journal.record("process.changed", on=thing, at=AT, data={"who": "slow"})
                started.set()
                finish.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    assert started.wait(10)
    journal.record("process.changed", on=thing, at=AT, data={"who": "quick"})
    assert seal() == 1, "the quick entry must not wait for the idle transaction"
    finish.set()
    thread.join()
    assert seal() == 1
    assert [e.data["who"] for e in Entry.objects.sealed()] == ["quick", "slow"]
    assert verify() is None


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_many_writers_and_two_sealers_lose_nothing():
    thing = Office.objects.create(slug="many", name="Many", short="MA")
    errors: list[BaseException] = []
    writing = threading.Event()

    def guarded(work):
        def run():
            try:
                work()
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        return run

    def writer():
        for number in range(60):
            try:
                with transaction.atomic():
                    journal.record("process.changed", on=thing, at=AT, data={"n": number})
                    if number % 7 == 3:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass

    def sealer():
        while not writing.is_set():
            seal()

    writers = [threading.Thread(target=guarded(writer)) for _ in range(6)]
    sealers = [threading.Thread(target=guarded(sealer)) for _ in range(2)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join()
    writing.set()
    for thread in sealers:
        thread.join()
    seal()
    assert not errors
    committed = Entry.objects.count()
    assert committed == 6 * (60 - 9)
    assert sorted(Entry.objects.values_list("seq", flat=True)) == list(range(1, committed + 1))
    assert verify() is None


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_eight_writers_and_readers_that_are_killed_skip_and_double_nothing():
    """Read by processes that die by kill -9 at random moments; longer runs, and a dump read back: `bench journal`."""
    from tests.groundwork.journal import crowded

    thing = Office.objects.create(slug="crowded", name="Crowded", short="CR")
    found = crowded.run(thing, writers=8, entries=25, seed=7)
    assert not found.errors and found.kills >= 3 and found.rolled_back > 0
    assert found.committed > 200
    assert (found.skipped, found.doubled, found.broken) == (0, 0, None)


@pytest.mark.django_db
def test_a_restored_database_goes_on_where_it_was(thing):
    write(thing, 3)
    seal()
    # As after dump and restore into a fresh cluster: another system, and transaction ids that start low again.
    Seal.objects.update(system_identifier=1, snapshot="900000:900000:")
    write(thing, 2)
    assert seal() == 2
    assert verify() is None


def burn_transaction_ids():
    """Other connections finish transactions, so that ours is no longer the newest of the server."""

    def run():
        with connection.cursor() as cursor:
            for _number in range(3):
                cursor.execute("select pg_current_xact_id()")
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_entries_written_after_a_sealing_in_the_same_transaction_are_sealed_later(thing):
    write(thing, 2)
    burn_transaction_ids()
    assert seal() == 2
    write(thing, 3)
    burn_transaction_ids()
    assert seal() == 3
    assert verify() is None
