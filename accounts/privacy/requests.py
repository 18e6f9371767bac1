"""Requests with a clock (Art. 12, 15, 16, 18, 21 GDPR; tables that are open on request only).

    made = file(person=person, kind=Request.Kind.CORRECTION, about="", words="…", at=at)   # answer within one month
    extend(request=made, why="…", by=ada, at=at)       # once, within that month, by two months at most
    answer(request=made, outcome="granted", words="…", by=ada, at=at)                       # the person is told

A restriction holds from the moment it is asked for, until the city has answered and after that if it is granted. While it
holds, nothing is suggested to the person and no news goes out to them, by mail or to devices; messages about their data, their
log-in and what they ask for do. Nobody looks up who wrote what they wrote. What they contributed stays readable, and votes
count.
"""

from __future__ import annotations

import calendar
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.hooks import restricting
from accounts.models import Person
from accounts.privacy.models import Request
from groundwork.answer import No, Refused
from groundwork.datamap import PUBLIC_TASK
from groundwork.datasets import ON_REQUEST, datasets
from groundwork.journal import api as journal
from groundwork.processing import activities, by_activity

if TYPE_CHECKING:
    from groundwork.answer import Words

MONTHS, MORE_MONTHS = 1, 2
# Nobody keeps the city from its work with a hundred requests.
MOST_OPEN = 10
Kind, Outcome = Request.Kind, Request.Outcome


def months_later(at: datetime, months: int) -> datetime:
    """The same day of a later month, or its last one; by the calendar of the city."""
    here = timezone.localtime(at)
    month = here.month - 1 + months
    year, month = here.year + month // 12, month % 12 + 1
    day = min(here.day, calendar.monthrange(year, month)[1])
    return here.replace(year=year, month=month, day=day)


def objects_to() -> list[tuple[str, Words]]:
    """What can be objected to: what the city does as its task (Art. 21(1))."""
    return [
        (activity.slug, activity.name) for activity, _fields in by_activity() if activity.basis == PUBLIC_TASK
    ]


def asks_for() -> list[tuple[str, Words]]:
    """The tables that are open on request."""
    return [(dataset.slug, dataset.title) for dataset in datasets if dataset.tier == ON_REQUEST]


def about_words(request: Request) -> Words:
    if request.kind == Kind.OBJECTION:
        activity = activities.find(request.about)
        return activity.name if activity else request.about
    if request.kind == Kind.DATASET:
        dataset = datasets.find(request.about)
        return dataset.title if dataset else request.about
    return ""


def file(*, person: Person, kind: str, about: str, words: str, at: datetime) -> Request:
    known = {Kind.OBJECTION: objects_to, Kind.DATASET: asks_for}.get(Kind(kind), list)
    if about not in dict(known()) and (about or known is not list):
        raise Refused(No(_("Please say what it is about.")))
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if Request.objects.open().filter(person=person).count() >= MOST_OPEN:
            raise Refused(No(_("Ten of your requests are open. Please wait for the first answers.")))
        try:
            with transaction.atomic():
                made = Request.objects.create(
                    person=person, kind=kind, about=about, words=words, asked_at=at,
                    due_at=months_later(at, MONTHS), language=get_language() or person.language,
                )  # fmt: skip
        except IntegrityError:
            raise Refused(No(_("You have asked for this already, and it holds."))) from None
        if kind == Kind.RESTRICTION:
            _restrict(person, at)
        journal.record("privacy_request.filed", on=made, at=at, data={"kind": kind})
    return made


def _restrict(person: Person, at: datetime) -> None:
    if person.restricted_since is None:
        Person.objects.filter(pk=person.pk).update(restricted_since=at)
        for consequence in restricting:
            consequence(person, at)


def _lift(person_key: int | None) -> None:
    if person_key is None:
        return
    Person.objects.filter(pk=person_key).update(restricted_since=None)


def _open(request: Request) -> Request:
    found = Request.objects.select_for_update().get(pk=request.pk)
    if not found.is_open:
        raise Refused(No(_("This request is answered or taken back already.")))
    return found


@transaction.atomic
def withdraw(*, request: Request, by: Person, at: datetime) -> Request:
    """The person does not want it any more; a restriction ends, also one that was granted."""
    found = Request.objects.select_for_update().filter(pk=request.pk, person=by).first()
    if found is None:
        raise Refused(No(_("This request is answered or taken back already.")))
    if found.kind == Kind.RESTRICTION and found.answered_at is not None:
        _lift(by.pk)
        return found
    found = _open(found)
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    if found.kind == Kind.RESTRICTION:
        _lift(by.pk)
    return found


@transaction.atomic
def extend(*, request: Request, why: str, by: Person, at: datetime) -> Request:
    """Two months more, once, said with reasons before the first month is over."""
    found = _open(request)
    if found.extended_at is not None:
        raise Refused(No(_("There was more time for this request already.")))
    if at >= found.due_at:
        raise Refused(No(_("The month is over. More time has to be asked for before.")))
    found.extended_at, found.extended_why = at, why
    found.due_at = months_later(found.asked_at, MONTHS + MORE_MONTHS)
    found.full_clean(exclude=["person", "answered_by"])
    found.save(update_fields=["extended_at", "extended_why", "due_at"])
    _tell("privacy_request.extended", found, by, at)
    return found


@transaction.atomic
def answer(*, request: Request, outcome: str, words: str, by: Person, at: datetime) -> Request:
    """The answer with its reasons; whoever asked is told. A restriction that is refused ends, and the person knows why."""
    found = _open(request)
    if found.person_id == by.pk:
        raise Refused(No(_("This request is your own. Somebody else answers it.")))
    found.outcome, found.answer = outcome, words.strip()
    found.answered_at, found.answered_by = at, by
    found.full_clean(exclude=["person", "answered_by"])
    found.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    if found.kind == Kind.RESTRICTION and outcome == Outcome.REFUSED:
        _lift(found.person_id)
    _tell("privacy_request.answered", found, by, at)
    return found


def _tell(verb: str, request: Request, by: Person, at: datetime) -> None:
    told = [request.person_id] if request.person_id else []
    journal.record(
        verb, by=by, on=request, at=at, data={"row": request.pk, "tell": told, "about": request.person_id}
    )


def leave(person: Person, at: datetime) -> None:
    """Who is gone asks for nothing any more."""
    Request.objects.open().filter(person=person).update(withdrawn_at=at)
    _lift(person.pk)


def forget_old(at: datetime) -> int:
    """Three years after it was answered or taken back nobody can claim anything from it any more."""
    before = months_later(at, -36)
    return Request.objects.filter(Q(answered_at__lte=before) | Q(withdrawn_at__lte=before)).delete()[0]
