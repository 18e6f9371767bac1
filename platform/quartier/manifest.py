"""What the roof itself adds: the page of operation, and the backup among the jobs and the figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cocreation.desk import Queue, queues
from groundwork.html import say
from groundwork.jobs import api as jobs
from groundwork.jobs.models import Job
from groundwork.watch.figures import Figure, figures


def _said(facts: Mapping[str, Any]) -> str:
    return gettext("{rows} rows and {files} files in {size} MB").format(
        rows=say.number(facts["rows"]),
        files=say.number(facts["files"]),
        size=say.number(round(facts["bytes"] / 1e6, 1)),
    )


def _age(at: datetime) -> float:
    """Hours since a backup was finished; -1 where none is made here."""
    ended = (
        Job.objects.filter(kind="backup", state=Job.State.DONE).values_list("finished_at", flat=True).first()
    )
    return round((at - ended).total_seconds() / 3600, 2) if ended else -1.0


REASONS = {"backup": _("The backup could not be made. The log of the server says why.")}
jobs.kinds.add("backup", jobs.JobKind("backup", _("Backup"), said=_said, why=REASONS.get))
figures.add("backup_hours", Figure("backup_hours", _("Hours since the last backup (-1: none)"), _age))

queues.add(
    "operation",
    Queue(
        "operation", _("Operation"), "monitor", "operation", lambda person, at: None,
        lambda roles: roles.is_admin, order=96,
    ),
)  # fmt: skip
