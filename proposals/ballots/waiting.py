"""A ballot filled in before the log-in: kept sealed for 48 hours, cast once the person is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from cocreation import pending
from cocreation.models import PendingAct
from cocreation.standing import standing_of
from groundwork.answer import Answer, Refused, require
from proposals.ballots import actions, rules
from proposals.ballots.kinds import Filled
from proposals.ballots.models import BallotOption, Vote

if TYPE_CHECKING:
    from accounts.models import Person


def keep(
    vote: Vote,
    options: Sequence[BallotOption],
    chosen: Filled,
    at: datetime,
    *,
    person: Person | None = None,
    answer: Answer | None = None,
) -> PendingAct:
    """Keep a choice; refused where it could never be a ballot. Nobody who reads the database reads the choice.

    A person who is known and lacks a confirmation has one kept ballot in a vote: a later one takes its place.
    """
    require(rules.is_castable(vote, options, chosen))
    if person is not None and standing_of(person, vote.phase.process, at).residence:
        require(rules.lives_there(vote, options, chosen, person, at))
    sealed = actions.seal_waiting(vote, actions.positions_of(vote, options, chosen))
    process = vote.phase.process
    return pending.keep(
        "vote",
        {"vote": vote.pk, "sealed": sealed, "title": process.title},
        process=process,
        at=at,
        person=person,
        answer=answer,
        instead_of={"vote": vote.pk},
    )


def kept_choice(vote: Vote, person: Person, options: Sequence[BallotOption], at: datetime) -> Filled | None:
    """What this person's waiting ballot says; None when none waits. One query."""
    mine = PendingAct.objects.of(person).waiting(at).filter(act="vote", payload__vote=vote.pk)
    payload = mine.values_list("payload", flat=True).first()
    if payload is None:
        return None
    return actions.keys_of(vote, options, actions.unseal_waiting(vote, payload["sealed"]))


def complete(person: Person, payload: dict[str, Any], at: datetime) -> str:
    """Cast what was kept, in a statement of its own after the kept act is gone: the two never share a transaction."""
    vote = Vote.objects.select_related("phase__process").get(pk=payload["vote"])
    require(rules.may_vote(person, vote, at))
    options = actions.options_of(vote)
    chosen = actions.keys_of(vote, options, actions.unseal_waiting(vote, payload["sealed"]))
    require(rules.is_castable(vote, options, chosen))
    require(rules.lives_there(vote, options, chosen, person, at))

    def cast() -> None:
        try:
            actions.cast(vote=vote, by=person, chosen=chosen, at=at, options=options)
        except Refused:
            return  # closed in this very moment: the ballot page shows that nothing was saved

    transaction.on_commit(cast)
    return reverse("ballots:ballot", args=[vote.phase.process.slug])
