"""From the ballots of a vote on questions to its count and its rows for files. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from proposals.ballots import questions
from proposals.ballots.models import CastBallot, Vote
from proposals.ballots.questions import ABSTAIN, GRADE_NAMES, NO, YES, Question
from proposals.ballots.tally.answers import grade, judge
from proposals.ballots.tally.ties import TieRule

Marks = Counter[tuple[tuple[int, int], ...]]


def counted(vote: Vote, tie_rule: TieRule) -> dict[str, Any]:
    """The whole result as it is stored: every question by itself, and what was accepted or won in the order of the ballot."""
    asked = questions.read(vote.questions)
    marks, figures = _marks(vote)
    told = [
        _graded(question, marks, tie_rule) if question.asks_grades else _judged(question, marks, vote)
        for question in asked
    ]
    return {
        "version": 3,
        "rule": vote.rule,
        "tie_rule": tie_rule.name,
        "budget": "0",
        "cost": "0",
        "each": None,
        "added": 0,
        "selected": [code for each in told for code in each["selected"]],
        "rounds": [],
        "needed": {},
        "questions": told,
        **figures,
    }


def _marks(vote: Vote) -> tuple[Marks, dict[str, Any]]:
    """Equal ballots grouped, as (line, answer) pairs, and how many there are. Whoever answered nothing has no complete ballot."""
    marks: Marks = Counter()
    channels: Counter[str] = Counter()
    rows = CastBallot.objects.filter(vote=vote).values_list("choice", "points", "channel")
    for keys, values, channel in rows.iterator(chunk_size=5000):
        channels[channel] += 1
        marks[tuple(zip(keys, values or (), strict=True))] += 1
    return marks, {
        "ballots": sum(channels.values()),
        "incomplete": marks[()],
        "channels": dict(sorted(channels.items())),
    }


def _judged(question: Question, marks: Marks, vote: Vote) -> dict[str, Any]:
    key = question.lines[0].key
    given: Counter[int] = Counter()
    for pairs, weight in marks.items():
        if (value := dict(pairs).get(key)) is not None:
            given[value] += weight
    yes, no, abstain = given[YES], given[NO], given[ABSTAIN]
    found = judge(
        yes=yes, no=no, abstain=abstain, majority=question.majority,
        eligible=vote.eligible or 0, quorum=question.quorum, percent=question.percent,
    )  # fmt: skip
    return {
        "code": question.code,
        "form": question.form,
        "answers": {question.code: [yes, no, abstain]},
        "voters": yes + no + abstain,
        "accepted": found.accepted,
        "majority_reached": found.majority_reached,
        "needed": found.needed,
        "quorum_reached": found.quorum_reached,
        "more_yes": found.more_yes,
        "selected": [question.code] if found.accepted else [],
    }


def _graded(question: Question, marks: Marks, tie_rule: TieRule) -> dict[str, Any]:
    codes = {line.key: line.code for line in question.lines}
    ballots = [
        ({codes[key]: value - 1 for key, value in pairs if key in codes}, weight)
        for pairs, weight in marks.items()
    ]
    found = grade([line.code for line in question.lines], ballots, grades=len(GRADE_NAMES), tie_rule=tie_rule)
    return {
        "code": question.code,
        "form": question.form,
        "answers": {code: list(given) for code, given in found.given.items()},
        "voters": found.voters,
        "middle": dict(found.middle),
        "ranking": list(found.ranking),
        "parted": [[each.taken, each.upper, each.lower] for each in found.parted],
        "more": dict(found.more),
        "selected": [found.ranking[0]] if found.voters else [],
    }


# --- for files ---

_WRITTEN = {YES: "yes", NO: "no", ABSTAIN: "abstain"}


def cells(asked: Sequence[Question], ballot: CastBallot) -> list[str]:
    """What a ballot says for every line, in their order: yes, no, abstain or a grade from 1 to 6; nothing where it is open."""
    given = dict(zip(ballot.choice, ballot.points or (), strict=True))
    found = []
    for question in asked:
        for line in question.lines:
            value = given.get(line.key)
            found.append("" if value is None else str(value) if question.asks_grades else _WRITTEN[value])
    return found


def told(asked: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions as the program that checks needs them."""
    return [
        {
            "code": question.code,
            "form": question.form,
            "text": question.text,
            "lines": [{"code": line.code, "text": line.text} for line in question.lines],
            **_rule(question),
        }
        for question in asked
    ]


def _rule(question: Question) -> dict[str, Any]:
    if question.asks_grades:
        return {"grades": len(GRADE_NAMES)}
    return {"majority": question.majority, "quorum": question.quorum, "percent": question.percent}


def numbers(result: Mapping[str, Any]) -> dict[str, int]:
    """ "q01:1" -> how many said so, over all lines and answers: what the program counts again. Grades a ballot left open are in
    the worst one, as they were counted."""
    return {
        f"{code}:{value}": number
        for question in result["questions"]
        for code, given in question["answers"].items()
        for value, number in enumerate(given, start=1)
    }
