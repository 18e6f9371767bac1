"""The line of a proposal: pure functions of the proposal, its moves, the phases of its process and the clock.

The page shows all stops (`life_line`), a card a few dots and two words (`card_line`). Nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from groundwork.html import say, words
from groundwork.html.line import State, Stop
from proposals.models import Proposal, Stage, StageMove

if TYPE_CHECKING:
    from cocreation.models import Phase
    from groundwork.answer import Words

MOST = 7
# Which phases of a process a stop waits for.
COLLECTING, ASSESSING, VOTING, ANSWERING = "ideas", "assessment", "ballot", "answer"
# From here on the stops are told by moves and by what rooms have planned.
AFTER_ANSWER = (Stage.PROMISED, Stage.UNDER_WAY, Stage.DELIVERED, Stage.EVALUATED)
OPEN_ENDED = (Stage.RECEIVED, Stage.FEASIBLE, Stage.ON_BALLOT, Stage.CHOSEN, Stage.ANSWERED, Stage.PROMISED)


@dataclass(frozen=True, slots=True)
class Planned:
    """A stop somebody promised: the opening of a fountain in May. `state` is "next", "now" or "late" (with the new date)."""

    name: Words
    by: date | None = None
    text: Words = ""
    state: State = "next"
    url: str = ""


def life_line(
    proposal: Proposal,
    moves: Sequence[StageMove],
    phases: Sequence[Phase],
    at: datetime,
    *,
    answer_by: datetime | None = None,
    answered_by: Words = "",
    planned: Iterable[Planned] = (),
) -> list[Stop]:
    """All stops from the receipt to the evaluation, three to seven; older ones are folded into one.

    `moves` in order of time; of several moves to one stage the last counts. `answer_by` and `answered_by` are the
    process' promise: when, and which office.
    """
    # Coming back to where it was is no new step: the line shows when it was first taken.
    last = {str(move.stage): move for move in moves if not move.data.get("back")}
    teller = _Teller(proposal, last, phases, at)
    if proposal.stage == Stage.WITHDRAWN:
        stops = [*teller.received(), *teller.assessed()]
        stops.append(Stop(_("Withdrawn"), "past", teller.day_of(Stage.WITHDRAWN)))
        return fold([stop for stop in stops if stop.state == "past"])
    if proposal.stage == Stage.MERGED:
        stops = [*teller.received(), *teller.assessed()]
        stops.append(Stop(_("Joined with others"), "past", teller.day_of(Stage.MERGED)))
        return fold([stop for stop in stops if stop.state == "past"])
    stops = [
        *teller.received(),
        *teller.assessed(),
        *teller.decided(),
        *teller.answered(answer_by, answered_by),
        *teller.delivered(list(planned)),
    ]
    return fold(stops)


def fold(stops: list[Stop]) -> list[Stop]:
    """At most seven: the oldest done ones become one stop that says how many they are."""
    extra = len(stops) - MOST + 1
    if extra < 2 or any(stop.state != "past" for stop in stops[:extra]):
        return stops
    earlier = ngettext("%(n)s earlier step", "%(n)s earlier steps", extra) % {"n": extra}
    return [Stop(earlier, "past", stops[extra - 1].text), *stops[extra:]]


class _Teller:
    """What is known about one proposal at one moment, and a method for each part of its line."""

    def __init__(
        self, proposal: Proposal, last: dict[str, StageMove], phases: Sequence[Phase], at: datetime
    ) -> None:
        self.proposal, self.last, self.phases, self.at = proposal, last, phases, at
        self.stage = proposal.stage

    def received(self) -> list[Stop]:
        stops = [Stop(_("Received"), "past", self.day_of(Stage.RECEIVED))]
        collecting, assessing = self._phase(COLLECTING), self._phase(ASSESSING)
        waits = self.stage == Stage.RECEIVED and collecting is not None and collecting.is_open(self.at)
        if waits and not (assessing and assessing.is_open(self.at)):
            stops.append(Stop(_("Support"), "now", "", self._until(collecting)))
        return stops

    def assessed(self) -> list[Stop]:
        verdicts = [m for m in (self.last.get(Stage.FEASIBLE), self.last.get(Stage.NOT_FEASIBLE)) if m]
        if verdicts:
            return [Stop(_("Assessed"), "past", self._verdict(max(verdicts, key=lambda move: move.at)))]
        phase = self._phase(ASSESSING)
        if phase is None or self.stage != Stage.RECEIVED:
            return []
        if phase.is_open(self.at):
            return [Stop(_("Assessment"), "now", "", self._until(phase))]
        if phase.is_ahead(self.at):
            return [Stop(_("Assessment"), "next", self._from(phase))]
        if self._below_threshold():
            return [Stop(_("Not assessed"), "past", _("too few supporters"))]
        return [
            Stop(
                _("Assessment"),
                "late",
                _("was due on %(day)s") % {"day": self.day(phase.ends)} if phase.ends else "",
            )
        ]

    def decided(self) -> list[Stop]:
        for stage in (Stage.CHOSEN, Stage.NOT_CHOSEN):
            if move := self.last.get(stage):
                return [Stop(str(stage.label), "past", self._dated(move))]
        phase = self._phase(VOTING)
        if self.stage == Stage.ON_BALLOT:
            if phase is None or phase.is_over(self.at):
                return [Stop(_("On the ballot"), "now", _("being counted"))]
            due = self._until(phase) if phase.is_open(self.at) else self._from(phase)
            return [Stop(_("On the ballot"), "now", "", due)]
        if self.last.get(Stage.ON_BALLOT):
            return [Stop(_("On the ballot"), "past", self.day_of(Stage.ON_BALLOT))]
        # A vote that runs without this proposal is not a stop of its line.
        if phase is None or not phase.is_ahead(self.at) or self.stage not in (Stage.RECEIVED, Stage.FEASIBLE):
            return []
        if self.stage == Stage.RECEIVED and self._below_threshold():
            return []
        return [Stop(_("Vote"), "next", self._from(phase))]

    def answered(self, answer_by: datetime | None, answered_by: Words) -> list[Stop]:
        if move := self.last.get(Stage.ANSWERED):
            return [Stop(_("Answered"), "past", self._dated(move))]
        if self.stage in AFTER_ANSWER:
            return []
        phase = self._phase(ANSWERING)
        by = answer_by or (phase.ends if phase else None)
        if by is None:
            return []
        if by <= self.at:
            return [
                Stop(_("Answer"), "late", _("was due on %(day)s") % {"day": self.day(by)}, str(answered_by))
            ]
        waits = phase is not None and phase.is_open(self.at)
        now = waits and self.stage in (Stage.CHOSEN, Stage.NOT_CHOSEN, Stage.NOT_FEASIBLE)
        due = _("by %(when)s") % {"when": self.day(by)}
        return [Stop(_("Answer"), "now" if now else "next", str(answered_by), due, "calendar-clock")]

    def delivered(self, planned: list[Planned]) -> list[Stop]:
        stops = []
        for stage in AFTER_ANSWER:
            if move := self.last.get(stage):
                now = stage == self.stage == Stage.UNDER_WAY and not any(
                    p.state in ("now", "late") for p in planned
                )
                stops.append(Stop(str(stage.label), "now" if now else "past", self._dated(move)))
        if self.stage in (Stage.DELIVERED, Stage.EVALUATED):
            planned = [stop for stop in planned if stop.state == "next"]
        for stop in planned:
            due = _("by %(when)s") % {"when": self.day(stop.by)} if stop.by else ""
            stops.append(Stop(str(stop.name), stop.state, str(stop.text), due, "calendar-clock", stop.url))
        if not planned and self.stage in OPEN_ENDED:
            stops.append(Stop(_("Implementation"), "next"))
        if not planned and self.stage == Stage.DELIVERED:
            stops.append(Stop(_("Evaluation"), "next"))
        return stops

    # --- words ---

    def day(self, value: date) -> str:
        return _day(value, self.at)

    def day_of(self, stage: str) -> str:
        move = self.last.get(stage)
        return self.day(move.at) if move else ""

    def _dated(self, move: StageMove) -> str:
        return f"{self.day(move.at)}: {move.detail}" if move.detail else self.day(move.at)

    def _verdict(self, move: StageMove) -> str:
        feasible = move.stage == Stage.FEASIBLE
        verdict = pgettext("verdict", "feasible") if feasible else pgettext("verdict", "not feasible")
        cost: Any = move.data.get("cost") if feasible else None
        if cost is None:
            return f"{self.day(move.at)}: {verdict}"
        low: Any = move.data.get("from")
        words = say.money_range(Decimal(low) if low is not None else None, Decimal(cost))
        return format_html("{}: {}, <b>{}</b>", self.day(move.at), verdict, words)

    def _phase(self, method: str) -> Phase | None:
        return the_phase(self.phases, method, self.at)

    def _until(self, phase: Phase | None) -> str:
        return _until(phase, self.at) if phase else ""

    def _from(self, phase: Phase) -> str:
        return _("from %(when)s") % {"when": say.start(phase.starts, self.at)} if phase.starts else ""

    def _below_threshold(self) -> bool:
        collecting = self._phase(COLLECTING)
        return collecting is not None and self.proposal.supports < getattr(collecting.opts, "threshold", 0)


def the_phase(phases: Sequence[Phase], method: str, at: datetime) -> Phase | None:
    """Of the phases of a method the open one, else the next, else the last."""
    known = [phase for phase in phases if phase.method == method]
    for phase in known:
        if phase.is_open(at):
            return phase
    ahead = [phase for phase in known if phase.is_ahead(at)]
    if ahead:
        return min(ahead, key=lambda phase: (phase.starts is None, phase.starts or at))
    return known[-1] if known else None


def _day(value: date, at: datetime) -> str:
    there = say.local(value)
    on = there.date() if isinstance(there, datetime) else there
    return words.day(get_language() or "en", on, say.local(at).year)


def _until(phase: Phase, at: datetime) -> str:
    if phase.ends is None:
        return ""
    today = say.local(at)
    near = words.near(
        get_language() or "en",
        say.local(phase.ends),
        today.date() if isinstance(today, datetime) else today,
        short=True,
    )
    return _("until %(when)s") % {"when": near}


@dataclass(frozen=True, slots=True)
class NextDate:
    """The next day something happens to a proposal, and what. `promised`: an office of its own answers for it."""

    at: date
    words: str
    promised: bool = False


def next_date(
    proposal: Proposal,
    phases: Sequence[Phase],
    at: datetime,
    *,
    answer_by: datetime | None = None,
    planned: Iterable[Planned] = (),
) -> NextDate | None:
    """The date on the box beside the text; None when nobody has promised one."""
    collecting, assessing, voting = (
        the_phase(phases, method, at) for method in (COLLECTING, ASSESSING, VOTING)
    )
    stage = proposal.stage
    if stage == Stage.RECEIVED:
        if collecting and collecting.ends and collecting.is_open(at):
            return NextDate(collecting.ends, _("Until then you can support it."))
        if assessing and assessing.ends and assessing.ends > at:
            return NextDate(assessing.ends, _("By then the offices say what is feasible and what it costs."))
    if stage in (Stage.RECEIVED, Stage.FEASIBLE, Stage.ON_BALLOT) and voting:
        if voting.starts and voting.is_ahead(at):
            return NextDate(voting.starts, _("Then the vote begins."))
        if stage == Stage.ON_BALLOT and voting.ends and voting.is_open(at):
            return NextDate(voting.ends, _("The vote ends."))
    answered = (
        Stage.ANSWERED,
        Stage.PROMISED,
        Stage.UNDER_WAY,
        Stage.DELIVERED,
        Stage.EVALUATED,
        Stage.WITHDRAWN,
        Stage.MERGED,
    )
    if stage not in answered and answer_by and answer_by > at:
        return NextDate(answer_by, _("By then the city answers."))
    for stop in planned:
        if stop.by:
            return NextDate(stop.by, f"{stop.name}.", promised=True)
    return None


# --- cards ---

# How many of the dots (received, assessed, decided, answered, done) lie behind a proposal of this stage.
_BEHIND = {
    Stage.DRAFT: 0,
    Stage.RECEIVED: 1,
    Stage.NOT_FEASIBLE: 2,
    Stage.FEASIBLE: 2,
    Stage.ON_BALLOT: 2,
    Stage.CHOSEN: 3,
    Stage.NOT_CHOSEN: 3,
    Stage.ANSWERED: 4,
    Stage.PROMISED: 4,
    Stage.UNDER_WAY: 4,
    Stage.DELIVERED: 5,
    Stage.EVALUATED: 5,
    Stage.WITHDRAWN: 5,
    Stage.MERGED: 5,
}


def card_line(stage: str, phases: Sequence[Phase], at: datetime) -> tuple[list[Stop], str, str]:
    """A card's dots, the words of the stage and what follows them: ("In assessment", "until 4 June").

    It depends on the stage and the process only, so a list asks once per stage.
    """
    methods = {phase.method for phase in phases}
    behind = _BEHIND[Stage(stage)]
    said, rest = str(Stage(stage).label), ""
    now = -1
    assessing, voting, collecting = (
        the_phase(phases, method, at) for method in (ASSESSING, VOTING, COLLECTING)
    )
    if stage == Stage.RECEIVED:
        if assessing and assessing.is_open(at):
            now, said, rest = 1, _("In assessment"), _until(assessing, at)
        elif collecting and collecting.is_open(at):
            now, said, rest = 0, _("Collecting support"), _until(collecting, at)
    elif stage == Stage.ON_BALLOT:
        now, rest = 2, _until(voting, at) if voting and voting.is_open(at) else ""
    elif stage == Stage.UNDER_WAY:
        now = 4
    dots = [
        (_("Received"), True),
        (_("Assessment"), ASSESSING in methods or stage in (Stage.FEASIBLE, Stage.NOT_FEASIBLE)),
        (_("Vote"), VOTING in methods and stage != Stage.NOT_FEASIBLE),
        (_("Answer"), ANSWERING in methods),
        (_("Implementation"), stage not in (Stage.NOT_FEASIBLE, Stage.NOT_CHOSEN)),
    ]
    stops = [
        Stop(name, "now" if index == now else "past" if index < behind else "next")
        for index, (name, shown) in enumerate(dots)
        if shown
    ]
    return stops, said, rest
