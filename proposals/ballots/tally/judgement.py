"""Majority judgement: each voter grades each option, and the middle grade decides.

Source: M. Balinski, R. Laraki, "A theory of measuring, electing, and ranking", PNAS 104, 2007.
"""

from __future__ import annotations

from proposals.ballots.tally.decisions import Decision, Story, decision, listed
from proposals.ballots.tally.scores import need
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import BallotKind, Profile, WrongBallots


@decision("majority_judgement", "The best grade that more than half give at least")
def majority_judgement(profile: Profile, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> Decision:
    """The option with the best middle grade wins (of two middle ones the lower).

    Grades are whole numbers, 0 the worst; an option a ballot does not grade gets 0 from it. Among equals one vote
    with the middle grade is taken away from each, again and again, until the middle grades differ.
    """
    need(profile, BallotKind.SCORING)
    grades: dict[str, dict[int, int]] = {option.id: {} for option in profile.projects}
    voters = profile.voters
    for ballot, weight in profile.ballots.items():
        for id, grade in dict(zip(ballot.choices, ballot.points or (), strict=True)).items():
            if grade < 0 or grade.denominator != 1:
                raise WrongBallots(f"The grade {grade} is not a whole number from 0 on.")
            grades[id][int(grade)] = grades[id].get(int(grade), 0) + weight
    for given in grades.values():
        given[0] = given.get(0, 0) + voters - sum(given.values())
    story = Story()
    rank = {option.id: number for number, option in enumerate(sorted(profile.projects, key=tie_rule.key))}
    for id in sorted(grades, key=lambda id: rank[id]):
        middle = middle_grade(grades[id])
        story.tell(
            "{option}: {n} of {voters} give at least grade {grade}, so its middle grade is {grade}.",
            {id: middle},
            option=id,
            n=sum(n for grade, n in grades[id].items() if grade >= middle),
            voters=voters,
            grade=middle,
        )
    ranking: list[str] = []
    tied = False
    waiting = set(grades)
    while waiting:
        equals, left = waiting, {id: dict(grades[id]) for id in waiting}
        taken = 0
        while True:
            middles = {id: middle_grade(left[id]) for id in equals}
            best = max(middles.values())
            again = {id for id in equals if middles[id] == best}
            if taken and not ranking and len(again) < len(equals):
                story.tell(
                    "{equals} are equal. With {taken} votes of the middle grade taken away from each, {option}"
                    " has grade {grade} and the others less.",
                    equals=listed(sorted(equals, key=lambda id: rank[id])),
                    taken=taken,
                    option=listed(sorted(again, key=lambda id: rank[id])),
                    grade=best,
                )
            equals = again
            if len(equals) == 1 or taken >= voters:
                break
            run = min(same_grade(left[id], best) for id in equals)
            for id in equals:
                left[id][best] -= run
            taken += run
        first = min(equals, key=lambda id: rank[id])
        if not ranking:
            tied = len(equals) > 1
            if tied:
                story.tell(
                    "{equals} have the same grades; {option} goes first by the rule {tie_rule}.",
                    equals=listed(sorted(equals, key=lambda id: rank[id])),
                    option=first,
                    tie_rule=tie_rule.name,
                )
            story.tell("{option} wins.", option=first)
        ranking.append(first)
        waiting.remove(first)
    return Decision("majority_judgement", tie_rule.name, tuple(ranking), tuple(story.steps), tied)


def middle_grade(given: dict[int, int]) -> int:
    """The grade in the middle, of two the lower; -1 when no vote is left."""
    votes = sum(given.values())
    seen = 0
    for grade in sorted(given):
        seen += given[grade]
        if 2 * seen >= votes > 0:
            return grade
    return -1


def same_grade(given: dict[int, int], grade: int) -> int:
    """So many votes of this middle grade can go, one after the other, while it stays the middle grade; at least one.

    With `b` votes below it, `a` above and `m` of it the grade is the middle one while `2 b < votes` and
    `2 (b + m) >= votes`; taking away from `m` changes both slowly.
    """
    below = sum(n for other, n in given.items() if other < grade)
    above = sum(n for other, n in given.items() if other > grade)
    here = given[grade]
    # After taking k: 2 b < b + a + m - k and 2 (b + m - k) >= b + a + m - k, that is k < m + a - b and k <= m + b - a.
    stays = min(here, here + above - below - 1, here + below - above)
    return max(1, min(here, stays + 1))
