"""Questions on one ballot, each counted by itself: yes or no with a majority and a quorum, or grades for its options.

judge(yes=60, no=40, abstain=5, majority="two_thirds", eligible=1000, quorum="yes", percent=10).accepted
parted({5: 3, 4: 2}, {5: 3, 2: 2})      # what tells two options apart whose middle grades are equal
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from proposals.ballots.tally.decisions import more_ballots
from proposals.ballots.tally.judgement import majority_judgement, middle_grade, same_grade
from proposals.ballots.tally.ties import TieRule
from proposals.ballots.tally.types import Ballot, BallotKind, Profile, Project

# Name -> (part, whole, strictly): so many parts of yes and no together must be yes.
MAJORITIES: Mapping[str, tuple[int, int, bool]] = {
    "simple": (1, 2, True),
    "two_thirds": (2, 3, False),
    "three_quarters": (3, 4, False),
}
# Of all who may vote so many percent must answer the question, or say yes to it.
QUORUMS = ("turnout", "yes")


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a question of yes or no. `needed`: how many the quorum asks for, 0 without one; `more_yes`: with so many
    more votes for yes, and no fewer, it would have been accepted."""

    accepted: bool
    majority_reached: bool
    needed: int
    quorum_reached: bool
    more_yes: int


def judge(
    *, yes: int, no: int, abstain: int, majority: str, eligible: int = 0, quorum: str = "", percent: int = 0
) -> Judged:
    """KeyError for an unknown majority, ValueError for an unknown quorum. Who abstains counts for the turnout only."""
    if quorum and quorum not in QUORUMS:
        raise ValueError(f"The quorum {quorum!r} is not known.")
    reached = _reaches(yes, no, majority)
    needed = -(-eligible * percent // 100) if quorum else 0
    there = yes if quorum == "yes" else yes + no + abstain
    enough = there >= needed
    part, whole, strictly = MAJORITIES[majority]
    # part * (yes + more + no) <= whole * (yes + more), the smallest such `more`
    short = part * no - (whole - part) * yes
    more = (
        0 if reached else max(1, (short // (whole - part) + 1) if strictly else -(-short // (whole - part)))
    )
    return Judged(reached and enough, reached, needed, enough, max(more, needed - there, 0))


def _reaches(yes: int, no: int, majority: str) -> bool:
    part, whole, strictly = MAJORITIES[majority]
    have, want = whole * yes, part * (yes + no)
    return yes > 0 and (have > want if strictly else have >= want)


@dataclass(frozen=True, slots=True)
class Parted:
    """How two options differ, the better one first: after `taken` votes of equal grades are put aside on both sides, one has
    the middle grade `upper`, the other `lower`. Where no grade differs both are None."""

    taken: int
    upper: int | None
    lower: int | None


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of a question of grades: by option how often each grade was given (the worst first), its middle grade, all
    options with the best first, and what told each apart from the next one. `more`: by option that did not win, with so many
    more ballots that give it the best grade and all others the worst, and no fewer, it would have."""

    voters: int
    given: Mapping[str, tuple[int, ...]]
    middle: Mapping[str, int]
    ranking: tuple[str, ...]
    parted: tuple[Parted, ...]
    more: Mapping[str, int]


def grade(
    options: Sequence[str],
    ballots: Iterable[tuple[Mapping[str, int], int]],
    *,
    grades: int,
    tie_rule: TieRule,
) -> Graded:
    """Majority judgement over ballots (option -> grade from 0, and how many such ballots). An option that a ballot leaves out
    gets the worst grade from it; a ballot that grades none of them is no part of this question."""
    counted: dict[Ballot, int] = {}
    given = {option: [0] * grades for option in options}
    for marks, weight in ballots:
        mine = {option: marks[option] for option in options if option in marks}
        if not mine:
            continue
        if not all(0 <= mark < grades for mark in mine.values()):
            raise ValueError(f"A grade is from 0 to {grades - 1}.")
        ballot = Ballot(tuple(mine), tuple(mine.values()))
        counted[ballot] = counted.get(ballot, 0) + weight
        for option in options:
            given[option][mine.get(option, 0)] += weight
    voters = sum(counted.values())
    profile = Profile(tuple(Project(option, 0) for option in options), counted, BallotKind.SCORING)
    ranking = majority_judgement(profile, tie_rule=tie_rule).ranking
    by_grade = {option: dict(enumerate(given[option])) for option in options}
    return Graded(
        voters,
        {option: tuple(given[option]) for option in options},
        {option: middle_grade(by_grade[option]) for option in options},
        ranking,
        tuple(parted(by_grade[one], by_grade[other]) for one, other in itertools.pairwise(ranking)),
        _more(options, given, voters, ranking, grades, tie_rule),
    )


def _more(
    options: Sequence[str],
    given: Mapping[str, Sequence[int]],
    voters: int,
    ranking: Sequence[str],
    grades: int,
    tie_rule: TieRule,
) -> dict[str, int]:
    """Which grades stood on one ballot does not matter here: as few different ballots as there can be say the same."""
    lines = {
        option: list(itertools.accumulate(given[option])) for option in options
    }  # where each grade ends when all votes stand in line
    ends = sorted({end for line in lines.values() for end in line if end})
    ballots: dict[Ballot, int] = {}
    for start, end in itertools.pairwise([0, *ends]):
        marks = tuple(sum(each <= start for each in lines[option]) for option in options)
        ballots[Ballot(tuple(options), marks)] = end - start
    profile = Profile(tuple(Project(option, 0) for option in options), ballots, BallotKind.SCORING)
    return {
        option: more_ballots("majority_judgement", profile, option, best=grades - 1, tie_rule=tie_rule)
        for option in ranking[1:]
        if voters
    }


def parted(one: Mapping[int, int], other: Mapping[int, int]) -> Parted:
    """Where the better of two options (grade -> votes, as many for both) first has a better middle grade."""
    mine, theirs = dict(one), dict(other)
    taken, votes = 0, sum(one.values())
    while taken < votes:
        upper, lower = middle_grade(mine), middle_grade(theirs)
        if upper != lower:
            return Parted(taken, upper, lower)
        run = min(same_grade(mine, upper), same_grade(theirs, upper))
        mine[upper] -= run
        theirs[upper] -= run
        taken += run
    return Parted(taken, None, None)
