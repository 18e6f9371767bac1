"""The only place where answers, commitments and adopted texts change."""

from feedback.actions.answering import MOST_AT_ONCE, Wording, answer_contribution, answer_many
from feedback.actions.drafting import discard, hand_in, publish_draft, save_draft, send_back
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
from feedback.actions.talking_back import ask_about, reply_to, say_helpful
from feedback.actions.tracing import discard_plan, make_plan, publish_plan, tie

__all__ = [
    "MOST_AT_ONCE",
    "Step",
    "Wording",
    "answer_contribution",
    "answer_many",
    "ask_about",
    "complete_milestone",
    "delay_commitment",
    "deliver",
    "discard",
    "discard_plan",
    "evaluate",
    "hand_in",
    "make_plan",
    "promise",
    "publish_draft",
    "publish_plan",
    "recount_opinions",
    "reply_to",
    "save_draft",
    "say_helpful",
    "say_whether_it_works",
    "send_back",
    "start",
    "tie",
]
