"""The method "ballot": projects within a budget, counted by a rule that was fixed before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from cocreation import eligibility, pending, roles
from cocreation.desk import Queue, queues
from cocreation.four_eyes import Matter, matters
from cocreation.lifecycle import stopping
from cocreation.methods import Act, Gap, Invitation, Method, methods
from cocreation.panels import Number, Panel, Section, process_numbers, process_panels, studio_sections
from groundwork.answer import Answer, No, Words, Yes
from groundwork.backup.hooks import delicate
from groundwork.html import say
from groundwork.journal.api import Verb, declare
from groundwork.watch.figures import Figure, figures
from proposals.ballots import envelopes, kinds, questions, rulebook
from proposals.ballots.kinds import Kind
from proposals.ballots.models import Paper, Slot, TreeHead
from proposals.ballots.tally import LOT, LOWEST_COST_THEN_ID, RULES, TIE_RULES
from proposals.panels import Panel as ProposalPanel
from proposals.panels import proposal_panels
from proposals.record import record_sources

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Phase, Process


def _on_boards(at: datetime) -> float:
    """Ballots on all boards: what everybody may count there, batch by batch. Casts themselves are counted nowhere."""
    sizes = TreeHead.objects.filter(vote__gt=0).order_by().values("vote").annotate(ballots=Max("size"))
    return float(sizes.aggregate(all=Sum("ballots"))["all"] or 0)


def _a_vote_is_open() -> bool:
    """Two copies of the slots of an open vote tell who changed theirs in between; one tells nothing."""
    return Slot.objects.filter(vote__counted_at__isnull=True, vote__gt=0).exists()


delicate.add("votes", _a_vote_is_open)
figures.add("ballots", Figure("ballots", _("Ballots on the boards"), _on_boards, "counter"))
# The rules a vote may be counted by; the pages tell each of them in words.
TOLD = tuple(rulebook.SETTABLE)
PAPER_DAYS, MOST_PAPER_DAYS = 3, 30
# The matter of four eyes that publishes a count.
RESULT = "result"
# The matter of four eyes that destroys the secrets of a vote.
KEYS = "keys"

# Only batches and sums of a secret ballot are ever in the journal, never a cast.
declare(
    Verb("vote.opened", _("Vote opened")),
    Verb("vote.ending", _("Vote ends soon"), public=False),
    Verb("vote.counted", _("Vote counted")),
    Verb("vote.published", _("Result published")),
    Verb("result.asked", _("Result confirmed by the first of two people"), public=False),
    Verb("result.approved", _("Result confirmed by the second of two people"), public=False),
    Verb("result.declined", _("Confirmation of a result taken back"), public=False),
    Verb("keys.asked", _("Destruction of the keys confirmed by the first of two people"), public=False),
    Verb("keys.approved", _("Destruction of the keys confirmed by the second of two people"), public=False),
    Verb("keys.declined", _("Destruction of the keys taken back"), public=False),
    Verb("vote.keys_destroyed", _("Keys of the vote destroyed")),
)


@dataclass(frozen=True)
class BallotOptions:
    """What is fixed when the vote opens. Options with a label are asked for in the studio.

    `most_projects`: only so many feasible proposals, those with the most support; `on_ballot`: receipt numbers of the
    projects, where somebody picked them. The budget is set with the money of the process (room budgets), the
    `questions` (questions.py) and the `envelopes` (envelopes.py) have sections of the studio of their own, and so have the
    `reserves`: shares of it that go first to projects of a theme, `[{"theme": "youth", "percent": 20}]`. Where it is divided over
    places, `by_place` says so in their stead: `[{"place": "lindach", "amount": "20000.01"}]`.
    """

    budget: Decimal | None = None
    kind: str = field(
        default=Kind.APPROVAL.value,
        metadata={
            "label": _("What does one do on the ballot?"),
            "help": _(
                "Where points are shared out or projects put in order, the projects with the most points for their cost come"
                " first, unless another rule is chosen."
            ),
            "choices": Kind.choices,
        },
    )
    rule: str = field(
        default="greedy_cost",
        metadata={
            "label": _("How is it counted?"),
            "help": _("Cannot be changed once the vote is open. The ballot and the result explain it."),
            "choices": rulebook.choices(),
            "abouts": rulebook.abouts(),
            "fits": ("kind", kinds.rules_of),
        },
    )
    tie_rule: str = field(
        default=LOWEST_COST_THEN_ID.name,
        metadata={
            "label": _("What if two projects stand equal?"),
            "choices": rulebook.TIES,
            "abouts": rulebook.TIES_ABOUT,
        },
    )
    compares: bool = field(
        default=False,
        metadata={
            "label": _("Hold equal shares against “most votes first” at the end"),
            "help": _(
                "Only with a rule of equal shares. If more people get more of their projects when the most votes go first, that"
                " outcome stands."
            ),
        },
    )
    within_budget: bool = field(
        default=True,
        metadata={
            "label": _("The chosen projects together must not cost more than the budget"),
            "help": _("Only where projects are chosen."),
        },
    )
    points: int = field(
        default=10,
        metadata={
            "label": _("How many points may one share out?"),
            "help": _("Only where points are shared out."),
        },
    )
    most_points: int | None = field(
        default=None,
        metadata={
            "label": _("How many points may one project get at most?"),
            "help": _("Only where points are shared out. Empty: all of them."),
        },
    )
    min_choices: int = field(
        default=1, metadata={"label": _("How many projects must one choose for the ballot to count?")}
    )
    max_choices: int | None = field(
        default=None,
        metadata={
            "label": _("How many projects may one choose at most?"),
            "help": _(
                "Empty: as many as fit the budget, or as many as one wants where the money does not limit it."
            ),
        },
    )
    most_projects: int | None = field(
        default=None,
        metadata={
            "label": _("How many projects are on the ballot at most?"),
            "help": _("Those with the most support. Empty: all feasible ones."),
        },
    )
    paper: str = field(
        default="",
        metadata={
            "label": _("May people also vote on paper?"),
            "help": _("Whoever votes both ways has one ballot. Which one counts is said before the vote."),
            "choices": tuple(Paper.choices),
        },
    )
    paper_days: int | None = field(
        default=PAPER_DAYS,
        metadata={
            "label": _("How many days after the close may ballots on paper be entered?"),
            "help": _("The count waits until then, or until everything on paper is entered."),
        },
    )
    questions: list[dict[str, Any]] = field(default_factory=list)
    on_ballot: list[str] = field(default_factory=list, metadata={"local": True})
    reserves: list[dict[str, Any]] = field(default_factory=list)
    by_place: list[dict[str, Any]] = field(default_factory=list, metadata={"local": True})
    envelopes: list[dict[str, Any]] = field(default_factory=list, metadata={"local": True})
    most_envelopes: int | None = field(default=None, metadata={"local": True})
    envelopes_at_home: bool = field(default=False, metadata={"local": True})

    @property
    def shares(self) -> list[dict[str, Any]]:
        """The shares the count keeps to: those of places or those of themes, never both. With envelopes there are none: shares of
        places are the sums of theirs."""
        return [] if self.envelopes else self.by_place or self.reserves

    def __post_init__(self) -> None:
        """Stored amounts are text, builders write integers: here they become exact. No number of days is the usual one,
        and no rule the one for this kind of ballot. ValueError for questions or envelopes that cannot be read."""
        questions.read(self.questions)
        envelopes.read(self.envelopes)
        object.__setattr__(self, "rule", kinds.rule_for(self.kind, self.rule))
        if self.paper_days is None:
            object.__setattr__(self, "paper_days", PAPER_DAYS)
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
    about = _(
        "Residents choose projects within the budget. Who gets the money follows from a rule fixed before."
    )
    icon = "vote"
    picture = "m-approve"
    acts = (
        Act("vote", _("vote"), "verified"),
        Act("see_results", _("see the result"), "anyone", waits=False),
    )
    options = BallotOptions
    stays = No(
        _(
            "The vote has opened. What is on the ballot, the money and the rule of the count stay as they are."
        ),
        _("A change means: stop this process in public, with a reason, and hold a new vote."),
    )

    def gaps(self, phase: Phase) -> list[Gap]:
        from proposals.ballots import plan

        options = phase.opts
        found: list[Gap] = []
        asks = options.kind == Kind.ANSWERS  # there is no money in it then
        if not asks and (options.budget is None or options.budget <= 0):
            found.append(Gap(_("The budget of the vote"), "budget"))
        if options.envelopes and not envelopes.covers(
            envelopes.read(options.envelopes), [place.slug for place in phase.process.places.all()]
        ):
            found.append(Gap(_("An envelope for all projects that belong to no other"), "envelopes"))
        if options.min_choices < 1:
            found.append(Gap(_("At least one project must be chosen for a ballot to count"), "min_choices"))
        if options.max_choices is not None and options.max_choices < options.min_choices:
            found.append(Gap(_("The most projects one may choose are fewer than the least"), "max_choices"))
        if options.paper not in Paper.values or options.paper_days > MOST_PAPER_DAYS:
            found.append(
                Gap(
                    _("How people vote on paper: entering the ballots may take 30 days at most"), "paper_days"
                )
            )
        found += [Gap(said, field) for said, field in plan.unfit(options)]
        rule = kinds.rule_for(options.kind, options.rule)
        if rule not in TOLD or options.tie_rule not in (*TIE_RULES.slugs(), LOT):
            found.append(Gap(_("A rule by which is counted"), "rule"))
        elif not asks and options.shares and not RULES.get(rule).takes_reserves:
            found.append(Gap(_("A rule that can reserve shares of the budget"), "rule"))
        sums = sum(Decimal(share["amount"]) for share in options.by_place)
        percents = sum(reserve["percent"] for reserve in options.reserves)
        if not asks and (percents > 100 or sums > (options.budget or 0)):
            found.append(Gap(_("The reserved shares are more than the whole budget"), "reserves"))
        if not phase.audience_of("vote").asks_who:
            found.append(Gap(_("Who may vote: a ballot needs at least a confirmed account"), "audience"))
        return found

    def invitation(self, phase: Phase, person: Person | None, at: datetime) -> Invitation | None:
        from proposals.ballots import actions, memory, rules

        if "vote" not in phase.acts:
            return None
        opened = memory.opened(phase.pk)
        done = opened is not None and person is not None and actions.has_voted(opened, person, phase)
        if phase.opts.kind == Kind.ANSWERS:
            asked = opened.questions if opened else len(phase.opts.questions)
            said = ngettext("Answer %(n)s question", "Answer %(n)s questions", asked) % {"n": asked}
        else:
            projects = opened.projects if opened else rules.eligible_for_ballot(phase.process).count()
            said = ngettext("Vote on %(n)s project", "Vote on %(n)s projects", projects) % {"n": projects}
        return Invitation(
            said,
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


def _after(name: str):  # type: ignore[no-untyped-def]
    """A function of publishing.py or destroying.py, loaded when it is called: its tables are not ready when the manifest is read."""

    def function(*about: object) -> object:
        from proposals.ballots import destroying, publishing

        return getattr(destroying if name == "destroy" else publishing, name)(*about)

    return function


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


record_sources.add("ballots", _panel("of_record"))

matters.add(
    RESULT,
    Matter(
        RESULT,
        _("Publish a result"),
        may=roles.may_configure,
        scope=lambda held: held.configures,
        happen=_after("publish"),
        listed=False,
    ),
)
matters.add(
    KEYS,
    Matter(
        KEYS,
        _("Destroy the keys of a vote"),
        may=roles.may_configure,
        scope=lambda held: held.configures,
        happen=_after("destroy"),
        listed=False,
    ),
)
queues.add(
    "publish",
    Queue(
        "publish",
        pgettext_lazy("queue of the desk", "Publish"),
        "send",
        "ballots:to_publish",
        _after("count_waiting"),
        lambda held: held.may_configure,
        order=15,
        due=_after("is_due"),
        urgent=_after("urgent"),
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
        act="vote",
        without_account=False,
        sealed=True,
    ),
)


def _call_off(process: Process, at: datetime) -> None:
    from proposals.ballots import actions

    actions.call_off(process, at)


stopping.add("ballots", _call_off)


def _opened(process: Process) -> Answer:
    from proposals.ballots.models import Vote

    if Vote.objects.filter(phase__process=process).exists():
        return No(_("A vote of this process has opened already. The way of checking stays as it is."))
    return Yes()


def _uncounted(process: Process) -> bool:
    from proposals.ballots.models import Vote

    return Vote.objects.filter(phase__process=process, counted_at__isnull=True).exists()


eligibility.locks.add("ballots", _opened)
eligibility.unfinished.add("ballots", _uncounted)


def _studio(module: str, name: str) -> Callable[..., Any]:
    """A function of question_studio.py or envelope_studio.py, loaded when the page of the studio is drawn."""

    def function(*about: object) -> Any:
        from proposals.ballots import envelope_studio, question_studio

        return getattr(envelope_studio if module == "envelopes" else question_studio, name)(*about)

    return function


studio_sections.add(
    "questions",
    Section(
        "questions",
        "proposals/ballots/studio_questions.html",
        _studio("questions", "context"),
        _studio("questions", "handle"),
        concerns=lambda process: any(
            phase.method == "ballot" and phase.opts.kind == Kind.ANSWERS for phase in process.line
        ),
        words=_("Questions"),
        icon="list-checks",
        order=22,
        first=False,
    ),
)

studio_sections.add(
    "envelopes",
    Section(
        "envelopes",
        "proposals/ballots/studio_envelopes.html",
        _studio("envelopes", "context"),
        _studio("envelopes", "handle"),
        concerns=lambda process: any(
            phase.method == "ballot" and phase.opts.kind != Kind.ANSWERS for phase in process.line
        ),
        words=_("Envelopes"),
        icon="layers",
        order=23,
        first=False,
    ),
)

from proposals.ballots import news, rehearsal  # noqa: E402, F401 - they register themselves
