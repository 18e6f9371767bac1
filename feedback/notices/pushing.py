"""Messages to devices (Web Push, RFC 8030; VAPID, RFC 8292): claimed rows, as mail is sent.

A row stands for one notice on one device. It is claimed under `FOR UPDATE SKIP LOCKED`, sent, and deleted; killed in between,
the claim runs out and it is sent again, under the same topic and tag, so that the newer one takes the older one's place on
the device. What the payload says is encrypted for the browser: a title, where it leads, the tag; nothing anybody wrote beyond
the title of the thing.
"""

from __future__ import annotations

import json
import logging
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min
from django.utils import translation
from py_vapid import Vapid02

from feedback.notices import devices, wishes, words
from feedback.notices.letters import subject_of
from feedback.notices.models import Device, Notice, Push, Wishes
from groundwork import clock
from groundwork.outbound import Door, Unsafe

log = logging.getLogger("quartier.notices")
MOST_ATTEMPTS, BATCH = 6, 100
# Whatever could not be shown within a day stands in the inbox.
KEPT = timedelta(days=1)
LEASE = timedelta(minutes=5)
GONE = (404, 410)

_CLAIM = """
with free as (
  select id from notices_push
  where due_at <= %(now)s and (claimed_at is null or claimed_at < %(now)s - %(lease)s)
  order by due_at, id limit %(batch)s for update skip locked)
update notices_push p set claimed_at = %(now)s, attempts = p.attempts + 1 from free where p.id = free.id
returning p.id
"""


# --- the key of the city ---


def is_configured() -> bool:
    return bool(settings.WEBPUSH_PRIVATE_KEY)


@lru_cache(maxsize=2)
def _vapid(private: str) -> Vapid02:
    return Vapid02.from_string(private)


def public_key() -> str:
    """What a browser is told with `subscribe`; empty where the city has no key."""
    if not is_configured():
        return ""
    point = _vapid(settings.WEBPUSH_PRIVATE_KEY).public_key.public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    return urlsafe_b64encode(point).rstrip(b"=").decode()


# --- sending ---


@dataclass(frozen=True, slots=True)
class Message:
    title: str
    url: str
    tag: str

    def as_json(self) -> str:
        return json.dumps({"title": self.title, "url": self.url, "tag": self.tag}, ensure_ascii=False)


def send_due(now: datetime, most: int = 100_000) -> int:
    """Send everything that is due. Returns how many a push service took."""
    if not is_configured():
        return 0
    Push.objects.filter(due_at__lt=now - KEPT).delete()
    sent = 0
    with Door() as door:
        while sent < most and (rows := claim(now)):
            for push, message in prepare(rows, now):
                sent += hand_over(push, message, door, now)
    return sent


def claim(now: datetime) -> list[Push]:
    with transaction.atomic(), connection.cursor() as cursor:
        about: Any = {"now": now, "lease": LEASE, "batch": BATCH}
        cursor.execute(_CLAIM, about)
        keys = [key for (key,) in cursor.fetchall()]
    return list(Push.objects.filter(pk__in=keys).select_related("device").order_by("pk"))


def prepare(rows: Sequence[Push], now: datetime) -> list[tuple[Push, Message]]:
    """What each device is shown. What may not be spoken of any more goes; at night it waits for the morning. Six queries."""
    found = Notice.objects.filter(pk__in=[row.notice_id for row in rows], person__is_active=True)
    notices = {n.pk: n for n in found.visible().of_use(now).with_things().select_related("person")}
    chosen = {
        each.person_id: each
        for each in Wishes.objects.filter(person__in={n.person_id for n in notices.values()})
    }
    facts, titles, ready, gone = words.gather(list(notices.values())), {}, [], []
    for row in rows:
        notice = notices.get(row.notice_id)
        if notice is None or notice.read_at is not None:
            gone.append(row.pk)
            continue
        wish = chosen.get(notice.person_id)
        if wish and (morning := wishes.quiet_until(wish, now)):
            Push.objects.filter(pk=row.pk).update(due_at=morning, claimed_at=None, attempts=0)
            continue
        key = (notice.entry_id, notice.person.language, notice.kind)
        if key not in titles:
            titles[key] = _message(notice, facts)
        ready.append((row, titles[key]))
    Push.objects.filter(pk__in=gone).delete()
    return ready


def _message(notice: Notice, facts: words.Facts) -> Message:
    language = notice.person.language
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        return Message(subject_of(notice, facts), words.page_of(notice), _topic(notice))


def _topic(notice: Notice) -> str:
    """The same for every try of the same event, at most 32 characters (RFC 8030), and nothing to others. Of one answer to
    many the device shows the last."""
    together = notice.data.get("together")
    name = f"{settings.SECRET_KEY}:push-{f'together-{together}' if together else notice.entry_id}".encode()
    return urlsafe_b64encode(sha256(name).digest()[:24]).decode()


def hand_over(push: Push, message: Message, door: Door, now: datetime) -> int:
    """1 when the service took it. A device that is gone is forgotten; what is busy is tried again later."""
    try:
        reply = door.post(push.device.endpoint, *_sealed(push.device, message))
        status, wait = reply.status, reply.wait
    except Unsafe:
        log.warning("notices.push_unsafe device=%s", push.device_id)
        devices.forget(push.device, at=now)
        return 0
    except OSError as trouble:
        log.info("notices.push_failed device=%s %s", push.device_id, type(trouble).__name__)
        status, wait = 0, None
    if status in GONE:
        devices.forget(push.device, at=now)
        return 0
    if status == 429 or status >= 500 or status == 0:
        _later(push, now, wait)
        return 0
    Push.objects.filter(pk=push.pk).delete()
    if not 200 <= status < 300:
        log.warning("notices.push_refused device=%s status=%s", push.device_id, status)
        return 0
    return 1


def _later(push: Push, now: datetime, wait: int | None) -> None:
    if push.attempts >= MOST_ATTEMPTS:
        Push.objects.filter(pk=push.pk).delete()
        return
    pause = timedelta(seconds=wait if wait is not None else 60 * 2**push.attempts)
    Push.objects.filter(pk=push.pk).update(due_at=now + min(pause, KEPT), claimed_at=None)


def _sealed(device: Device, message: Message) -> tuple[bytes, dict[str, str]]:
    """The body only this browser can read, and what the service is told."""
    from pywebpush import WebPusher  # it brings a whole HTTP client along, which is not used here

    about = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    body = WebPusher(about).encode(message.as_json().encode(), "aes128gcm")["body"]
    return body, {
        **_signature(
            settings.WEBPUSH_PRIVATE_KEY, "/".join(device.endpoint.split("/", 3)[:3]), f"{clock.now():%d-%H}"
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(KEPT.total_seconds())),
        "Urgency": "normal",
        "Topic": message.tag,
    }


@lru_cache(maxsize=64)
def _signature(private: str, audience: str, hour: str) -> dict[str, Any]:
    """Valid half a day, made once an hour for each service."""
    expires = int((clock.now() + timedelta(hours=12)).timestamp())
    claims = {"aud": audience, "exp": expires, "sub": settings.WEBPUSH_CONTACT}
    return dict(_vapid(private).sign(claims))


def waiting(now: datetime) -> tuple[int, datetime | None]:
    """Messages to devices that are due, and since when the oldest. One query."""
    found = Push.objects.filter(due_at__lte=now).aggregate(n=Count("pk"), oldest=Min("due_at"))
    return found["n"], found["oldest"]
