"""Canaries: a marked name, address and text go through the whole product and stand in no line of any log (REQ-41).

Things go wrong on the way on purpose: errors are what quotes people. A formatter as Django brings it would have told, which
the same lines prove.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Person
from cocreation.models import Contribution
from feedback.notices import fanout, sending
from groundwork import clock
from groundwork.journal.follow import follow_all
from groundwork.watch.logs import Quiet
from proposals.models import Proposal
from quartier.celery import app

pytestmark = pytest.mark.django_db

HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}
MARKS = ("Kanarina", "kanarina", "Zwitscherweg", "zwitscherweg")
MAIL = "kanarina.zwitscherweg@example.org"
NAME = "Kanarina Zwitscherweg"
TEXT = "Im Zwitscherweg fehlt Schatten, sagt Kanarina."


@pytest.fixture
def log() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """Everything any logger says, down to debug: once as production writes it, once as Python would."""
    app.loader.import_default_modules()  # the first time it sets up logging anew
    ours, plain = io.StringIO(), io.StringIO()
    root, request = logging.getLogger(), logging.getLogger("django.request")
    handlers = [logging.StreamHandler(ours), logging.StreamHandler(plain)]
    handlers[0].setFormatter(Quiet())
    before = root.level, request.level
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    request.setLevel(logging.DEBUG)
    yield ours, plain
    for handler in handlers:
        root.removeHandler(handler)
    root.setLevel(before[0])
    request.setLevel(before[1])


def sign_up(client: Client) -> Person:
    form = {"email": MAIL, "password1": "kanarina-singt-27", "public_name": NAME, "old_enough": "on"}
    client.post("/de/identify/signup/", form, **HERE)
    found = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)\s*$", str(mail.outbox[-1].body), re.M)
    assert found
    client.post("/de/identify/confirm-email/", {"code": found[1]}, **HERE)
    return Person.objects.get(email=MAIL)


def propose(client: Client, world: Any) -> Proposal:
    form = {"title": TEXT[:60], "summary": TEXT, "body": TEXT, "theme": "green", "place": str(world.village.pk), "language": "de", "location": "Zwitscherweg 3"}  # fmt: skip
    client.post("/de/processes/collecting/propose/", form, **HERE)
    return Proposal.objects.get(title=TEXT[:60])


def test_no_mark_of_a_person_stands_in_any_log_line(
    world, log, monkeypatch, sign_in, django_capture_on_commit_callbacks
):
    ours, plain = log
    client = Client(raise_request_exception=False)
    with django_capture_on_commit_callbacks(execute=True):
        person = sign_up(client)
        proposal = propose(client, world)
        client.post(
            f"/de/contributions/{world.fountain.receipt}/comments/", {"text": TEXT, "language": "de"}, **HERE
        )
        client.get("/de/search/", {"q": NAME})
        client.get(f"/de/nirgends/{MAIL}/")
        client.post("/de/identify/login/", {"login": MAIL, "password": "kanarina-irrt"}, **HERE)
    assert Contribution.objects.filter(author=person).count() == 2

    # A vote, cast and refused.
    voter = sign_in(world.amina)
    Person.objects.filter(pk=world.amina.pk).update(public_name=NAME, email=f"amina.{MAIL}")
    voter.post("/de/processes/voting/ballot/", {"choice": ["1"], "note": TEXT}, **HERE)

    # A page that breaks, on words of theirs; a rule of the database that quotes them.
    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError(f"{NAME} <{MAIL}> wrote: {TEXT}")

    with monkeypatch.context() as patch:
        patch.setattr("quartier.views.search_processes", broken)
        assert client.get("/de/search/", {"q": NAME}).status_code == 500

    # Mails: one that leaves, one the server refuses and quotes, one that breaks.
    follow_all()
    fanout.spread(clock.now())
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", _refuse)
        sending.send_due(clock.now())
    with monkeypatch.context() as patch:
        patch.setattr("feedback.notices.sending._hand_over", broken)
        sending.send_due(clock.now())
    sending.send_due(clock.now())

    # A task that breaks on what it was given.
    @app.task(name="tests.canary")
    def canary(words: str) -> None:
        raise ValueError(words)

    canary.apply(args=[TEXT])
    app.tasks.pop("tests.canary", None)
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] raised unexpected: %(exc)s",
        {"name": "tests.canary", "id": "1", "exc": repr(TEXT)},
    )

    lines = ours.getvalue().splitlines()
    assert len(lines) > 10 and any("page.failed" in line for line in lines)
    assert [line for line in lines if any(mark in line for mark in MARKS)] == []
    # The same lines, as they would have been: the test can fail.
    assert any(mark in plain.getvalue() for mark in MARKS)
    assert proposal.receipt


def _refuse(self: object, messages: list[Any]) -> None:
    raise SMTPRecipientsRefused({messages[0].to[0]: (450, f"later, {MAIL}".encode())})
