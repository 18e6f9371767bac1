"""A vote to test with: a process with feasible projects and a ballot phase around now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Person
from cocreation.models import Office, Phase, Place, Process
from proposals.ballots import actions
from proposals.ballots.models import Vote
from quartier.builders import (
    both,
    give_role,
    make_assessment,
    make_office,
    make_person,
    make_phase,
    make_place,
    make_process,
    make_proposal,
)
from tests import keepsake

DAY = timedelta(days=1)


def people(count: int, prefix: str = "voter") -> list[Person]:
    return [make_person(f"{prefix}{n}", f"Person {n}", lives_in="dorf", verified=True) for n in range(count)]


def build_phase(
    *,
    costs: Sequence[int] = (12_000, 45_000, 8_000),
    budget: int = 50_000,
    starts: timedelta = -DAY,
    ends: timedelta = DAY,
    slug: str = "wahl",
    **options: Any,
) -> Phase:
    """A ballot phase nobody has opened yet, and as many feasible projects as there are costs."""
    now = timezone.now()
    found = (slug, tuple(costs))
    if Process.objects.exists() or Person.objects.filter(email="writer@example.org").exists():
        key = _build_process(*found)
    else:
        key = keepsake.piece(("vote", *found), lambda: _build_process(*found))
    phase = make_phase(
        Process.objects.get(pk=key),
        "vote",
        "ballot",
        both("Abstimmung", "Vote"),
        starts=now + starts,
        ends=now + ends,
        budget=budget,
        **options,
    )
    return Phase.objects.select_related("process").get(pk=phase.pk)


def _build_process(slug: str, costs: Sequence[int]) -> int:
    """The key of a process in which these projects were proposed and assessed."""
    now = timezone.now()
    place = Place.objects.filter(slug="dorf").first() or make_place("dorf", both("Dorf", "Village"))
    office = Office.objects.filter(slug="amt").first() or make_office("amt", both("Amt", "Office"))
    writer = Person.objects.filter(email="writer@example.org").first()
    if writer is None:
        writer = make_person("writer", "Wilma", lives_in="dorf")
        give_role(writer, "admin")
    process = make_process(
        slug, both("Wahl", "Vote"), office=office, places=[place], published_at=now - 90 * DAY
    )
    make_phase(process, "ideas", "ideas", both("Ideen", "Ideas"), starts=now - 80 * DAY, ends=now - 60 * DAY)
    make_phase(
        process, "check", "assessment", both("Prüfung", "Check"), starts=now - 60 * DAY, ends=now - 41 * DAY
    )
    second = Person.objects.filter(email="second@example.org").first()
    if second is None:
        second = make_person("second", "Sven", lives_in="dorf")
        give_role(second, "official", office=office, since=now - 90 * DAY)
    for number, cost in enumerate(costs):
        title = both(f"Projekt {number}", f"Project {number}")
        proposal = make_proposal(process, by=writer, place=place, at=now - 70 * DAY, title=title)
        make_assessment(proposal, by=writer, office=office, at=now - 50 * DAY, cost=cost, signed_by=second)
    return process.pk


def build_vote(**about: Any) -> Vote:
    return actions.open_vote(phase=build_phase(**about), at=timezone.now())


def keys_by_cost(vote: Vote) -> dict[int, int]:
    """The key of the option with this cost."""
    return {int(cost): key for key, cost in vote.options.values_list("pk", "cost")}


def let_it_end(vote: Vote) -> None:
    """The phase ended an hour ago, by every clock."""
    now = timezone.now()
    Phase.objects.filter(pk=vote.pk).update(starts=now - 5 * DAY, ends=now - timedelta(hours=1))
    Vote.objects.filter(pk=vote.pk).update(opened_at=now - 5 * DAY)


def stored(vote: Vote) -> list[tuple[bytes, bytes | None]]:
    """All slots as they lie in the database."""
    with connection.cursor() as cursor:
        cursor.execute("select tag, choice from ballots_slot where vote_id = %s order by tag", [vote.pk])
        return [(bytes(tag), choice and bytes(choice)) for tag, choice in cursor.fetchall()]
