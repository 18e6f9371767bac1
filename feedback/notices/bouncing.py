"""Mail that comes back: who it was, whether for good, and when it is enough.

Every mail has a return address of its own, `bounces+<name of the mail>@…` (`NOTICES_BOUNCE_ADDRESS`). The name is made with
our secret (sending.message_id): nobody guesses one, so a forged report can only stop the mail its forger got. Reports
(RFC 3464 delivery status, RFC 5965 complaint) come by `manage.py read_bounces`: from a Maildir, or one on standard input.
"""

from __future__ import annotations

import logging
import mailbox
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.db import transaction

from feedback.notices.models import Mail, Notice, Stopped

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Person

log = logging.getLogger("quartier.notices")

# So many mails that came back for good within so many days, and we stop.
ENOUGH = 3
WITHIN = timedelta(days=60)
MOST_BYTES = 1_000_000
_NAME = re.compile(r"[0-9a-f]{32}")
Sort = Literal["bounced", "complained"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server says of one of our mails. `said`: its status and words, without the address."""

    identity: str
    sort: Sort
    said: str = ""


def return_address(identity: str) -> str:
    """Where bounces of this mail go: `bounces+<identity>@example.org`, or the usual sender where there is no such mailbox."""
    box = str(getattr(settings, "NOTICES_BOUNCE_ADDRESS", "") or "")
    local, at, domain = box.partition("@")
    return f"{local}+{identity}@{domain}" if at else settings.DEFAULT_FROM_EMAIL


# --- reading a report ---


def read_report(raw: bytes) -> Report | None:
    """The report in a mail; None for anything else: a delay, an answer of a person, an absence note."""
    message = message_from_bytes(raw[:MOST_BYTES], policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts: list[Any] = list(message.walk())
    identity = _addressed_to(message) or _returned(parts)
    if identity is None:
        return None
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            return Report(identity, "complained", "")
        if part.get_content_type() == "message/delivery-status":
            for block in part.iter_parts() if part.is_multipart() else ():
                status, action = str(block.get("Status", "")).strip(), str(block.get("Action", "")).strip()
                if action.lower() == "failed" and status.startswith("5"):
                    return Report(identity, "bounced", _words(status, str(block.get("Diagnostic-Code", ""))))
    return None


def _addressed_to(message: EmailMessage) -> str | None:
    fields = [
        str(value) for name in ("To", "Delivered-To", "X-Original-To") for value in message.get_all(name, [])
    ]
    for _name, address in getaddresses(fields):
        tag = address.partition("@")[0].rpartition("+")[2]
        if _NAME.fullmatch(tag):
            return tag
    return None


def _returned(parts: list[Any]) -> str | None:
    """The Message-ID of our mail, where the report brings its headers along."""
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            text = part.as_string()
            found = re.search(r"^message-id:\s*<([0-9a-f]{32})@", text, re.I | re.M)
            if found:
                return found[1]
    return None


def _words(status: str, diagnostic: str) -> str:
    """Status and reason in one line; addresses are left out."""
    reason = re.sub(r"\S+@\S+", "…", diagnostic.partition(";")[2] or diagnostic)
    return " ".join(f"{status} {reason}".split())[:300]


# --- what follows ---


@transaction.atomic
def note(report: Report, at: datetime) -> bool:
    """Write it beside the mail; stop mail to this person when it is enough. False for a mail that is not ours."""
    mail = Mail.objects.select_for_update(of=("self",)).filter(identity=report.identity).first()
    if mail is None:
        return False
    if report.sort == "complained":
        mail.complained_at = mail.complained_at or at
    else:
        mail.bounced_at, mail.said = mail.bounced_at or at, report.said
    mail.save(update_fields=["complained_at", "bounced_at", "said"])
    if mail.person_id is not None:
        _judge(mail.person_id, report, at)
    return True


def _judge(person: int, report: Report, at: datetime) -> None:
    if report.sort == "complained":
        _stop(person, Stopped.Why.COMPLAINED, "", at)
        return
    back = Mail.objects.filter(person=person, counts=True, bounced_at__gt=at - WITHIN).count()
    if back >= ENOUGH:
        _stop(person, Stopped.Why.BOUNCED, report.said, at)


def _stop(person: int, why: str, said: str, at: datetime) -> None:
    Stopped.objects.get_or_create(person_id=person, defaults={"why": why, "said": said, "at": at})
    # What waits stays in the inbox only.
    Notice.objects.filter(person=person).waiting().update(due_at=None)


@transaction.atomic
def refused(person: int, identity: str, code: object, words: object, at: datetime) -> None:
    """The server refused the address while the mail was handed over: it counts as one that came back."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    Mail.objects.get_or_create(
        identity=identity, defaults={"person_id": person, "rhythm": "immediate", "sent_at": at, "number": 0}
    )
    note(Report(identity, "bounced", _words(str(code), text)), at)


def try_again(person: Person) -> None:
    """The person says that mail arrives now. What came back so far does not count any more."""
    with transaction.atomic():
        Mail.objects.filter(person=person, bounced_at__isnull=False).update(counts=False)
        Stopped.objects.filter(person=person).delete()


def stopped() -> QuerySet[Stopped, int]:
    """People who get no mail."""
    return Stopped.objects.values_list("person", flat=True)


def read_maildir(path: str, at: datetime) -> int:
    """Note every report in a Maildir and take it out; what is no report of ours stays for people. Returns how many."""
    box, noted = mailbox.Maildir(path, create=False), 0
    for key in list(box.keys()):
        try:
            report = read_report(box.get_bytes(key))
        except Exception:  # mail from anywhere in the world: one that cannot be read must not stop the others
            log.exception("notices.bounce_not_read key=%s", key)
            continue
        if report is not None and note(report, at):
            box.remove(key)
            noted += 1
    return noted
