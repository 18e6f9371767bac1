"""The only place where answers and commitments change."""

from feedback.actions.answering import answer_contribution
from feedback.actions.promising import (
    Step,
    complete_milestone,
    delay_commitment,
    deliver,
    evaluate,
    promise,
    recount_opinions,
    say_whether_it_works,
    start,
)

__all__ = [
    "Step",
    "answer_contribution",
    "complete_milestone",
    "delay_commitment",
    "deliver",
    "evaluate",
    "promise",
    "recount_opinions",
    "say_whether_it_works",
    "start",
]
