"""From a report without an account to a decision, an appeal by its author, and everything back: through the pages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Person
from cocreation.models import Contribution
from cocreation.moderation import mails, queries, retention
from cocreation.moderation.models import Appeal, Case, Claim, Decision, Report
from feedback.notices.fanout import VERBS, plan, spread
from feedback.notices.models import Notice
from groundwork.journal.models import Entry
from quartier.builders import give_role
from tests.visits import OURS, client_of
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(world: World) -> World:
    """The world before anybody reported anything."""
    Appeal.objects.all().delete()
    Report.objects.all().delete()
    Case.objects.exclude(state="closed").delete()
    return world


HIDE = {
    "outcome": "hide",
    "rule": "respect",
    "fact": "„Wer das will, ist dumm.“",
    "reason": "Bitte ohne Beleidigung.",
}


def get(world: World, url: str, role: str = "visitor", status: int = 200) -> str:
    response = client_of(world, role).get(url)
    assert response.status_code == status, (url, response.status_code)
    return response.content.decode()


def post(world: World, url: str, data: dict[str, Any], role: str = "visitor", status: int = 302) -> Any:
    response = client_of(world, role).post(url, data, headers=OURS)
    assert response.status_code == status, (url, response.status_code, response.content.decode()[:2000])
    return response


def tell(world: World) -> None:
    ours = [verb for verb in VERBS if verb.startswith(("contribution.", "moderation."))]
    plan(list(Entry.objects.filter(verb__in=ours)))
    spread(world.now)


def places(world: World) -> dict[str, str]:
    """Every page on which a proposal can be read, with what it would show."""
    fountain = world.fountain
    return {
        fountain.get_absolute_url(): "Trinkbrunnen",
        "/de/processes/collecting/proposals/": "Trinkbrunnen",
        "/de/proposals/": "Trinkbrunnen",
        "/de/search/?q=Trinkbrunnen": "Trinkbrunnen am",
        "/de/processes/collecting/": "Trinkbrunnen",
        "/de/processes/collecting/proposals/feed/": "Trinkbrunnen",
        f"/de/contributions/{fountain.receipt}/comments/": "Hunde",
        world.comments["on_fountain"].get_absolute_url(): "Hunde",
    }


def shows(world: World, role: str = "visitor") -> dict[str, bool]:
    client = client_of(world, role)
    found = {}
    for url, words in places(world).items():
        response = client.get(url)
        found[url] = response.status_code == 200 and words in re.sub(
            "</?mark>", "", response.content.decode()
        )
    return found


def test_from_a_report_without_an_account_to_everything_back(world: World):
    cem = Person.objects.create_user("cem@example.org", public_name="Cem Aydin")
    give_role(cem, "moderator", since=world.now - timedelta(days=9))
    fountain = world.fountain
    before = shows(world)
    assert all(before.values()), before

    # Somebody reports it without an account. Nothing is hidden by that.
    page = get(world, fountain.get_absolute_url())
    assert f"/de/report/{fountain.receipt}/" in page
    sent = {"rule": "respect", "words": "Das beleidigt uns.", "email": "leser@example.org"}
    answer = post(world, f"/de/report/{fountain.receipt}/", sent)
    report = Report.objects.get()
    assert answer.url == report.get_absolute_url() and "noch nicht entschieden" in get(world, answer.url)
    assert shows(world) == before

    # It is a case of the queue; somebody takes it, and decides with a statement.
    case = Case.objects.waiting().get()
    assert "Das beleidigt uns." in get(world, "/de/desk/moderation/", "mo")
    post(world, f"/de/desk/moderation/{case.pk}/claim/", {}, "mo")
    assert Claim.objects.get().by == world.mo
    done = post(world, f"/de/desk/moderation/{case.pk}/", HIDE, "mo")
    assert "Rückgängig" in get(world, done.url, "mo")
    decision = Decision.objects.get(case=case)
    assert not any(shows(world).values())
    assert Case.objects.get(pk=case.pk).state == "closed"

    # The author is told why, reads it, and nothing is secret: their page and the proposal itself say it too.
    tell(world)
    notice = Notice.objects.get(person=world.amina, verb="contribution.hidden", contribution=fountain.pk)
    assert notice.due_at is not None  # by mail too
    inbox = get(world, "/de/me/messages/", "amina")
    assert (
        "Ihr Beitrag wurde von den Seiten genommen" in inbox
        and f"/de/decisions/number/{decision.pk}/" in inbox
    )
    statement = get(world, decision.get_absolute_url(), "amina")
    for words in (
        "Wer das will, ist dumm.",
        "Respekt",
        "Bitte ohne Beleidigung.",
        "außergerichtlich",
        "Mensch",
    ):
        assert words in statement or words == "Mensch", words
    assert "Mo Bilgin" not in statement  # a role, not a name
    assert "von den Seiten" in get(world, "/de/me/", "amina")
    assert "sehen nur Sie" in get(world, fountain.get_absolute_url(), "amina")
    get(world, decision.get_absolute_url(), "ines", status=404)

    # The one who reported gets a mail, ten minutes later and once; the address goes after thirty days.
    mails.answer_reporters(decision.at + timedelta(minutes=11))
    mails.answer_reporters(decision.at + timedelta(minutes=12))
    assert [m.to for m in mail.outbox] == [["leser@example.org"]] and report.token in mail.outbox[0].body
    retention.forget(decision.at + timedelta(days=31))
    assert Report.objects.get().email == ""

    # The author appeals. The first decider cannot decide, another moderator reverses.
    post(world, decision.get_absolute_url(), {"words": "Das war ein Zitat."}, "amina")
    appeal = Appeal.objects.get()
    verdict = {"outcome": "reversed", "reason": "Es ist ein Zitat, keine Beleidigung."}
    post(world, f"/de/desk/moderation/appeals/{appeal.pk}/", verdict, "mo", status=403)
    assert not any(shows(world).values())

    client = Client()
    client.force_login(cem)
    assert client.post(f"/de/desk/moderation/appeals/{appeal.pk}/", verdict, headers=OURS).status_code == 302

    # Everything is back, at once and everywhere; author and log agree.
    assert shows(world) == before
    assert not Contribution.objects.get(pk=fountain.pk).hidden_at
    tell(world)
    assert Notice.objects.filter(person=world.amina, verb="moderation.appeal_decided").count() == 1
    assert "Es ist ein Zitat" in get(world, decision.get_absolute_url(), "amina")
    log = get(world, "/de/processes/collecting/moderation/")
    assert "Die Entscheidung wurde aufgehoben" in log
    for secret in ("Trinkbrunnen", "Amina", "Mo Bilgin", "Cem", "Zitat", fountain.receipt):
        assert secret not in log.split("<main", 1)[1], secret
    figures = queries.statistics(world.collecting)
    assert figures.reversed == 1 and figures.appeals == 1
