"""A mail about one's receipt: only to who asked, many at once at set times, and nothing in it that leads to a choice."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groundwork.answer import Refused
from proposals.ballots import actions, mailing, tasks
from proposals.ballots.models import ReceiptMail, Slot, Vote
from tests.proposals.ballots.voting import build_vote, keys_by_cost, let_it_end, people, stored

pytestmark = pytest.mark.django_db

RECEIPT = "/en/processes/wahl/ballot/receipt/"


def evening(days: int = 0) -> datetime:
    """A minute after the hour of the mails, today or later. The clock of a round is an argument."""
    today = timezone.localtime(timezone.now() + timedelta(days=days))
    return today.replace(hour=mailing.HOUR.hour, minute=1)


def asked(count: int, *, mixed: bool = True):
    """A vote in which so many have voted and asked for a mail."""
    vote, voters, now = build_vote(), people(count), timezone.now()
    key = keys_by_cost(vote)
    for number, person in enumerate(voters):
        actions.cast(vote=vote, by=person, chosen=[key[[8_000, 12_000][number % 2]]], at=now)
        actions.ask_for_mail(vote=vote, by=person, wanted=True, at=now)
    if mixed:
        actions.mix_and_publish(vote=vote, at=now)
    return Vote.objects.select_related("phase__process").get(pk=vote.pk), voters, key


def test_asking_is_one_update_of_the_slot_and_leaves_the_ballot_as_it_was():
    vote, (voter,), now = build_vote(), people(1), timezone.now()
    key = keys_by_cost(vote)
    with pytest.raises(Refused) as refused:
        actions.ask_for_mail(vote=vote, by=voter, wanted=True, at=now)
    assert refused.value.answer == actions.NO_BALLOT_YET
    actions.cast(vote=vote, by=voter, chosen=[key[8_000]], at=now)
    before, receipt = stored(vote), actions.own_receipt(vote, voter)
    with CaptureQueriesContext(connection) as queries:
        actions.ask_for_mail(vote=vote, by=voter, wanted=True, at=now)
    writes = [
        each["sql"]
        for each in queries
        if not each["sql"].lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert len(writes) == 1 and "update ballots_slot" in writes[0]
    after = stored(vote)
    assert sum(one != two for one, two in zip(before, after, strict=True)) == 1
    assert {len(choice) for _tag, choice in after if choice} == {560}
    assert actions.own_receipt_and_wish(vote, voter) == (receipt, True)  # the same leaf
    actions.cast(vote=vote, by=voter, chosen=[key[12_000]], at=now)  # a change of mind keeps the wish
    assert actions.own_receipt_and_wish(vote, voter)[1]
    actions.ask_for_mail(vote=vote, by=voter, wanted=False, at=now)
    assert not actions.own_receipt_and_wish(vote, voter)[1]
    assert not ReceiptMail.objects.exists() and not mail.outbox


def test_nobody_is_on_the_list_before_the_hour_or_with_too_few():
    vote, _voters, _key = asked(actions.BATCH - 1)
    morning = evening().replace(hour=mailing.HOUR.hour - 1)
    assert mailing.daily_round(vote=vote, at=morning, least=2) == 0
    assert mailing.daily_round(vote=vote, at=evening(), least=actions.BATCH) == 0
    # The hour of today is over, also for the one who comes now and would make it enough.
    assert mailing.daily_round(vote=vote, at=evening() + timedelta(minutes=5), least=2) == 0
    assert (
        mailing.daily_round(vote=vote, at=evening(1), least=2) == 0
    )  # not on the board yet: fewer than 20 are mixed
    let_it_end(vote)
    actions.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())
    assert not ReceiptMail.objects.exists() and not mail.outbox  # not at the end, either


def test_a_batch_gets_the_same_mail_once_without_choice_or_code(settings):
    vote, voters, key = asked(actions.BATCH + 2)
    Slot.objects.filter(pk=actions.slot_actions.tag_of(vote, str(voters[0].pk))).update(closed="paper")
    codes = [actions.own_receipt(vote, person).code for person in voters[2:]]
    assert mailing.daily_round(vote=vote, at=evening(), least=actions.BATCH) == actions.BATCH + 1
    listed = list(ReceiptMail.objects.order_by("pk").values_list("person", flat=True))
    assert listed == sorted(
        person.pk for person in voters[1:]
    )  # nobody who votes on paper; in the order of people
    assert mailing.post(timezone.now()) == actions.BATCH + 1 and mailing.post(timezone.now()) == 0
    assert {letter.to[0] for letter in mail.outbox} == {person.email for person in voters[1:]}
    assert len({(letter.subject, letter.body, str(letter.attachments)) for letter in mail.outbox}) == 1
    letter, everything = mail.outbox[0], ""
    for each in (letter.subject, letter.body, letter.attachments[0].content):
        everything += each
    assert "/ballot/receipt/" in letter.body
    assert bytes(vote.heads.get().root).hex() in letter.body
    assert json.loads(letter.attachments[0].content)["heads"][0]["size"] == actions.BATCH + 2
    assert not any(code in everything for code in codes) and "Projekt" not in everything
    assert not re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}", everything)
    # Whoever changes their ballot afterwards gets no second one: two mails would tell two leaves of one person.
    for person in voters[1:]:
        actions.cast(vote=vote, by=person, chosen=[key[45_000]], at=timezone.now())
    actions.mix_and_publish(vote=vote, at=timezone.now())
    assert mailing.daily_round(vote=vote, at=evening(1), least=actions.BATCH) == 0
    let_it_end(vote)
    actions.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())
    tasks.post_receipt_mails()
    assert len(mail.outbox) == actions.BATCH + 1 and not ReceiptMail.objects.exists()


def test_who_asked_late_hears_at_the_count(monkeypatch):
    vote, voters, _key = asked(actions.BATCH, mixed=False)
    let_it_end(vote)
    actions.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())
    assert ReceiptMail.objects.count() == actions.BATCH
    failing = voters[3].email
    real = mailing.EmailMessage.send

    def send(self, *args, **kwargs):
        if failing in self.to:
            raise OSError("mailbox unavailable")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(mailing.EmailMessage, "send", send)
    for _minute in range(2):  # one bad address holds up nobody but itself
        tasks.post_receipt_mails()
    assert len(mail.outbox) == actions.BATCH - 1
    assert ReceiptMail.objects.get().person == voters[3]
    assert "/board/" in mail.outbox[0].body and "/ballot/receipt/" not in mail.outbox[0].body
    failing = ""
    tasks.post_receipt_mails()
    assert len(mail.outbox) == actions.BATCH and not ReceiptMail.objects.exists()


def test_a_vote_that_is_called_off_writes_to_nobody():
    vote, _voters, _key = asked(actions.BATCH)
    assert mailing.daily_round(vote=vote, at=evening(), least=actions.BATCH)
    actions.call_off(vote.phase.process, timezone.now())
    assert mailing.post(timezone.now()) == 0 and not mail.outbox


def test_the_page_of_the_receipt_asks_and_says_what_holds():
    vote, voter = build_vote(), people(1)[0]
    key, client = keys_by_cost(vote), Client()
    client.force_login(voter)
    actions.cast(vote=vote, by=voter, chosen=[key[8_000]], at=timezone.now())
    assert "Confirm it by mail" in client.get(RECEIPT).content.decode()
    done = client.post(RECEIPT + "mail/", {"wanted": "1"}, follow=True)
    assert "You asked for a mail." in done.content.decode()
    assert "No mail, please" in done.content.decode()
    client.post(RECEIPT + "mail/", {})
    assert not actions.own_receipt_and_wish(vote, voter)[1]
    voter.email = f"gone{mailing.has_no_mailbox.__globals__['NO_MAILBOX']}"
    voter.save()
    assert "There is no e-mail address to send to." in client.get(RECEIPT).content.decode()
    assert client.post(RECEIPT + "mail/", {"wanted": "1"}).status_code == 403
