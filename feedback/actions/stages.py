"""What answers and promises do to the proposal they are about: lock it, and move it on along its line."""

from __future__ import annotations

from typing import Any

from proposals.actions import move_stage
from proposals.models import Proposal, Stage

# The line goes one way: a later answer never takes a promised or delivered proposal back.
_AFTER = {
    Stage.PROMISED: (Stage.UNDER_WAY, Stage.DELIVERED, Stage.EVALUATED),
    Stage.UNDER_WAY: (Stage.DELIVERED, Stage.EVALUATED),
    Stage.DELIVERED: (Stage.EVALUATED,),
    Stage.EVALUATED: (),
}
_AFTER[Stage.ANSWERED] = (Stage.PROMISED, *_AFTER[Stage.PROMISED])


def by_language(field: str, texts: dict[str, str]) -> dict[str, str]:
    return {f"{field}_{language}": text for language, text in texts.items()}


def lock_proposal(contribution: int | None) -> Proposal | None:
    """The proposal of a contribution, locked; None for contributions of another kind."""
    if contribution is None:
        return None
    return Proposal.objects.select_for_update(of=("self",)).filter(pk=contribution).first()


def move_on(proposal: Proposal | None, stage: Stage, **about: Any) -> None:
    if proposal is not None and proposal.stage not in _AFTER[stage]:
        move_stage(proposal, stage, **about)
