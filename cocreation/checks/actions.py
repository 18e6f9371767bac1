"""Changes of how a process checks people: city-wide or by itself, which ways, with which options."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cocreation import roles
from cocreation.checks.base import adapters
from cocreation.eligibility import locks
from cocreation.models import CheckSource, Contribution, Eligibility, Process
from groundwork.answer import Answer, No, Refused, Yes, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person


def may_switch(process: Process) -> Answer:
    """Whether the process may go from city-wide checks to its own, or back. Not any more once somebody relies on it."""
    if not process.is_published:
        return Yes()
    if Eligibility.objects.filter(process=process, claimed_at__isnull=False).exists():
        return No(
            _(
                "People have confirmed who they are in this process already. The way of checking stays as it is."
            )
        )
    if Contribution.objects.filter(process=process, published_at__isnull=False).exists():
        return No(_("People have taken part in this process already. The way of checking stays as it is."))
    for lock in locks:
        if not (answer := lock(process)):
            return answer
    return Yes()


@transaction.atomic
def choose_checks(*, process: Process, identity: str, ways: list[str], by: Person, at: datetime) -> Process:
    """Who is checked, and how. The options of a way stay when it is switched off."""
    require(roles.may_configure(by, process))
    process = Process.objects.select_for_update().get(pk=process.pk)
    if identity not in Process.Identity.values or any(way not in adapters for way in ways):
        raise Refused(No(_("This way of checking does not exist.")))
    if identity != process.identity:
        require(may_switch(process))
        process.identity = identity
        process.save(update_fields=["identity"])
    before = set(CheckSource.objects.filter(process=process, active=True).values_list("adapter", flat=True))
    for way in adapters.slugs():
        if (way in ways) != (way in before):
            CheckSource.objects.update_or_create(
                process=process, adapter=way, defaults={"active": way in ways}
            )
    journal.record(
        "process.checks_changed", by=by, on=process, process=process, at=at,
        data={"identity": identity, "ways": sorted(ways)},
    )  # fmt: skip
    return process


@transaction.atomic
def change_options(
    *, process: Process, way: str, options: dict[str, Any], by: Person, at: datetime
) -> CheckSource:
    require(roles.may_configure(by, process))
    adapters.get(way)
    source, _new = CheckSource.objects.select_for_update().get_or_create(process=process, adapter=way)
    if source.options != options:
        source.options = options
        source.save(update_fields=["options"])
        journal.record(
            "process.checks_changed", by=by, on=process, process=process, at=at, data={"options": way}
        )
    return source
