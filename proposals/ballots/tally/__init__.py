"""Counting: pure functions from ballots to a result that explains itself.

Everything here is exact (integers and fractions), deterministic (no clock, no chance, no order of arrival)
and free of Django, so that a count can be repeated anywhere with the published ballots.

    profile = Profile.of([Project("swings", 900), Project("bench", 200)], [["swings"], ["swings", "bench"]])
    result = count("greedy_cost", profile, budget=1000)
    result.selected                    # ("swings",)
    print(*result.rounds, sep="\\n")    # why, round by round

A new rule is a new module that registers a function under its name (see `rules.py`) and is imported here.
"""

from proposals.ballots.tally.amounts import Amount, NotAnAmount, amount_text, parse_amount
from proposals.ballots.tally.greedy import greedy_cost
from proposals.ballots.tally.rules import RULES, Count, Rule, count
from proposals.ballots.tally.ties import LEXICOGRAPHIC_ID, LOWEST_COST_THEN_ID, TIE_RULES, TieRule
from proposals.ballots.tally.types import (
    Ballot,
    BallotKind,
    NotSelected,
    Outcome,
    Profile,
    Project,
    Round,
    TallyResult,
    WrongBallots,
)

__all__ = [
    "LEXICOGRAPHIC_ID",
    "LOWEST_COST_THEN_ID",
    "RULES",
    "TIE_RULES",
    "Amount",
    "Ballot",
    "BallotKind",
    "Count",
    "NotAnAmount",
    "NotSelected",
    "Outcome",
    "Profile",
    "Project",
    "Round",
    "Rule",
    "TallyResult",
    "TieRule",
    "WrongBallots",
    "amount_text",
    "count",
    "greedy_cost",
    "parse_amount",
]
