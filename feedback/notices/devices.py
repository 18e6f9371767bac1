"""Devices that show a message of ours: what a browser hands out when somebody agrees, checked before it is kept.

An endpoint is an address that the browser names and we later write to. It has to be an https address of a public host; what
stands behind the name is looked at again whenever something is sent (groundwork/outbound.py).
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.privacy import consents
from accounts.privacy.models import Consent
from feedback.notices.models import Device, Kind
from groundwork.answer import No, Refused
from groundwork.outbound import Unsafe, parts_of

if TYPE_CHECKING:
    from accounts.models import Person

MOST_DEVICES = 10
PUSH = "push"
# What a new device tells of, before anybody chooses.
FIRST_KINDS = (Kind.MINE.value, Kind.CITY.value)

_UNUSABLE = _("Your browser named an address we cannot write to. Please try another browser.")


@transaction.atomic
def add(
    *, by: Person, endpoint: str, p256dh: str, auth: str, kinds: Iterable[str], name: str, at: datetime
) -> Device:
    """This browser shows messages of these kinds from now on. Saying it again changes the kinds; somebody else's browser
    becomes that of whoever is signed in there now."""
    chosen = [kind for kind in Kind.values if kind in set(kinds)]
    if not chosen:
        raise Refused(No(_("Please choose what your device should tell you of.")))
    if not is_usable(endpoint, p256dh, auth):
        raise Refused(No(_UNUSABLE))
    known = Device.objects.select_for_update().filter(endpoint=endpoint).first()
    if known is not None and known.person_id != by.pk:
        forget(known, at=at)
        known = None
    if known is None and Device.objects.filter(person=by).count() >= MOST_DEVICES:
        raise Refused(No(_("You have ten devices already. Remove one first.")))
    device = known or Device(person=by, endpoint=endpoint, made_at=at)
    device.p256dh, device.auth, device.kinds, device.name = p256dh, auth, chosen, name[:60]
    device.save()
    consents.give(person=by, purpose=PUSH, thing=str(device.pk), channel=Consent.Channel.PAGE, at=at)
    return device


def remove(*, by: Person, key: int, at: datetime) -> bool:
    device = Device.objects.filter(person=by, pk=key).first()
    if device is None:
        return False
    forget(device, at=at, channel=Consent.Channel.PAGE)
    return True


@transaction.atomic
def forget(device: Device, *, at: datetime, channel: str = Consent.Channel.ENDED) -> None:
    """Nothing is sent to it any more, and the consent ends with it: by its owner, or because the browser is gone."""
    consents.take_back(person=device.person, purpose=PUSH, thing=str(device.pk), channel=channel, at=at)
    device.delete()


def is_usable(endpoint: str, p256dh: str, auth: str) -> bool:
    """Whether this is what a browser hands out: an address of a public host, a point of the curve, sixteen bytes."""
    try:
        parts_of(endpoint)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
        return len(_bytes(auth)) == 16
    except (Unsafe, ValueError):
        return False


def _bytes(value: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,120}={0,2}", value):
        raise ValueError(value)
    return urlsafe_b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4))


_BROWSERS = (
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def name_of(agent: str) -> str:
    """What people call it: "Firefox, Android"; no versions. Empty for what we do not know."""
    found = (next((words for mark, words in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, found))
