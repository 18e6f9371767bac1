"""Somebody who is signed in gets the visitors' list with their own parts in it: to the letter what would be drawn for them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundwork.shared_pages import breaker
from proposals.actions import support_proposal, withdraw_support
from tests.visibility.test_shared_pages import shared
from tests.visits import client_of, none_of, quiet
from tests.world import World

pytestmark = pytest.mark.usefixtures("keeping")

LISTS = ("proposals:list", "proposals:list_all")
MARKS = re.compile(r"<!--(own [\d-]+|/?menu|/?me)-->")


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


def test_the_page_of_a_person_is_made_of_a_visitors(world: World) -> None:
    client = client_of(world, "amina")
    Client().get("/de/proposals/")
    with CaptureQueriesContext(connection) as asked:
        page = _read(client, "/de/proposals/")
    assert world.people["amina"].public_name in page
    # Session, person, roles, new messages, own supports.
    assert len(asked) == 5, [query["sql"][:90] for query in asked]


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
