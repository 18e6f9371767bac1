"""Two addresses that are told in Auental: the chat of an association, and the screen in the hall of the town hall.

Their names end in `.example`, which is nobody's: what happens in the demo goes nowhere.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cocreation.models import Contribution, Process
from feedback.webhooks import actions
from feedback.webhooks.kinds import GONE, TEST
from feedback.webhooks.models import Delivery, Webhook
from proposals.models import Proposal

if TYPE_CHECKING:
    from quartier.demo.seed import Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def build(town: Town) -> None:
    """One that works and one that nobody is behind any more, each with what was sent to it."""
    at = town.today
    chat = actions.register(
        by=town.people["david-kowalski"], name="Chat des Vereins", url="https://chat.example/hooks/auental", process=None,
        chosen=["proposals", "answers", "commitments"], for_team=False, at=at - 40 * DAY,
    )  # fmt: skip
    first, second, third = Proposal.objects.public().order_by("-pk")[:3]
    _sent(chat, TEST, at - 30 * DAY, status=204, milliseconds=212)
    for days, proposal in ((9, first), (6, second), (2, third)):
        _about(chat, proposal, at - days * DAY, status=200, milliseconds=61 + days)
    if (
        gone := Contribution.objects.filter(hidden_at__isnull=False, process__gt=0)
        .order_by("-hidden_at")
        .first()
    ):
        _sent(
            chat,
            GONE,
            gone.hidden_at,
            subject_key=gone.receipt,
            process=gone.process,
            status=200,
            milliseconds=58,
        )
    process = Process.objects.published().order_by("-published_at").first()
    assert process is not None
    screen = actions.register(
        by=town.people["sofia-lindqvist"], name="Anzeige im Rathaus", url="https://screen.example/in", process=process,
        chosen=["processes", "votes"], for_team=True, at=at - 90 * DAY,
    )  # fmt: skip
    _sent(
        screen, "phase.opened", at - 20 * DAY, process=process, subject_label="cocreation.Process", subject_key=str(process.pk),
        state=Delivery.State.FAILED, trouble=Delivery.Trouble.STATUS, status=410, milliseconds=40,
    )  # fmt: skip
    Webhook.objects.filter(pk=screen.pk).update(off_at=at - 20 * DAY, off_why=Webhook.Why.GONE)


def _about(webhook: Webhook, proposal: Proposal, at: Any, **more: Any) -> None:
    _sent(
        webhook, "proposal.published", at, subject_label="proposals.Proposal", subject_key=str(proposal.pk),
        process=proposal.process, contribution=proposal.contribution, **more,
    )  # fmt: skip


def _sent(webhook: Webhook, verb: str, at: Any, **more: Any) -> None:
    about: dict[str, Any] = {"state": Delivery.State.DELIVERED, "attempts": 1, "tried_at": at} | more
    Delivery.objects.create(webhook=webhook, verb=verb, at=at, made_at=at, **about)
