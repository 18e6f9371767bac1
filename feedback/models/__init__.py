from feedback.models.answers import INTERIM, OfficialAnswer, ReasonCode, SignedAs, codes_for
from feedback.models.asking import PosterAnswer, Release
from feedback.models.commitments import (
    ASK_FOR,
    Commitment,
    Delay,
    Milestone,
    Opinion,
    State,
    day_of,
    state_conditions,
)
from feedback.models.helping import Pledge, Task
from feedback.models.keeping import UPDATE, Ending, HandOver, Reopening, Spending, Update
from feedback.models.replies import (
    AnswerDraft,
    FollowUp,
    Helpful,
    Plan,
    PlanParagraph,
    PlanSource,
    ReplyClock,
    ReplyDate,
    ReplyReminder,
    days_between,
)
from feedback.models.reports import EvaluationReport

__all__ = [
    "ASK_FOR",
    "INTERIM",
    "UPDATE",
    "AnswerDraft",
    "Commitment",
    "Delay",
    "Ending",
    "EvaluationReport",
    "FollowUp",
    "HandOver",
    "Helpful",
    "Milestone",
    "OfficialAnswer",
    "Opinion",
    "Plan",
    "PlanParagraph",
    "PlanSource",
    "Pledge",
    "PosterAnswer",
    "ReasonCode",
    "Release",
    "Reopening",
    "ReplyClock",
    "ReplyDate",
    "ReplyReminder",
    "SignedAs",
    "Spending",
    "State",
    "Task",
    "Update",
    "codes_for",
    "day_of",
    "days_between",
    "state_conditions",
]
