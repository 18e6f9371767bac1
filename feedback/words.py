"""The words and marks of a commitment's state: always icon and word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from feedback.models import Commitment, OfficialAnswer, State, day_of
from groundwork.html import say

Status = OfficialAnswer.Status


@dataclass(frozen=True, slots=True)
class Badge:
    words: str | Promise
    icon: str
    kind: str = ""


ANSWER_MARKS: dict[str, tuple[str, str]] = {
    Status.RECEIVED: ("inbox", "info"),
    Status.BEING_CHECKED: ("search", "info"),
    Status.UNDER_STUDY: ("hourglass", "info"),
    Status.ACCEPTED: ("circle-check", "ok"),
    Status.PARTLY_ACCEPTED: ("circle-dot", "ok"),
    Status.NOT_ACCEPTED: ("circle-x", ""),
    Status.IN_PROGRESS: ("shovel", "now"),
    Status.DONE: ("circle-check-big", "ok"),
}
ANSWER_ICONS = {status: icon for status, (icon, _kind) in ANSWER_MARKS.items()}

# What the sections and chips of the board are called, in their order there.
SECTIONS = [
    (State.DELAYED, State.DELAYED.label),
    (State.UNDER_WAY, State.UNDER_WAY.label),
    (State.PROMISED, State.PROMISED.label),
    (State.DELIVERED, gettext_lazy("Just finished")),
    (State.GIVEN_UP, State.GIVEN_UP.label),
]


def answer_badge(answer: OfficialAnswer) -> Badge:
    icon, kind = ANSWER_MARKS[answer.status]
    return Badge(answer.get_status_display(), icon, kind)


def duration(days: int) -> str:
    """3 days, 4 weeks, 5 months: as people say it."""
    if days < 14:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if days < 84:
        weeks = round(days / 7)
        return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}
    months = round(days / 30.4)
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


def badge_of(commitment: Commitment, at: datetime) -> Badge:
    """Where a commitment stands, in a few words."""
    state = commitment.state(at)
    if state == State.DELAYED:
        if commitment.due > commitment.first_due:
            return Badge(
                _("%(time)s later") % {"time": duration(commitment.days_late)}, "triangle-alert", "bad"
            )
        days = (day_of(at) - commitment.due).days
        return Badge(_("%(time)s overdue") % {"time": duration(days)}, "triangle-alert", "bad")
    if state == State.UNDER_WAY:
        done, all_steps = sum(1 for step in commitment.steps if step.done_at), len(commitment.steps)
        words = _("%(done)s of %(all)s steps done") % {"done": done, "all": all_steps}
        return Badge(words if done else State.UNDER_WAY.label, "shovel", "now")
    if state == State.GIVEN_UP:
        return Badge(State.GIVEN_UP.label, "ban", "")
    if state == State.PROMISED:
        return Badge(_("by %(when)s") % {"when": say.day(commitment.due)}, "calendar", "")
    if commitment.was_on_time:
        return Badge(_("on time"), "circle-check", "ok")
    return Badge(
        _("%(time)s later than promised") % {"time": duration(commitment.days_late)}, "clock", "warn"
    )
