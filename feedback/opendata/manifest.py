"""Where the room joins the house: its verb, its kind of job, and what waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import hooks
from cocreation.desk import Queue, queues
from feedback.opendata import packages
from feedback.opendata.actions import KIND
from feedback.opendata.models import STALE_AFTER, Release
from groundwork.datasets import datasets, open_ones
from groundwork.html import say
from groundwork.jobs import api as jobs
from groundwork.journal.api import Verb, declare

declare(Verb("data.published", _("New version of a data set")))

REASONS = {
    "killed": _("The program was stopped half-way. Nothing half was published, the version before stays; it begins anew by itself."),
    "full": _("There is no room left on the disk. The version before stays."),
    "storage": _("The files could not be stored. The version before stays."),
    "error": _("The table could not be written. The version before stays; what exactly went wrong stands in the log of the server."),
}  # fmt: skip


def _said(facts: Mapping[str, Any]) -> str:
    if not facts:
        return ""
    rows = ngettext("%(n)s row", "%(n)s rows", facts["rows"]) % {"n": say.number(facts["rows"])}
    if facts.get("same"):
        return str(_("%(rows)s, the same as in version %(number)s")) % {"rows": rows, "number": facts["number"]}  # fmt: skip
    return str(_("Version %(number)s: %(rows)s")) % {"rows": rows, "number": facts["number"]}


def _again(key: str) -> None:
    from feedback.opendata.tasks import write

    if key in datasets:
        write.delay(key)


jobs.kinds.add(KIND, jobs.JobKind(KIND, _("Open data"), said=_said, why=REASONS.get, retry=_again))


def _said_of_package(facts: Mapping[str, Any]) -> str:
    if not facts:
        return ""
    n = ngettext("%(n)s record", "%(n)s records", facts["records"]) % {"n": say.number(facts["records"])}
    return str(_("%(records)s, the same as before")) % {"records": n} if facts.get("same") else n


def _package_again(key: str) -> None:
    from feedback.opendata.tasks import write_package

    write_package.delay(key)


jobs.kinds.add(packages.KIND, jobs.JobKind(packages.KIND, _("Data package of a process"), said=_said_of_package, why=REASONS.get, retry=_package_again))  # fmt: skip
hooks.closing.add("opendata", packages.forget_names)


def stale(at: datetime) -> tuple[int, datetime | None]:
    """Data sets that are older than a day and two hours, and the oldest of them."""
    fresh = dict(Release.objects.newest().values_list("dataset", "fresh_at"))
    late = [
        fresh.get(each.slug) for each in open_ones() if each.slug in fresh and at - fresh[each.slug] > STALE_AFTER
    ]  # fmt: skip
    return len(late), min((moment for moment in late if moment), default=None)


jobs.backlogs.add(KIND, jobs.Backlog(KIND, _("Data sets that are late"), stale, late=STALE_AFTER))
queues.add(
    "figures",
    Queue(
        "figures", _("Figures"), "chart-column", "opendata:desk_figures", lambda person, at: None,
        lambda roles: roles.is_staff, order=92,
    ),
)  # fmt: skip
