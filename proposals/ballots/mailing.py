"""Mails which say that one's ballot is on the board: only to who asks, in batches, at set times, the same words for everybody.

Who wants one is known to nobody but the seal of their ballot (sealing.py). Once a day, and once more at the count, the seals
are opened in memory; where at least a batch of people wait, all of them get their row in one transaction, in the order of
people. So a mail, a row and their times say of somebody that one of all ballots on the board is theirs, and no more.

A mail holds neither the choice nor the code of a receipt: when the ballots are published, the code leads to the choice, and a
list of mails would be a list of who voted what (docs/decisions/0018). It carries the signed head of the board instead, which
makes whoever keeps it a witness.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, time
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.guests import has_no_mailbox
from accounts.models import Person
from cocreation.models import Eligibility
from groundwork.answer import Answer, No, Yes
from proposals.ballots import keys, rules
from proposals.ballots.board import files
from proposals.ballots.board import publishing as board
from proposals.ballots.models import ReceiptMail, Vote

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger("quartier.ballots")

# The hour of the day after which it is looked who waits.
HOUR = time(18)
MOST_ATTEMPTS = 100

NO_MAILBOX = No(
    _("There is no e-mail address to send to."), _("Save your receipt as PDF or as a file instead.")
)


def may_mail(person: Person) -> Answer:
    return NO_MAILBOX if has_no_mailbox(person.email) else Yes()


def state_of(vote: Vote, person: Person, *, wanted: bool) -> dict[str, Any]:
    """What the page of the receipt says about the mail. One query."""
    listed = ReceiptMail.objects.filter(vote=vote, person=person).exists()
    kind = "listed" if listed else "wanted" if wanted else "open" if may_mail(person) else "never"
    return {"kind": kind, "hour": HOUR}


# --- who gets one ---


@transaction.atomic
def daily_round(*, vote: Vote, at: datetime, least: int) -> int:
    """Once a day, after the hour: put on the list who waits. The hour is set, so that no mail follows upon a cast."""
    due = timezone.localtime(at).replace(hour=HOUR.hour, minute=HOUR.minute, second=0, microsecond=0)
    vote = Vote.objects.select_for_update(of=("self",)).select_related("phase__process").get(pk=vote.pk)
    if vote.counted_at or at < due or (vote.mailed_at and vote.mailed_at >= due):
        return 0
    Vote.objects.filter(pk=vote.pk).update(mailed_at=at)
    secrets = keys.load(vote.pk, vote.public_key)
    open_slots = vote.slots.filter(closed="").order_by("tag")
    return put_on_list(vote, secrets, board.currents_of(vote, secrets, open_slots), at, least=least)


def put_on_list(
    vote: Vote, secrets: keys.Keys, currents: Sequence[board.Current], at: datetime, *, least: int
) -> int:
    """Rows for everybody who wants a mail, has none and whose ballot is on the board: for at least so many, or for none."""
    wished = [
        current.receipt for current in currents if current.packed.mail and current.packed.channel == "web"
    ]
    if len(wished) < least:
        return 0
    there = {bytes(leaf) for leaf in vote.leaves.values_list("leaf", flat=True)}
    credentials = {receipt.credential for receipt in wished if receipt.leaf in there}
    listed = set(vote.receipt_mails.values_list("person", flat=True))
    people = sorted(
        person
        for person, key in _people(vote)
        if person not in listed and secrets.credential(secrets.tag(key)) in credentials
    )
    if len(people) < least:
        return 0
    ReceiptMail.objects.bulk_create(ReceiptMail(vote=vote, person_id=person) for person in people)
    return len(people)


def _people(vote: Vote) -> Iterator[tuple[int, str]]:
    """Everybody who can be written to, with what of them is counted once in this vote."""
    phase = vote.phase
    if rules.counts_entries(phase):
        entries = Eligibility.objects.filter(
            process=phase.process_id, revoked_at__isnull=True, person__is_active=True
        )
        for person, email, key in entries.values_list("person", "person__email", "key"):
            if not has_no_mailbox(email):
                yield person, rules.entry_key(bytes(key))
        return
    for person, email in phase.process.people().values_list("pk", "email"):
        if not has_no_mailbox(email):
            yield person, str(person)


# --- sending ---


def post(at: datetime) -> int:
    """Send what is on the list, each once; then forget the lists of counted votes. What fails is tried again with the next
    call, after all others."""
    sent = 0
    while _post_one(at):
        sent += 1
    done = Q(posted_at__isnull=False) | Q(attempts__gte=MOST_ATTEMPTS)
    ReceiptMail.objects.filter(done, vote__counted_at__isnull=False).delete()
    return sent


@transaction.atomic
def _post_one(at: datetime) -> bool:
    row = (
        ReceiptMail.objects.filter(posted_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("person", "vote__phase__process")
        .order_by("attempts", "person")
        .first()
    )
    if row is None:
        return False
    row.attempts += 1
    try:
        if row.person.is_active and not has_no_mailbox(row.person.email):
            letter(row, at).send()
        row.posted_at = at
    except Exception as error:
        # Whom it was for stands in no log.
        log.warning("vote.receipt_mail_not_sent vote=%s error=%s", row.vote_id, type(error).__name__)
    row.save(update_fields=["posted_at", "attempts"])
    return row.posted_at is not None


def letter(row: ReceiptMail, at: datetime) -> EmailMessage:
    """The mail in the language of its reader. Beside the language nothing in it is about them."""
    vote, person = row.vote, row.person
    phase = vote.phase
    slug, query = phase.process.slug, f"?phase={phase.key}"
    heads = files.heads_file(vote)
    head = heads["heads"][-1]
    with override(person.language):
        words = {
            "process": phase.process.title,
            "size": head["size"],
            "root": head["root"],
            "signed": datetime.fromisoformat(head["at"]),
            "until": phase.ends if vote.counted_at is None and phase.is_open(at) else None,
            "receipt": settings.SITE_URL + reverse("ballots:receipt", args=[slug]) + query,
            "board": settings.SITE_URL + reverse("ballots:board", args=[slug]) + query,
            "city": settings.CITY_NAME,
        }
        subject, body = (
            render_to_string(f"proposals/ballots/email/receipt_{part}.txt", words)
            for part in ("subject", "message")
        )
    name = sha256(f"{settings.SECRET_KEY}:receipt-{vote.pk}-{person.pk}".encode()).hexdigest()[:32]
    host = urlsplit(settings.SITE_URL).hostname or "quartier"
    message = EmailMessage(
        " ".join(subject.split()),
        body.strip(),
        to=[person.email],
        headers={"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach(f"heads-{slug}.json", json.dumps(heads, indent=1), "application/json")
    return message
