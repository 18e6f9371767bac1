"""The line of a commitment, and what a commitment adds to the line of its proposal. Pure functions of rows and the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from feedback.models import Commitment, day_of
from groundwork.html import say
from groundwork.html.line import State, Stop
from proposals.line import Planned

if TYPE_CHECKING:
    from feedback.models import Milestone

# More steps than this are folded: the line keeps three to seven stops.
MOST_STEPS = 4


def commitment_line(commitment: Commitment, at: datetime) -> list[Stop]:
    """Promised, the steps, finished, evaluated. A late stop stays hollow and names the new date."""
    if commitment.given_up_at:
        return _given_up(commitment)
    steps = commitment.steps
    last_is_delivery = bool(steps) and steps[-1].due >= commitment.first_due
    stops = [Stop(pgettext("stop", "Promised"), "past", say.day(day_of(commitment.promised_at)))]
    current = commitment.next_step
    for step in steps:
        final = last_is_delivery and step is _delivery_step(commitment)
        stops.append(_step(commitment, step, at, is_current=step is current, is_final=final))
    if not last_is_delivery:
        stops.append(_finish(commitment, at, is_current=current is None))
    stops = _fold(stops)
    if not _evaluated_by_step(commitment):
        stops.append(_evaluation(commitment, at))
    return stops


def _given_up(commitment: Commitment) -> list[Stop]:
    """Promised, what was done, and the end."""
    assert commitment.given_up_at
    done = [Stop(s.name, "past", say.day(day_of(s.done_at))) for s in commitment.steps if s.done_at]
    promised = Stop(pgettext("stop", "Promised"), "past", say.day(day_of(commitment.promised_at)))
    end = Stop(
        pgettext("stop", "Given up"), "late", say.day(day_of(commitment.given_up_at)),
        _("the reason stands below"), "ban",
    )  # fmt: skip
    return _fold([promised, *done, end])


def _delivery_step(commitment: Commitment) -> Milestone | None:
    """The step that delivers: the first one planned for the promised day or later."""
    return next((step for step in commitment.steps if step.due >= commitment.first_due), None)


def _evaluated_by_step(commitment: Commitment) -> bool:
    """A step planned after the delivery can only be the evaluation; then the line needs no second one."""
    delivery = _delivery_step(commitment)
    return (
        commitment.evaluated_at is not None
        and delivery is not None
        and commitment.steps[-1].order > delivery.order
    )


def _step(commitment: Commitment, step: Milestone, at: datetime, *, is_current: bool, is_final: bool) -> Stop:
    if step.done_at:
        return Stop(step.name, "past", say.day(day_of(step.done_at)))
    if commitment.is_delivered and step.due <= commitment.due:
        return Stop(step.name, "past")
    if is_final:
        return _finish(commitment, at, is_current=is_current, name=step.name)
    if not is_current:
        return Stop(step.name, "next", say.day(step.due))
    if step.due < day_of(at):
        return Stop(step.name, "late", _("was due on %(day)s") % {"day": say.day(step.due)})
    return _under_way(commitment, step.name, step.due)


def _finish(commitment: Commitment, at: datetime, *, is_current: bool, name: str = "") -> Stop:
    name = name or pgettext("stop", "Finished")
    if commitment.delivered_on:
        return Stop(name, "past", say.day(commitment.delivered_on))
    if commitment.due > commitment.first_due:
        first = _("first: %(day)s") % {"day": say.day(commitment.first_due)}
        new = _("new: %(day)s") % {"day": say.day(commitment.due)}
        return Stop(name, "late", first, new, "triangle-alert")
    if commitment.due < day_of(at):
        return Stop(name, "late", _("was due on %(day)s") % {"day": say.day(commitment.due)})
    if is_current:
        return _under_way(commitment, name, commitment.due)
    return Stop(name, "next", _by(commitment.due))


def _under_way(commitment: Commitment, name: str, due: date) -> Stop:
    if not commitment.started_at:
        return Stop(name, "next", "", _by(due), "calendar-clock")
    return Stop(name, "now", money_words(commitment), _by(due), "calendar-clock")


def _evaluation(commitment: Commitment, at: datetime) -> Stop:
    name = pgettext("stop", "Evaluation")
    if commitment.evaluated_at:
        return Stop(name, "past", say.day(day_of(commitment.evaluated_at)))
    if commitment.evaluate_by:
        n = commitment.opinions_count
        answers = ngettext("%(n)s answer", "%(n)s answers", n) % {"n": say.number(n)} if n else ""
        if commitment.evaluate_by < day_of(at):
            return Stop(
                name, "next", answers or _("asked until %(day)s") % {"day": say.day(commitment.evaluate_by)}
            )
        return Stop(name, "now", answers, _("until %(when)s") % {"when": say.day(commitment.evaluate_by)})
    return Stop(name, "next")


def _fold(stops: list[Stop]) -> list[Stop]:
    """The oldest done steps become one stop that says how many they are; "Promised" stays."""
    extra = len(stops) - 1 - MOST_STEPS
    if extra < 1 or any(stop.state != "past" for stop in stops[1 : extra + 2]):
        return stops
    folded = ngettext("%(n)s earlier step", "%(n)s earlier steps", extra + 1) % {"n": extra + 1}
    return [stops[0], Stop(folded, "past", stops[extra + 1].text), *stops[extra + 2 :]]


def _by(day: date) -> str:
    return _("by %(when)s") % {"when": say.day(day)}


def money_words(commitment: Commitment) -> str:
    """€36,200 of €58,000; nothing where no money is named."""
    if commitment.budget is None:
        return say.money(commitment.spent) if commitment.spent else ""
    if not commitment.spent:
        return say.money(commitment.budget)
    spent = (
        say.number(int(commitment.spent))
        if commitment.spent == int(commitment.spent)
        else say.money(commitment.spent)
    )
    return _("%(spent)s of %(budget)s") % {"spent": spent, "budget": say.money(commitment.budget)}


def planned_of(commitments: Iterable[Commitment], at: datetime) -> list[Planned]:
    """What the commitments of a proposal add to its line: the step that happens now, and the day it will be there."""
    found = []
    for commitment in commitments:
        if commitment.is_over:
            continue
        delivery, step = _delivery_step(commitment), commitment.next_step
        if step is not None and step is not delivery and commitment.started_at:
            state: State = "late" if step.due < day_of(at) else "now"
            found.append(Planned(step.name, step.due, state=state, url=commitment.get_absolute_url()))
        late = commitment.due > commitment.first_due or commitment.due < day_of(at)
        text = (
            _("first: %(day)s") % {"day": say.day(commitment.first_due)}
            if commitment.due > commitment.first_due
            else ""
        )
        name = delivery.name if delivery else pgettext("stop", "Finished")
        found.append(
            Planned(name, commitment.due, text, "late" if late else "next", commitment.get_absolute_url())
        )
    return found[:3]
