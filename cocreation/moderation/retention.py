"""What moderation forgets: addresses thirty days after the decision, fingerprints after a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from cocreation.moderation.intake import A_DAY
from cocreation.moderation.models import Case, Claim, Decision, Fingerprint, Report

ADDRESSES = timedelta(days=30)


def forget(now: datetime) -> int:
    """Returns how many addresses and fingerprints went."""
    prints, _n = Fingerprint.objects.filter(at__lte=now - A_DAY).delete()
    addresses = Report.objects.filter(case__closed_at__lte=now - ADDRESSES).exclude(email="")
    number = prints + addresses.update(email="")
    Claim.objects.filter(ended_at__isnull=True, until__lte=now - A_DAY).update(ended_at=now)
    close_what_is_gone(now)
    return number


def close_what_is_gone(now: datetime) -> int:
    """Nobody has to decide about what its author took back or erased."""
    gone = Q(contribution__withdrawn_at__isnull=False) | Q(contribution__erased_at__isnull=False)
    cases = list(Case.objects.exclude(state=Case.State.CLOSED).filter(gone).values_list("pk", flat=True))
    Decision.objects.filter(case__in=cases, settled_at__isnull=True).update(settled_at=now)
    return Case.objects.filter(pk__in=cases).update(state=Case.State.CLOSED, closed_at=now)
