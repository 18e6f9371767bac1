"""Where the room joins the house: a reader of the journal, a part of "Programs", and what happens when an account closes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts import hooks
from feedback.webhooks import actions, events, sending
from feedback.webhooks import telling as _telling  # noqa: F401 - registers itself
from feedback.webhooks.kinds import GONE_BY, VERBS
from feedback.webhooks.models import Webhook
from groundwork import clock
from groundwork.jobs import api as jobs
from groundwork.journal import api as journal
from groundwork.journal.api import Verb, declare
from groundwork.journal.models import Entry

if TYPE_CHECKING:
    from accounts.models import Person

declare(Verb("webhook.switched_off", _("An address is no longer called"), public=False, adds=True))


@journal.reader("webhooks", verbs=VERBS | GONE_BY, from_now=True)
def read(entries: list[Entry]) -> None:
    """Leave the work in the rows of the journal's own transaction; do it after the commit."""
    from feedback.webhooks.tasks import wake_after_commit

    if events.plan(entries, clock.now()):
        wake_after_commit()


def _section(person: Person, at: datetime) -> dict[str, Any]:
    return {
        "webhooks": list(Webhook.objects.looked_after_by(person).select_related("process").order_by("-pk"))
    }


hooks.program_sections.add("webhooks", hooks.Section("webhooks", "feedback/webhooks/section.html", _section))
hooks.closing.add("webhooks", actions.leave)
jobs.backlogs.add(
    "webhooks", jobs.Backlog("webhooks", _("Messages to programs that are due"), sending.waiting)
)
