"""Newsletters reach who allowed them, once, and their results say what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from cocreation.actions import follow
from feedback.notices import newsletters, sending
from feedback.notices.actions import choose_rhythm, stop_mail
from feedback.notices.models import Kind, Newsletter, Notice, Preference
from groundwork.answer import Refused
from tests.feedback.notices.spreading import spread
from tests.world import DAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world: World) -> World:
    """Amina and Jonas take part in "collecting"; Amina and Mo allowed news."""
    spread(world)
    Notice.objects.all().delete()
    Newsletter.objects.all().delete()
    for person in (world.amina, world.jonas):
        follow(person=person, process=world.collecting, at=world.now)
    for person in (world.amina, world.mo):
        choose_rhythm(by=person, rhythms={Kind.NEWS: "immediate"}, at=world.now)
    return world


def letter(world: World, **about) -> Newsletter:
    texts = {
        "subject_de": "Neues <b>Grün</b>", "subject_en": "New green", "text_de": "Eins.\n\nZwei.", "text_en": "One.",
    }  # fmt: skip
    made = Newsletter(**(texts | {"audience": "process", "process": world.collecting} | about))
    return newsletters.save(made, by=world.ada, at=world.now)


def test_it_says_whom_it_reaches_and_reaches_only_those(town: World):
    one = letter(town)
    number, sentence = newsletters.reach_of(one)
    assert number == 1 and town.collecting.title in sentence
    newsletters.test(one, by=town.ada, at=town.now)
    assert mail.outbox[-1].to == [town.ada.email] and mail.outbox[-1].subject.startswith("[Test]")
    one.refresh_from_db()
    newsletters.plan(one, moment=town.now + DAY, by=town.ada, at=town.now)
    assert newsletters.send_due(town.now) == 0
    mail.outbox.clear()
    for _twice in range(2):
        newsletters.send_due(town.now + DAY)
        spread(town, at=town.now + DAY)
        sending.send_due(town.now + DAY)
    (message,) = mail.outbox
    assert message.to == [town.amina.email] and "Eins." in message.body
    html = message.alternatives[0][0]  # type: ignore[attr-defined]
    assert "&lt;b&gt;" in html and "<p>Zwei.</p>" in html
    one.refresh_from_db()
    results = sending.sent_of(one.entry_id)
    assert (results["told"], results["sent"], results["waiting"], results["bounced"]) == (1, 1, 0, 0)


def test_consent_is_asked_dated_and_taken_back_by_one_click(town: World):
    assert Preference.objects.get(person=town.amina, kind=Kind.NEWS).chosen_at == town.now
    one = letter(town, audience="all", process=None)
    assert newsletters.reach_of(one)[0] == 2
    stop_mail(by=town.amina, at=town.now + timedelta(hours=1), kinds=[Kind.NEWS])
    assert newsletters.reach_of(one)[0] == 1


def test_nothing_leaves_untested_changed_or_taken_back(town: World):
    one = letter(town)
    with pytest.raises(Refused, match=r"(?i)test"):
        newsletters.plan(one, moment=town.now + DAY, by=town.ada, at=town.now)
    newsletters.test(one, by=town.ada, at=town.now)
    one.refresh_from_db()
    newsletters.plan(one, moment=town.now + DAY, by=town.ada, at=town.now)
    with pytest.raises(Refused):
        newsletters.save(one, by=town.ada, at=town.now)
    newsletters.take_back(one, by=town.ada, at=town.now)
    assert newsletters.send_due(town.now + 2 * DAY) == 0
    with pytest.raises(Refused):
        newsletters.save(Newsletter(), by=town.olga, at=town.now)


def test_a_test_that_did_not_leave_says_so(town: World, sign_in, settings):
    one = letter(town)
    settings.EMAIL_BACKEND = "tests.feedback.notices.test_mail.Down"
    client = sign_in(town.ada)
    page = client.post(
        f"/en/desk/newsletters/{one.pk}/", {"do": "test"}, HTTP_SEC_FETCH_SITE="same-origin", follow=True
    ).content.decode()
    assert "did not leave" in page
    one.refresh_from_db()
    assert one.tested_at is None
