"""The page of a ballot is drawn once for all who may vote: each gets to the letter what would be drawn for them, and nobody
anything of another."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from groundwork.journal.api import record
from proposals.ballots import frame, memory
from proposals.ballots.models import Vote
from tests.proposals.ballots.asking import QUESTIONS
from tests.proposals.ballots.test_kinds import FREE, POINTS, RANKING
from tests.proposals.ballots.test_pages import signed_in
from tests.proposals.ballots.voting import build_vote, keys_by_cost, people

pytestmark = pytest.mark.django_db

PATHS = {"en": "/en/processes/wahl/ballot/", "de": "/de/processes/wahl/ballot/?phase=vote"}
KINDS: dict[str, dict[str, Any]] = {
    "approval": {},
    "free": FREE,
    "least": {"min_choices": 2},
    "points": POINTS,
    "ranking": RANKING,
    "answers": {"costs": (), "budget": None, **QUESTIONS},
}


@pytest.fixture(autouse=True)
def _clock():
    """Stands, so that nothing that is kept grows old between two looks."""
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False):
        yield


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of which a frame was drawn."""
    asked: list[str] = []
    draw = frame._drawn

    def told(request: Any, *about: Any) -> Any:
        asked.append(request.get_full_path())
        return draw(request, *about)

    monkeypatch.setattr(frame, "_drawn", told)
    return asked


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    return str(answer.content.decode())


def in_full(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page as it is drawn for this person alone."""
    with monkeypatch.context() as without:
        without.setattr(frame, "fits", lambda *_: False)
        return read(client, path)


def fill(vote: Vote, client: Client, number: int) -> None:
    """Some ballot, another one for each number; with number 0 one with too few choices."""
    keys = sorted(keys_by_cost(vote).values()) or [0]
    mine = keys[number % len(keys)]
    by_kind: dict[str, dict[str, Any]] = {
        "approval": {"choice": [mine] if number else []},
        "points": {f"points-{mine}": number + 1},
        "ranking": {f"place-{mine}": 1} | ({f"place-{keys[0]}": 2} if number else {}),
        "answers": {"answer-1": number % 2, f"answer-{3 + number % 3}": 1 + number},
    }
    assert client.post(PATHS["en"], by_kind[vote.kind]).status_code == 302


@pytest.mark.parametrize("kind", KINDS)
def test_every_voter_gets_what_would_be_drawn_for_them(
    kind: str, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    voters = people(4)
    vote = build_vote(**KINDS[kind])
    clients = [signed_in(voter) for voter in voters]
    for turn in range(3):
        # Nobody chose anything; then three have, each something else; then they changed it.
        for number, client in enumerate(clients[:3] if turn else []):
            fill(vote, client, (number + turn) % 3)
        for path in PATHS.values():
            made = [read(client, path) for client in clients]
            assert made == [in_full(client, path, monkeypatch) for client in clients]
            assert "<!--" not in "".join(made)
    assert set(drawn) == set(PATHS.values()) and len(drawn) == 2


@pytest.mark.parametrize("kind", ["approval", "ranking"])
def test_a_frame_holds_nothing_of_whoever_comes_first(kind: str, drawn: list[str]) -> None:
    voter = people(1)[0]
    Person.objects.filter(pk=voter.pk).update(public_name="Wilhelmine")
    vote = build_vote(**KINDS[kind])
    client = signed_in(voter)
    fill(vote, client, 1)
    mine = read(client, PATHS["en"])
    (kept,) = (part for key, part in memory._options[vote.pk][1].shelf.items() if "frame" in key)
    whole = "".join(kept)
    assert drawn == [PATHS["en"]] and len(kept) == 4 and all(part in mine for part in kept)
    for personal in ("checked", "Counts now", "You have chosen", "You have put", "Wilhelmine", voter.email):
        assert personal not in whole
    for key in keys_by_cost(vote).values():
        assert f'value="{key}"' not in whole and not re.search(rf'"(points|place)-{key}"', whole)
    for value in client.cookies.values():
        assert value.value not in whole


def test_a_message_is_for_one_person_and_no_frame_is_drawn_with_it(drawn: list[str]) -> None:
    one, other = (signed_in(voter) for voter in people(2))
    build_vote()
    session = one.session
    store: Any = SessionStorage(type("Asked", (), {"session": session})())
    session[SessionStorage.session_key] = store.serialize_messages([Message(25, "Saved, one.")])
    session.save()
    assert "Saved, one." in read(one, PATHS["en"]) and not drawn
    assert "Saved, one." not in read(other, PATHS["en"]) + read(one, PATHS["en"]) and drawn == [PATHS["en"]]


def test_who_is_here_as_a_guest_gets_a_page_of_their_own(drawn: list[str]) -> None:
    guest, other = people(2)
    build_vote()
    Person.objects.filter(pk=guest.pk).update(is_guest=True)
    assert "guestbar" in read(signed_in(guest), PATHS["en"]) and not drawn
    assert "guestbar" not in read(signed_in(other), PATHS["en"]) and drawn
    assert "guestbar" in read(signed_in(guest), PATHS["en"])


def test_with_other_words_in_the_address_nothing_is_kept(drawn: list[str]) -> None:
    client = signed_in(people(1)[0])
    build_vote()
    for more in ("?x=1", "?phase=other", "?phase=vote&x=1", "?phase=vote&phase=vote", "?phase=vote&"):
        client.get(PATHS["en"] + more)
    assert not drawn


def test_what_happens_in_the_process_is_on_the_next_page(drawn: list[str]) -> None:
    voter = people(1)[0]
    vote = build_vote()
    client, process = signed_in(voter), vote.phase.process
    assert "A new name" not in read(client, PATHS["en"])
    setattr(process, "title_en", "A new name")  # noqa: B010 - modeltranslation adds it
    process.save()
    record("process.changed", on=process, at=timezone.now(), process=process)
    page = read(client, PATHS["en"])
    assert page.count("A new name") >= 2 and len(drawn) == 2
