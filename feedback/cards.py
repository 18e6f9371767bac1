"""A commitment as boards and panels show it: everything computed once, so that templates only place it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from feedback.line import commitment_line
from feedback.models import Commitment, Delay, Opinion, State, day_of
from feedback.words import Badge, badge_of
from groundwork.html.line import Stop

if TYPE_CHECKING:
    from proposals.models import Proposal


@dataclass(frozen=True)
class Card:
    commitment: Commitment
    url: str
    state: State
    badge: Badge
    stops: Sequence[Stop]
    delay: Delay | None = None
    asks: bool = False
    mine: str = ""

    @property
    def proposal(self) -> Proposal | None:
        return (
            getattr(self.commitment.contribution, "proposal", None)
            if self.commitment.contribution_id
            else None
        )

    @property
    def delay_day(self) -> object:
        return timezone.localtime(self.delay.at).date() if self.delay else None


def card_of(commitment: Commitment, at: datetime, mine: dict[int, str] | None = None) -> Card:
    """`mine`: commitment -> what the reader answered to "does it work?"."""
    asked = commitment.evaluate_by is not None and commitment.evaluated_at is None
    return Card(
        commitment,
        commitment.get_absolute_url(),
        commitment.state(at),
        badge_of(commitment, at),
        commitment_line(commitment, at),
        getattr(commitment, "newest_delay", None),
        bool(asked and commitment.evaluate_by and day_of(at) <= commitment.evaluate_by),
        (mine or {}).get(commitment.pk, ""),
    )


OPINIONS = [
    (Opinion.Value.YES, "thumbs-up"),
    (Opinion.Value.PARTLY, "minus"),
    (Opinion.Value.NO, "thumbs-down"),
]
