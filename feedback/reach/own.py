"""What somebody says about themselves: said, changed and taken back by themselves, and read by nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.privacy import consents
from accounts.privacy.models import Consent
from accounts.request import NEEDS_ACCOUNT
from feedback.reach import asking
from feedback.reach.catalogue import RATHER_NOT
from feedback.reach.models import Answers
from feedback.reach.sealed import KeyGone, Told, handle_of, opened, seal
from groundwork.answer import Answer, No, Refused, Yes, require

if TYPE_CHECKING:
    from accounts.models import Person

PURPOSE = "demographics"
KEPT = timedelta(days=730)
UNREADABLE = No(
    _("Answers cannot be read or kept at the moment. Nothing has changed; please try again later.")
)


def may_tell(person: Person, at: datetime) -> Answer:
    """Whoever has an account and agrees to things for themselves."""
    if person.is_guest:
        return NEEDS_ACCOUNT
    if person.is_minor(timezone.localdate(at)):
        return No(_("We ask this only of people who decide about their data without a guardian."))
    return Yes()


def told(person: Person) -> Told | None:
    """What they said, None where they said nothing. One query. Raises Refused while the keys are not there."""
    try:
        row = Answers.objects.filter(pk=handle_of(person.pk)).first()
        return opened(row) if row else None
    except KeyGone:
        raise Refused(UNREADABLE) from None


def agrees(person: Person) -> bool:
    return Consent.objects.standing().filter(person=person, purpose=PURPOSE).exists()


def is_to_be_asked(person: Person, at: datetime) -> bool:
    """Whether the city asks something, and they have neither answered nor ever taken an answer back. At most three queries."""
    if not may_tell(person, at) or not asking.of_city():
        return False
    try:
        answered = Answers.objects.filter(pk=handle_of(person.pk)).exists()
    except KeyGone:
        return False
    return not answered and not Consent.objects.filter(person=person, purpose=PURPOSE).exists()


@transaction.atomic
def tell(*, person: Person, answers: Mapping[str, str], agreed: bool, channel: str, at: datetime) -> None:
    """In place of what they said before. What says something needs their consent; to rather not say needs none."""
    require(may_tell(person, at))
    asked = asking.of_city()
    found = {slug: answers.get(slug) or RATHER_NOT for slug in asked}
    says_something = any(answer != RATHER_NOT for answer in found.values())
    if says_something and not agreed:
        raise Refused(
            No(_("Without your consent we keep no answer. Tick the box, or choose to rather not say."))
        )
    try:
        handle = handle_of(person.pk)
        sealed = seal(handle, found)
    except KeyGone:
        raise Refused(UNREADABLE) from None
    Answers.objects.update_or_create(pk=handle, defaults={"sealed": sealed, "month": _month(at)})
    if says_something:
        consents.give(person=person, purpose=PURPOSE, channel=channel, at=at)
    else:
        consents.take_back(person=person, purpose=PURPOSE, channel=channel, at=at)


@transaction.atomic
def take_back(*, person: Person, channel: str, at: datetime) -> None:
    """All of it goes at once. The figures do without it from the next time they change."""
    try:
        Answers.objects.filter(pk=handle_of(person.pk)).delete()
    except KeyGone:
        raise Refused(UNREADABLE) from None
    consents.take_back(person=person, purpose=PURPOSE, channel=channel, at=at)


def stop(person: Person, thing: str, at: datetime) -> None:
    """From the list of consents."""
    take_back(person=person, channel=Consent.Channel.PAGE, at=at)


def leave(person: Person, at: datetime) -> None:
    """An account closes. Without the keys nobody can say which row it is, nor what any of them says."""
    with suppress(KeyGone):
        Answers.objects.filter(pk=handle_of(person.pk)).delete()


def copy_for(person: Person) -> Iterator[dict[str, Any]]:
    """Their row as it stands in their copy: no column of the table says that it is theirs."""
    try:
        row = Answers.objects.filter(pk=handle_of(person.pk)).first()
        if row is not None:
            yield {**opened(row), "month": row.month.isoformat()}
    except KeyGone:
        return


def forget_old(at: datetime) -> int:
    """Two years after they were said last answers go, and with them the consent, because it is over."""
    gone, _rows = Answers.objects.filter(month__lt=_month(at - KEPT)).delete()
    if gone:
        stale = Consent.objects.standing().filter(purpose=PURPOSE, at__lt=at - KEPT).select_related("person")
        for consent in stale.iterator(chunk_size=500):
            if not Answers.objects.filter(pk=handle_of(consent.person.pk)).exists():
                consents.take_back(
                    person=consent.person, purpose=PURPOSE, channel=Consent.Channel.ENDED, at=at
                )
    return gone


def _month(at: datetime) -> date:
    return timezone.localdate(at).replace(day=1)
