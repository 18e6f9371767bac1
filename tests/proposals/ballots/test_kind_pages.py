"""Ballots of points and in an order on their pages, without any script: buttons, fields, refusals, practice, receipts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from cocreation.models import PendingAct
from proposals.ballots import actions
from proposals.ballots.models import Slot, Vote
from proposals.models import Proposal
from tests.proposals.ballots.test_kinds import FREE, POINTS, RANKING, cast, own
from tests.proposals.ballots.voting import (
    DAY,
    build_phase,
    build_vote,
    keys_by_cost,
    let_it_end,
    people,
    stored,
)

pytestmark = pytest.mark.django_db

BALLOT = "/en/processes/wahl/ballot/"
HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def signed_in(person) -> Client:
    client = Client(**HERE)
    client.force_login(person)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def points(vote: Vote, **given: Any) -> dict[str, Any]:
    """points(vote, c8000=3): the fields of a form."""
    key = keys_by_cost(vote)
    return {f"points-{key[int(cost[1:])]}": number for cost, number in given.items()}


def places(vote: Vote, **given: Any) -> dict[str, Any]:
    key = keys_by_cost(vote)
    return {f"place-{key[int(cost[1:])]}": number for cost, number in given.items()}


# --- points ---


def test_points_are_given_changed_and_kept_without_any_script():
    voter = people(1)[0]
    vote = build_vote(**POINTS)
    key, client = keys_by_cost(vote), signed_in(voter)
    page = text(client.get(BALLOT))
    assert "Share out your points" in page and "You have 10 points." in page and "at most 6 points" in page
    page = text(client.post(BALLOT, points(vote, c8000=3, c45000=5, c12000=0), follow=True))
    assert own(vote, voter) == {key[8_000]: 3, key[45_000]: 5}
    assert "Counts now" in page and "You have given 8 points" in page and "Points left of 10" in page
    assert f'name="points-{key[45_000]}" min="0" max="6" step="1" value="5"' in page
    client.post(BALLOT, points(vote, c12000=1))
    assert own(vote, voter) == {key[12_000]: 1}


def test_the_buttons_add_and_take_away_one_point_and_save():
    voter = people(1)[0]
    vote = build_vote(**POINTS)
    key, client = keys_by_cost(vote), signed_in(voter)
    client.post(BALLOT, points(vote, c8000=3) | {"step": f"{key[12_000]}:more"})
    assert own(vote, voter) == {key[8_000]: 3, key[12_000]: 1}
    client.post(BALLOT, points(vote, c8000=3, c12000=1) | {"step": f"{key[12_000]}:less"})
    assert own(vote, voter) == {key[8_000]: 3}
    client.post(
        BALLOT, points(vote, c8000=3) | {"step": f"{key[12_000]}:less"}
    )  # below zero there is nothing
    assert own(vote, voter) == {key[8_000]: 3}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"c8000": 6, "c12000": 5}, "You have given 11 points, and there are only 10"),
        ({"c8000": 7}, "at most 6 points"),
        ({"c8000": -2}, "less than zero"),
        ({"c8000": "1.5"}, "whole number for “Project 2”"),
        ({"c8000": "9" * 400}, "whole number"),
        ({"c8000": "²"}, "whole number"),
    ],
)
def test_points_against_the_rules_are_refused_on_the_page_and_nothing_changes(fields, says):
    voter = people(1)[0]
    vote = build_vote(**POINTS)
    cast(vote, voter, {45_000: 2})
    before = stored(vote)
    response = signed_in(voter).post(BALLOT, points(vote, **fields))
    assert response.status_code == 422 and says in text(response) and "Not saved" in text(response)
    assert "What you see here is not saved" in text(response)
    assert stored(vote) == before


@pytest.mark.parametrize("kind", [POINTS, RANKING], ids=["points", "ranking"])
def test_a_field_of_another_ballot_is_refused(kind):
    voter = people(1)[0]
    vote = build_vote(**kind)
    name = "points" if kind is POINTS else "place"
    for key in ("999999999", "x", ""):
        response = signed_in(voter).post(BALLOT, {f"{name}-{key}": "1"})
        assert response.status_code == 422 and "not on this ballot" in text(response)
    assert all(choice is None for _tag, choice in stored(vote))


# --- an order ---


def test_an_order_is_made_with_places_and_changed_with_buttons():
    voter = people(1)[0]
    vote = build_vote(**RANKING)
    key, client = keys_by_cost(vote), signed_in(voter)
    page = text(client.get(BALLOT))
    assert "Put projects in your order" in page and "Nothing stands here yet" in page
    page = text(client.post(BALLOT, places(vote, c45000=1), follow=True))
    assert "Not complete yet" in page and "at least 1 more project" in page
    page = text(client.post(BALLOT, places(vote, c45000=2, c8000=1), follow=True))
    assert own(vote, voter) == (key[8_000], key[45_000]) and "Counts now" in page
    assert page.index("Project 2") < page.index("Project 1") < page.index("Project 0")

    filled = places(vote, c8000=1, c45000=2)
    for what, cost, wanted in [
        ("down", 8_000, [45_000, 8_000]),
        ("up", 45_000, [45_000, 8_000]),
        ("up", 8_000, [8_000, 45_000]),  # it is first already
        ("add", 12_000, [8_000, 45_000, 12_000]),
        ("out", 8_000, [45_000]),
        ("down", 45_000, [8_000, 45_000]),  # it is last already
        ("sideways", 45_000, [8_000, 45_000]),
    ]:
        client.post(BALLOT, filled | {"step": f"{key[cost]}:{what}"})
        assert list(own(vote, voter)) == [key[each] for each in wanted], what


def test_gaps_between_places_close():
    voter = people(1)[0]
    vote = build_vote(**RANKING)
    key = keys_by_cost(vote)
    signed_in(voter).post(BALLOT, places(vote, c45000=3, c8000=1))
    assert list(own(vote, voter)) == [key[8_000], key[45_000]]


def test_a_place_that_is_given_twice_is_refused_and_nothing_changes():
    voter = people(1)[0]
    vote = build_vote(**RANKING)
    cast(vote, voter, [45_000, 8_000])
    before = stored(vote)
    response = signed_in(voter).post(BALLOT, places(vote, c45000=1, c12000=1, c8000=2))
    assert response.status_code == 422
    assert re.search(r"“Project [01]” and “Project [01]” both stand on place 1", text(response))
    assert stored(vote) == before


def test_the_script_hears_the_state_of_every_kind():
    voter = people(1)[0]
    vote = build_vote(**POINTS)
    response = signed_in(voter).post(BALLOT, points(vote, c8000=3), headers={"X-Requested-With": "fetch"})
    assert "Counts now" in text(response) and "<html" not in text(response)
    before = stored(vote)
    response = signed_in(voter).post(BALLOT, points(vote, c8000=7), headers={"X-Requested-With": "fetch"})
    assert response.status_code == 403 and "toast" in text(response) and stored(vote) == before


# --- choices without the money ---


def test_where_the_money_does_not_limit_the_strip_counts_choices():
    voter = people(1)[0]
    vote = build_vote(**FREE)
    key = keys_by_cost(vote)
    page = text(signed_in(voter).post(BALLOT, {"choice": [key[45_000], key[12_000]]}, follow=True))
    assert "Counts now" in page and "2 of 2" in page and "data-budget" not in page
    assert page.count(" disabled") == 1 and "that is the most" in page


# --- before the log-in, in practice, afterwards ---


@pytest.mark.parametrize("kind", [POINTS, RANKING], ids=["points", "ranking"])
def test_a_visitor_uses_the_buttons_and_only_the_end_is_kept(kind, django_capture_on_commit_callbacks):
    voter = people(1)[0]
    vote = build_vote(**kind)
    key, visitor = keys_by_cost(vote), Client(**HERE)
    what = "more" if kind is POINTS else "add"
    page = visitor.post(BALLOT, {"step": f"{key[12_000]}:{what}"})
    assert page.status_code == 200 and not PendingAct.objects.exists()
    assert "Sign in and vote" in text(page) and "Counts now" not in text(page)
    form = points(vote, c12000=4, c8000=1) if kind is POINTS else places(vote, c12000=1, c8000=2)
    response = visitor.post(BALLOT, form)
    assert PendingAct.objects.get().act == "vote" and all(choice is None for _tag, choice in stored(vote))
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(voter).post(response["Location"])
    wanted = {key[12_000]: 4, key[8_000]: 1} if kind is POINTS else (key[12_000], key[8_000])
    assert own(vote, voter) == wanted


@pytest.mark.parametrize("kind", [POINTS, RANKING], ids=["points", "ranking"])
def test_practice_knows_every_kind_and_keeps_nothing(kind):
    build_phase(starts=DAY, ends=2 * DAY, **kind)
    keys = {int(cost): pk for pk, cost in Proposal.objects.values_list("pk", "cost")}
    visitor, address = Client(**HERE), f"{BALLOT}practice/"
    name = "points" if kind is POINTS else "place"
    form = {f"{name}-{keys[8_000]}": 1, f"{name}-{keys[12_000]}": 2}
    page = visitor.post(address, form)
    assert page.status_code == 200 and not page.cookies and "Would count" in text(page)
    page = visitor.post(address, form | {"step": f"{keys[45_000]}:{'more' if kind is POINTS else 'add'}"})
    assert "Would count" in text(page) and text(page).count("is-in") == 3
    wrong = {f"{name}-{keys[8_000]}": 9 if kind is POINTS else 1, f"{name}-{keys[12_000]}": 1}
    assert visitor.post(address, wrong).status_code == 422
    assert not Slot.objects.exists() and "is-in" not in text(visitor.get(address))


@pytest.mark.parametrize(
    ("kind", "choice", "says"),
    [
        (POINTS, {8_000: 1, 45_000: 5}, ["Project 2: 1 point", "Project 1: 5 points"]),
        (RANKING, [45_000, 8_000], ["1. Project 1", "2. Project 2"]),
    ],
    ids=["points", "ranking"],
)
def test_the_receipt_and_the_board_say_what_was_filled_in(kind, choice, says):
    voter = people(1)[0]
    vote = build_vote(**kind)
    cast(vote, voter, choice)
    client = signed_in(voter)
    page = text(client.get(f"{BALLOT}receipt/"))
    assert all(f"<li>{said}</li>" in page for said in says)
    code = client.get(f"{BALLOT}receipt/?as=json").json()["code"]
    assert client.get(f"{BALLOT}receipt/?as=pdf").content.startswith(b"%PDF")
    let_it_end(vote)
    tally = actions.close_and_count(vote=vote, at=timezone.now())
    actions.publish_tally(tally, at=timezone.now())
    page = text(client.get(f"/en/processes/wahl/board/?code={code}"))
    assert "was counted" in page and all(said in page for said in says)
    assert client.get("/en/processes/wahl/result/").status_code == 200


def test_a_place_that_is_no_number_is_refused_and_nothing_changes():
    voter = people(1)[0]
    vote = build_vote(**RANKING)
    cast(vote, voter, [45_000, 8_000])
    before = stored(vote)
    response = signed_in(voter).post(BALLOT, places(vote, c45000="first", c8000=1))
    assert response.status_code == 422 and "whole number" in text(response) and stored(vote) == before
