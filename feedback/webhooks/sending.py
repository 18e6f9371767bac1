"""The way out: claimed rows, signed, tried again later, given up after three days.

A row is claimed under `FOR UPDATE SKIP LOCKED`, sent, and marked; killed in between, the claim runs out and it is sent again
under the same id, by which the receiver knows that it has it already. An address that has just failed is left alone for a
minute, so that one that hangs does not keep the others waiting.

Signed as Standard Webhooks say: HMAC-SHA256 of `id.timestamp.body` in the header `webhook-signature`, once for each secret that
holds.
"""

from __future__ import annotations

import hmac
import logging
import socket
import ssl
import time
from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Min

from feedback.webhooks.actions import give_up_address
from feedback.webhooks.events import bodies
from feedback.webhooks.models import Delivery, Webhook
from groundwork import clock
from groundwork.outbound import Door, Reply, Unsafe

log = logging.getLogger("quartier.webhooks")
State, Trouble, Why = Delivery.State, Delivery.Trouble, Webhook.Why
SECONDS, BATCH = 10.0, 50
LEASE, REST = timedelta(minutes=10), timedelta(minutes=1)
# After each failure: how long until the next try. The last comes three days after the first.
PAUSES = [
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
]  # fmt: skip
OFF_AFTER = timedelta(days=3)
GONE = 410

_CLAIM = """
with free as (
  select id from webhooks_delivery
  where state = 'waiting' and due_at <= %(now)s and (claimed_at is null or claimed_at < %(now)s - %(lease)s)
  order by due_at, id limit %(batch)s for update skip locked)
update webhooks_delivery d set claimed_at = %(now)s, attempts = d.attempts + 1 from free where d.id = free.id
returning d.id
"""


def send_due(now: datetime, most: int = 10_000) -> int:
    """Send everything that is due. Returns how many messages were taken."""
    taken, resting = 0, set[int]()
    with Door(seconds=SECONDS) as door:
        while most > 0 and (rows := claim(now)):
            most -= len(rows)
            said = bodies(rows)
            for row in rows:
                if row.webhook_id in resting:
                    _mark(row, due_at=now + REST, claimed_at=None, attempts=row.attempts - 1)
                    continue
                ok = hand_over(row, said[row.pk], door, now)
                taken += ok is True
                if ok is False:
                    resting.add(row.webhook_id)
    return taken


def claim(now: datetime) -> list[Delivery]:
    with transaction.atomic(), connection.cursor() as cursor:
        about: Any = {"now": now, "lease": LEASE, "batch": BATCH}
        cursor.execute(_CLAIM, about)
        keys = [key for (key,) in cursor.fetchall()]
    return list(Delivery.objects.filter(pk__in=keys).select_related("webhook").order_by("due_at", "pk"))


def hand_over(row: Delivery, body: bytes | None, door: Door, now: datetime) -> bool | None:
    """True when it was taken, False when not; None when there was nothing to send."""
    if body is None:
        _over(row, State.NOTHING)
        return None
    begun = time.monotonic()
    reply, trouble = _post(row, body, door)
    about = {
        "tried_at": now, "status": reply.status if reply else None, "trouble": trouble,
        "milliseconds": int((time.monotonic() - begun) * 1000),
    }  # fmt: skip
    if not trouble:
        _over(row, State.DELIVERED, **about)
        if row.webhook.failing_since:
            Webhook.objects.filter(pk=row.webhook_id).update(failing_since=None)
        return True
    _failed(row, reply, now, about)
    return False


def _post(row: Delivery, body: bytes, door: Door) -> tuple[Reply | None, str]:
    """What came back, and what was wrong with it ("": nothing)."""
    try:
        reply = door.post(row.webhook.url, body, headers_of(row.webhook, row.message, body, clock.now()))
    except Unsafe:
        return None, Trouble.UNSAFE
    except TimeoutError:
        return None, Trouble.SLOW
    except socket.gaierror:
        return None, Trouble.NAME
    except ssl.SSLError:
        return None, Trouble.CERTIFICATE
    except OSError:
        return None, Trouble.UNREACHABLE
    return reply, "" if 200 <= reply.status < 300 else Trouble.STATUS


def headers_of(webhook: Webhook, message: str, body: bytes, at: datetime) -> dict[str, str]:
    """What the receiver needs to know that it comes from us and is not an old one."""
    stamp = str(int(at.timestamp()))
    content = b".".join([message.encode(), stamp.encode(), body])
    signed = [b64encode(hmac.digest(key, content, "sha256")).decode() for key in webhook.keys_at(at)]
    return {
        "Content-Type": "application/json", "User-Agent": "Quartier-Webhooks/1", "webhook-id": message,
        "webhook-timestamp": stamp, "webhook-signature": " ".join(f"v1,{each}" for each in signed),
    }  # fmt: skip


def _failed(row: Delivery, reply: Reply | None, now: datetime, about: dict[str, Any]) -> None:
    log.info(
        "webhooks.failed webhook=%s trouble=%s status=%s", row.webhook_id, about["trouble"], about["status"]
    )
    since = row.webhook.failing_since or now
    if not row.webhook.failing_since:
        Webhook.objects.filter(pk=row.webhook_id, failing_since__isnull=True).update(failing_since=now)
        row.webhook.failing_since = now
    if reply is not None and reply.status == GONE:
        _over(row, State.FAILED, **about)
        give_up_address(row.webhook, Why.GONE, now)
        return
    if row.attempts > len(PAUSES):
        _over(row, State.FAILED, **about)
    else:
        pause = PAUSES[row.attempts - 1]
        if reply is not None and reply.wait is not None:
            pause = min(max(pause, timedelta(seconds=reply.wait)), PAUSES[-1])
        _mark(row, due_at=now + pause, claimed_at=None, **about)
    if now - since >= OFF_AFTER:
        give_up_address(row.webhook, Why.FAILED, now)


def _over(row: Delivery, state: str, **about: Any) -> None:
    _mark(row, state=state, due_at=None, claimed_at=None, **about)


def _mark(row: Delivery, **about: Any) -> None:
    # Switched off meanwhile it is given up already.
    Delivery.objects.filter(pk=row.pk, state=State.WAITING).update(**about)


def waiting(now: datetime) -> tuple[int, datetime | None]:
    """Messages that are due, and since when the oldest. One query."""
    found = Delivery.objects.filter(state=State.WAITING, due_at__lte=now).aggregate(
        n=Count("pk"), oldest=Min("due_at")
    )
    return found["n"], found["oldest"]
