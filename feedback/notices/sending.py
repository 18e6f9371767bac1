"""Mail that is neither lost nor doubled, and exactly where that ends.

A mail goes out in three steps:

1. *Claim.* The rows are marked (`claimed_at`, `attempts`) under `FOR UPDATE SKIP LOCKED`: two workers never hold one
   mail. A claim is a lease: after `lease()`, doubled with every try, somebody else may take it; after a week nobody does.
2. *Write.* What the claimed mails say is read and written together, in a handful of statements for all of them. Quiet hours
   and a full week move a mail to later here; what was hidden meanwhile is left out.
3. *Hand over.* Just before a mail leaves, the worker makes sure that it is still its own, and makes a claim fresh that has
   grown old: a slow worker whose lease ran out finds nothing left to send. When the server took the mail, `sent_at` and the
   row of `Mail` are written. The record of one mail and the look at the next are one statement, which is its own transaction.

Killed before or in step 3: the lease runs out and the mail goes out then; none is lost. Killed after the server took a mail
and before that is written down (a millisecond, nothing in between): nobody can know from our side. The `Message-ID` is made
from the notice, so a second try carries the same one, which mail servers and programs use to drop the copy; and a backend
that can say so is asked first (`knows(message_id)`, as the local outbox does): then there is no second mail at all. With
plain SMTP this window is the one case of a possible second delivery of one and the same mail.

Waiting for the disk costs more than all else about a mail. So only every tenth record, and the last of a batch, waits for it
(`LASTING`); a worker that dies loses none of the others either. When the database dies, the worker still knows which records it
may have lost, and writes them again as soon as it is back. Only when both die within the same moment, or the whole machine does, up to
ten mails may leave a second time instead of one.

A digest is one mail of everything a person has waiting at one rhythm and one due time. Its rows are claimed by their
first one, and its Message-ID is made from person, rhythm and due time: what belongs to it is complete when it is due.
One answer to many that is mailed at once is the same in small: its rows are due at one time, a moment after the answer.
Should somebody be told later still, that is a mail of its own; the Message-ID also names how many it tells of.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from smtplib import SMTPRecipientsRefused
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, Min, Q

from cocreation.models import Contribution, Process
from feedback.notices import bouncing, wishes
from feedback.notices.letters import Common, Letter, Written, write
from feedback.notices.models import Kind, Mail, Notice, Rhythm
from feedback.notices.moulds import IDENTITY, LINK, TO, Mould, SharedMail, compose
from groundwork import clock

log = logging.getLogger("quartier.notices")

M = TypeVar("M", bound=EmailMultiAlternatives)
MOST_ATTEMPTS = 12
BATCH = 400


def lease() -> timedelta:
    """How long a claim holds before somebody else may try; longer than any mail takes."""
    return timedelta(seconds=getattr(settings, "NOTICES_LEASE_SECONDS", 300))


_CLAIM = """
with free as (
  select n.id from notices_notice n
  where n.sent_at is null and n.due_at <= %(now)s and n.attempts < %(most)s
    and (n.claimed_at is null or n.claimed_at < %(now)s - %(lease)s * power(2, n.attempts - 1))
    and (n.rhythm = 'immediate' and not jsonb_exists(n.data, 'together') or not exists (
      select 1 from notices_notice m
      where m.person_id = n.person_id and m.rhythm = n.rhythm and m.due_at = n.due_at and m.sent_at is null and m.id < n.id
        and (n.rhythm <> 'immediate' or m.data -> 'together' = n.data -> 'together')))
  order by n.due_at, n.id limit %(batch)s
  for update of n skip locked)
update notices_notice n set claimed_at = %(now)s, attempts = n.attempts + 1
from free where n.id = free.id
returning n.id, n.attempts, n.person_id, n.rhythm, n.due_at, (n.data ->> 'together')::bigint
"""

# What is known of the mail that left, and whether the one that is next is still ours. Single keys and no lists where it can be:
# the plan holds for every mail, so the database makes it once.
_STEP = """
with marked as (
  update notices_notice set sent_at = coalesce(sent_at, %(now)s::timestamptz) where id {left}),
kept as (
  insert into notices_mail (identity, person_id, rhythm, entry_id, number, sent_at, said, counts)
  select %(identity)s::text, (select p.id from accounts_person p where p.id = %(person)s::bigint), %(rhythm)s::text,
         %(entry)s::bigint, %(number)s::int, %(now)s::timestamptz, '', true
  where %(identity)s::text is not null
  on conflict (identity) do nothing),
held as (
  {look} where id = %(next)s::bigint and sent_at is null and due_at is not null
                and claimed_at = %(claimed)s::timestamptz {found})
select (select count(*) from held),
       set_config('synchronous_commit',
                  case when %(lasting)s::bool then current_setting('synchronous_commit') else 'off' end, true)
"""
_ONE, _MANY = "= %(left)s::bigint", "= any(%(left)s::bigint[])"
_LOOK = {"look": "select id from notices_notice", "found": ""}
_FRESH = {
    "look": "update notices_notice set claimed_at = %(fresh)s::timestamptz",
    "found": "returning id",
}
# By whether the mail that left has many rows, and whether the claim of the next is made fresh.
_STEPS = {
    (many, fresh): _STEP.format(left=_MANY if many else _ONE, **(_FRESH if fresh else _LOOK))
    for many in (False, True)
    for fresh in (False, True)
}
# Every so-manieth record waits for the disk.
LASTING = 10
# So long a worker waits for a database that is gone, to say what it may have forgotten; shorter than a lease.
PATIENCE, ASK_AGAIN = 60, 0.1


class First(NamedTuple):
    """What decides which rows belong to a mail, and its name."""

    pk: int
    person: int
    rhythm: str
    due_at: datetime | None
    # One answer to many.
    together: int | None = None

    @property
    def belongs(self) -> tuple[int, str, datetime | None, int | None] | None:
        """What the rows of its mail have in common; None for a mail of one row."""
        if self.rhythm == Rhythm.IMMEDIATE and not self.together:
            return None
        return (
            self.person,
            self.rhythm,
            self.due_at,
            self.together if self.rhythm == Rhythm.IMMEDIATE else None,
        )


_FIRST = ("pk", "person", "rhythm", "due_at", "data__together")


@dataclass(frozen=True, slots=True)
class Claim:
    """The first row of a mail, and the how-manieth try this is."""

    first: First
    attempt: int
    at: datetime

    @property
    def notice(self) -> int:
        return self.first.pk


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
        return [Claim(First(pk, *about), attempt, now) for pk, attempt, *about in sorted(cursor.fetchall())]


def send_due(now: datetime, most: int = 1_000_000) -> int:
    """Send everything that is due. Returns how many mails left; a refusal of the server is tried again later."""
    if not Notice.objects.waiting().filter(due_at__lte=now).exists():
        return 0
    begun, sent, pace = time.monotonic(), 0, Pace()

    def moment() -> datetime:
        """A claim is as old as it is, however long this run takes."""
        return now + timedelta(seconds=time.monotonic() - begun)

    with get_connection() as server:  # a server that is down costs no mail a try
        while sent < most and (claims := claim(moment(), pace.batch())):
            sent += deliver(prepare(claims), server, pace, moment)
    return sent


class Pace:
    """At most `NOTICES_MAILS_A_SECOND` from this worker (0: as quick as the server takes them)."""

    def __init__(self) -> None:
        rate = float(getattr(settings, "NOTICES_MAILS_A_SECOND", 0))
        self.step, self.next = (1 / rate if rate else 0.0), time.monotonic()

    def batch(self) -> int:
        """So many mails as certainly leave before their claims grow old."""
        return max(1, min(BATCH, int(lease().total_seconds() / 4 / self.step))) if self.step else BATCH

    def wait(self) -> None:
        if not self.step:
            return
        if (ahead := self.next - time.monotonic()) > 0:
            time.sleep(ahead)
        self.next = max(self.next, time.monotonic()) + self.step


# --- step 2: what the mails say ---


def prepare(claims: Sequence[Claim]) -> list[Ready]:
    """Write the claimed mails that are still ours. A handful of queries for all; one that cannot be written is left for a
    later try, one whose first row may not be spoken of any more for the next claim."""
    rows = _rows_of([one.first for one in claims])
    every = [pk for keys in rows.values() for pk in keys]
    found = _speakable(every, claims[0].at) if claims else {}
    if unspoken := set(every) - found.keys():  # hidden, erased, out of date, of somebody who gets no mail
        Notice.objects.filter(pk__in=unspoken, sent_at=None).update(due_at=None)
    held = [one for one in claims if (n := found.get(one.notice)) and n.claimed_at == one.at and n.due_at]
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
        identity = message_id(one.first, len(rows[one.notice]))
        ready.append(Ready(one, notices, identity, letter))
    return ready


def _rows_of(firsts: Sequence[First]) -> dict[int, list[int]]:
    """First row -> the rows of its mail. One query where there are mails of several."""
    rows = {first.pk: [first.pk] for first in firsts}
    several = {key: first.pk for first in firsts if (key := first.belongs)}
    if several:
        people, due = {key[0] for key in several}, {key[2] for key in several}
        together = Notice.objects.filter(person__in=people, due_at__in=due, sent_at__isnull=True)
        for other in map(First._make, together.order_by("pk").values_list(*_FIRST)):
            key = other.belongs
            first = several.get(key) if key else None
            if first is not None and other.pk != first:
                rows[first].append(other.pk)
    return rows


def _speakable(rows: Sequence[int], at: datetime) -> dict[int, Notice]:
    found = Notice.objects.filter(pk__in=rows, sent_at=None, person__is_active=True, person__is_guest=False)
    found = found.exclude(person__in=bouncing.stopped())
    notices = found.visible().of_use(at).select_related("person")
    return {n.pk: n for n in _with_things(list(notices))}


def _with_things(notices: list[Notice]) -> list[Notice]:
    """Most of a batch is about the same few things: each is read once, and is one object for all."""
    processes = Process.objects.in_bulk({n.process_id for n in notices if n.process_id})
    things = Contribution.objects.select_related("proposal").prefetch_related("proposal__moves")
    contributions = things.in_bulk({n.contribution_id for n in notices if n.contribution_id})
    for n in notices:
        n.process = processes.get(n.process_id or 0)
        n.contribution = contributions.get(n.contribution_id or 0)
    return notices


# --- step 3 ---


def deliver(mails: Sequence[Ready], server: Any, pace: Pace, moment: Callable[[], datetime]) -> int:
    """Hand over what is written, each mail just after a look whether it is still ours. Returns how many left."""
    sent, left, records = 0, None, Records()
    try:
        for ready in mails:
            if pace.step:
                records.step(left)
                left = None
                pace.wait()
            ours = records.step(left, ready, moment())
            left = ready if ours and hand_over(ready, server) else None
            sent += left is not None
    finally:
        records.close(left)
    return sent


class Records:
    """What is written down of the mails of one batch that left."""

    def __init__(self) -> None:
        # Recorded, but perhaps not on the disk yet.
        self.unsure: list[Ready] = []
        self.patience: float | None = None
        self.cursor: Any = None

    def step(self, left: Ready | None, following: Ready | None = None, at: datetime | None = None) -> bool:
        """Record the mail that left, and take hold of the one that follows. False when it is not ours any more."""
        if left is None and following is None:
            return False
        if left:
            self.unsure.append(left)
        lasting = following is None or len(self.unsure) >= LASTING
        try:
            ours = self._step(left, following, at, lasting=lasting)
        except (InterfaceError, OperationalError):
            self._again()
            raise
        if lasting:
            self.unsure.clear()
        return ours

    def close(self, left: Ready | None) -> None:
        """The last record waits for the disk, and with it all before it."""
        if last := left or (self.unsure[-1] if self.unsure else None):
            self.step(last)

    def _again(self) -> None:
        """The database went down, perhaps with what it was told last: tell it again when it is back."""
        self.patience = self.patience or time.monotonic() + PATIENCE
        while self.unsure:
            try:
                self.cursor = None
                connection.close()
                for each in self.unsure:
                    self._step(each, None, None, lasting=True)
                self.unsure.clear()
            except (InterfaceError, OperationalError):
                if time.monotonic() > self.patience:
                    log.exception("notices.not_recorded mails=%s", len(self.unsure))
                    self.unsure.clear()
                    return
                time.sleep(ASK_AGAIN)

    def _step(
        self, left: Ready | None, following: Ready | None, at: datetime | None, *, lasting: bool
    ) -> bool:
        about: dict[str, Any] = dict.fromkeys(("left", "identity", "person", "rhythm", "entry", "number"))
        about |= {"now": clock.now(), "lasting": lasting, "next": None, "claimed": None}
        if following:
            about |= {"next": following.claim.notice, "claimed": following.claim.at}
            # A claim that has grown old could be somebody else's before this mail has left.
            if at and at - following.claim.at > lease() / 4:
                about["fresh"] = at
        if left:
            first = left.notices[0]
            about |= {
                "left": left.claim.notice if len(left.notices) == 1 else [n.pk for n in left.notices],
                "identity": name_in(left.identity),
                "person": first.person_id,
                "rhythm": first.rhythm,
                "entry": first.entry_id if first.rhythm == Rhythm.IMMEDIATE else None,
                "number": len(left.notices),
            }
        self.cursor = self.cursor or connection.cursor()
        self.cursor.execute(_STEPS[left is not None and len(left.notices) > 1, "fresh" in about], about)
        (ours, _lasting) = self.cursor.fetchone()
        return bool(ours)


def hand_over(ready: Ready, server: Any) -> bool:
    """Whether the server took it."""
    try:
        return _hand_over(ready, server)
    except SMTPRecipientsRefused as refusal:
        code, words = next(iter(refusal.recipients.values()), (0, b""))
        if 400 <= int(code) < 500:  # not now: greylisting, a full mailbox
            log.info("notices.put_off notice=%s code=%s", ready.claim.notice, code)
            return False
        # This address takes no mail; trying again would only annoy the server. The inbox has the notice.
        log.warning("notices.refused notice=%s code=%s", ready.claim.notice, code)
        Notice.objects.filter(pk__in=[n.pk for n in ready.notices], sent_at=None).update(due_at=None)
        bouncing.refused(ready.notices[0].person_id, name_in(ready.identity), code, words, clock.now())
    except Exception:
        log.exception("notices.send_failed notice=%s attempt=%s", ready.claim.notice, ready.claim.attempt)
        server.close()
    return False


def _hand_over(ready: Ready, server: Any) -> bool:
    if ready.claim.attempt == 1 or not _known(server, ready.identity):
        server.send_messages([_mail(ready)])
    log.debug("notices.sent notice=%s", ready.notices[0].pk)
    return True


def _known(server: Any, identity: str) -> bool:
    knows = getattr(server, "knows", None)
    return bool(knows and knows(identity))


def message_id(first: First, rows: int = 1) -> str:
    """The same for every try of the same mail."""
    if first.rhythm == Rhythm.IMMEDIATE:
        name = f"notice-{first.pk}" if rows == 1 else f"notice-{first.pk}-{rows}"
    else:
        assert first.due_at is not None
        name = f"{first.rhythm}-{first.person}-{int(first.due_at.timestamp())}"
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
    link = f"<{letter.unsubscribe}>"
    if to.isascii() and to.isprintable():
        raw = letter.common.mould.raw(
            lambda: _composed(letter.common), [place for place, _value in letter.places]
        )
        if raw is not None:
            mail = _plain(letter, to, identity, link, SharedMail)
            mail.raw = Mould.fill(
                raw, to=to, identity=identity, link=letter.unsubscribe, places=letter.places
            )
            return mail
    return _plain(letter, to, identity, link, EmailMultiAlternatives)


def _composed(letter: Common) -> bytes:
    raw = compose(letter.subject, TO, _headers(IDENTITY, LINK), letter.text, letter.html)
    return raw or _plain(letter, TO, IDENTITY, LINK, EmailMultiAlternatives).message().as_bytes()


def _headers(identity: str, link: str) -> dict[str, str]:
    return {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": identity,
        "List-Unsubscribe": link,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def _plain(letter: Letter | Common, to: str, identity: str, link: str, kind: type[M]) -> M:
    mail = kind(
        subject=letter.subject,
        body=letter.text,
        from_email=bouncing.return_address(name_in(identity)),
        to=[to],
        headers=_headers(identity, link),
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def waiting(now: datetime) -> tuple[int, datetime | None]:
    """Mails that are due, and since when the oldest. One query."""
    late = Notice.objects.waiting().filter(due_at__lte=now, attempts__lt=MOST_ATTEMPTS)
    found = late.aggregate(n=Count("pk"), oldest=Min("due_at"))
    return found["n"], found["oldest"]


def sent_lately(now: datetime) -> float:
    """Mails that left within the last hour. One query on an index."""
    return float(Mail.objects.filter(sent_at__gt=now - timedelta(hours=1)).count())


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
