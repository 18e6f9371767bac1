"""Schulze: every option against every other, and the strongest chains of such wins.

Source: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36, 2011; strength by winning votes.
"""

from __future__ import annotations

from itertools import combinations

from proposals.ballots.tally.decisions import Decision, Story, by_score, decision, tell_ties
from proposals.ballots.tally.scores import need
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import BallotKind, Profile


@decision("schulze", "Wins against every other, directly or by a stronger chain")
def schulze(profile: Profile, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> Decision:
    """An option beats another if the strongest chain of wins to it is stronger than the strongest one back.

    A chain is as strong as its weakest win, a win as strong as the number of ballots that put the one above the other.
    Options a ballot does not name stand equal below all it names. Who is beaten by nobody wins.
    """
    need(profile, BallotKind.ORDINAL)
    ids = [option.id for option in sorted(profile.projects, key=tie_rule.key)]
    above = {a: dict.fromkeys(ids, 0) for a in ids}
    for ballot, weight in profile.ballots.items():
        below = set(ids)
        for id in dict.fromkeys(ballot.choices):
            below.remove(id)
            for other in below:
                above[id][other] += weight
    story = Story()
    strength = {a: {b: above[a][b] if above[a][b] > above[b][a] else 0 for b in ids} for a in ids}
    for a, b in combinations(ids, 2):
        first, second = (a, b) if above[a][b] >= above[b][a] else (b, a)
        story.tell(
            "{more} ballots put {first} above {second}, {fewer} the other way round.",
            {first: above[first][second], second: above[second][first]},
            more=above[first][second],
            fewer=above[second][first],
            first=first,
            second=second,
        )
    for middle in ids:
        for a in ids:
            for b in ids:
                if len({a, b, middle}) == 3:
                    strength[a][b] = max(strength[a][b], min(strength[a][middle], strength[middle][b]))
    beats = {a: sum(strength[a][b] > strength[b][a] for b in ids if b != a) for a in ids}
    for a, b in combinations(ids, 2):
        if (above[a][b] > above[b][a]) != (strength[a][b] > strength[b][a]) and strength[a][b] != strength[b][
            a
        ]:
            first, second = (a, b) if strength[a][b] > strength[b][a] else (b, a)
            story.tell(
                "By a chain of wins {first} beats {second} all the same: its weakest win has {strong} ballots, the"
                " strongest chain back only {weak}.",
                {first: strength[first][second], second: strength[second][first]},
                first=first,
                second=second,
                strong=strength[first][second],
                weak=strength[second][first],
            )
    ranking, groups = by_score(profile, beats, tie_rule)
    tied = tell_ties(story, groups, tie_rule)
    if ranking:
        story.tell(
            "{option} wins: it beats {n} of {others}.",
            option=ranking[0],
            n=beats[ranking[0]],
            others=len(ids) - 1,
        )
    return Decision("schulze", tie_rule.name, ranking, tuple(story.steps), tied)
