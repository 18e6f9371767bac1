from feedback.models.answers import OfficialAnswer
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

__all__ = [
    "ASK_FOR",
    "Commitment",
    "Delay",
    "Milestone",
    "OfficialAnswer",
    "Opinion",
    "State",
    "day_of",
    "state_conditions",
]
