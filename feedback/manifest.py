"""The method "answer" and the verbs of answers and commitments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.privacy import consents
from cocreation.methods import Act, Method, methods, option
from feedback import claiming, pending_acts  # noqa: F401 - they register themselves
from feedback.actions.helping import NAMED, NAMED_WORDS, stop_naming
from feedback.panels import join_the_houses
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from cocreation.models import Phase

declare(
    Verb("contribution.answered", _("Answered by the city")),
    Verb("answers.published", _("Many answered at once")),
    Verb("answer.handed_in", _("Answer waits for its second reader"), public=False),
    Verb("answer.returned", _("Answer sent back by its second reader"), public=False),
    Verb("answer.questioned", _("Question about an answer")),
    Verb("answer.explained", _("Reply to a question about an answer")),
    Verb("reply.clock_started", _("An answer is due by a date of its own")),
    Verb("reply.reminded", _("Office reminded of answers"), public=False),
    Verb("reply.escalated", _("Head of the office told of late answers"), public=False),
    Verb("plan.published", _("Text adopted")),
    Verb("contribution.landed", _("Stands in an adopted text")),
    Verb("commitment.promised", _("Promised")),
    Verb("commitment.started", _("Work has begun")),
    Verb("milestone.done", _("Step done")),
    Verb("commitment.delayed", _("Takes longer")),
    Verb("commitment.delivered", _("Delivered")),
    Verb("commitment.evaluated", _("Evaluated")),
)
consents.purposes.add(
    NAMED, consents.Purpose(NAMED, _("Thanks by name"), NAMED_WORDS, stop=stop_naming, order=40)
)


@dataclass(frozen=True)
class AnswerOptions:
    """Who reads an answer before it is public, and from how many supporters on it cannot wait for the end."""

    alone: str = option(
        "everybody",
        _("Who may publish an answer without a second reader?"),
        choices=(
            ("everybody", _("everybody in the office")),
            ("heads", _("heads of offices")),
            ("nobody", _("nobody: two people always read it")),
        ),
    )
    threshold: int = option(
        0,
        _("From how many supporters on does the city owe an answer of its own?"),
        help=_("0: everybody gets the answer by the same date."),
    )
    days: int = option(30, _("Within how many days, counted from that moment?"))


@methods.register
class CityAnswer(Method):
    """The city's reply as a phase with a date. It asks nothing of residents, so it invites nobody."""

    slug = "answer"
    name = _("Answer of the city")
    about = _("The city answers every proposal: yes, partly or no, with the reason and the next date.")
    icon = "message-square-reply"
    picture = "m-shares"
    options = AnswerOptions
    acts = (Act("answer", _("answer"), "confirmed", waits=False),)

    def total(self, phase: Phase) -> str:
        from feedback.queries import answered_in

        done, of = answered_in(phase.process_id)
        return gettext("%(done)s of %(of)s answered") % {"done": done, "of": of} if done else ""


join_the_houses()

from feedback import closing, erasing, life, record, rehearsal, telling  # noqa: E402, F401 - they register themselves
