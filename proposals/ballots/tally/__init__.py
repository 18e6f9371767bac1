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
from proposals.ballots.tally.comparing import RULES_TO_COMPARE, Comparison, compare, compared_with_votes
from proposals.ballots.tally.decisions import (
    DECISIONS,
    Decision,
    DecisionRule,
    Step,
    decide,
    more_ballots,
)
from proposals.ballots.tally.equal_shares import add1_cost, add1u_cost, mes_borda, mes_card, mes_cost, mes_cum
from proposals.ballots.tally.greedy import greedy_borda, greedy_card, greedy_cost, greedy_cum
from proposals.ballots.tally.judgement import majority_judgement
from proposals.ballots.tally.needed import Needed, needed
from proposals.ballots.tally.phragmen import phragmen_x
from proposals.ballots.tally.reserves import Reserve
from proposals.ballots.tally.rules import RULES, Count, Rule, count
from proposals.ballots.tally.schulze import schulze
from proposals.ballots.tally.single import borda, instant_runoff, plurality
from proposals.ballots.tally.ties import (
    LEXICOGRAPHIC_ID,
    LOT,
    LOWEST_COST_THEN_ID,
    TIE_RULES,
    TieRule,
    drawn_by_lot,
)
from proposals.ballots.tally.types import (
    Ballot,
    BallotKind,
    NotSelected,
    Outcome,
    Payment,
    Profile,
    Project,
    Round,
    TallyResult,
    WrongBallots,
)

__all__ = [
    "DECISIONS",
    "LEXICOGRAPHIC_ID",
    "LOT",
    "LOWEST_COST_THEN_ID",
    "RULES",
    "RULES_TO_COMPARE",
    "TIE_RULES",
    "Amount",
    "Ballot",
    "BallotKind",
    "Comparison",
    "Count",
    "Decision",
    "DecisionRule",
    "Needed",
    "NotAnAmount",
    "NotSelected",
    "Outcome",
    "Payment",
    "Profile",
    "Project",
    "Reserve",
    "Round",
    "Rule",
    "Step",
    "TallyResult",
    "TieRule",
    "WrongBallots",
    "add1_cost",
    "add1u_cost",
    "amount_text",
    "borda",
    "compare",
    "compared_with_votes",
    "count",
    "decide",
    "drawn_by_lot",
    "greedy_borda",
    "greedy_card",
    "greedy_cost",
    "greedy_cum",
    "instant_runoff",
    "majority_judgement",
    "mes_borda",
    "mes_card",
    "mes_cost",
    "mes_cum",
    "more_ballots",
    "needed",
    "parse_amount",
    "phragmen_x",
    "plurality",
    "schulze",
]
