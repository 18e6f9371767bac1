"""What answers and promises do to the proposal they are about: lock it, and move it on along its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proposals.actions import move_stage
from proposals.models import Proposal, Stage, StageMove

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


def move_many(proposals: Sequence[Proposal], stage: Stage, **about: Any) -> None:
    """The same for many, in two statements."""
    moving = [each for each in proposals if each.stage not in _AFTER[stage]]
    about["data"] = about.get("data") or {}
    StageMove.objects.bulk_create([StageMove(proposal=each, stage=stage, **about) for each in moving])
    Proposal.objects.filter(pk__in=[each.pk for each in moving]).update(stage=stage, is_answered=True)
