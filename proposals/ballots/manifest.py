"""The method "ballot": projects within a budget, counted by a rule that was fixed before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cocreation import pending
from cocreation.methods import Act, Gap, Invitation, Method, methods
from cocreation.panels import Number, Panel, process_numbers, process_panels
from groundwork.answer import Words
from groundwork.html import say
from groundwork.journal.api import Verb, declare
from proposals.ballots.tally import LOWEST_COST_THEN_ID, RULES, TIE_RULES
from proposals.panels import Panel as ProposalPanel
from proposals.panels import proposal_panels

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Phase, Process

# Only batches and sums of a secret ballot are ever in the journal, never a cast.
declare(
    Verb("vote.opened", _("Vote opened")),
    Verb("vote.counted", _("Vote counted")),
)


@dataclass(frozen=True)
class BallotOptions:
    """What is fixed when the vote opens. Options with a label are asked for in the studio.

    `most_projects`: only so many feasible proposals, those with the most support; `on_ballot`: receipt numbers of the
    projects, where somebody picked them. The budget is set with the money of the process (room budgets).
    """

    budget: Decimal | None = None
    rule: str = "greedy_cost"
    tie_rule: str = LOWEST_COST_THEN_ID.name
    min_choices: int = field(
        default=1, metadata={"label": _("How many projects must one choose for the ballot to count?")}
    )
    max_choices: int | None = field(
        default=None,
        metadata={
            "label": _("How many projects may one choose at most?"),
            "help": _("Empty: as many as fit the budget."),
        },
    )
    most_projects: int | None = field(
        default=None,
        metadata={
            "label": _("How many projects are on the ballot at most?"),
            "help": _("Those with the most support. Empty: all feasible ones."),
        },
    )
    on_ballot: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Stored amounts are text, builders write integers: here they become exact."""
        if self.budget is not None and not isinstance(self.budget, Decimal):
            try:
                object.__setattr__(self, "budget", Decimal(str(self.budget)))
            except InvalidOperation:
                object.__setattr__(self, "budget", None)


@methods.register
class Ballot(Method):
    slug = "ballot"
    announces_itself = True
    name = _("Vote on projects")
    about = _("Residents choose projects within the budget; the ones with most votes get the money.")
    icon = "vote"
    picture = "m-approve"
    acts = (Act("vote", _("vote"), "verified"), Act("see_results", _("see the result"), "anyone"))
    options = BallotOptions

    def gaps(self, phase: Phase) -> list[Gap]:
        options = phase.opts
        found: list[Gap] = []
        if options.budget is None or options.budget <= 0:
            found.append(Gap(_("The budget of the vote"), "budget"))
        if options.min_choices < 1:
            found.append(Gap(_("At least one project must be chosen for a ballot to count"), "min_choices"))
        if options.max_choices is not None and options.max_choices < options.min_choices:
            found.append(Gap(_("The most projects one may choose are fewer than the least"), "max_choices"))
        if options.rule not in RULES or options.tie_rule not in TIE_RULES:
            found.append(Gap(_("A rule by which is counted"), "rule"))
        if phase.audience_of("vote").level == "anyone":
            found.append(Gap(_("Who may vote: a ballot needs at least a confirmed account"), "audience"))
        return found

    def invitation(self, phase: Phase, person: Person | None, at: datetime) -> Invitation | None:
        from proposals.ballots import actions, memory, rules

        if "vote" not in phase.acts:
            return None
        opened = memory.opened(phase.pk)
        projects = opened.projects if opened else rules.eligible_for_ballot(phase.process).count()
        done = opened is not None and person is not None and actions.has_voted(opened, person, phase)
        return Invitation(
            ngettext("Vote on %(n)s project", "Vote on %(n)s projects", projects) % {"n": projects},
            _("Look at your ballot") if done else _("Vote now"),
            reverse("ballots:ballot", args=[phase.process.slug]),
            icon="vote",
            done=done,
            done_words=_("You have voted"),
        )

    def total(self, phase: Phase) -> Words:
        from proposals.ballots.models import Turnout

        count = Turnout.objects.filter(vote=phase.pk).order_by("-at").values_list("count", flat=True).first()
        if not count:
            return ""
        return ngettext("%(n)s vote", "%(n)s votes", count) % {"n": say.number(count)}


def _numbers(process: Process, at: datetime) -> list[Number]:
    from proposals.ballots.models import Turnout

    if not any(phase.method == "ballot" for phase in process.line):
        return []
    count = (
        Turnout.objects.filter(vote__phase__process=process)
        .order_by("-at")
        .values_list("count", flat=True)
        .first()
    )
    if not count:
        return []
    return [
        Number(
            say.number(count),
            _("have voted"),
            _(
                "Ballots in the box, the incomplete ones too. Published in steps of at least 20 while the vote is open."
            ),
        )
    ]


process_numbers.add("ballots", _numbers)


def _panel(name: str):  # type: ignore[no-untyped-def]
    """The module with the contexts loads pages and templates: only when a page is drawn."""

    def context(*about: object) -> dict[str, object] | None:
        from proposals.ballots import panels

        found: dict[str, object] | None = getattr(panels, name)(*about)
        return found

    return context


process_panels.add(
    "ballots", Panel("ballots", "proposals/ballots/process_panel.html", _panel("of_process"), order=15)
)
proposal_panels.add(
    "ballots",
    ProposalPanel(
        "ballots", "proposals/ballots/proposal_panel.html", _panel("of_proposal"), where="side", order=10
    ),
)


def _complete(person: Person, payload: dict[str, object], at: datetime) -> str:
    from proposals.ballots import waiting

    return waiting.complete(person, payload, at)


pending.acts.add(
    "vote",
    pending.PendingKind(
        "vote",
        words=_("Your ballot"),
        complete=_complete,
        title=lambda payload: str(payload.get("title", "")),
    ),
)
