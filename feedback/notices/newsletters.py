"""Newsletters: to those who allowed them and nobody else. Written, tried on oneself, planned, sent as an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cocreation.roles import roles_of
from feedback.notices import crowd, letters, sending
from feedback.notices.models import Kind, Newsletter, Notice, Rhythm
from groundwork.answer import Answer, No, Refused, Yes, require
from groundwork.html import say
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person


def may_write(person: Person | None) -> Answer:
    if roles_of(person).is_admin:
        return Yes()
    return No(_("Only the administration of the city sends newsletters."))


def may_plan(newsletter: Newsletter) -> Answer:
    """Somebody looked at it in a mailbox first: what a form shows is not what a mail program shows."""
    if newsletter.sent_at or newsletter.cancelled_at:
        return No(_("This newsletter is sent or cancelled. What is sent cannot be changed."))
    if newsletter.tested_at is None:
        return No(_("Send a test to yourself first and look at it."))
    return Yes()


def reach_of(newsletter: Newsletter) -> tuple[int, str]:
    """How many people would get it now, and the sentence that says who they are. One query."""
    number = crowd.who_gets_news(newsletter.process_id)
    if newsletter.process is not None:
        sentence = ngettext(
            "{n} person who took part in “{process}” and allowed news",
            "{n} people who took part in “{process}” and allowed news",
            number,
        ).format(n=say.number(number), process=newsletter.process.title)
    else:
        sentence = ngettext("{n} person who allowed news", "{n} people who allowed news", number).format(
            n=say.number(number)
        )
    return number, sentence


def save(newsletter: Newsletter, *, by: Person, at: datetime) -> Newsletter:
    """Write or change it. What was changed must be tested again."""
    require(may_write(by))
    if newsletter.pk and not Newsletter.objects.get(pk=newsletter.pk).may_change:
        raise Refused(No(_("It is planned or sent. Take it back first if you want to change it.")))
    if newsletter.pk is None:
        newsletter.made_by, newsletter.made_at = by, at
    newsletter.tested_at = None
    newsletter.full_clean(exclude=["made_by", "tested_at", "send_at", "sent_at", "cancelled_at", "entry_id"])
    newsletter.save()
    return newsletter


def test(newsletter: Newsletter, *, by: Person, at: datetime) -> None:
    """One mail, to whoever asks, as everybody will get it. Raises what the server raises: a test must not say it worked."""
    require(may_write(by))
    letter = preview(newsletter, by)
    identity = f"<test-{newsletter.pk}-{int(at.timestamp())}@{sending.host()}>"
    subject = gettext("[Test] {subject}").format(subject=letter.subject)
    tried = replace(letter, common=letters.Common(subject, letter.common.text, letter.common.html))
    mail = sending.message_of(tried, by.email, identity)
    with get_connection() as server:
        server.send_messages([mail])
    Newsletter.objects.filter(pk=newsletter.pk).update(tested_at=at)


def preview(newsletter: Newsletter, reader: Person, language: str = "") -> letters.Letter:
    """The letter as this reader would get it."""
    notice = Notice(
        person=reader, entry_id=0, kind=Kind.NEWS, verb="newsletter.sent", process=newsletter.process,
        subject_label="notices.Newsletter", subject_key=str(newsletter.pk or 0),
        data={"newsletter": newsletter.pk}, created_at=newsletter.made_at, rhythm=Rhythm.IMMEDIATE,
    )  # fmt: skip
    return letters.write_in(language or reader.language, [notice])


@transaction.atomic
def plan(newsletter: Newsletter, *, moment: datetime, by: Person, at: datetime) -> None:
    """Let it leave at this moment; until then it can be taken back."""
    require(may_write(by))
    newsletter = Newsletter.objects.select_for_update(of=("self",)).get(pk=newsletter.pk)
    require(may_plan(newsletter))
    if moment < at - timedelta(minutes=1):
        raise Refused(No(_("This moment is over. Please choose a later one.")))
    if not reach_of(newsletter)[0]:
        raise Refused(No(_("Nobody would get it: nobody of these people has allowed news.")))
    newsletter.send_at = moment
    newsletter.save(update_fields=["send_at"])
    journal.record(
        "newsletter.planned", by=by, on=newsletter, process=newsletter.process_id, at=at,
        data={"send_at": moment.isoformat()},
    )  # fmt: skip


@transaction.atomic
def take_back(newsletter: Newsletter, *, by: Person, at: datetime) -> None:
    """While it waits it becomes a draft again."""
    require(may_write(by))
    waiting = Newsletter.objects.filter(pk=newsletter.pk, sent_at=None, cancelled_at=None)
    if not waiting.update(send_at=None):
        raise Refused(No(_("It is on its way already. What is sent cannot be taken back.")))


def send_due(at: datetime) -> int:
    """Every newsletter whose moment has come becomes an event, once. Returns how many."""
    sent = 0
    for key in Newsletter.objects.filter(send_at__lte=at, sent_at=None, cancelled_at=None).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            newsletter = (
                Newsletter.objects.select_for_update(skip_locked=True)
                .filter(pk=key, send_at__lte=at, sent_at=None, cancelled_at=None)
                .first()
            )
            if newsletter is None:
                continue
            entry = journal.record(
                "newsletter.sent", on=newsletter, process=newsletter.process_id, at=at,
                data={"newsletter": newsletter.pk},
            )  # fmt: skip
            newsletter.sent_at, newsletter.entry_id = at, entry.pk
            newsletter.save(update_fields=["sent_at", "entry_id"])
            sent += 1
    return sent


def state_of(newsletter: Newsletter) -> str:
    """Draft, planned, on its way, done."""
    if newsletter.cancelled_at:
        return "cancelled"
    if newsletter.sent_at:
        return "sent"
    return "planned" if newsletter.send_at else "draft"


def languages(newsletter: Newsletter, reader: Person) -> list[tuple[str, letters.Letter]]:
    """The letter in every language of the city."""
    return [(code, preview(newsletter, reader, code)) for code, _name in settings.LANGUAGES]
