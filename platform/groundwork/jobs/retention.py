"""What is kept no longer than it was promised: the rules of the rooms, run by one job, and what was removed when.

    rules.add("mails", Rule("mails", _("When mail was sent"), _("90 days"), covers=("notices.Mail",), forget=forget_mails))

`covers` names the tables ("app.Model") or fields ("app.Model.field") whose time this rule keeps; every field of the data map
with a time of its own is covered by one (tests/groundwork/jobs/test_retention.py). `forget(at)` takes away what is over and
returns how many rows; running it again changes nothing. Of what was removed only the number is written down.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from groundwork.answer import Words
from groundwork.jobs.models import Removal
from groundwork.registry import Registry

log = logging.getLogger("quartier.retention")


@dataclass(frozen=True, slots=True)
class Rule:
    slug: str
    words: Words
    kept: Words
    covers: tuple[str, ...]
    forget: Callable[[datetime], int]


rules: Registry[Rule] = Registry("rule of retention")


def apply(slug: str, at: datetime) -> int:
    """Run one rule now, and note how many rows went. Nothing is noted where nothing was over."""
    with transaction.atomic():
        number = rules.get(slug).forget(at)
        if number:
            Removal.objects.create(rule=slug, at=at, number=number)
    return number


def run(at: datetime) -> dict[str, int]:
    """Every rule; one that fails keeps no other from running, and the job fails with it in the end."""
    done: dict[str, int] = {}
    trouble: Exception | None = None
    for rule in rules:
        try:
            done[rule.slug] = apply(rule.slug, at)
        except Exception as error:
            log.exception("retention.failed rule=%s", rule.slug)
            trouble = error
    if trouble is not None:
        raise trouble
    return done
