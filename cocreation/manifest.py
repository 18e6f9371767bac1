"""What the hall declares: its journal verbs, the acts it keeps, what completes them after a log-in, its queues."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.hooks import after_login
from cocreation import pending
from cocreation.desk import Queue, queues
from groundwork import clock
from groundwork.answer import Refused
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from accounts.models import Person

declare(
    Verb("process.published", _("Process published")),
    Verb("process.changed", _("Process changed")),
    Verb("phase.opened", _("Phase opened")),
    Verb("phase.closed", _("Phase closed")),
    Verb("contribution.withdrawn", _("Withdrawn by the author")),
    Verb("contribution.hidden", _("Taken off the pages by moderation"), public=False),
    Verb("contribution.restored", _("Shown again after a second look"), public=False),
    Verb("person.verified", _("Residence confirmed"), public=False),
    Verb("organisation.confirmed", _("Organisation confirmed")),
)

_WAITING = re.compile(r"/waiting/([\w-]{10,40})/")


def complete_what_waited(target: str, person: Person) -> str | None:
    """After a log-in that came from a kept act: do the act and go to what came of it.

    What cannot be done (yet) stays kept: the log-in leads back to its page, which says why.
    """
    found = _WAITING.search(target)
    if not found:
        return None
    try:
        return pending.complete(found[1], by=person, at=clock.now())
    except Refused as refused:
        pending.remember_refusal(found[1], str(refused))
        return None


after_login.add("pending", complete_what_waited)


def _complete_follow(person: Person, payload: dict[str, Any], at: datetime) -> str:
    from cocreation.actions import follow
    from cocreation.models import Process

    process = Process.objects.published().get(pk=payload["process"])
    follow(person=person, process=process, at=at)
    return process.get_absolute_url()


pending.acts.add(
    "follow",
    pending.PendingKind(
        "follow",
        _("You want to be told what happens in this process"),
        _complete_follow,
        lambda payload: str(payload.get("title", "")),
    ),
)


def _hidden(person: Person, at: datetime) -> int:
    from cocreation.models import Hiding

    return Hiding.objects.filter(lifted_at__isnull=True).count()


def _organisations(person: Person, at: datetime) -> int:
    from accounts.models import Organisation

    return Organisation.objects.filter(confirmed_at__isnull=True).count()


queues.add(
    "hidden",
    Queue(
        "hidden",
        _("Hidden"),
        "eye-off",
        "cocreation:hidden",
        _hidden,
        lambda roles: roles.may_moderate,
        order=60,
    ),
)
queues.add(
    "verify",
    Queue(
        "verify",
        _("Confirm addresses"),
        "badge-check",
        "cocreation:verify",
        lambda person, at: None,
        lambda roles: roles.may_verify,
        order=70,
    ),
)
queues.add(
    "organisations",
    Queue(
        "organisations",
        _("Organisations"),
        "users",
        "cocreation:organisations",
        _organisations,
        lambda roles: roles.may_verify,
        order=80,
    ),
)


from cocreation import sections  # noqa: E402, F401 - registers itself
