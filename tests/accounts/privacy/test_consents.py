"""The ledger of consents only grows, keeps the very words, and taking back ends each purpose at once (REQ-24, REQ-26)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts import minors
from accounts.claiming import claim
from accounts.guests import make_guest
from accounts.privacy import consents
from accounts.privacy.models import Consent, ConsentText
from feedback.actions import helping
from feedback.models import Pledge
from feedback.notices import actions, crowd, devices
from feedback.notices.models import Device, Kind
from feedback.reach import asking, own
from feedback.reach.models import Answers
from groundwork import processing
from groundwork.answer import Refused
from groundwork.datamap import CONSENT
from quartier.builders import make_person

AT = datetime(2026, 5, 3, 12, tzinfo=UTC)
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
PAGE = "/en/me/data/consents/"


@pytest.fixture
def amina(db):
    return make_person("amina", "Amina")


def _said(person) -> list[tuple[str, bool, str]]:
    return list(
        Consent.objects.filter(person=person).order_by("pk").values_list("purpose", "is_given", "channel")
    )


def _give(person, at=AT, **more):
    return consents.give(person=person, purpose="newsletter", channel=Consent.Channel.PAGE, at=at, **more)


def test_a_line_holds_the_words_the_language_the_way_and_the_moment(amina) -> None:
    with override("de"):
        made = _give(amina)
    assert (made.purpose, made.is_given, made.channel, made.at) == ("newsletter", True, "page", AT)
    with override("de"):
        assert made.text.text == str(consents.purposes.get("newsletter").sentence)
    assert made.text.language == "de"
    assert made.text_id == consents.digest_of("newsletter", "de", made.text.text)


def test_the_same_yes_twice_is_one_line_and_other_words_are_another(amina, monkeypatch) -> None:
    assert _give(amina) == _give(amina, at=AT + timedelta(days=1))
    other = consents.Purpose("newsletter", "n", "Other words.")
    monkeypatch.setitem(consents.purposes._things, "newsletter", other)
    assert _give(amina).text.text == "Other words."
    assert ConsentText.objects.count() == Consent.objects.count() == 2
    assert Consent.objects.standing().count() == 1


@pytest.mark.parametrize(
    "change",
    [{"is_given": False}, {"at": AT}, {"text_id": "x"}, {"purpose": "push"}, {"channel": "mail"}, None],
)
def test_the_database_refuses_to_change_or_delete_a_line(amina, change) -> None:
    _give(amina, at=AT + timedelta(days=2))
    for rows in (Consent.objects.all(), *([] if change else [ConsentText.objects.all()])):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change) if change else rows.delete()
    assert Consent.objects.standing().count() == 1


def test_no_line_moves_to_somebody_else(amina, db) -> None:
    _give(amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.update(person=make_person("jonas", "Jonas"))


def test_a_visit_without_an_account_takes_its_lines_along(amina) -> None:
    guest = make_guest(language="de", at=AT)
    consents.give(person=guest, purpose="named", thing="7", channel=Consent.Channel.PAGE, at=AT)
    account = claim(guest=guest, email=amina.email, at=AT)
    assert account == amina
    assert _said(amina) == [("named", True, "page")]


def test_every_activity_that_rests_on_consent_has_a_purpose(monkeypatch) -> None:
    assert consents.every_consent_has_a_purpose(None) == []
    monkeypatch.delitem(consents.purposes._things, "push")
    assert [message.id for message in consents.every_consent_has_a_purpose(None)] == ["privacy.E001"]


# --- each purpose ends ---


def _newsletter(world, person):
    before = crowd.who_gets_news(None)
    actions.choose_rhythm(by=person, rhythms={Kind.NEWS.value: "weekly"}, at=AT)
    return "", lambda: crowd.who_gets_news(None) - before


def _push(world, person, monkeypatch):
    monkeypatch.setattr(devices, "is_usable", lambda *args: True)
    made = devices.add(
        by=person, endpoint="https://push.example.org/x", p256dh="-", auth="-", kinds=["followed"], name="", at=AT
    )  # fmt: skip
    return str(made.pk), lambda: Device.objects.filter(person=person).count()


def _named(world, person):
    task = next(iter(world.tasks.values()))
    made = helping.take_on(task=task, by=person, is_named=True, at=world.now)
    return str(made.pk), lambda: Pledge.objects.filter(person=person, is_named=True).count()


def _demographics(world, person):
    asking.choose(chosen=["age"], population={}, by=world.ada, at=world.now)
    own.tell(person=person, answers={"age": "25-39"}, agreed=True, channel=Consent.Channel.PAGE, at=AT)
    return "", lambda: Answers.objects.count()


BY_PURPOSE: dict[str, Any] = {
    "newsletter": _newsletter, "push": _push, "named": _named, "demographics": _demographics,
}  # fmt: skip


def test_a_way_to_begin_each_purpose_is_known_here() -> None:
    on_consent = {each.slug for each in processing.activities if each.basis == CONSENT}
    assert on_consent == BY_PURPOSE.keys() | {"guardian"}  # taken back by the guardian: test_minors.py


@pytest.mark.parametrize("purpose", sorted(BY_PURPOSE))
def test_two_presses_end_it_and_it_has_ended(world, client, monkeypatch, purpose) -> None:
    """My data → What I agreed to, then one press. What rested on it is over with the answer."""
    person = world.jonas
    more = {"monkeypatch": monkeypatch} if purpose == "push" else {}
    thing, count = BY_PURPOSE[purpose](world, person, **more)
    assert count() == 1
    client.force_login(person)
    assert PAGE in client.get("/en/me/data/").content.decode()
    page = client.get(PAGE).content.decode()
    assert f'name="purpose" value="{purpose}"' in page and " checked" not in page
    sent = client.post(PAGE, {"purpose": purpose, "thing": thing}, **HERE)
    assert sent.status_code == 302
    assert count() == 0
    assert not Consent.objects.standing().filter(person=person).exists()
    assert [given for _p, given, _c in _said(person)] == [True, False]
    assert client.post(PAGE, {"purpose": purpose, "thing": thing}, **HERE).status_code == 403


def test_a_newsletter_that_ends_by_the_link_in_a_mail_says_so(amina) -> None:
    actions.choose_rhythm(by=amina, rhythms={Kind.NEWS.value: "weekly"}, at=AT)
    actions.choose_rhythm(by=amina, rhythms={Kind.NEWS.value: "daily"}, at=AT)
    actions.stop_mail(by=amina, at=AT, kinds=[Kind.NEWS.value], channel=Consent.Channel.MAIL)
    assert _said(amina) == [("newsletter", True, "page"), ("newsletter", False, "mail")]


def test_nothing_is_agreed_to_by_using_the_settings(amina, client) -> None:
    """Whoever saves the form as it stands orders nothing."""
    client.force_login(amina)
    rhythms = actions.rhythms_of(amina)
    assert rhythms[Kind.NEWS.value] == "none"
    client.post("/en/me/mail/", rhythms, **HERE)
    assert _said(amina) == []


@pytest.fixture
def no_mail(monkeypatch):
    """What the guardian gets is looked at in test_minors.py."""
    monkeypatch.setattr(minors, "get_adapter", lambda: SimpleNamespace(send_mail=lambda *args: None))


def test_a_guardian_agrees_and_the_end_of_the_account_ends_it(amina, no_mail) -> None:
    agreement = minors.Agreement("mother@example.org", AT.date() + timedelta(days=400))
    consent = minors.record_consent(person=amina, agreement=agreement, at=AT)
    from accounts.actions import withdraw_consent

    withdraw_consent(consent=consent, at=AT + timedelta(days=1))
    assert _said(amina) == [("guardian", True, "code"), ("guardian", False, "closed")]


def test_who_has_grown_up_agrees_alone_and_the_ledger_says_that_it_is_over(amina, no_mail) -> None:
    minors.record_consent(
        person=amina, agreement=minors.Agreement("mother@example.org", AT.date() + timedelta(days=1)), at=AT
    )
    assert minors.forget_guardians(AT + timedelta(days=2)) == 1
    assert _said(amina) == [("guardian", True, "code"), ("guardian", False, "ended")]


def test_nobody_takes_back_for_somebody_else(amina) -> None:
    _give(make_person("jonas", "Jonas"))
    with pytest.raises(Refused):
        consents.stop(person=amina, purpose="newsletter", thing="", at=AT)
    assert Consent.objects.standing().count() == 1
    assert helping.NAMED in consents.purposes
