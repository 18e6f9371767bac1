from feedback.models.answers import OfficialAnswer
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
from feedback.models.reports import EvaluationReport

__all__ = [
    "ASK_FOR",
    "UPDATE",
    "Commitment",
    "Delay",
    "Ending",
    "EvaluationReport",
    "HandOver",
    "Milestone",
    "OfficialAnswer",
    "Opinion",
    "Pledge",
    "PosterAnswer",
    "Release",
    "Reopening",
    "Spending",
    "State",
    "Task",
    "Update",
    "day_of",
    "state_conditions",
]
