"""What a person does with notices: read them, choose a rhythm, stop the mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.privacy import consents
from accounts.privacy.models import Consent
from accounts.request import ask_anew
from cocreation.models import Follow
from feedback.notices.models import (
    DEFAULTS,
    Device,
    Kind,
    Mail,
    Notice,
    Preference,
    Push,
    Rhythm,
    Stopped,
    ThingRhythm,
    Wishes,
    due_at,
)
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person


def mark_read(*, by: Person, at: datetime, notices: Iterable[int] | None = None) -> int:
    """Mark these of one's own notices as read, or all of them. Returns how many were new."""
    mine = Notice.objects.filter(person=by).unread()
    if notices is not None:
        mine = mine.filter(pk__in=list(notices))
    ask_anew(by, "unread")
    return mine.update(read_at=at)


def forget_past(now: datetime) -> int:
    """Messages about a moment that is over go: a reminder of yesterday helps nobody. Returns how many."""
    return Notice.objects.filter(until__lte=now).delete()[0]


NOTICES_KEPT = timedelta(days=2 * 365)


def forget_notices(now: datetime) -> int:
    """What somebody was told two years ago stands on the pages of the thing itself. Returns how many."""
    return Notice.objects.filter(created_at__lte=now - NOTICES_KEPT).delete()[0]


# As long as bounces and complaints come, and a week counts.
MAILS_KEPT = timedelta(days=90)


def forget_mails(now: datetime) -> int:
    """That a mail left is of no use after three months. Returns how many rows went."""
    return Mail.objects.filter(sent_at__lt=now - MAILS_KEPT).delete()[0]


@transaction.atomic
def choose_rhythm(
    *, by: Person, rhythms: Mapping[str, str], at: datetime, channel: str = Consent.Channel.PAGE
) -> None:
    """How often mail of each kind comes. It holds for what still waits, too: "never" means from this moment on. A newsletter
    is a consent, and ordering or stopping one stands in the ledger."""
    for kind, rhythm in rhythms.items():
        if kind not in Kind.values or rhythm not in Rhythm.values:
            raise Refused(No(_("This rhythm is not known.")))
    now_chosen = rhythms_of(by)
    for kind, rhythm in rhythms.items():
        if now_chosen[kind] == rhythm:
            Preference.objects.get_or_create(
                person=by, kind=kind, defaults={"rhythm": rhythm, "chosen_at": at}
            )
            continue
        Preference.objects.update_or_create(
            person=by, kind=kind, defaults={"rhythm": rhythm, "chosen_at": at}
        )
        if kind == Kind.NEWS:
            says = consents.take_back if rhythm == Rhythm.NONE else consents.give
            says(person=by, purpose="newsletter", channel=channel, at=at)
        # What a worker holds already goes out as it is.
        waiting = Notice.objects.filter(person=by, kind=kind, claimed_at__isnull=True).waiting()
        waiting.update(rhythm=rhythm, due_at=due_at(rhythm, at))


@transaction.atomic
def choose_for_thing(*, by: Person, follow: int, rhythm: str, at: datetime) -> None:
    """How often mail about one followed thing comes; "" follows the rhythm of the kind again."""
    mine = Follow.objects.filter(pk=follow, person=by).first()
    if mine is None or rhythm not in ("", *Rhythm.values):
        raise Refused(No(_("This rhythm is not known.")))
    if not rhythm:
        ThingRhythm.objects.filter(follow=mine).delete()
        return
    ThingRhythm.objects.update_or_create(follow=mine, defaults={"rhythm": rhythm})
    about = (
        Notice.objects.filter(contribution=mine.contribution_id)
        if mine.contribution_id
        else Notice.objects.filter(process=mine.process_id)
    )
    if mine.contribution_id or mine.process_id:
        about.filter(person=by, claimed_at__isnull=True).waiting().update(
            rhythm=rhythm, due_at=due_at(rhythm, at)
        )


def choose_limits(
    *, by: Person, most_a_week: int | None, quiet_from: time | None, quiet_until: time | None
) -> None:
    """At most so many mails a week (None: no limit), none between these times. It holds from the next mail on."""
    if (quiet_from is None) != (quiet_until is None):
        raise Refused(No(_("Quiet hours have a beginning and an end.")))
    Wishes.objects.update_or_create(
        person=by,
        defaults={"most_a_week": most_a_week, "quiet_from": quiet_from, "quiet_until": quiet_until},
    )


def stop_mail(
    *, by: Person, at: datetime, kinds: Iterable[str] | None = None, channel: str = Consent.Channel.PAGE
) -> None:
    """No more mail of these kinds, or none at all, not even about a thing somebody chose. The inbox keeps telling."""
    ThingRhythm.objects.filter(follow__person=by).exclude(rhythm=Rhythm.NONE).delete()
    choose_rhythm(
        by=by, rhythms=dict.fromkeys(kinds or Kind.values, Rhythm.NONE.value), at=at, channel=channel
    )


def rhythms_of(person: Person) -> dict[str, str]:
    """The rhythm of every kind, chosen or default. One query."""
    chosen = dict(Preference.objects.filter(person=person).values_list("kind", "rhythm"))
    return {kind: chosen.get(kind, default) for kind, default in DEFAULTS.items()}


def hold_back(person: Person, at: datetime) -> None:
    """Their use of data is restricted: no mail that waits goes out, and no message to a device. All of it stands here."""
    waiting = Notice.objects.filter(person=person, claimed_at__isnull=True).exclude(kind=Kind.DATA).waiting()
    waiting.update(rhythm=Rhythm.NONE, due_at=None)
    Push.objects.filter(device__person=person).delete()


def leave(person: Person, at: datetime) -> None:
    """When an account closes: wishes about mail end with it."""
    for model in (Preference, Wishes, Stopped, Device):
        model._default_manager.filter(person=person).delete()
    Mail.objects.filter(person=person).update(person=None)
