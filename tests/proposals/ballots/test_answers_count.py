"""Questions are counted by the product and by the stand-alone program, on hundreds of elections made up by chance."""

from __future__ import annotations

import importlib.util
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.ballots.board import files
from proposals.ballots.tally import LEXICOGRAPHIC_ID, LOT, TIE_RULES, Project, drawn_by_lot
from proposals.ballots.tally.answers import MAJORITIES, QUORUMS, Parted, grade, judge, parted

found = importlib.util.spec_from_file_location("verify_answers", files.PROGRAM)
verify: Any = importlib.util.module_from_spec(found)
found.loader.exec_module(verify)

GRADES = 6
ELECTIONS = 60


def removed_one_by_one(grades: list[int]) -> list[int]:
    """Majority judgement as its paper says it: the middle grade, of two the lower, is taken away, again and again."""
    left, order = sorted(grades), []
    while left:
        order.append(left.pop((len(left) - 1) // 2))
    return order


def made_up(dice: random.Random) -> tuple[dict[str, Any], list[dict[str, int]]]:
    questions: list[dict[str, Any]] = []
    for number in range(1, dice.randint(2, 4)):
        code = f"q{number:02}"
        if dice.random() < 0.5:
            lines = [{"code": code}]
            more: dict[str, Any] = {
                "form": "yesno", "majority": dice.choice(list(MAJORITIES)), "quorum": dice.choice(["", *QUORUMS]),
                "percent": dice.choice([10, 25, 50]),
            }  # fmt: skip
        else:
            lines = [{"code": f"{code}.{place:02}"} for place in range(1, dice.randint(3, 6))]
            more = {"form": "grades", "grades": GRADES}
        questions.append({"code": code, "lines": lines, **more})
    tie = dice.choice([*sorted(TIE_RULES.slugs()), LOT])
    config = {
        "kind": "answers", "rule": "each_question", "tie_rule": tie, "lot_seed": dice.randbytes(6).hex(),
        "questions": questions, "eligible": dice.randint(10, 40),
    }  # fmt: skip
    few = dice.randint(2, GRADES)  # few grades, so that equals are common
    ballots = []
    for _voter in range(dice.randint(0, 12)):
        ballot = {}
        for question in questions:
            for line in question["lines"]:
                if dice.random() < 0.8:
                    ballot[line["code"]] = dice.randint(1, few if question["form"] == "grades" else 3)
        ballots.append(ballot)
    return config, ballots


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_program_counts_questions_as_the_product_does(seed: int) -> None:
    dice, ties, accepted = random.Random(seed), 0, 0
    for _election in range(ELECTIONS):
        config, ballots = made_up(dice)
        tie = (
            TIE_RULES.get(config["tie_rule"])
            if config["tie_rule"] != LOT
            else drawn_by_lot(config["lot_seed"])
        )
        leaves = [[f"{code}:{value}" for code, value in ballot.items()] for ballot in ballots]
        winners, numbers, rankings = verify.count_questions(config, leaves)
        assert (winners, numbers) == verify.count_again(config, leaves)
        ours: list[str] = []
        for question in config["questions"]:
            code, codes = question["code"], [line["code"] for line in question["lines"]]
            if question["form"] == "yesno":
                said = Counter(ballot.get(code) for ballot in ballots)
                judged = judge(
                    yes=said[1], no=said[2], abstain=said[3], majority=question["majority"],
                    eligible=config["eligible"], quorum=question["quorum"], percent=question["percent"],
                )  # fmt: skip
                ours += [code] * judged.accepted
                accepted += judged.accepted
                assert [numbers[f"{code}:{value}"] for value in (1, 2, 3)] == [said[1], said[2], said[3]]
                continue
            graded = grade(
                codes,
                [({each: ballot[each] - 1 for each in codes if each in ballot}, 1) for ballot in ballots],
                grades=GRADES,
                tie_rule=tie,
            )
            assert rankings[code] == list(graded.ranking), (config, ballots)
            ours += graded.ranking[: bool(graded.voters)]
            for each in codes:
                assert [numbers[f"{each}:{value}"] for value in range(1, GRADES + 1)] == list(
                    graded.given[each]
                )
            ties += any(each.upper is None for each in graded.parted)
        assert winners == ours, (config, ballots)
    assert ties and accepted  # equals were met, and not everything was refused


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=25))
def test_the_program_takes_grades_away_from_the_middle(grades: list[int]) -> None:
    assert verify.worth_of_grades(Counter(grades)) == removed_one_by_one(grades)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20))
def test_what_parts_two_options_is_the_first_middle_grade_that_differs(pairs: list[tuple[int, int]]) -> None:
    one, other = removed_one_by_one([p[0] for p in pairs]), removed_one_by_one([p[1] for p in pairs])
    first = next((n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), None)
    wanted = Parted(len(pairs), None, None) if first is None else Parted(first, one[first], other[first])
    assert parted(Counter(p[0] for p in pairs), Counter(p[1] for p in pairs)) == wanted


@pytest.mark.parametrize("majority", MAJORITIES)
@pytest.mark.parametrize("quorum", ["", *QUORUMS])
def test_as_many_more_votes_for_yes_as_are_told_and_no_fewer_would_have_been_enough(
    majority: str, quorum: str
) -> None:
    for yes in range(8):
        for no in range(8):
            about: dict[str, Any] = {
                "no": no,
                "abstain": 2,
                "majority": majority,
                "eligible": 37,
                "quorum": quorum,
            }
            for percent in (10, 33):
                told = judge(yes=yes, percent=percent, **about).more_yes
                enough = [
                    judge(yes=yes + more, percent=percent, **about).accepted for more in range(told + 1)
                ]
                assert enough == [False] * told + [True]


@pytest.mark.parametrize(
    ("majority", "yes", "no", "accepted"),
    [
        ("simple", 5, 5, False),
        ("simple", 6, 5, True),
        ("two_thirds", 2, 1, True),
        ("two_thirds", 65, 35, False),
        ("three_quarters", 3, 1, True),
        ("three_quarters", 0, 0, False),
    ],
)
def test_a_majority_is_exact(majority: str, yes: int, no: int, accepted: bool) -> None:
    assert judge(yes=yes, no=no, abstain=100, majority=majority).accepted is accepted


def test_a_quorum_counts_all_who_may_vote_and_rounds_in_nobodys_favour() -> None:
    about: dict[str, Any] = {"no": 0, "majority": "simple", "eligible": 101, "percent": 10}
    assert not judge(yes=10, abstain=90, quorum="yes", **about).accepted  # 10.1 are needed
    assert judge(yes=11, abstain=0, quorum="yes", **about).accepted
    assert judge(yes=1, abstain=10, quorum="turnout", **about).accepted  # to abstain is to take part


def test_who_grades_no_option_of_a_question_is_not_counted_in_it() -> None:
    counted = grade(
        ["a", "b"], [({"a": 4}, 3), ({}, 50), ({"b": 5}, 1)], grades=GRADES, tie_rule=LEXICOGRAPHIC_ID
    )
    assert counted.voters == 4 and counted.ranking == ("a", "b")
    assert counted.given == {"a": (1, 0, 0, 0, 3, 0), "b": (3, 0, 0, 0, 0, 1)}  # left out is the worst grade


def test_a_grade_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 5"):
        grade(["a"], [({"a": 6}, 1)], grades=GRADES, tie_rule=LEXICOGRAPHIC_ID)
    with pytest.raises(KeyError):
        judge(yes=1, no=0, abstain=0, majority="most")
    with pytest.raises(ValueError, match="quorum"):
        judge(yes=1, no=0, abstain=0, majority="simple", quorum="all")


def test_equal_options_are_ordered_by_the_lot_that_was_promised() -> None:
    lot = drawn_by_lot("0815")
    counted = grade(["a", "b", "c"], [({"a": 2, "b": 2, "c": 2}, 5)], grades=GRADES, tie_rule=lot)
    assert list(counted.ranking) == sorted("abc", key=lambda code: lot.key(Project(code, 0)))
    assert all(each.upper is None for each in counted.parted)


CONFIG: dict[str, Any] = {
    "kind": "answers", "rule": "each_question", "tie_rule": "lexicographic_id", "eligible": 10, "min_choices": 1,
    "projects": [],
    "questions": [
        {"code": "q01", "form": "yesno", "lines": [{"code": "q01"}], "majority": "simple", "quorum": "", "percent": 0},
        {"code": "q02", "form": "grades", "grades": 6, "lines": [{"code": "q02.01"}, {"code": "q02.02"}]},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        (["q01:4"], "cannot be given"),
        (["q01:0"], "cannot be given"),
        (["q01"], "cannot be given"),
        (["q02.01:7"], "cannot be given"),
        (["q02.01:1/2"], "cannot be given"),
        (["q02.03:1"], "not there"),
        (["q01:1", "q01:2"], "twice"),
    ],
)
def test_an_impossible_ballot_of_answers_is_noticed(choice: list[str], reason: str) -> None:
    with pytest.raises(verify.Wrong, match=reason):
        verify.check_ballots(CONFIG, [choice])


def test_an_empty_ballot_of_answers_is_not_complete() -> None:
    assert verify.check_ballots(CONFIG, [["q01:1"], [], ["q02.01:6"]]) == [["q01:1"], ["q02.01:6"]]


def test_another_rule_or_another_order_of_options_is_noticed() -> None:
    with pytest.raises(verify.Wrong, match="cannot count by the rule"):
        verify.count_again(CONFIG | {"rule": "greedy_cost"}, [])
    leaves = [["q02.01:5", "q02.02:2"]]
    assert verify.check_rankings(CONFIG, leaves, {"q02": ["q02.01", "q02.02"]})
    with pytest.raises(verify.Wrong, match="another order"):
        verify.check_rankings(CONFIG, leaves, {"q02": ["q02.02", "q02.01"]})
