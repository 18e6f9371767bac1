"""The methods "ideas" and "assessment", and the verbs of proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from cocreation.kinds import About, Kind, kinds
from cocreation.methods import Act, Gap, Invitation, Method, methods, option
from groundwork import clock
from groundwork.answer import Words
from groundwork.jobs.retention import Rule, rules
from groundwork.journal.api import Verb, declare
from groundwork.shared_pages.api import echoes
from proposals import embeds as _embeds  # noqa: F401 - registers itself
from proposals import exposure, hands

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution, Phase

declare(
    Verb("proposal.published", _("Proposal published"), adds=True),
    Verb("proposal.supported", _("Supported"), public=False, adds=True),
    Verb("support.withdrawn", _("Support taken back"), public=False, adds=True),
    Verb("proposal.assessed", _("Assessed by an office")),
    Verb("proposal.revised", _("New version of the text")),
    Verb("proposal.withdrawn", _("Taken back by the lead author"), public=False),
    Verb("support.renewed", _("Still supported after a change"), public=False, adds=True),
    Verb("authorship.invited", _("Asked to be an author"), public=False),
    Verb("authorship.taken_back", _("Invitation to be an author taken back"), public=False),
    Verb("authorship.accepted", _("Became an author")),
    Verb("authorship.declined", _("Does not want to be an author"), public=False),
    Verb("authorship.changed", _("Role of an author changed"), public=False),
    Verb("authorship.lead_offered", _("Asked to take the lead"), public=False),
    Verb("authorship.lead_declined", _("Does not want to take the lead"), public=False),
    Verb("authorship.led", _("Takes the lead")),
    Verb("authorship.left", _("Is no author any more")),
    Verb("authorship.orphaned", _("Looks for new authors")),
    Verb("take_over.offered", _("Offered to take it over"), public=False),
    Verb("take_over.decided", _("Decided about an offer to take it over"), public=False),
    Verb("proposal.assigned", _("With an office to be assessed")),
    Verb("assessment.submitted", _("Assessment waits for the second signature"), public=False),
    Verb("assessment.returned", _("Assessment sent back by the second person"), public=False),
    Verb("clarification.asked", _("An office asks the authors")),
    Verb("clarification.reminded", _("Authors reminded of a question"), public=False),
    Verb("clarification.answered", _("The authors answered an office")),
    Verb("proposal.seeks_coauthors", _("Looking for co-authors")),
    Verb("proposal.has_coauthors", _("No longer looking for co-authors")),
    Verb("proposals.exported", _("List of proposals exported")),
)


# A list that is shown from the cache was shown all the same.
echoes.add("lists", lambda keys: exposure.note_keys(keys, clock.now()))


def _about(contribution: Contribution) -> About:
    proposal = contribution.proposal
    lang = proposal.text_language()
    return About(
        proposal.in_language("title"), proposal.get_absolute_url(), lang if lang != get_language() else ""
    )


kinds.add(
    "proposal",
    Kind(
        _("Proposal"),
        url=lambda contribution: reverse("proposals:receipt", args=[contribution.receipt]),
        about=_about,
    ),
)


@dataclass(frozen=True)
class IdeasOptions:
    """`threshold`: supports a proposal needs to be assessed (0 = all are)."""

    threshold: int = option(
        0, _("How many supports does a proposal need to be assessed?"), help=_("0 means: all are assessed.")
    )


@methods.register
class Ideas(Method):
    slug = "ideas"
    name = _("Collect proposals")
    about = _("Everyone can propose something and support what others propose.")
    icon = "pencil-line"
    picture = "m-ideas"
    acts = (
        Act("propose", _("propose"), "confirmed"),
        Act("support", _("support"), "confirmed"),
        Act("comment", _("comment"), "confirmed"),
        Act("amend", _("suggest changes"), "confirmed"),
    )
    options = IdeasOptions

    def invitation(self, phase: Phase, person: Person | None, at: datetime) -> Invitation | None:
        if "propose" in phase.acts:
            return Invitation(
                _("Propose what should happen"),
                _("Make a proposal"),
                reverse("proposals:propose", args=[phase.process.slug]),
                icon="pencil-line",
            )
        return Invitation(
            _("Support what convinces you"),
            _("See the proposals"),
            reverse("proposals:list", args=[phase.process.slug]),
            icon="heart",
        )

    def total(self, phase: Phase) -> Words:
        from proposals.counts import counts_of

        n = counts_of(phase.process).total()
        return ngettext("%(n)s proposal", "%(n)s proposals", n) % {"n": n} if n else ""


@dataclass(frozen=True)
class AssessmentOptions:
    """Who assesses what, how many sign, and how much the offices may ask."""

    signatures: str = option(
        "budget",
        _("How many people of an office sign an assessment?"),
        choices=(
            ("budget", _("two, where 100,000 euros or more are decided")),
            ("always", _("always two")),
            ("never", _("one")),
        ),
    )
    questions: int = option(3, _("How many questions may an office ask the authors of a proposal?"))
    answer_days: int = option(7, _("How many days do the authors have for an answer?"))
    reserve: int = option(
        0,
        _("How many days before the end are the assessments due?"),
        help=_("What is left of the phase is for corrections."),
    )
    by_theme: str = option(
        "",
        _("Which office assesses which theme?"),
        help=_(
            "One line for each theme, for example “Culture: Office for Culture”. All else goes to the office of the process."
        ),
        long=True,
    )


@methods.register
class AssessmentMethod(Method):
    slug = "assessment"
    name = _("Assessment by the offices")
    about = _("The offices check what is feasible and what it costs, in the open.")
    icon = "clipboard-check"
    picture = "m-rank"
    acts = (
        Act("assess", _("assess"), "confirmed", waits=False),
        Act("support", _("support"), "confirmed"),
        Act("comment", _("comment"), "confirmed"),
        Act("amend", _("suggest changes"), "confirmed"),
    )
    options = AssessmentOptions

    def gaps(self, phase: Phase) -> list[Gap]:
        from proposals.assessing import read_themes

        _found, strange = read_themes(phase.opts.by_theme)
        return [
            Gap(format_lazy(_("“{line}” names no theme or no office."), line=line), "by_theme")
            for line in strange[:3]
        ]

    def total(self, phase: Phase) -> Words:
        from proposals.counts import counts_of

        stages = counts_of(phase.process).by_stage()
        n = sum(stages.values()) - stages["received"] - stages["not_feasible"]
        return format_lazy(_("{n} feasible"), n=n) if n else ""


# What the hall leaves in the registries of the houses below; each module registers itself.
from proposals import (  # noqa: E402, F401
    claiming,
    clarifying,
    desk,
    erasing,
    exporting,
    pending_acts,
    record,
    rehearsal,
    sections,
    telling,
)

rules.add(
    "lists",
    Rule(
        "lists",
        _("Lists that offices had made"),
        _("90 days"),
        ("proposals.ListExport",),
        exporting.forget_old,
    ),
)
rules.add(
    "invitations",
    Rule(
        "invitations",
        _("Addresses of people who were invited to write and never answered"),
        _("30 days"),
        ("proposals.Authorship.email",),
        hands.forget_expired,
    ),
)
