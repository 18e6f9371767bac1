"""Mail that is neither lost nor doubled, and exactly where that ends.

A mail goes out in three steps, each its own transaction:

1. *Claim.* The rows are marked (`claimed_at`, `attempts`) under `FOR UPDATE SKIP LOCKED`: two workers never hold one
   mail. A claim is a lease: after `lease()`, doubled with every try, somebody else may take it; after a week nobody does.
2. *Hand over.* The row stays locked while the mail is given to the server, so a slow worker whose lease ran out keeps it.
3. *Mark.* `sent_at` is written and the lock released.

Killed before or in step 2: the lease runs out and the mail goes out then; none is lost. Killed after the server took the
mail and before step 3 is committed (a millisecond, no statement in between): nobody can know from our side. The
`Message-ID` is made from the notice, so a second try carries the same one, which mail servers and programs use to drop
the copy; and a backend that can say so is asked first (`knows(message_id)`, as the local outbox does): then there is no
second mail at all. With plain SMTP this window is the one case of a possible second delivery of one and the same mail.

A digest is one mail of everything a person has waiting at one rhythm and one due time. Its rows are claimed by their
first one, and its Message-ID is made from person, rhythm and due time: what belongs to it is complete when it is due.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMultiAlternatives
from django.db import connection, transaction

from feedback.notices.letters import write
from feedback.notices.models import Notice, Rhythm

log = logging.getLogger("quartier.notices")

MOST_ATTEMPTS = 12
BATCH = 20


def lease() -> timedelta:
    """How long a claim holds before somebody else may try; longer than any mail takes."""
    return timedelta(seconds=getattr(settings, "NOTICES_LEASE_SECONDS", 300))


_CLAIM = """
with free as (
  select n.id from notices_notice n
  where n.sent_at is null and n.due_at <= %(now)s and n.attempts < %(most)s
    and (n.claimed_at is null or n.claimed_at < %(now)s - %(lease)s * power(2, n.attempts - 1))
    and (n.rhythm = 'immediate' or not exists (
      select 1 from notices_notice m
      where m.person_id = n.person_id and m.rhythm = n.rhythm and m.due_at = n.due_at and m.sent_at is null and m.id < n.id))
  order by n.due_at, n.id limit %(batch)s
  for update of n skip locked)
update notices_notice n set claimed_at = %(now)s, attempts = n.attempts + 1
from free where n.id = free.id
returning n.id, n.attempts
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """The first row of a mail, and the how-manieth try this is."""

    notice: int
    attempt: int
    at: datetime


def claim(now: datetime, batch: int = BATCH) -> list[Claim]:
    """Take some mails that are due and nobody else's, oldest first. Committed before anything leaves."""
    with transaction.atomic(), connection.cursor() as cursor:
        about: Any = {"now": now, "most": MOST_ATTEMPTS, "lease": lease(), "batch": batch}
        cursor.execute(_CLAIM, about)
        return [Claim(pk, attempt, now) for pk, attempt in sorted(cursor.fetchall())]


def send_due(now: datetime, most: int = 100_000) -> int:
    """Send everything that is due. Returns how many mails left; a refusal of the server is tried again later."""
    if not Notice.objects.waiting().filter(due_at__lte=now).exists():
        return 0
    sent = 0
    with get_connection() as server:  # a server that is down costs no mail a try
        while sent < most and (claims := claim(now)):
            for one in claims:
                try:
                    sent += send(one, server)
                except SMTPRecipientsRefused as refusal:
                    # This address takes no mail; trying again would only annoy the server. The inbox has the notice.
                    log.warning("notices.refused notice=%s code=%s", one.notice, _code(refusal))
                    Notice.objects.filter(pk=one.notice).update(due_at=None)
                except Exception:
                    log.exception("notices.send_failed notice=%s attempt=%s", one.notice, one.attempt)
                    server.close()
    return sent


def _code(refusal: SMTPRecipientsRefused) -> Any:
    return next(iter(refusal.recipients.values()), ("?",))[0]


@transaction.atomic
def send(claimed: Claim, server: Any) -> int:
    """Steps 2 and 3 of one mail: 1 when it left, 0 when there was nothing (any more) to say."""
    # Waits for the lock: another worker's claim may touch this row for a moment while it finds it taken.
    first = (
        Notice.objects.select_for_update()
        .filter(pk=claimed.notice, sent_at__isnull=True, claimed_at=claimed.at)
        .first()
    )
    if first is None or first.due_at is None:
        return 0
    rows = [first.pk]
    if first.rhythm != Rhythm.IMMEDIATE:
        together = Notice.objects.filter(
            person=first.person_id, rhythm=first.rhythm, due_at=first.due_at, sent_at__isnull=True
        )
        rows = list(together.select_for_update().order_by("pk").values_list("pk", flat=True))
    notices = list(
        Notice.objects.filter(pk__in=rows).visible().of_use(claimed.at).with_things().select_related("person")
    )
    unspoken = set(rows) - {notice.pk for notice in notices}
    if unspoken:  # hidden, erased or out of date meanwhile
        Notice.objects.filter(pk__in=unspoken).update(due_at=None)
    person = notices[0].person if notices else None
    if person is None or not person.is_active or person.is_guest:
        Notice.objects.filter(pk__in=rows).update(due_at=None)
        return 0
    identity = message_id(first)
    if claimed.attempt == 1 or not _known(server, identity):
        server.send_messages([_mail(notices, identity)])
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=claimed.at)
    return 1


def _known(server: Any, identity: str) -> bool:
    knows = getattr(server, "knows", None)
    return bool(knows and knows(identity))


def message_id(first: Notice) -> str:
    """The same for every try of the same mail."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    if first.rhythm == Rhythm.IMMEDIATE:
        name = f"notice-{first.pk}"
    else:
        assert first.due_at is not None
        name = f"{first.rhythm}-{first.person_id}-{int(first.due_at.timestamp())}"
    # The key of a person is nobody's business: the name is hashed with our secret.
    return f"<{sha256(f'{settings.SECRET_KEY}:{name}'.encode()).hexdigest()[:32]}@{host}>"


def _mail(notices: Sequence[Notice], identity: str) -> EmailMultiAlternatives:
    letter = write(notices)
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[notices[0].person.email],
        headers={
            "Message-ID": identity,
            "List-Unsubscribe": f"<{letter.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail
