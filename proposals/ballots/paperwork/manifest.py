"""The verbs of the room, its queue at the desk, and what the votes ask it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation.desk import Queue, queues
from cocreation.lifecycle import stopping
from cocreation.models import Process
from cocreation.roles import Roles
from groundwork.answer import Answer
from groundwork.journal.api import Verb, declare
from proposals.ballots.late import Late, lates

if TYPE_CHECKING:
    from accounts.models import Person
    from proposals.ballots.models import Tally, Vote

declare(
    Verb("paper.printed", _("Ballots printed"), public=False),
    Verb("paper.revoked", _("Printed ballots revoked"), public=False),
    Verb("paper.batch_opened", _("Batch of ballots opened"), public=False),
    Verb("paper.batch_cancelled", _("Batch of ballots cancelled"), public=False),
    Verb("paper.decided", _("Decided what stands on a ballot"), public=False),
    Verb("paper.batch_sealed", _("Batch of ballots agreed on and sealed"), public=False),
    Verb("paper.finished", _("Ballots on paper finished"), public=False),
)


def may_work(roles: Roles) -> bool:
    return roles.may_verify or roles.may_configure


def _uncounted(person: Person, at: datetime) -> None:
    """How many ballots wait says the page of the vote; here it would cost every page of the desk a query."""
    return


queues.add(
    "paperwork",
    Queue("paperwork", _("Ballots on paper"), "file-text", "paperwork:desk", _uncounted, may_work, order=17),
)


def _may_count(vote: Vote, at: datetime) -> Answer:
    from proposals.ballots.paperwork import rules

    return rules.may_count(vote, at)


def _may_publish(tally: Tally) -> Answer:
    from proposals.ballots.paperwork import rules

    return rules.may_publish(tally)


def _at_the_count(vote: Vote) -> dict[str, Any]:
    from proposals.ballots.paperwork import actions

    return actions.at_the_count(vote)


def _told(tally: Tally, envelope: str) -> dict[str, Any] | None:
    from proposals.ballots.paperwork import telling

    return telling.of_envelope(tally, envelope) if envelope else telling.of_result(tally)


lates.add(
    "paper",
    Late(_may_count, _may_publish, _at_the_count, _told, "proposals/ballots/paperwork/result_part.html"),
)


def _call_off(process: Process, at: datetime) -> None:
    from proposals.ballots.paperwork import actions

    actions.call_off(process, at)


stopping.add("paperwork", _call_off)
