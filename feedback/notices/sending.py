"""Mail that is neither lost nor doubled, and exactly where that ends.

A mail goes out in three steps:

1. *Claim.* The rows are marked (`claimed_at`, `attempts`) under `FOR UPDATE SKIP LOCKED`: two workers never hold one
   mail. A claim is a lease: after `lease()`, doubled with every try, somebody else may take it; after a week nobody does.
2. *Write.* What the claimed mails say is read and written together, in a handful of statements for all of them. Quiet hours
   and a full week move a mail to later here; what was hidden meanwhile is left out.
3. *Hand over.* One transaction a mail: `sent_at` and the row of `Mail` are written, which locks the rows, the mail is given
   to the server, and only then it is committed. A slow worker whose lease ran out finds that nothing is left to mark.

Killed before or in step 3: nothing is committed, the lease runs out and the mail goes out then; none is lost. Killed after
the server took the mail and before the commit (a millisecond, no statement in between): nobody can know from our side. The
`Message-ID` is made from the notice, so a second try carries the same one, which mail servers and programs use to drop
the copy; and a backend that can say so is asked first (`knows(message_id)`, as the local outbox does): then there is no
second mail at all. With plain SMTP this window is the one case of a possible second delivery of one and the same mail.

A digest is one mail of everything a person has waiting at one rhythm and one due time. Its rows are claimed by their
first one, and its Message-ID is made from person, rhythm and due time: what belongs to it is complete when it is due.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from smtplib import SMTPRecipientsRefused
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import Count, Min, Q

from feedback.notices import bouncing, wishes
from feedback.notices.letters import Letter, Written, write
from feedback.notices.models import Kind, Mail, Notice, Rhythm
from feedback.notices.moulds import IDENTITY, LINK, TO, Mould, SharedMail
from groundwork import clock

log = logging.getLogger("quartier.notices")

M = TypeVar("M", bound=EmailMultiAlternatives)
MOST_ATTEMPTS = 12
BATCH = 100


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

# The rows of one mail, if they are still ours, and the row that says it left.
_MARK = """
with marked as (
  update notices_notice n set sent_at = %(now)s
  where n.id = any(%(rows)s::bigint[]) and n.sent_at is null and (n.id <> %(first)s or n.claimed_at = %(claimed)s)
  returning n.id),
kept as (
  insert into notices_mail (identity, person_id, rhythm, entry_id, number, sent_at, said, counts)
  select %(identity)s, %(person)s, %(rhythm)s, %(entry)s::bigint, %(number)s, %(now)s, '', true
  where exists (select 1 from marked where id = %(first)s)
  on conflict (identity) do nothing)
select count(*) filter (where id = %(first)s) from marked
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """The first row of a mail, and the how-manieth try this is."""

    notice: int
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail that is written: the claim it came from, its notices, its letter."""

    claim: Claim
    notices: Sequence[Notice]
    identity: str
    letter: Letter


def claim(now: datetime, batch: int | None = None) -> list[Claim]:
    """Take some mails that are due and nobody else's, oldest first. Committed before anything leaves."""
    about: Any = {"now": now, "most": MOST_ATTEMPTS, "lease": lease(), "batch": batch or BATCH}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, about)
        return [Claim(pk, attempt, now) for pk, attempt in sorted(cursor.fetchall())]


def send_due(now: datetime, most: int = 1_000_000) -> int:
    """Send everything that is due. Returns how many mails left; a refusal of the server is tried again later."""
    if not Notice.objects.waiting().filter(due_at__lte=now).exists():
        return 0
    sent, pace = 0, Pace()
    with get_connection() as server:  # a server that is down costs no mail a try
        while sent < most and (claims := claim(now)):
            for ready in prepare(claims):
                pace.wait()
                sent += hand_over(ready, server)
    return sent


class Pace:
    """At most `NOTICES_MAILS_A_SECOND` from this worker (0: as quick as the server takes them)."""

    def __init__(self) -> None:
        rate = float(getattr(settings, "NOTICES_MAILS_A_SECOND", 0))
        self.step, self.next = (1 / rate if rate else 0.0), time.monotonic()

    def wait(self) -> None:
        if not self.step:
            return
        if (ahead := self.next - time.monotonic()) > 0:
            time.sleep(ahead)
        self.next = max(self.next, time.monotonic()) + self.step


# --- step 2: what the mails say ---


def prepare(claims: Sequence[Claim]) -> list[Ready]:
    """Write the claimed mails. A handful of queries for all; one that cannot be written is left for a later try."""
    firsts = {n.pk: n for n in Notice.objects.filter(pk__in=[one.notice for one in claims], sent_at=None)}
    held = [one for one in claims if (n := firsts.get(one.notice)) and n.claimed_at == one.at and n.due_at]
    rows = _rows_of([firsts[one.notice] for one in held])
    every = [pk for keys in rows.values() for pk in keys]
    found = _speakable(every, held[0].at) if held else {}
    if unspoken := set(every) - found.keys():  # hidden, erased, out of date, of somebody who gets no mail
        Notice.objects.filter(pk__in=unspoken, sent_at=None).update(due_at=None)
    mails = {one: [found[pk] for pk in rows[one.notice] if pk in found] for one in held}
    later = wishes.put_off({one.notice: mail for one, mail in mails.items() if mail}, clock.now())
    written, ready = Written([n for mail in mails.values() for n in mail]), []
    for one, notices in mails.items():
        if not notices or one.notice in later:
            continue
        try:
            letter = write(notices, written)
        except Exception:
            log.exception("notices.not_written notice=%s attempt=%s", one.notice, one.attempt)
            continue
        ready.append(Ready(one, notices, message_id(firsts[one.notice]), letter))
    return ready


def _rows_of(firsts: Sequence[Notice]) -> dict[int, list[int]]:
    """First row -> the rows of its mail. One query where there are digests."""
    rows = {first.pk: [first.pk] for first in firsts}
    digests = {(n.person_id, n.rhythm, n.due_at): n.pk for n in firsts if n.rhythm != Rhythm.IMMEDIATE}
    if digests:
        people, due = {key[0] for key in digests}, {key[2] for key in digests}
        together = Notice.objects.filter(
            person__in=people, due_at__in=due, sent_at__isnull=True, rhythm__in=["daily", "weekly"]
        )
        for pk, *key in together.order_by("pk").values_list("pk", "person", "rhythm", "due_at"):
            first = digests.get(tuple(key))  # type: ignore[arg-type]
            if first is not None and pk != first:
                rows[first].append(pk)
    return rows


def _speakable(rows: Sequence[int], at: datetime) -> dict[int, Notice]:
    found = Notice.objects.filter(
        pk__in=rows, person__is_active=True, person__is_guest=False, person_id__isnull=False
    )
    found = found.exclude(person__in=bouncing.stopped())
    return {n.pk: n for n in found.visible().of_use(at).with_things().select_related("person")}


# --- step 3 ---


def hand_over(ready: Ready, server: Any) -> int:
    """1 when it left, 0 when it was not ours any more or the server refused it."""
    try:
        return _hand_over(ready, server)
    except SMTPRecipientsRefused as refusal:
        code, words = next(iter(refusal.recipients.values()), (0, b""))
        if 400 <= int(code) < 500:  # not now: greylisting, a full mailbox
            log.info("notices.put_off notice=%s code=%s", ready.claim.notice, code)
            return 0
        # This address takes no mail; trying again would only annoy the server. The inbox has the notice.
        log.warning("notices.refused notice=%s code=%s", ready.claim.notice, code)
        Notice.objects.filter(pk__in=[n.pk for n in ready.notices], sent_at=None).update(due_at=None)
        bouncing.refused(ready.notices[0].person_id, name_in(ready.identity), code, words, clock.now())
    except Exception:
        log.exception("notices.send_failed notice=%s attempt=%s", ready.claim.notice, ready.claim.attempt)
        server.close()
    return 0


@transaction.atomic
def _hand_over(ready: Ready, server: Any) -> int:
    first = ready.notices[0]
    if not mark(ready):
        return 0
    if ready.claim.attempt == 1 or not _known(server, ready.identity):
        server.send_messages([_mail(ready)])
    log.debug("notices.sent notice=%s", first.pk)
    return 1


def mark(ready: Ready) -> bool:
    """Say that it left, inside the transaction that is committed when it did. False when somebody else has it."""
    first = ready.notices[0]
    about: Mapping[str, Any] = {
        "now": clock.now(),
        "rows": [n.pk for n in ready.notices] + [ready.claim.notice],
        "first": ready.claim.notice,
        "claimed": ready.claim.at,
        "identity": name_in(ready.identity),
        "person": first.person_id,
        "rhythm": first.rhythm,
        "entry": first.entry_id if first.rhythm == Rhythm.IMMEDIATE else None,
        "number": len(ready.notices),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK, about)
        (ours,) = cursor.fetchone()
    return bool(ours)


def _known(server: Any, identity: str) -> bool:
    knows = getattr(server, "knows", None)
    return bool(knows and knows(identity))


def message_id(first: Notice) -> str:
    """The same for every try of the same mail."""
    if first.rhythm == Rhythm.IMMEDIATE:
        name = f"notice-{first.pk}"
    else:
        assert first.due_at is not None
        name = f"{first.rhythm}-{first.person_id}-{int(first.due_at.timestamp())}"
    # The key of a person is nobody's business: the name is hashed with our secret.
    digest = sha256(f"{settings.SECRET_KEY}:{name}".encode()).hexdigest()[:32]
    return f"<{digest}@{host()}>"


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def name_in(identity: str) -> str:
    """The part of a Message-ID that names the mail."""
    return identity.strip("<>").partition("@")[0]


def _mail(ready: Ready) -> EmailMultiAlternatives:
    return message_of(ready.letter, ready.notices[0].person.email, ready.identity)


def message_of(letter: Letter, to: str, identity: str) -> EmailMultiAlternatives:
    """The mail as it is handed over. Bounces come back to an address of this very mail, where the city has such."""
    common, mould = letter.common, letter.mould
    if common is not None and mould is not None and to.isascii() and to.isprintable():
        raw = mould.raw(lambda: _plain(common, TO, IDENTITY, LINK, EmailMultiAlternatives))
        if raw is not None:
            mail = _plain(letter, to, identity, f"<{letter.unsubscribe}>", SharedMail)
            mail.raw = Mould.fill(raw, to=to, name=letter.name, identity=identity, link=letter.unsubscribe)
            return mail
    return _plain(letter, to, identity, f"<{letter.unsubscribe}>", EmailMultiAlternatives)


def _plain(letter: Letter, to: str, identity: str, link: str, kind: type[M]) -> M:
    mail = kind(
        subject=letter.subject,
        body=letter.text,
        from_email=bouncing.return_address(name_in(identity)),
        to=[to],
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": identity,
            "List-Unsubscribe": link,
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def waiting(now: datetime) -> tuple[int, datetime | None]:
    """Mails that are due, and since when the oldest. One query."""
    late = Notice.objects.waiting().filter(due_at__lte=now, attempts__lt=MOST_ATTEMPTS)
    found = late.aggregate(n=Count("pk"), oldest=Min("due_at"))
    return found["n"], found["oldest"]


def given_up() -> int:
    """Mails nobody tries any more."""
    return Notice.objects.waiting().filter(attempts__gte=MOST_ATTEMPTS).count()


def sent_of(entry: int) -> dict[str, int]:
    """What became of the mails of one newsletter. Two queries."""
    mails = Mail.objects.filter(entry_id=entry)
    notices = Notice.objects.filter(entry_id=entry, kind=Kind.NEWS)
    return {
        **mails.aggregate(
            sent=Count("pk", filter=Q(number__gt=0)),
            bounced=Count("pk", filter=Q(bounced_at__isnull=False)),
            complained=Count("pk", filter=Q(complained_at__isnull=False)),
        ),
        **notices.aggregate(
            told=Count("pk"),
            waiting=Count(
                "pk", filter=Q(sent_at__isnull=True, due_at__isnull=False, attempts__lt=MOST_ATTEMPTS)
            ),
            given_up=Count(
                "pk", filter=Q(sent_at__isnull=True, due_at__isnull=False, attempts__gte=MOST_ATTEMPTS)
            ),
            in_digest=Count("pk", filter=Q(sent_at__isnull=False) & ~Q(rhythm="immediate")),
            inbox_only=Count("pk", filter=Q(sent_at__isnull=True, due_at__isnull=True)),
        ),
    }
