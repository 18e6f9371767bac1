"""What the public interface forgets."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from groundwork.jobs.retention import Rule, rules
from groundwork.webapi.models import KeptAnswer

KEPT_FOR = timedelta(days=1)


def forget_answers(at: datetime) -> int:
    return KeptAnswer.objects.filter(at__lte=at - KEPT_FOR).delete()[0]


rules.add(
    "api_answers",
    Rule(
        "api_answers",
        _("Answers kept so that programs may send something twice"),
        _("one day"),
        ("webapi.KeptAnswer",),
        forget_answers,
    ),
)
