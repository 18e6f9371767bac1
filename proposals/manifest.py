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
from cocreation.methods import Act, Invitation, Method, methods, option
from groundwork.answer import Words
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution, Phase

declare(
    Verb("proposal.published", _("Proposal published")),
    Verb("proposal.supported", _("Supported"), public=False),
    Verb("support.withdrawn", _("Support taken back"), public=False),
    Verb("proposal.assessed", _("Assessed by an office")),
)


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
    )

    def total(self, phase: Phase) -> Words:
        from proposals.counts import counts_of

        stages = counts_of(phase.process).by_stage()
        n = sum(stages.values()) - stages["received"] - stages["not_feasible"]
        return format_lazy(_("{n} feasible"), n=n) if n else ""


# What the hall leaves in the registries of the houses below; each module registers itself.
from proposals import claiming, desk, pending_acts, rehearsal, sections  # noqa: E402, F401
