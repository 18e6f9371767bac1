"""The only place where answers and commitments change."""

from feedback.actions.answering import answer_contribution
from feedback.actions.asking import answer_by_link, answer_by_poster, recount_opinions, say_whether_it_works
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

__all__ = [
    "Step",
    "Winner",
    "answer_by_link",
    "answer_by_poster",
    "answer_contribution",
    "close_task",
    "complete_milestone",
    "delay_commitment",
    "deliver",
    "evaluate",
    "give_up",
    "hand_over",
    "offer_task",
    "post_update",
    "promise",
    "promise_winners",
    "publish_report",
    "recount_opinions",
    "reopen",
    "report_done",
    "say_whether_it_works",
    "spend",
    "start",
    "take_back",
    "take_on",
]
