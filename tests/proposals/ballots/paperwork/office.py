"""People of an office that holds a vote on paper too, and what they do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Person
from proposals.ballots import rules
from proposals.ballots.models import CastBallot, Vote
from proposals.ballots.paperwork import actions
from proposals.ballots.paperwork.models import Batch, Way
from quartier.builders import give_role, make_person
from tests.proposals.ballots.voting import build_vote

HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def admin() -> Person:
    """Who set the vote up (see voting.py)."""
    return Person.objects.get(email="writer@example.org")


def clerks(count: int = 3) -> list[Person]:
    found = []
    for number in range(count):
        clerk = make_person(f"clerk{number}", f"Clerk {number}", lives_in="dorf", verified=True)
        give_role(clerk, "clerk")
        found.append(clerk)
    return found


def client_of(person: Person) -> Client:
    client = Client(**HERE)
    client.force_login(person)
    return client


def paper_vote(paper: str = "paper", **about: Any) -> Vote:
    return build_vote(paper=paper, **about)


def key_of(vote: Vote, person: Person) -> str:
    key = rules.voter_key(person, vote.phase)
    assert key is not None
    return key


def hand_out(vote: Vote, person: Person, by: Person) -> None:
    actions.hand_out(vote=vote, key=key_of(vote, person), by=by, at=timezone.now())


def print_codes(vote: Vote, copies: int, **about: Any) -> list[str]:
    wanted: dict[str, Any] = {"way": Way.CODE, "language": "de", "large": False} | about
    return actions.print_run(vote=vote, copies=copies, by=admin(), at=timezone.now(), **wanted)[1]


def give(vote: Vote, person: Person, code: str, by: Person) -> None:
    actions.give(vote=vote, key=key_of(vote, person), code=code, by=by, at=timezone.now())


def take_in(vote: Vote, code: str, by: Person) -> None:
    actions.take_in(vote=vote, code=code, by=by, at=timezone.now())


def open_batch(vote: Vote, way: str, size: int, by: Person) -> Batch:
    return actions.open_batch(vote=vote, way=way, size=size, by=by, at=timezone.now())


def type_all(batch: Batch, by: Person, lines: Sequence[actions.Text]) -> Batch:
    for number, text in enumerate(lines, start=1):
        batch = actions.type_ballot(batch=batch, number=number, text=text, by=by, at=timezone.now())
    return batch


def enter(vote: Vote, way: str, lines: Sequence[actions.Text], by: list[Person]) -> Batch:
    """A batch that two people read alike."""
    batch = open_batch(vote, way, len(lines), by[0])
    type_all(batch, by[0], lines)
    return type_all(batch, by[1], lines)


def counted(vote: Vote) -> list[tuple[str, int]]:
    """Every counted ballot: its channel and how many projects it names."""
    rows = CastBallot.objects.filter(vote=vote).values_list("channel", "choice")
    return sorted((channel, len(choice)) for channel, choice in rows)
