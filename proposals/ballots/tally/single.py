"""Plurality, Borda and instant run-off."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from proposals.ballots.tally.amounts import Amount, whole_if_possible
from proposals.ballots.tally.decisions import Decision, Story, by_score, decision, listed, tell_ties
from proposals.ballots.tally.scores import need
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import BallotKind, Profile


@decision("plurality", "Most votes")
def plurality(profile: Profile, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> Decision:
    """The option with the most votes wins: every choice of an approval ballot, the first of a ranking."""
    need(profile, BallotKind.APPROVAL, BallotKind.ORDINAL)
    votes: dict[str, int] = {option.id: 0 for option in profile.projects}
    for ballot, weight in profile.ballots.items():
        for id in ballot.choices if profile.kind is BallotKind.APPROVAL else ballot.choices[:1]:
            votes[id] += weight
    return _by_points("plurality", "{option} has {points} votes.", profile, votes, tie_rule)


@decision("borda", "Most points from the places in all rankings")
def borda(profile: Profile, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> Decision:
    """Each ranking gives an option one point for every option below it; the most points win.

    Options that a ballot does not name stand together at its end and share the points of those places.
    """
    need(profile, BallotKind.ORDINAL)
    ids = [option.id for option in profile.projects]
    points: dict[str, Amount] = dict.fromkeys(ids, 0)
    shared: Amount = 0  # what all get that a ballot does not name; taken back from those it names
    for ballot, weight in profile.ballots.items():
        named = dict.fromkeys(ballot.choices)
        each = Fraction(max(len(ids) - len(named) - 1, 0), 2) * weight
        shared += each
        for place, id in enumerate(named, start=1):
            points[id] += weight * (len(ids) - place) - each
    exact = {id: whole_if_possible(Fraction(points[id] + shared)) for id in ids}
    return _by_points("borda", "{option} has {points} points.", profile, exact, tie_rule)


def _by_points(
    name: str, sentence: str, profile: Profile, points: dict[str, Amount] | dict[str, int], tie_rule: TieRule
) -> Decision:
    story = Story()
    ranking, groups = by_score(profile, points, tie_rule)
    for id in ranking:
        story.tell(sentence, {id: points[id]}, option=id, points=points[id])
    tied = tell_ties(story, groups, tie_rule)
    if ranking:
        story.tell("{option} wins.", option=ranking[0])
        if len(ranking) > 1:
            lead = whole_if_possible(Fraction(points[ranking[0]] - points[ranking[1]]))
            story.tell("It is {lead} ahead of {second}.", lead=lead, second=ranking[1])
    return Decision(name, tie_rule.name, ranking, tuple(story.steps), tied)


@decision("instant_runoff", "The last one drops out until one has more than half")
def instant_runoff(profile: Profile, *, tie_rule: TieRule = LOWEST_COST_THEN_ID) -> Decision:
    """Every ballot counts for the first option on it that is still in. Who has more than half of these ballots wins.

    Otherwise the option with the fewest drops out, one in each round; among equals the one that goes last by the tie
    rule. The ranking is the order of dropping out, turned round.
    """
    need(profile, BallotKind.ORDINAL)
    order = [option.id for option in sorted(profile.projects, key=tie_rule.key)]
    place = {id: number for number, id in enumerate(order)}
    still = set(order)
    out: list[str] = []
    story = Story()
    tied = False
    piles: Counter[tuple[str, ...]] = Counter()
    for ballot, weight in profile.ballots.items():
        piles[tuple(dict.fromkeys(ballot.choices))] += weight
    while still:
        merged: Counter[tuple[str, ...]] = Counter()
        votes = {id: 0 for id in order if id in still}
        for choices, weight in piles.items():
            left = tuple(id for id in choices if id in still)
            merged[left] += weight
            if left:
                votes[left[0]] += weight
        piles = merged
        counting = sum(votes.values())
        best = min(still, key=lambda id: (-votes[id], place[id]))
        said = listed(f"{id} {votes[id]}" for id in sorted(still, key=lambda id: (-votes[id], place[id])))
        if 2 * votes[best] > counting or len(still) == 1:
            story.tell(
                "{counting} ballots still count: {votes}. {option} has more than half and wins."
                if 2 * votes[best] > counting
                else "{counting} ballots still count: {votes}. {option} is the only one left and wins.",
                votes,
                counting=counting,
                votes=said,
                option=best,
            )
            rest = sorted(still - {best}, key=lambda id: (-votes[id], place[id]))
            return Decision(
                "instant_runoff", tie_rule.name, (best, *rest, *reversed(out)), tuple(story.steps), tied
            )
        fewest = min(votes.values())
        last = sorted((id for id in still if votes[id] == fewest), key=lambda id: place[id])
        going = last[-1]
        if len(last) > 1:
            tied = True
            story.tell(
                "{counting} ballots still count: {votes}. Nobody has more than half. {equals} have the fewest;"
                " {option} drops out by the rule {tie_rule}.",
                votes,
                counting=counting,
                votes=said,
                equals=listed(last),
                option=going,
                tie_rule=tie_rule.name,
            )
        else:
            story.tell(
                "{counting} ballots still count: {votes}. Nobody has more than half. {option} has the fewest and"
                " drops out.",
                votes,
                counting=counting,
                votes=said,
                option=going,
            )
        still.remove(going)
        out.append(going)
    return Decision("instant_runoff", tie_rule.name, (), (), False)
