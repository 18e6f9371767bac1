"""The stand-alone program counts as the product does: thousands of elections made up by chance, every rule, many ties."""

from __future__ import annotations

import hashlib
import importlib.util
import random
import time
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.ballots.board import files
from proposals.ballots.counting import ballot_of
from proposals.ballots.kinds import TALLIED
from proposals.ballots.rulebook import SPOKEN, rules_for
from proposals.ballots.tally import (
    LOT,
    RULES_TO_COMPARE,
    TIE_RULES,
    Amount,
    BallotKind,
    Profile,
    Project,
    Reserve,
    TieRule,
    amount_text,
    compared_with_votes,
    count,
    drawn_by_lot,
)

found = importlib.util.spec_from_file_location("verify_counts", files.PROGRAM)
verify: Any = importlib.util.module_from_spec(found)
found.loader.exec_module(verify)

ELECTIONS = 100  # at once, for each of the seeds that hypothesis makes up
# Few different costs, so that ties are common; one of them is nothing, one has cents.
COSTS: list[Amount] = [0, 5, 7, 7, 7, 10, Fraction(5, 2), 31]


def choice_of(kind: BallotKind, codes: list[str], dice: random.Random) -> tuple[list[str], list[int] | None]:
    chosen = dice.sample(codes, dice.randint(0, len(codes)))
    points = [dice.choice([0, 1, 1, 2, 5]) for _code in chosen]
    return chosen, points if kind is BallotKind.CUMULATIVE else None


def shares_of(budget: int, codes: list[str], dice: random.Random) -> list[dict[str, Any]]:
    return [
        {"theme": theme, "amount": str(budget // part), "projects": dice.sample(codes, dice.randint(0, len(codes)))}
        for theme, part in (("a", 3), ("b", 4))[: dice.randint(0, 2)]
    ]  # fmt: skip


def tie_of(dice: random.Random) -> tuple[TieRule, dict[str, str]]:
    name = dice.choice([*sorted(TIE_RULES.slugs()), LOT])
    if name != LOT:
        return TIE_RULES.get(name), {"tie_rule": name}
    seed = dice.randbytes(8).hex()
    return drawn_by_lot(seed), {"tie_rule": LOT, "lot_seed": seed}


# What the board calls the kinds of the tally.
CALLED = {kind: name for name, kind in TALLIED.items()}


@pytest.mark.parametrize("rule", sorted(SPOKEN))
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_program_counts_every_rule_as_the_product_does(rule: str, seed: int) -> None:
    kind, dice, ties = SPOKEN[rule].kind, random.Random(seed), 0
    for _election in range(ELECTIONS):
        codes = [f"{n:02}" for n in range(1, dice.randint(2, 8))]
        projects = tuple(Project(code, dice.choice(COSTS)) for code in codes)
        budget, (tie_rule, told) = dice.randint(0, 60), tie_of(dice)
        ballots = [choice_of(kind, codes, dice) for _n in range(dice.randint(0, 14))]
        shares = shares_of(budget, codes, dice) if rule == "greedy_cost" else []
        profile = Profile(projects, Counter(ballot_of(kind, *ballot) for ballot in ballots), kind)
        reserves = [Reserve(s["theme"], int(s["amount"]), frozenset(s["projects"])) for s in shares]
        ours = count(rule, profile, budget, tie_rule=tie_rule, reserves=reserves)
        config = told | {
            "kind": CALLED[kind],
            "rule": rule,
            "budget": str(budget),
            "reserves": shares,
            "projects": [{"code": p.id, "cost": amount_text(p.cost)} for p in projects],
        }
        leaves = [
            codes if points is None else [f"{code}:{n}" for code, n in zip(codes, points, strict=True)]
            for codes, points in ballots
        ]
        winners, scores = verify.count_again(config, leaves)
        assert winners == list(ours.selected), (config, leaves)
        if rule in RULES_TO_COMPARE:
            stands, step = compared_with_votes(profile, ours, budget, tie_rule=tie_rule)
            assert verify.count_again(config | {"compares": True}, leaves)[0] == list(stands.selected)
            figures = {"for_shares": step.for_shares, "for_votes": step.for_votes, "alike": step.alike}
            assert verify.check_comparison(config, leaves, figures)
        if kind is not BallotKind.ORDINAL:
            assert scores == {turn.project: turn.votes for turn in ours.rounds}
        ties += any(turn.tied_with for turn in ours.rounds)
    assert ties  # equals were met


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), kind=st.sampled_from([*CALLED]))
def test_the_program_parts_ballots_into_envelopes_and_counts_each_as_the_product_does(
    seed: int, kind: BallotKind
) -> None:
    dice = random.Random(seed)
    if not rules_for(kind):  # questions have no envelopes
        return
    for _election in range(10):
        tie_rule, told = tie_of(dice)
        letters = "ABCD"[: dice.randint(2, 4)]
        codes = {letter: [f"{letter}.{n:02}" for n in range(1, dice.randint(1, 5))] for letter in letters}
        costs = {code: dice.choice(COSTS) for mine in codes.values() for code in mine}
        ballots = []
        for _n in range(dice.randint(0, 12)):
            chosen = dice.sample(sorted(costs), dice.randint(0, len(costs)))
            ballots.append((chosen, [dice.randint(1, 5) for _code in chosen]))
        listed: list[dict[str, Any]] = []
        results: list[dict[str, Any]] = []
        expected: list[str] = []
        for letter in letters:
            rule, budget, least = dice.choice(rules_for(kind)).slug, dice.randint(1, 60), dice.randint(1, 2)
            parts = [
                [(code, points) for code, points in zip(*ballot, strict=True) if code in codes[letter]]
                for ballot in ballots
            ]
            here = [part for part in parts if part]
            complete = [part for part in here if len(part) >= least]
            counted = Counter(
                ballot_of(kind, [code for code, _points in part], [points for _code, points in part])
                for part in complete
            )
            projects = tuple(Project(code, costs[code]) for code in codes[letter])
            ours = count(rule, Profile(projects, counted, kind), budget, tie_rule=tie_rule)
            expected += ours.selected
            results.append({"code": letter, "ballots": len(here), "selected": list(ours.selected)})
            listed.append(
                {
                    "code": letter, "projects": codes[letter], "amount": str(budget), "rule": rule, "min_choices": least,
                    "max_choices": None, "points": 1000, "most_points": None, "besides": False,
                }
            )  # fmt: skip
        config = told | {
            "kind": CALLED[kind],
            "within_budget": False,
            "budget": str(sum(int(each["amount"]) for each in listed)),
            "projects": [{"code": code, "cost": amount_text(cost)} for code, cost in costs.items()],
            "envelopes": listed,
            "most_envelopes": None,
        }
        leaves = [
            [f"{code}:{n}" for code, n in zip(*ballot, strict=True)]
            if kind is BallotKind.CUMULATIVE
            else list(ballot[0])
            for ballot in ballots
        ]
        parted = verify.ballots_in_envelopes(config, leaves)
        assert verify.count_envelopes(config, parted, results)[0] == expected, (config, leaves)
        most = max((len({code[0] for code in ballot[0]}) for ballot in ballots), default=0)
        if most > 1:
            with pytest.raises(verify.Wrong):
                verify.ballots_in_envelopes(config | {"most_envelopes": most - 1}, leaves)


def small_units(seed: int, voters: int, projects: int, budget: int) -> tuple[dict[str, Any], list[list[str]]]:
    dice = random.Random(seed)
    codes = [f"{n:02}" for n in range(1, projects + 1)]
    taste = [1 / n for n in range(1, projects + 1)]
    config = {
        "rule": "add1_cost", "tie_rule": "lowest_cost_then_id", "budget": str(budget),
        "projects": [{"code": code, "cost": str(dice.randint(budget // 40, budget // 3))} for code in codes],
    }  # fmt: skip
    return config, [sorted(set(dice.choices(codes, taste, k=dice.randint(1, 5)))) for _n in range(voters)]


def one_by_one(config: dict[str, Any], ballots: list[list[str]]) -> list[str]:
    """Add1 as it is defined: every unit is tried."""
    count = verify.Count(config, ballots)
    each, won = count.budget / len(ballots), list[str]()
    while True:
        more = [code for code, _rate in verify.equal_shares(count, each, True)]
        if count.sum(more) > count.budget:
            return won
        won, left = more, count.budget - count.sum(more)
        if all(code in won or count.costs[code] > left for code in count.codes if count.fans[code]):
            return won
        each += 1


def test_units_between_which_nothing_changes_are_passed_over_without_missing_any() -> None:
    for seed in range(60):
        config, ballots = small_units(
            seed, voters=4 + seed % 9, projects=3 + seed % 6, budget=700 + 90 * seed
        )
        assert verify.count_again(config, ballots)[0] == one_by_one(config, ballots), (config, ballots)


def test_a_budget_of_a_billion_units_is_raised_in_seconds_and_as_the_product_does_it() -> None:
    config, ballots = small_units(4, voters=200, projects=12, budget=999_000_000)
    projects = [Project(project["code"], int(project["cost"])) for project in config["projects"]]
    ours = count("add1_cost", Profile.of(projects, ballots), 999_000_000)
    started = time.process_time()
    assert verify.count_again(config, ballots)[0] == list(ours.selected)
    assert ours.added > 100_000 and time.process_time() - started < 10


def test_every_rule_a_vote_may_use_can_be_counted_by_the_program() -> None:
    for kind in (BallotKind.APPROVAL, BallotKind.CUMULATIVE, BallotKind.ORDINAL):
        assert {rule.slug for rule in rules_for(kind)} == set(verify.RULES[CALLED[kind]])


def test_a_rule_the_program_does_not_know_is_refused() -> None:
    config = {"rule": "dice", "tie_rule": "lexicographic_id", "budget": "1", "projects": []}
    with pytest.raises(verify.Wrong, match="cannot count by the rule"):
        verify.count_again(config, [])
    with pytest.raises(verify.Wrong, match="cannot count by the rule"):
        verify.count_again(config | {"rule": "mes_cum"}, [])  # points, and these are approvals


def test_another_lot_than_the_promised_one_is_noticed() -> None:
    promise = hashlib.sha256(b"0815").hexdigest()
    config = {"tie_rule": LOT, "lot_promise": promise, "lot_seed": "0815"}
    assert verify.check_lot(config) == ["the lot for ties is the one that was promised at the opening"]
    with pytest.raises(verify.Wrong, match="not the one that was promised"):
        verify.check_lot(config | {"lot_seed": "0816"})


@pytest.mark.parametrize(
    ("kind", "choice", "reason"),
    [
        ("points", ["01"], "no points where it must"),
        ("points", ["01:-2"], "less than one"),
        ("points", ["01:9", "02:2"], "more points than there are"),
        ("points", ["01:6"], "more points to a project"),
        ("points", ["01:2", "01:1"], "twice"),
        ("approval", ["01:2"], "must not"),
        ("ranking", ["02", "02"], "twice"),
        ("ranking", ["03"], "not there"),
        ("approval", ["01", "02"], "more than there is money"),
    ],
)
def test_an_impossible_ballot_is_noticed(kind: str, choice: list[str], reason: str) -> None:
    projects = [{"code": code, "cost": "6"} for code in ("01", "02")]
    config = {
        "kind": kind, "budget": "10", "points": 10, "most_points": 5, "min_choices": 1, "max_choices": None,
        "projects": projects,
    }  # fmt: skip
    with pytest.raises(verify.Wrong, match=reason):
        verify.check_ballots(config, [choice])


def test_only_in_a_ranking_the_order_is_part_of_the_commitment() -> None:
    one, two = (
        [verify.commitment({"kind": kind}, order, "00") for kind in ("approval", "ranking")]
        for order in (["01", "02"], ["02", "01"])
    )
    assert one[0] == two[0] and one[1] != two[1]
