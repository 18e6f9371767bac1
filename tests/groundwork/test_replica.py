"""Who reads from a copy of the database, and when it is new enough."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection, router, transaction
from django.http import HttpResponse

from accounts.models import Person
from groundwork import replica
from groundwork.living_connections import drop_dead_connections
from groundwork.shared_pages import marks


@pytest.fixture
def copy(settings: Any, monkeypatch: Any) -> replica.Copy:
    """A copy that is the test's own database under another name, as far as `position` says."""
    settings.DATABASE_ROUTERS = ["groundwork.replica.Router"]
    monkeypatch.setattr(replica, "ALIAS", "default")
    monkeypatch.setattr(replica, "exists", lambda: True)
    made = replica.Copy()
    monkeypatch.setattr(replica, "copy", made)
    monkeypatch.setattr(replica.Copy, "_ask", lambda self: None)
    made.position = 1000
    return made


class Asked:
    """A view that notes whether it was told to read from the copy."""

    def __init__(self, *fails: BaseException) -> None:
        self.fails, self.saw = list(fails), []  # type: ignore[var-annotated]

    def __call__(self, request: Any) -> HttpResponse:
        self.saw.append(replica._reading.get())
        if self.fails:
            raise self.fails.pop()
        return HttpResponse("page")


def test_a_page_is_read_from_the_copy_that_has_got_as_far_as_its_marks(copy: replica.Copy) -> None:
    view = Asked()
    replica.read_by(view, None, ["900:abc", ":def", ""])
    replica.read_by(view, None, ["1001:abc"])
    assert view.saw == [True, False]


def test_what_nothing_is_known_of_is_read_from_the_database_itself(copy: replica.Copy) -> None:
    view = Asked()
    replica.read_by(view, None, None)
    assert view.saw == [False]


def test_a_copy_that_fails_on_the_way_is_not_noticed_and_rests(copy: replica.Copy) -> None:
    view = Asked(OperationalError("gone"))
    assert replica.read_by(view, None, []).content == b"page"
    assert view.saw == [True, False]
    replica.read_by(view, None, [])
    assert view.saw == [True, False, False]


def test_while_the_database_is_away_visitors_read_from_a_copy_that_is_cut_off_but_new_enough(
    copy: replica.Copy, monkeypatch: Any
) -> None:
    copy.rests_until, copy.replayed = replica.monotonic() + 60, 1000
    view = Asked(OperationalError("the database is away"))
    assert replica.read_by(view, None, ["900:abc"]).content == b"page"
    assert view.saw == [False, True]
    # For a moment nobody asks the database again.
    replica.read_by(view, None, ["900:abc"])
    assert view.saw == [False, True, True]
    copy.stands_in_until = 0.0
    replica.read_by(view, None, ["900:abc"])
    assert view.saw == [False, True, True, False]


def test_a_copy_that_is_too_old_does_not_stand_in_for_a_database_that_is_away(copy: replica.Copy) -> None:
    copy.rests_until, copy.replayed = replica.monotonic() + 60, 1000
    view = Asked(OperationalError("the database is away"))
    with pytest.raises(OperationalError):
        replica.read_by(view, None, ["1001:abc"])
    assert view.saw == [False]


def test_an_error_that_django_made_a_page_of_is_noticed_and_no_other_one_is(copy: replica.Copy) -> None:
    from django.core.handlers.exception import convert_exception_to_response
    from django.test import RequestFactory

    copy.rests_until, copy.replayed = replica.monotonic() + 60, 1000
    view = Asked(InterfaceError("connection already closed"))
    request = RequestFactory().get("/de/", HTTP_HOST="localhost")
    answer = replica.read_by(convert_exception_to_response(view), request, [])
    assert (answer.status_code, view.saw) == (200, [False, True])
    copy.stands_in_until = 0.0
    view = Asked(LookupError("a mistake of ours"))
    answer = replica.read_by(convert_exception_to_response(view), request, [])
    assert (answer.status_code, view.saw) == (500, [False])


def test_a_copy_that_cannot_be_asked_is_left_alone(copy: replica.Copy, monkeypatch: Any) -> None:
    def away(self: replica.Copy) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(replica.Copy, "_ask", away)
    assert not copy.has_replayed(0) and copy.rests_until > 0


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_and_after_a_write_everything_belongs_to_the_database_itself(
    copy: replica.Copy, monkeypatch: Any
) -> None:
    monkeypatch.setattr(replica, "ALIAS", "elsewhere")
    choose = replica.Router()
    assert choose.db_for_read(Person) == "default"
    token = replica._reading.set(True)
    try:
        assert choose.db_for_read(Person) == "elsewhere"
        with transaction.atomic():
            assert choose.db_for_read(Person) == "default"
        assert choose.db_for_write(Person) == "default"
        assert choose.db_for_read(Person) == "default"
    finally:
        replica._reading.reset(token)
    assert not choose.allow_migrate("elsewhere", "accounts") and choose.allow_migrate("default", "accounts")


@pytest.mark.django_db
def test_marks_carry_the_position_of_the_change(monkeypatch: Any) -> None:
    assert replica.written_to() == ""  # no copy: nothing to compare, no query
    monkeypatch.setattr(replica, "exists", lambda: True)
    before = int(replica.written_to())
    with connection.cursor() as cursor:
        cursor.execute("create temp table t as select 1")
        cursor.execute("select pg_logical_emit_message(false, 'test', 'moved on')")
    marks.replace([(None, True)])
    after = replica.position_of(marks.read(marks.names_for(None)).values())
    assert after > before > 0
    assert replica.position_of(["7:x", ":y", "3:z", ""]) == 7


@pytest.mark.django_db
def test_a_visitors_write_is_noted_for_their_next_page(rf: Any, monkeypatch: Any) -> None:
    from groundwork.shared_pages.middleware import shared_pages

    monkeypatch.setattr(replica, "exists", lambda: True)
    door = shared_pages(lambda request: HttpResponse("done"))
    door(rf.post("/de/", HTTP_COOKIE="session=abc"))
    assert marks.cache().get(marks.VISITORS) is None  # people with a session read from the database anyway
    door(rf.post("/de/"))
    assert replica.position_of([marks.cache().get(marks.VISITORS)]) > 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_the_server_closed_is_dropped_before_a_request_needs_it() -> None:
    connection.ensure_connection()
    drop_dead_connections()
    assert connection.connection is not None  # a living one stays
    backend = connection.connection.info.backend_pid
    with connection.copy().cursor() as other:
        other.execute("select pg_terminate_backend(%s, 2000)", [backend])
        other.connection.close()
    drop_dead_connections()
    assert connection.connection is None
    assert Person.objects.count() == 0 and router.db_for_read(Person) == "default"
