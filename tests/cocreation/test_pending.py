"""What a visitor wrote is kept while they say who they are: in this tab, in another one, or not at all."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import Person
from cocreation import pending
from cocreation.models import Follow, PendingAct
from groundwork.answer import No, Refused

HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def shout(world):
    """An act that can wait: shouting words. Refuses whispers."""
    done = []

    def complete(person, payload, at):
        if payload["words"] == "whisper":
            raise Refused(No("Too quiet."))
        done.append((person.pk, payload["words"]))
        return world.processes["collecting"].get_absolute_url()

    with pending.acts.temporarily(
        "shout", pending.PendingKind("shout", "Your shout", complete, lambda p: p["words"])
    ):
        yield done


def keep(world, words="Schatten für alle", at=None):
    return pending.keep("shout", {"words": words}, process=world.processes["collecting"], at=at or world.now)


def sign_up(client: Client, email: str, target: str) -> str:
    """Create an account the way a visitor does, by the code in the mail; returns where the log-in leads."""
    answer = client.post(
        f"/de/identify/signup/?next={target}",
        {"email": email, "password1": "sehr-langes-wort-27", "public_name": "Nele", "next": target},
        **HERE,
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    code = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)\s*$", str(mail.outbox[-1].body), re.M)[1]
    answer = client.post(answer["Location"], {"code": code}, **HERE)
    assert answer.status_code == 302
    return answer["Location"]


def test_the_waiting_page_shows_what_is_kept_and_sets_no_cookie(world, shout):
    act = keep(world)
    client = Client()
    page = client.get(f"/de/waiting/{act.token}/")
    assert page.status_code == 200
    assert "Schatten für alle" in page.content.decode()
    assert f"next=/de/waiting/{act.token}/" in page.content.decode()
    assert not client.cookies


def test_signing_up_completes_the_act_by_itself(world, shout):
    act = keep(world)
    client = Client()
    leads_to = sign_up(client, "nele@example.org", f"/de/waiting/{act.token}/")
    person = Person.objects.get(email="nele@example.org")
    assert shout == [(person.pk, "Schatten für alle")]
    assert leads_to == "/de/processes/collecting/"
    act.refresh_from_db()
    assert act.completed_by == person
    assert act.payload == {}


def test_an_act_survives_a_sign_up_in_another_tab(world, shout):
    act = keep(world)
    client = Client()
    client.get(f"/de/waiting/{act.token}/")
    sign_up(client, "nele@example.org", "/de/")  # the other tab knows nothing of the act
    assert shout == []
    page = client.get(f"/de/waiting/{act.token}/")
    assert "Schatten für alle" in page.content.decode()
    answer = client.post(f"/de/waiting/{act.token}/", **HERE)
    assert answer.status_code == 302
    assert len(shout) == 1
    again = client.post(f"/de/waiting/{act.token}/", **HERE)
    assert again["Location"] == answer["Location"]
    assert len(shout) == 1


def test_a_refused_act_stays_with_its_reason(world, shout):
    act = keep(world, "whisper")
    client = Client()
    assert f"/waiting/{act.token}/" in sign_up(client, "nele@example.org", f"/de/waiting/{act.token}/")
    page = client.get(f"/de/waiting/{act.token}/").content.decode()
    assert "Too quiet." in page
    assert "whisper" in page
    answer = client.post(f"/de/waiting/{act.token}/", **HERE)
    assert answer.status_code == 403
    assert "Too quiet." in answer.content.decode()
    act.refresh_from_db()
    assert act.completed_at is None
    assert act.payload == {"words": "whisper"}
    assert shout == []


def test_after_48_hours_nothing_is_done_and_the_page_says_so(world, shout, sign_in):
    act = keep(world, at=world.now - timedelta(hours=48))
    client = sign_in(world.amina)
    client.post(f"/de/waiting/{act.token}/", **HERE)
    assert shout == []
    assert "48" in client.get(f"/de/waiting/{act.token}/").content.decode()
    assert pending.forget_expired(world.now) == 1


def test_somebody_else_cannot_see_a_completed_act(world, shout, sign_in):
    act = keep(world)
    pending.complete(act.token, by=world.amina, at=world.now)
    assert sign_in(world.jonas).get(f"/de/waiting/{act.token}/").status_code == 404
    assert Client().get(f"/de/waiting/{act.token}/").status_code == 404


def test_a_visitor_who_follows_is_asked_to_sign_in_and_then_follows(world):
    client, before = Client(), Follow.objects.count()
    answer = client.post("/de/processes/collecting/follow/", **HERE)
    assert "/waiting/" in answer["Location"]
    assert not client.cookies
    assert Follow.objects.count() == before
    sign_up(client, "nele@example.org", answer["Location"])
    follow = Follow.objects.get(person__email="nele@example.org")
    assert follow.process == world.processes["collecting"]
    act = PendingAct.objects.get(completed_at__isnull=False)
    assert act.completed_by == EmailAddress.objects.get(email="nele@example.org").user


def test_following_twice_is_following_once_and_can_be_ended(world, sign_in):
    client = sign_in(world.amina)
    for _ in range(2):
        client.post("/de/processes/collecting/follow/", **HERE)
    assert Follow.objects.filter(person=world.amina).count() == 1
    client.post("/de/processes/collecting/follow/", {"stop": "1"}, **HERE)
    assert Follow.objects.filter(person=world.amina).count() == 0
