"""What is known of people in a process goes thirty days after its final result: attributes, links to accounts, lookups,
codes, and the pepper with which anything could be looked up again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from cocreation import peppers
from cocreation.checks import letters
from cocreation.eligibility import unfinished
from cocreation.models import (
    CheckSource,
    Eligibility,
    IdentifiedVisit,
    LetterBatch,
    LetterCode,
    Process,
    RegisterImport,
)
from groundwork import private
from groundwork.journal import api as journal

KEPT = timedelta(days=30)


def due(at: datetime) -> list[Process]:
    """Processes with entries whose last phase ended thirty days ago and of which nothing is left to count."""
    ended = (
        Process.objects.filter(eligibilities__isnull=False)
        .exclude(phases__ends__isnull=True)
        .annotate(last=Max("phases__ends"))
        .filter(last__lte=at - KEPT)  # type: ignore[misc]  # the annotation above
        .distinct()
    )
    known = (
        Q(person__isnull=False)
        | Q(lookup__isnull=False)
        | ~Q(residence="")
        | ~Q(age_band="")
        | Q(claimed_at__isnull=False)
    )
    with_something = set(
        Eligibility.objects.filter(known, process__in=ended).values_list("process", flat=True)
    )
    return [
        process
        for process in ended
        if process.pk in with_something and not any(rule(process) for rule in unfinished)
    ]


@transaction.atomic
def forget(process: Process, at: datetime) -> int:
    """Empty the entries and destroy the pepper. Rows stay, as a number without a meaning. Returns how many they are."""
    Process.objects.select_for_update().get(pk=process.pk)
    IdentifiedVisit.objects.filter(process=process).delete()
    LetterCode.objects.filter(batch__process=process).delete()
    for token, file in LetterBatch.objects.filter(process=process).values_list("token", "file"):
        private.delete(token)
        private.delete(file)
    LetterBatch.objects.filter(process=process).update(file="")
    RegisterImport.objects.filter(process=process).update(problems=[], layout={})
    CheckSource.objects.filter(process=process).update(active=False)
    count = Eligibility.objects.filter(process=process).update(
        person=None,
        residence="",
        age_band="",
        claimed_at=None,
        claimed_by_way_of="",
        lookup=None,
        lookup_name=None,
    )
    journal.record("process.checks_forgotten", on=process, process=process, at=at, data={"entries": count})
    # Last, and before the commit: were it refused, the next hour would find the rows again, and these need no pepper.
    peppers.destroy(process)
    return count


def forget_due(at: datetime) -> int:
    """What is over in every process, and files nobody fetched. Returns how many entries were emptied."""
    emptied = sum(forget(process, at) for process in due(at))
    letters.forget_files(at)
    private.sweep(at.timestamp())
    return emptied
