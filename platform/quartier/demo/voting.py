"""Invented ballots for the demo's votes: as many as wanted, on which every project gets about the votes it is meant to have."""

from __future__ import annotations

import random
from decimal import Decimal

from proposals.ballots import actions, envelopes
from proposals.ballots.models import Vote


def invent_ballots(
    weights: dict[int, int], costs: dict[int, Decimal], budget: Decimal, cast: int, dice: random.Random
) -> list[set[int]]:
    """`cast` ballots within the budget on which every project gets votes in proportion to its weight."""
    most = max(weights.values())
    missing = {pk: round(cast * 0.52 * weight / most) for pk, weight in weights.items()}
    papers: list[set[int]] = []
    for number in range(cast):
        left = budget
        chosen: set[int] = set()
        # What is still to be handed out, spread evenly over the ballots to come.
        wanted = max(1, round(sum(missing.values()) / (cast - number)) + dice.choice((-1, 0, 0, 1)))
        while len(chosen) < wanted:
            open_ones = [pk for pk, n in missing.items() if n > 0 and pk not in chosen and costs[pk] <= left]
            if not open_ones:
                break
            pk = dice.choices(open_ones, [missing[key] for key in open_ones])[0]
            chosen.add(pk)
            left -= costs[pk]
            missing[pk] -= 1
        papers.append(chosen or {dice.choice(list(weights))})
    return papers


def invent_in_envelopes(
    vote: Vote, weights: dict[int, int], costs: dict[int, Decimal], cast: int, dice: random.Random
) -> list[set[int]]:
    """The same for a vote with envelopes: everybody in those for all, and the people shared out among the others by how
    popular their projects are, each in one."""
    sections = envelopes.sections_of(vote, actions.options_of(vote))
    chosen_among = [section for section in sections if envelopes.chooses(vote, section.envelope)]
    drawn = [sum(weights[key] for key in section.keys) for section in chosen_among]
    homes = [section.code for section in dice.choices(chosen_among, drawn, k=cast)] if chosen_among else []
    papers: list[set[int]] = [set() for _number in range(cast)]
    for section in sections:
        here = [
            paper for number, paper in enumerate(papers) if section not in chosen_among or homes[number] == section.code
        ]  # fmt: skip
        mine = {key: weights[key] for key in section.keys}
        parts = invent_ballots(mine, costs, section.vote.budget, len(here), dice)
        for paper, part in zip(here, parts, strict=True):
            paper |= set(sorted(part)[: section.vote.max_choices])
    return papers
