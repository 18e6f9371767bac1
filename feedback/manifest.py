"""The method "answer" and the verbs of answers and commitments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cocreation.methods import Act, Method, methods
from feedback import claiming, pending_acts  # noqa: F401 - they register themselves
from feedback.panels import join_the_houses
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from cocreation.models import Phase

declare(
    Verb("contribution.answered", _("Answered by the city")),
    Verb("commitment.promised", _("Promised")),
    Verb("commitment.started", _("Work has begun")),
    Verb("milestone.done", _("Step done")),
    Verb("commitment.delayed", _("Takes longer")),
    Verb("commitment.delivered", _("Delivered")),
    Verb("commitment.evaluated", _("Evaluated")),
)


@methods.register
class CityAnswer(Method):
    """The city's reply as a phase with a date. It asks nothing of residents, so it invites nobody."""

    slug = "answer"
    name = _("Answer of the city")
    about = _("The city answers every proposal: yes, partly or no, with the reason and the next date.")
    icon = "message-square-reply"
    picture = "m-shares"
    acts = (Act("answer", _("answer"), "confirmed", waits=False),)

    def total(self, phase: Phase) -> str:
        from feedback.queries import answered_in

        done, of = answered_in(phase.process_id)
        return gettext("%(done)s of %(of)s answered") % {"done": done, "of": of} if done else ""


join_the_houses()

from feedback import life, rehearsal  # noqa: E402, F401 - they register themselves
