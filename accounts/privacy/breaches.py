"""The register of data breaches and its clock: 72 hours from the moment the city knew (Art. 33 and 34 GDPR).

    breach = note(known_at=…, what="…", people="…", is_rehearsal=False, by=ada, at=at)
    judge(breach=breach, risk="high", …)            # may be said again as more is known, until it is closed
    tell_authority(breach=breach, why_late="", …)   # later than the clock: with reasons
    close(breach=breach, …)                         # only when everybody who has to know was told

A rehearsal is the same with the same clock, and says so everywhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.privacy.models import Breach
from groundwork.answer import Answer, No, Refused, Yes, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person

WITHIN = timedelta(hours=72)
Risk = Breach.Risk


@transaction.atomic
def note(
    *, known_at: datetime, what: str, people: str, is_rehearsal: bool, by: Person, at: datetime
) -> Breach:
    """Write down that something happened; the clock has been running since the city knew."""
    if known_at > at:
        raise Refused(No(_("The moment lies in the future.")))
    breach = Breach(
        known_at=known_at, due_at=known_at + WITHIN, what=what, people=people, is_rehearsal=is_rehearsal, noted_at=at,
        noted_by=by,
    )  # fmt: skip
    breach.full_clean(exclude=["noted_by"])
    breach.save()
    journal.record("privacy_breach.noted", by=by, on=breach, at=at, data={"rehearsal": is_rehearsal})
    return breach


def _open(breach: Breach) -> Breach:
    found = Breach.objects.select_for_update().get(pk=breach.pk)
    if found.closed_at is not None:
        raise Refused(No(_("This case is closed. Note a new one if something else comes to light.")))
    return found


@transaction.atomic
def judge(
    *, breach: Breach, risk: str, effects: str, measures: str, why_no_risk: str, by: Person, at: datetime
) -> Breach:
    found = _open(breach)
    if risk == Risk.NONE and not why_no_risk.strip():
        raise Refused(No(_("Please say why there is no risk: the authority may ask.")))
    if risk == Risk.NONE and found.told_authority_at is not None:
        raise Refused(No(_("The authority was told of a risk already.")))
    found.risk, found.effects, found.measures, found.why_no_risk = risk, effects, measures, why_no_risk
    found.full_clean(exclude=["noted_by"])
    found.save(update_fields=["risk", "effects", "measures", "why_no_risk"])
    journal.record("privacy_breach.judged", by=by, on=found, at=at, data={"risk": risk})
    return found


@transaction.atomic
def tell_authority(*, breach: Breach, why_late: str, by: Person, at: datetime) -> Breach:
    """The authority was told now. After the 72 hours that needs reasons."""
    found = _open(breach)
    if found.told_authority_at is not None:
        raise Refused(No(_("The authority was told already.")))
    if at > found.due_at and not why_late.strip():
        raise Refused(No(_("The 72 hours are over: please say why it is later.")))
    found.told_authority_at, found.why_late = at, why_late if at > found.due_at else ""
    found.save(update_fields=["told_authority_at", "why_late"])
    journal.record("privacy_breach.reported", by=by, on=found, at=at)
    return found


@transaction.atomic
def tell_people(*, breach: Breach, by: Person, at: datetime) -> Breach:
    found = _open(breach)
    if found.told_people_at is not None:
        raise Refused(No(_("The people were told already.")))
    found.told_people_at = at
    found.save(update_fields=["told_people_at"])
    journal.record("privacy_breach.people_told", by=by, on=found, at=at)
    return found


def may_close(breach: Breach) -> Answer:
    if breach.risk == Risk.UNKNOWN:
        return No(_("First say how high the risk is."))
    if breach.risk != Risk.NONE and breach.told_authority_at is None:
        return No(_("First the authority is told."))
    if breach.risk == Risk.HIGH and breach.told_people_at is None:
        return No(_("First the people are told."))
    return Yes()


@transaction.atomic
def close(*, breach: Breach, by: Person, at: datetime) -> Breach:
    found = _open(breach)
    require(may_close(found))
    found.closed_at = at
    found.save(update_fields=["closed_at"])
    journal.record("privacy_breach.closed", by=by, on=found, at=at)
    return found
