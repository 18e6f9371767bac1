"""Somebody who is signed in gets the visitors' list with their own parts in it: to the letter what would be drawn for them."""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import unified_diff
from typing import Any

import pytest
import time_machine
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cocreation.actions import follow
from cocreation.conversation.actions import CommentText, find_helpful, publish_comment, summarise
from cocreation.conversation.models import Comment
from cocreation.conversation.talks import Talk
from cocreation.models import Contribution, Phase, Process
from groundwork.shared_pages import breaker
from proposals.actions import Wording, revise_proposal, support_proposal, withdraw_support
from proposals.hands import accept, invite
from proposals.views import page as proposal_page
from tests.visibility.test_shared_pages import shared
from tests.visits import client_of, forget, none_of, quiet
from tests.world import World

pytestmark = pytest.mark.usefixtures("keeping")

LISTS = ("proposals:list", "proposals:list_all")
MARKS = re.compile(r"<!--(/?own [\w-]+|/?menu|/?me)-->")
EVERYBODY = ("amina", "jonas", "ines", "olga", "mo", "clara", "ada")


def _read(client: Client, url: str) -> str:
    with quiet():
        answer = client.get(url)
    assert answer.status_code == 200
    assert ("no-store" if client.cookies else "public") in answer.headers["Cache-Control"]
    return str(answer.content.decode())


@pytest.mark.parametrize("who", ["amina", "jonas", "ines", "olga", "ada"])
def test_a_list_is_what_would_be_drawn_for_this_person(world: World, settings: Any, who: str) -> None:
    client, wrong = client_of(world, who), []
    urls = [to.url for to in shared(world) if to.route.name in LISTS]
    assert len(urls) >= 10
    for url in urls:
        settings.SHARED_PAGES = True
        made = _read(client, url)
        settings.SHARED_PAGES = False
        if made != _read(client, url):
            wrong.append(url)
        if MARKS.search(made):
            wrong.append(f"{url} still has {MARKS.search(made)}")
    none_of(wrong)


class Drawn:
    """How often the view of a proposal drew a page."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times, render = 0, proposal_page.render

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.times += 1
            return render(*args, **kwargs)

        monkeypatch.setattr(proposal_page, "render", counted)

    def both(self, client: Client, url: str, settings: Any) -> tuple[str, str, bool]:
        """The page made of a visitors' page that somebody has just read, the page the view draws, and whether the first one
        was really made."""
        settings.SHARED_PAGES = True
        with quiet():
            Client().get(url)
        before = self.times
        made = _read(client, url)
        is_made = self.times == before
        settings.SHARED_PAGES = False
        drawn = _read(client, url)
        settings.SHARED_PAGES = True
        return made, drawn, is_made


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    return Drawn(monkeypatch)


def _differences(made: str, drawn: str) -> str:
    return "\n".join(list(unified_diff(drawn.split("\n"), made.split("\n"), lineterm="", n=0))[2:8])


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_proposal_is_what_would_be_drawn_for_this_person(
    world: World, settings: Any, drawn: Drawn, who: str
) -> None:
    client, wrong, made_of = client_of(world, who), [], 0
    urls = [to.url for to in shared(world) if to.route.name == "proposals:proposal"]
    assert len(urls) >= 10
    for url in urls:
        with quiet():
            if client.get(url).status_code != 200:
                continue
        made, expected, is_made = drawn.both(client, url, settings)
        made_of += is_made
        if made != expected:
            wrong.append(f"{url}:\n{_differences(made, expected)}")
        if MARKS.search(made):
            wrong.append(f"{url} still has {MARKS.search(made)}")
    none_of(wrong)
    # Staff are drawn theirs.
    assert bool(made_of) == (who in ("amina", "jonas", "ines")), made_of
    assert who != "jonas" or made_of >= len(urls) // 2


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_search_is_what_would_be_drawn_for_this_person(world: World, settings: Any, who: str) -> None:
    client = client_of(world, who)
    support_proposal(proposal=world.fountain, by=world.people["jonas"], at=world.now)
    for words in ("Trinkbrunnen", "Bäume Bahnhof", "", "nichts davon", "Geheimnis"):
        for url in (f"/{language}/search/?q={words}" for language in ("de", "en")):
            settings.SHARED_PAGES = True
            with quiet():
                Client().get(url)
            made = _read(client, url)
            settings.SHARED_PAGES = False
            assert not _differences(made, _read(client, url)), url
            assert not MARKS.search(made)


def test_a_number_leads_its_author_to_what_only_they_see(world: World) -> None:
    hidden = world.proposals["hidden"]
    url = f"/de/search/?q={hidden.receipt}"
    assert Client().get(url).status_code == 200
    assert client_of(world, "jonas").get(url).headers["Location"] == f"/de/r/{hidden.receipt}/"
    assert client_of(world, "amina").get(url).status_code == 200


def _supports(world: World) -> None:
    support_proposal(proposal=world.fountain, by=world.ines, at=world.now)


def _supported_another_text(world: World) -> None:
    support_proposal(proposal=world.fountain, by=world.ines, at=world.now)
    wording = Wording("Ein anderer Titel", "Kürzer.", "Ganz neu gesagt.")
    later = world.now + timedelta(seconds=1)
    revise_proposal(
        proposal=world.fountain, wording=wording, by=world.amina, at=later, seen=1, is_substantive=True
    )


def _follows(world: World) -> None:
    follow(person=world.ines, contribution=world.fountain.contribution, at=world.now)


def _said_something(world: World) -> None:
    publish_comment(
        talk=Talk(on=world.fountain.contribution), text=CommentText("Dafür."), by=world.ines, at=world.now
    )


def _finds_helpful(world: World) -> None:
    comment = Comment.objects.get(pk=world.comments["on_fountain"].pk)
    find_helpful(comment=comment, by=world.ines, at=world.now)


def _is_a_hand(world: World) -> None:
    hand = invite(
        proposal=world.fountain, role="contributor", by=world.amina, person=world.ines, at=world.now
    )
    accept(hand=hand, by=world.ines, at=world.now)


def _is_not_verified(world: World) -> None:
    world.ines.verifications.all().delete()


def _residents_of_the_village(world: World) -> None:
    """Ines lives in the town, and may do nothing here any more."""
    phase = next(phase for phase in world.collecting.line if phase.is_open(world.now))
    here = {"level": "verified", "places": ["lindach"]}
    Phase.objects.filter(pk=phase.pk).update(audience=dict.fromkeys(phase.acts, here))


def _everybody_without_an_account(world: World) -> None:
    phase = next(phase for phase in world.collecting.line if phase.is_open(world.now))
    Phase.objects.filter(pk=phase.pk).update(audience={act: {"level": "anyone"} for act in phase.acts})


def _was_stopped(world: World) -> None:
    why = {f"stop_reason_{language}": "Kein Geld." for language in ("de", "en")}
    Process.objects.filter(pk=world.collecting.pk).update(stopped_at=world.now, **why)


def _nobody_wrote_it(world: World) -> None:
    Contribution.objects.filter(pk=world.fountain.pk).update(author=None)


def _conversation_is_closed(world: World) -> None:
    summarise(
        talk=Talk(on=world.fountain.contribution), text={"de": "Gut.", "en": "Fine."}, by=world.mo,
        at=world.now, closes=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("happens", "is_made"),
    [
        (None, True),
        (_supports, True),
        (_supported_another_text, True),
        (_follows, True),
        (_said_something, False),
        (_finds_helpful, False),
        (_is_a_hand, False),
        (_is_not_verified, None),
        (_residents_of_the_village, False),
        (_everybody_without_an_account, True),
        (_was_stopped, True),
        (_nobody_wrote_it, True),
        (_conversation_is_closed, True),
    ],
)
def test_whatever_somebody_did_their_page_is_what_would_be_drawn(
    world: World, settings: Any, drawn: Drawn, happens: Any, is_made: bool | None, keeping: Any
) -> None:
    """Ines speaks for a company, too: the form asks her for whom she writes. In this world she has said nothing here yet."""
    said_by_ines = Contribution.objects.filter(comment__on=world.fountain.pk, author=world.ines)
    said_by_ines.update(author=world.clara)
    if happens is not None:
        happens(world)
    keeping.shift(5)
    forget()
    for language in ("de", "en"):
        url = f"/{language}/proposals/{world.fountain.receipt}/"
        made, expected, was_made = drawn.both(client_of(world, "ines"), url, settings)
        assert not _differences(made, expected)
        assert is_made is None or was_made == is_made


def test_of_a_page_few_read_the_first_readers_are_drawn_their_own(world: World, drawn: Drawn) -> None:
    url = f"/de/proposals/{world.proposals['to_assess'].receipt}/"
    forget()
    client = client_of(world, "jonas")
    for _ in range(3):
        _read(client, url)
    assert drawn.times == 3
    # A fourth time within half a minute a visitors' page is drawn, and everybody after that gets theirs from it.
    for _ in range(3):
        _read(client, url)
    Client().get(url)
    assert drawn.times == 4


def test_where_a_visitors_page_is_kept_the_first_resident_gets_theirs_from_it(
    world: World, drawn: Drawn
) -> None:
    url = f"/de/proposals/{world.proposals['to_assess'].receipt}/"
    forget()
    Client().get(url)
    _read(client_of(world, "jonas"), url)
    assert drawn.times == 1


def test_the_page_of_a_person_is_made_of_a_visitors(world: World) -> None:
    client = client_of(world, "amina")
    Client().get("/de/proposals/")
    with CaptureQueriesContext(connection) as asked:
        page = _read(client, "/de/proposals/")
    assert world.people["amina"].public_name in page
    # Session, the person with what pages want to know of them, own supports.
    assert len(asked) == 3, [query["sql"][:90] for query in asked]


def test_what_one_person_did_stands_on_nobody_elses_page(world: World) -> None:
    proposal = world.proposals["fountain"]
    amina, jonas = client_of(world, "amina"), client_of(world, "jonas")
    url = f"/de/processes/{proposal.process.slug}/proposals/"
    before = [_read(client, url).count("Von Ihnen unterstützt") for client in (amina, jonas, Client())]
    support_proposal(proposal=proposal, by=world.people["amina"], at=world.now)
    with time_machine.travel(world.now + timedelta(seconds=3), tick=False):
        after = [_read(client, url).count("Von Ihnen unterstützt") for client in (amina, jonas, Client())]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 0, 0]
    withdraw_support(proposal=proposal, by=world.people["amina"], at=world.now)
    assert _read(amina, url).count("Von Ihnen unterstützt") == before[0]


def test_a_message_is_shown_once_on_the_page_that_comes_next(world: World) -> None:
    client = client_of(world, "amina")
    session = client.session
    store: Any = SessionStorage(type("Asked", (), {"session": session})())
    session[SessionStorage.session_key] = store.serialize_messages([Message(20, "Gespeichert, Amina.")])
    session.save()
    assert "Gespeichert, Amina." in _read(client, "/de/proposals/")
    assert "Gespeichert, Amina." not in _read(client, "/de/proposals/")
    assert "Gespeichert, Amina." not in _read(Client(), "/de/proposals/")


def test_without_the_shared_cache_the_view_draws(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "_until", float("inf"))
    assert world.people["amina"].public_name in _read(client_of(world, "amina"), "/de/proposals/")
