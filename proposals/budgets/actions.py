"""The only place where the money changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from cocreation import history
from cocreation.models import Phase, Place, Process
from groundwork.answer import require
from groundwork.journal import api as journal
from proposals.budgets import rules
from proposals.budgets.dividing import Plan, candidates, in_euros, newest
from proposals.budgets.formula import Measures
from proposals.budgets.formula import Share as Cents
from proposals.budgets.models import Division, Envelope, Share

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def set_envelope(
    *,
    process: Process,
    amount: Decimal,
    title: Mapping[str, str],
    by: Person,
    at: datetime,
    place: Place | None = None,
    reserves: Sequence[Mapping[str, Any]] | None = None,
) -> Envelope:
    """So much money is there. The budget of the whole process is also the budget of its coming votes.

    `reserves` are shares of it that go first to projects of a theme, `{"theme": slug, "percent": int}`; None leaves
    them as they are.
    """
    process = Process.objects.select_for_update().get(pk=process.pk)
    phases = list(Phase.objects.select_for_update().filter(process=process, method=rules.BALLOT))
    require(rules.may_set_envelope(by, process, at))
    require(rules.are_shares(reserves or ()))
    division = newest(process)
    by_place = None
    if division is not None and place is None:
        require(rules.fits_division(division.total, amount))
        by_place = kept_by_votes(division)
        if by_place:
            require(rules.may_reserve_beside_places(reserves or ()))
    envelope = Envelope.objects.filter(process=process, place=place).first() or Envelope(
        process=process, place=place
    )
    before = {"amount": str(envelope.amount) if envelope.pk else ""}
    envelope.amount = amount
    for language in ("de", "en"):
        setattr(envelope, f"title_{language}", title.get(language, ""))
    envelope.full_clean()
    envelope.save()
    if place is None:
        _tell_votes(phases, amount, reserves=reserves, by_place=by_place)
    history.note(
        process=process, what="budget", by=by, at=at, before=before, after={"amount": str(envelope.amount)}
    )
    journal.record("budget.set", by=by, on=envelope, process=process, at=at, data={"amount": str(amount)})
    return envelope


def _tell_votes(
    phases: Iterable[Phase],
    amount: Decimal,
    *,
    reserves: Sequence[Mapping[str, Any]] | None = None,
    by_place: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """The budget of coming votes, and the shares of it they keep to; None leaves these as they are."""
    for phase in phases:
        told: dict[str, Any] = {"budget": amount}
        if reserves is not None:
            told["reserves"] = [dict(reserve) for reserve in reserves]
        if by_place is not None:
            told["by_place"] = [dict(share) for share in by_place]
        phase.set_opts(replace(phase.opts, **told))
        phase.save(update_fields=["options"])


def kept_by_votes(division: Division) -> list[dict[str, str]]:
    """The shares as a vote keeps to them; none where they are only for comparison."""
    if not division.binding:
        return []
    rows = division.shares.filter(amount__gt=0).order_by("place__slug").values_list("place__slug", "amount")
    return [{"place": slug, "amount": str(amount)} for slug, amount in rows]


@transaction.atomic
def publish_division(*, process: Process, plan: Plan, by: Person, at: datetime) -> Division:
    """The next version of how the money is divided, with every share; it also sets the budget of the process and, where
    it is binding, what its votes keep to.

    While the process is a draft nobody has seen a version: the new one takes its place. Refused once people may hand in,
    and later versions without a reason. ValueError where the formula cannot divide this (formula.wrong).
    """
    process = Process.objects.select_for_update().get(pk=process.pk)
    phases = list(Phase.objects.select_for_update().filter(process=process, method=rules.BALLOT))
    require(rules.may_divide(by, process, at))
    found = {place.slug: place for place in candidates(process)}
    if not process.is_published:
        for draft in Division.objects.filter(process=process):
            draft.delete()
    before = newest(process)
    if before is not None:
        require(rules.says_why(plan.reason))
    if plan.binding:
        require(rules.may_reserve_beside_places([each for phase in phases for each in phase.opts.reserves]))
    shares = plan.shares()
    division = Division(
        process=process,
        number=before.number + 1 if before else 1,
        total=plan.total,
        common=plan.common,
        by_points=plan.formula.by_points,
        population=plan.formula.population,
        deprivation=plan.formula.deprivation,
        deficit=plan.formula.deficit,
        priority=plan.formula.priority,
        bands=list(plan.formula.bands),
        base=in_euros(plan.formula.base),
        solidarity_percent=plan.formula.solidarity_percent,
        solidarity_places=plan.formula.solidarity_places,
        binding=plan.binding,
        published_at=at,
    )
    for language in ("de", "en"):
        setattr(division, f"source_{language}", plan.source.get(language, ""))
        setattr(division, f"reason_{language}", plan.reason.get(language, "") if before else "")
    division.save()
    measures = {each.key: each for each in plan.measures}
    Share.objects.bulk_create(_share(division, found[each.key], measures[each.key], each) for each in shares)
    envelope = Envelope.objects.filter(process=process, place=None).first()
    old = {"amount": str(envelope.amount) if envelope else "", "shares": str(before.number) if before else ""}
    envelope = envelope or Envelope(process=process)
    envelope.amount = plan.total
    envelope.save()
    _tell_votes(phases, plan.total, by_place=kept_by_votes(division))
    new = {"amount": str(plan.total), "shares": str(division.number)}
    history.note(process=process, what="budget", by=by, at=at, before=old, after=new)
    journal.record(
        "money.divided", by=by, on=envelope, process=process, at=at,
        data={"version": division.number, "amount": str(plan.total), "places": len(shares)},
    )  # fmt: skip
    return division


def _share(division: Division, place: Place, known: Measures, cents: Cents) -> Share:
    return Share(
        division=division,
        place=place,
        population=known.population,
        deprivation=known.deprivation,
        deficit=known.deficit,
        priority=known.priority,
        base=in_euros(cents.base),
        solidarity=in_euros(cents.solidarity),
        weighted=in_euros(cents.weighted),
        amount=in_euros(cents.amount),
        rank=cents.rank,
        points=cents.points,
    )


def bring_envelope(*, process: Process, amount: Decimal, title: Mapping[str, str]) -> Envelope:
    """The money a draft comes with when it is taken over: its phases bring their budget themselves."""
    envelope = Envelope(process=process, amount=amount)
    for language in ("de", "en"):
        setattr(envelope, f"title_{language}", title.get(language, ""))
    envelope.full_clean()
    envelope.save()
    return envelope
