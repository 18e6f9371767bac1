"""What people wish of mail beside its rhythm: no more than so many a week, and none at night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from feedback.notices.models import Mail, Notice, Rhythm, Wishes, due_at

if TYPE_CHECKING:
    from accounts.models import Person

WEEK = timedelta(days=7)


def city_cap() -> int:
    """The city's own limit, for who chose none."""
    return int(getattr(settings, "NOTICES_MOST_A_WEEK", 20))


def of(person: Person) -> Wishes:
    """Chosen, or what holds without a choice (not saved)."""
    return Wishes.objects.filter(person=person).first() or Wishes(person=person, most_a_week=city_cap())


def quiet_until(wishes: Wishes, at: datetime) -> datetime | None:
    """When the quiet hours that `at` lies in are over; None outside of them. They may run over midnight."""
    start, end = wishes.quiet_from, wishes.quiet_until
    if start is None or end is None or start == end:
        return None
    local = timezone.localtime(at)
    now: time = local.time()
    inside = start <= now < end if start < end else now >= start or now < end
    if not inside:
        return None
    day = local.date() if now < end else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, end))


def put_off(mails: Mapping[int, Sequence[Notice]], at: datetime) -> set[int]:
    """Move what may not leave now: at night until the morning, in a full week into the digest of Monday, which always goes.
    Returns the first rows of the mails that were moved. Two queries, and one for each that moves."""
    people = {notices[0].person_id for notices in mails.values()}
    chosen = {wishes.person_id: wishes for wishes in Wishes.objects.filter(person__in=people)}
    lately = (
        Mail.objects.filter(person__in=people, sent_at__gt=at - WEEK, number__gt=0)
        .values("person")
        .annotate(n=Count("pk"))
    )
    sent = {row["person"]: row["n"] for row in lately.values("person", "n")}
    moved = set()
    for first, notices in mails.items():
        person = notices[0].person_id
        wishes = chosen.get(person)
        cap = wishes.most_a_week if wishes else city_cap()
        later: dict[str, object]
        if wishes and (morning := quiet_until(wishes, at)):
            later = {"due_at": morning}
        elif cap is not None and sent.get(person, 0) >= cap and _can_wait(notices, at):
            later = {"rhythm": Rhythm.WEEKLY, "due_at": due_at(Rhythm.WEEKLY, at)}
        else:
            sent[person] = sent.get(person, 0) + 1
            continue
        rows = Notice.objects.filter(pk__in=[n.pk for n in notices], sent_at=None)
        rows.update(claimed_at=None, attempts=0, **later)
        moved.add(first)
    return moved


def _can_wait(notices: Sequence[Notice], at: datetime) -> bool:
    """A weekly digest is what the limit leads to; what is of no use on Monday must go now."""
    monday = due_at(Rhythm.WEEKLY, at)
    return notices[0].rhythm != Rhythm.WEEKLY and not any(
        n.until and monday and n.until <= monday for n in notices
    )
