"""What is kept no longer than promised: a rule for every time in the data map, each to the second, and no name (REQ-29)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from accounts.privacy import requests
from accounts.privacy.models import Export, Request
from accounts.tokens.models import Token
from cocreation.models import Group, GroupMembership, PendingAct, RoleGrant
from feedback.notices.models import Mail, Notice
from groundwork.datamap import register
from groundwork.jobs import retention
from groundwork.jobs.models import Removal
from groundwork.jobs.tasks import keep_no_longer
from groundwork.webapi.models import KeptAnswer
from quartier.builders import make_person

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)

TIMED = re.compile(r"\b(\d+|one|two|three|seven|thirty|ninety)\b[^.;]*\b(hour|day|month|year)s?\b")
# Kept in time by something that does more than remove, each with its own test.
ELSEWHERE = {
    "privacy.Erasure": "emptied by the job that proves that somebody is forgotten (test_forgetting.py)",
}


def test_every_time_in_the_data_map_has_a_rule_that_keeps_it() -> None:
    covered = {each for rule in retention.rules for each in rule.covers} | ELSEWHERE.keys()
    missing = [
        f"{model}.{name}: {note.retention}"
        for model, notes in register().items()
        for name, note in notes.items()
        if TIMED.search(note.retention) and not {model, f"{model}.{name}"} & covered
    ]
    assert missing == []


def test_what_a_rule_covers_is_there() -> None:
    known = register()
    for rule in retention.rules:
        for each in rule.covers:
            model, _dot, name = each.rpartition(".")
            assert each in known or name in known.get(model, {}), each


def _notice(person, at) -> Any:
    return Notice.objects.create(
        person=person, entry_id=int(at.timestamp()), verb="phase.opened", kind="followed", created_at=at,
        rhythm="none", subject_label="x", subject_key="1",
    )  # fmt: skip


def _group(person, at) -> Any:
    group = Group.objects.create(slug=f"g{at:%f%S%d}", name_de="G", name_en="G")
    return GroupMembership.objects.create(group=group, person=person, since=at - DAY, ended_at=at)


def _confirmation(person, at) -> Any:
    address = EmailAddress.objects.create(user=person, email=f"{at.timestamp()}@example.org")
    return EmailConfirmation.objects.create(email_address=address, created=at, key=str(at.timestamp()))


def _request(person, at) -> Any:
    return Request.objects.create(
        person=person, kind="access", words="w", language="de", asked_at=at - DAY, due_at=at, answered_at=at,
        outcome="granted", answer="a",
    )  # fmt: skip


# How to make a row whose time began at a moment, and how long it is kept from there.
MAKE: dict[str, tuple[Any, Any]] = {
    "messages": (_notice, timedelta(days=730)),
    "mails": (
        lambda person, at: Mail.objects.create(person=person, identity=f"<{at:%s}>", rhythm="weekly", sent_at=at, number=1),
        timedelta(days=90) + SECOND,
    ),
    "roles": (
        lambda person, at: RoleGrant.objects.create(person=person, role="admin", starts=at - DAY, ended_at=at),
        timedelta(days=730),
    ),
    "memberships": (_group, timedelta(days=730)),
    "copies": (
        lambda person, at: Export.objects.create(person=person, asked_at=at, over_at=at),
        timedelta(days=30),
    ),
    "requests": (_request, None),
    "tokens": (
        lambda person, at: Token.objects.create(
            person=person, name="t", digest=f"{at.timestamp():064.0f}", begins="q", scopes=["read"], made_at=at - DAY, ends=at
        ),
        timedelta(days=90) + SECOND,
    ),
    "api_answers": (
        lambda person, at: KeptAnswer.objects.create(
            person=person, key=str(at.timestamp()), digest="d", status=201, body="{}", at=at
        ),
        DAY,
    ),
    "sessions": (
        lambda person, at: Session.objects.create(
            session_key=f"{at.timestamp():.0f}", session_data="-", expire_date=at
        ),
        timedelta(0),
    ),
    "pending": (
        lambda person, at: PendingAct.objects.create(act="follow", payload={}, created_at=at - DAY, expires_at=at),
        timedelta(0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("slug", sorted(MAKE))
def test_a_row_goes_when_its_time_is_over_and_not_a_second_before(db, slug, time_machine) -> None:
    """By the job itself, under a frozen clock; what is newer stays."""
    person = make_person("amina", "Amina Yıldız")
    make, kept = MAKE[slug]
    began = requests.months_later(NOW, -36) if kept is None else NOW - kept
    row, newer = make(person, began), make(person, began + DAY)
    time_machine.move_to(NOW - SECOND, tick=False)
    keep_no_longer()
    assert type(row).objects.filter(pk=row.pk).exists()
    assert not Removal.objects.filter(rule=slug).exists()
    time_machine.move_to(NOW, tick=False)
    keep_no_longer()
    keep_no_longer()
    assert list(type(row).objects.filter(pk__in=[row.pk, newer.pk])) == [newer]
    assert list(Removal.objects.filter(rule=slug).values_list("at", "number")) == [(NOW, 1)]


def test_codes_for_addresses_go_after_three_days(db) -> None:
    person = make_person("amina", "Amina")
    made = _confirmation(person, NOW - timedelta(days=3))
    retention.apply("sessions", NOW - SECOND)
    assert EmailConfirmation.objects.filter(pk=made.pk).exists()
    retention.apply("sessions", NOW)
    assert not EmailConfirmation.objects.filter(pk=made.pk).exists()


def test_a_rule_that_fails_keeps_no_other_from_running_and_the_job_says_so(db, monkeypatch) -> None:
    def fail(at: datetime) -> int:
        raise ValueError

    done: list[datetime] = []

    def work(at: datetime) -> int:
        done.append(at)
        return 1

    broken = retention.Rule("a", "a", "a", (), fail)
    after = retention.Rule("b", "b", "b", (), work)
    monkeypatch.setattr(retention.rules, "_things", {"a": broken, "b": after})
    with pytest.raises(ValueError):
        retention.run(NOW)
    assert done == [NOW]
    assert list(Removal.objects.values_list("rule", "number")) == [("b", 1)]


def test_what_was_removed_is_a_number_and_staff_see_it(world, client) -> None:
    assert {field.name for field in Removal._meta.fields} == {"id", "rule", "at", "number"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Removal.objects.create(rule="mails", at=NOW, number=0)
    client.force_login(world.ada)
    page = client.get("/en/desk/privacy/retention/").content.decode()
    assert "<b>12 rows</b>" in page
    assert all(str(rule.words) in page.replace("&#x27;", "'") for rule in retention.rules)
    assert world.amina.public_name not in page
