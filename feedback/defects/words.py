"""How a report stands, in words and marks: always icon and word."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback.defects.models import Defect
from feedback.models import day_of
from feedback.words import Badge, duration


def badge_of(defect: Defect, at: datetime) -> Badge:
    if defect.closed_at is not None:
        return Badge(pgettext("status of a report", "Closed"), "circle-check-big", "ok")
    if defect.is_overdue(at):
        days = (day_of(at) - day_of(defect.due)).days
        if days < 1:
            return Badge(_("overdue since today"), "triangle-alert", "bad")
        return Badge(_("%(time)s overdue") % {"time": duration(days)}, "triangle-alert", "bad")
    return Badge(pgettext("status of a report", "Open"), "hourglass", "now")


def state_words(state: str) -> str:
    return {
        "open": pgettext("status of a report", "Open"),
        "overdue": _("Overdue"),
        "closed": pgettext("status of a report", "Closed"),
    }[state]
