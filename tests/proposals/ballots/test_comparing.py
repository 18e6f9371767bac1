"""The comparison at the end: Equal Shares stands unless more voters get more of their projects when most votes go first."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.ballots import actions, plan
from proposals.ballots.board import files
from proposals.ballots.models import Tally, Vote
from proposals.ballots.tally import (
    RULES_TO_COMPARE,
    BallotKind,
    Profile,
    Project,
    compare,
    compared_with_votes,
    count,
)
from tests.proposals.ballots.test_board import verify
from tests.proposals.ballots.test_properties import elections, profile_of, tie_rules
from tests.proposals.ballots.voting import build_phase, build_vote, keys_by_cost, let_it_end, people

# Twelve want the dear one and nothing else, five each something small of their own.
DEAR, SMALL = 40_000, (8_000, 9_000)


@pytest.mark.parametrize("rule", RULES_TO_COMPARE)
@settings(deadline=None, max_examples=60)
@given(data=st.data(), tie_rule=tie_rules)
def test_the_outcome_that_stands_is_one_of_the_two_and_the_one_more_are_for(rule, data, tie_rule):
    projects, voters, budget = data.draw(elections(BallotKind.APPROVAL))
    profile = profile_of(BallotKind.APPROVAL, projects, voters)
    shares = count(rule, profile, budget, tie_rule=tie_rule)
    votes = count("greedy_cost", profile, budget, tie_rule=tie_rule)
    stands, found = compared_with_votes(profile, shares, budget, tie_rule=tie_rule)
    # Voter by voter, as the step is told.
    glad = [
        len(set(chosen) & set(shares.selected)) - len(set(chosen) & set(votes.selected))
        for chosen, _points in voters
    ]
    assert (found.for_shares, found.for_votes, found.alike) == (
        sum(each > 0 for each in glad),
        sum(each < 0 for each in glad),
        sum(each == 0 for each in glad),
    )
    assert stands.selected == (votes if found.for_votes > found.for_shares else shares).selected
    back = compare(profile, votes.selected, shares.selected)
    assert (back.for_shares, back.for_votes, back.alike) == (found.for_votes, found.for_shares, found.alike)


def test_no_other_rule_knows_the_step():
    profile = Profile.of([Project("a", 1)], [["a"]])
    with pytest.raises(ValueError, match="no comparison"):
        compared_with_votes(profile, count("greedy_cost", profile, 1), 1)


def held(*, many: int, few: int) -> tuple[Vote, Tally]:
    """So many want only the dear project, so many all the small ones; Equal Shares cannot pay the dear one."""
    vote = build_vote(
        costs=(DEAR, *SMALL), budget=50_000, rule="mes_cost", compares=True, within_budget=False
    )
    key = keys_by_cost(vote)
    for number, person in enumerate(people(many + few)):
        chosen = [key[DEAR]] if number < many else [key[cost] for cost in SMALL]
        actions.cast(vote=vote, by=person, chosen=chosen, at=timezone.now())
    let_it_end(vote)
    actions.close_and_count(vote=vote, at=timezone.now())
    tally = actions.publish_tally(Tally.objects.get(pk=vote.pk), at=timezone.now())
    return vote, Tally.objects.select_related("vote__phase__process").get(pk=tally.pk)


@pytest.mark.django_db
def test_where_more_are_for_most_votes_that_outcome_stands_on_every_page_and_in_the_program():
    # 12 of 17 shares of 50,000 do not pay 40,000; 5 of 17 pay one of 8,000 and then too little is left for 9,000.
    vote, tally = held(many=12, few=5)
    dear = vote.options.get(cost=DEAR).code
    step = tally.result["comparison"]
    assert (tally.rule, step["stands"]) == ("mes_cost", "greedy_cost")
    assert (step["for_shares"], step["for_votes"], step["alike"]) == (0, 12, 5)
    assert dear in tally.result["selected"] and dear not in step["shares"]
    page = Client().get("/en/processes/wahl/result/").content.decode()
    assert "The comparison at the end" in page and "“Most votes first” stands." in page
    assert "0 people for “Equal shares”, 5 for neither, 12 for “Most votes first”" in page
    assert "At the end this outcome is held against" in page
    counted: Any = Client().get("/en/processes/wahl/result/ballots.pb")
    lines = b"".join(counted.streaming_content)
    assert b"\ncomparison;satisfaction\n" in lines
    board: dict[str, Any] = json.loads("".join(files.board_file(vote, tally)))
    assert board["config"]["compares"] and verify.verify(board)["winners"] == tally.result["selected"]
    # Neither the figures nor the step itself can be changed unnoticed.
    for tampered in ({"for_votes": 11}, {"for_shares": 13}, None):
        other = deepcopy(board)
        if tampered is None:
            del other["config"]["compares"]
        else:
            other["result"]["comparison"] |= tampered
        with pytest.raises(verify.Wrong):
            verify.verify(other)


@pytest.mark.django_db
def test_where_as_many_are_for_both_equal_shares_stand():
    _vote, tally = held(many=5, few=5)
    step = tally.result["comparison"]
    assert step["stands"] == "mes_cost" and step["for_votes"] <= step["for_shares"]
    page = Client().get("/en/processes/wahl/result/").content.decode()
    assert "“Equal shares” stands." in page


@pytest.mark.django_db
def test_only_equal_shares_of_chosen_projects_can_be_compared() -> None:
    wrong: list[dict[str, Any]] = [
        {"rule": "greedy_cost"},
        {"rule": "phragmen_x"},
        {"kind": "points", "rule": "mes_cum"},
    ]
    for options in wrong:
        phase = build_phase(compares=True, slug=f"w{options['rule']}".replace("_", "-"), **options)
        assert "compares" in {field for _said, field in plan.unfit(phase.opts)}, options
    vote = build_vote(rule="mes_cost")
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.filter(pk=vote.pk).update(compares=True, rule="phragmen_x")
