"""Log lines say what the code did and never what people wrote."""

from __future__ import annotations

import json
import logging
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import IntegrityError, connection, transaction

from groundwork.watch import context, logs, queries

NAME = "Zerlinde Canaria"
MAIL = "zerlinde.canaria@example.org"


def line(name: str, message: str, *args: object, error: BaseException | None = None, **extra: object) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.getLogger(name).makeRecord(
        name, logging.ERROR, __file__, 1, message, args, info, None, extra
    )
    return logs.Quiet().format(record)


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


@pytest.mark.parametrize(
    ("name", "message", "args"),
    [
        ("quartier.notices", "notices.wake_failed %s", (SMTPRecipientsRefused({MAIL: (550, b"no")}),)),
        ("quartier.notices", "notices.refused person=%s", (NAME,)),
        ("quartier.notices", "notices.refused person=%(who)s", ({"who": MAIL},)),
        ("django.request", "Internal Server Error: %s", (f"/de/people/{NAME}/",)),
        ("django.security.DisallowedHost", f"Invalid HTTP_HOST header: '{NAME}'.", ()),
        ("somebody.else", f"could not reach {MAIL} at /home/{NAME.replace(' ', '')}/x", ()),
        ("somebody.else", "hello %s", ("zerlinde.canaria",)),
        ("celery.app.trace", "Task %(name)s[%(id)s] raised: %(exc)s", ({"name": "a.b", "id": "c.d", "exc": f"E('{NAME}')"},)),
    ],
)  # fmt: skip
def test_words_from_outside_do_not_enter_a_line(name, message, args):
    text = line(name, message, *args)
    for word in ("Zerlinde", "zerlinde", "Canaria", "canaria", "example.org"):
        assert word not in text
    assert json.loads(text)["logger"] == name


def test_what_operators_need_stays():
    facts = json.loads(line("quartier.notices", "notices.refused notice=%s code=%s", 4711, 550))
    assert facts["event"] == "notices.refused notice=4711 code=550"
    task = {"name": "notices.send", "id": "0b6d2f4e-1f6c-4c1e-9f5e-0d3f3a6b7c8d", "runtime": 1.25}
    told = json.loads(line("celery.app.trace", "Task %(name)s[%(id)s] took %(runtime)ss", task))["event"]
    assert told == f"Task notices.send[{task['id']}] took 1.25s"


def test_an_error_is_told_by_its_kind_and_its_places():
    try:
        try:
            raise KeyError(NAME)
        except KeyError as inner:
            raise ValueError(MAIL) from inner
    except ValueError as error:
        text = line("quartier.x", "it.failed", error=error)
    facts = json.loads(text)["error"]
    assert [each["kind"] for each in facts] == ["ValueError", "KeyError"]
    assert "watch/test_logs.py:" in facts[0]["frames"][-1]
    assert "Zerlinde" not in text and "zerlinde" not in text


@pytest.mark.django_db
def test_a_refused_row_is_told_by_its_constraint_alone(world):
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into jobs_run (task, failure, failures) values (%s, '', 0)", [NAME])
    assert NAME in str(caught.value)  # PostgreSQL quotes the row
    assert logs.kind(caught.value) == "IntegrityError(23502)"
    assert NAME not in line("quartier.x", "it.failed", error=caught.value)


def test_the_route_and_the_number_of_the_request_stand_in_every_line():
    context.bind(request_id="ab" * 8, route="proposals:propose")
    try:
        facts = json.loads(line("quartier.x", "it.happened"))
    finally:
        context.clear()
    assert (facts["request_id"], facts["route"]) == ("ab" * 8, "proposals:propose")


@pytest.mark.parametrize("claimed", [NAME, "1234", "x" * 32, '"}\n{"event": "forged"'])
def test_a_header_is_no_way_into_the_log(claimed):
    assert claimed not in context.request_id(claimed)


def test_a_proxys_number_is_taken_over():
    assert context.request_id("0B6D2F4E-1F6C-4C1E-9F5E-0D3F3A6B7C8D") == "0b6d2f4e1f6c4c1e9f5e0d3f3a6b7c8d"


@pytest.mark.django_db
def test_a_slow_query_is_logged_without_its_values(settings, caplog):
    settings.SLOW_QUERY_MS = 20
    with caplog.at_level(logging.WARNING, "quartier.queries"), connection.cursor() as cursor:
        queries.watch(connection)
        cursor.execute("select pg_sleep(0.03), %s::text, 'Zerlinde', 4711", [MAIL])
        assert cursor.fetchone()[1] == MAIL
    (record,) = caplog.records
    assert record.sql == "select pg_sleep(0), %s::text, '…', 0"
    text = logs.Quiet().format(record)
    assert "pg_sleep" in text and "Zerlinde" not in text and "zerlinde" not in text


@pytest.mark.django_db
def test_in_an_unobserved_view_not_even_a_slow_query_is_noted(settings, caplog):
    settings.SLOW_QUERY_MS = 0
    context.bind(quiet=True)
    try:
        with caplog.at_level(logging.WARNING, "quartier.queries"), connection.cursor() as cursor:
            queries.watch(connection)
            cursor.execute("select 1")
    finally:
        context.clear()
    assert caplog.records == []
