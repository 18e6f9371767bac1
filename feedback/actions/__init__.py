"""The only place where answers, commitments and adopted texts change."""

from feedback.actions.answering import MOST_AT_ONCE, Wording, answer_contribution, answer_many
from feedback.actions.asking import answer_by_link, answer_by_poster, recount_opinions, say_whether_it_works
from feedback.actions.drafting import discard, hand_in, publish_draft, save_draft, send_back
from feedback.actions.helping import close_task, offer_task, report_done, take_back, take_on
from feedback.actions.keeping import (
    Winner,
    give_up,
    hand_over,
    post_update,
    promise_winners,
    reopen,
    spend,
)
from feedback.actions.promising import (
    Step,
    complete_milestone,
    delay_commitment,
    deliver,
    evaluate,
    promise,
    start,
)
from feedback.actions.reporting import publish_report
from feedback.actions.talking_back import ask_about, reply_to, say_helpful
from feedback.actions.tracing import discard_plan, make_plan, publish_plan, tie

__all__ = [
    "MOST_AT_ONCE",
    "Step",
    "Winner",
    "Wording",
    "answer_by_link",
    "answer_by_poster",
    "answer_contribution",
    "answer_many",
    "ask_about",
    "close_task",
    "complete_milestone",
    "delay_commitment",
    "deliver",
    "discard",
    "discard_plan",
    "evaluate",
    "give_up",
    "hand_in",
    "hand_over",
    "make_plan",
    "offer_task",
    "post_update",
    "promise",
    "promise_winners",
    "publish_draft",
    "publish_plan",
    "publish_report",
    "recount_opinions",
    "reopen",
    "reply_to",
    "report_done",
    "save_draft",
    "say_helpful",
    "say_whether_it_works",
    "send_back",
    "spend",
    "start",
    "take_back",
    "take_on",
    "tie",
]
