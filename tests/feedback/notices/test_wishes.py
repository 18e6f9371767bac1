"""What people wish of mail, and mail that comes back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from email import message_from_bytes
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from cocreation.actions import follow, hide_contribution, restore_contribution
from cocreation.models import Eligibility, Follow
from feedback.notices import bouncing, fanout, sending, wishes
from feedback.notices.actions import choose_for_thing, choose_limits, choose_rhythm, stop_mail
from feedback.notices.models import FanOut, Kind, Mail, Notice, Rhythm, Stopped, Wishes, due_at
from groundwork.jobs.models import Job
from groundwork.journal import api as journal
from proposals.actions import move_stage
from quartier.builders import make_supports
from tests import keepsake
from tests.feedback.conftest import before_the_votes
from tests.feedback.notices.spreading import spread
from tests.feedback.notices.test_telling import told
from tests.feedback.test_rules_and_actions import answer
from tests.world import DAY, World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def town(db: None, standing_world: None) -> World:
    return keepsake.later("with wishes", before_the_votes, _begin)


def _begin(world: World) -> None:
    spread(world)
    Notice.objects.all().delete()
    FanOut.objects.all().delete()
    Stopped.objects.all().delete()
    make_supports(world.answering0, [(world.jonas, world.now)])


def mails_to(person) -> list:
    return [message for message in mail.outbox if message.to == [person.email]]


# --- how often, for one thing ---


def test_the_rhythm_of_a_thing_comes_before_the_rhythm_of_its_kind(town: World):
    follow(person=town.jonas, contribution=town.answering0.contribution, at=town.now)
    follow(person=town.jonas, process=town.answering, at=town.now)
    thing, process = Follow.objects.filter(person=town.jonas).order_by("pk")
    choose_rhythm(by=town.jonas, rhythms={Kind.CITY: "daily"}, at=town.now)
    choose_for_thing(by=town.jonas, follow=process.pk, rhythm="none", at=town.now)
    choose_for_thing(by=town.jonas, follow=thing.pk, rhythm="weekly", at=town.now)
    answer(town, town.answering0)
    spread(town)
    notice = Notice.objects.get(person=town.jonas)
    assert (notice.rhythm, notice.due_at) == (Rhythm.WEEKLY, due_at("weekly", town.now))
    choose_for_thing(by=town.jonas, follow=thing.pk, rhythm="immediate", at=town.now)
    notice.refresh_from_db()
    assert notice.rhythm == Rhythm.IMMEDIATE  # it holds for what still waits
    stop_mail(by=town.jonas, at=town.now, kinds=[Kind.CITY])
    answer(town, town.answering0)
    spread(town)
    assert not Notice.objects.waiting().filter(person=town.jonas).exists()  # one click means all of it


# --- who else is told ---


def test_followers_of_place_and_theme_people_on_the_roll_and_commenters_are_told(town: World):
    thing = town.answering0
    follow(person=town.mo, place=thing.place.parent or thing.place, at=town.now)
    follow(person=town.clara, theme=thing.theme, at=town.now)
    answer(town, thing)
    spread(town)
    heard = told("contribution.answered")
    assert heard[town.mo.public_name] == heard[town.clara.public_name] == Kind.FOLLOWED
    move_stage(thing, "on_ballot", at=town.now)
    Eligibility.objects.create(
        process=town.answering, key=b"k" * 32, source="desk", person=town.ada, claimed_at=town.now
    )
    phase = next(phase for phase in town.answering.line if phase.method == "ballot")
    journal.record("vote.published", on=phase, process=town.answering, at=town.now)
    spread(town)
    assert told("vote.published")[town.ada.public_name] == Kind.TOOK_PART


def test_who_commented_hears_what_becomes_of_it(town: World):
    from cocreation.conversation.models import Comment

    comment = (
        Comment.objects.filter(on=town.fountain.pk, is_public=True).select_related("contribution").first()
    )
    author = comment.contribution.author
    journal.record("contribution.answered", on=town.fountain, process=town.collecting, at=town.now)
    spread(town)
    assert told("contribution.answered")[author.public_name] in (Kind.TOOK_PART, Kind.CITY, Kind.MINE)


def test_what_is_hidden_is_not_told_to_followers_of_its_place(town: World):
    follow(person=town.mo, place=town.town, at=town.now)
    thing = town.answering0
    answer(town, thing)
    hide_contribution(contribution=thing.contribution, by=town.ada, at=town.now, rule="r", reason="g")
    spread(town)
    assert not told("contribution.answered")
    restore_contribution(contribution=thing.contribution, by=town.ada, at=town.now)


# --- not at night, not too much ---


@pytest.mark.parametrize(("now", "morning"), [
    ("22:00", "2027-05-21T07:00"), ("03:00", "2027-05-20T07:00"), ("07:00", None), ("20:59", None), ("21:00", "2027-05-21T07:00"),
])  # fmt: skip
def test_quiet_hours_run_over_midnight_in_the_citys_time(now: str, morning: str | None):
    from django.utils import timezone

    quiet = Wishes(quiet_from=time(21), quiet_until=time(7))
    at = timezone.make_aware(datetime.fromisoformat(f"2027-05-20T{now}"))
    until = wishes.quiet_until(quiet, at)
    assert (timezone.localtime(until).strftime("%Y-%m-%dT%H:%M") if until else None) == morning


def test_mail_waits_until_the_quiet_hours_are_over(town: World):
    choose_limits(by=town.jonas, most_a_week=None, quiet_from=time(0), quiet_until=time(23, 59))
    answer(town, town.answering0)
    spread(town)
    noon = town.now.replace(hour=12) + timedelta(days=1)  # after it was due, whenever this test runs
    with time_machine.travel(noon, tick=False):
        sending.send_due(noon)
        assert not mails_to(town.jonas)
    waiting = Notice.objects.get(person=town.jonas)
    assert waiting.due_at > noon and waiting.attempts == 0
    choose_limits(by=town.jonas, most_a_week=None, quiet_from=None, quiet_until=None)
    with time_machine.travel(waiting.due_at, tick=False):
        assert sending.send_due(waiting.due_at) == 1 and len(mails_to(town.jonas)) == 1


def test_what_goes_beyond_the_week_comes_together_on_monday(town: World):
    choose_limits(by=town.jonas, most_a_week=3, quiet_from=None, quiet_until=None)
    make_supports(town.answering1, [(town.jonas, town.now)])
    with time_machine.travel(town.now, tick=False):
        for n in range(5):
            answer(town, [town.answering0, town.answering1][n % 2], at=town.now)
        spread(town)
        sending.send_due(town.now)
        assert len(mails_to(town.jonas)) == 3
    monday = due_at("weekly", town.now)
    moved = Notice.objects.filter(person=town.jonas).waiting()
    assert {(n.rhythm, n.due_at) for n in moved} == {("weekly", monday)} and moved.count() == 2
    with time_machine.travel(monday, tick=False):
        sending.send_due(monday)
    assert len(mails_to(town.jonas)) == 4 and not Notice.objects.waiting().filter(person=town.jonas).exists()


# --- mail that comes back ---

DSN = """From: MAILER-DAEMON@mx.example.net
To: bounces+{identity}@example.org
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; jonas@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 <jonas@example.org> mailbox unknown

--b--
"""
COMPLAINT = """From: fbl@example.net
To: abuse@example.org
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1

--b
Content-Type: message/rfc822

Message-ID: <{identity}@localhost>
Subject: x

Hello
--b--
"""


def a_mail(person, n: int, at) -> Mail:
    return Mail.objects.create(identity=f"{n:032x}", person=person, rhythm="immediate", sent_at=at)


def a_report(mail: Mail, action: str = "failed", status: str = "5.1.1", template: str = DSN) -> bytes:
    return template.format(identity=mail.identity, action=action, status=status).encode()


def test_every_mail_has_a_return_address_of_its_own(town: World, settings):
    settings.NOTICES_BOUNCE_ADDRESS = "bounces@example.org"
    answer(town, town.answering0)
    spread(town)
    sending.send_due(town.now)
    (message,) = mails_to(town.jonas)
    row = Mail.objects.get(person=town.jonas)
    assert message.from_email == f"bounces+{row.identity}@example.org"
    assert message.message()["From"] == settings.DEFAULT_FROM_EMAIL
    assert message_from_bytes(message.message().as_bytes())["Message-ID"].startswith(f"<{row.identity}@")


def test_after_three_mails_that_came_back_nobody_writes_until_the_person_says_so(town: World, sign_in):
    mails = [a_mail(town.jonas, n, town.now) for n in range(3)]
    answer(town, town.answering0)
    spread(town)
    for n, each in enumerate(mails):
        report = bouncing.read_report(a_report(each))
        assert report and bouncing.note(report, town.now)
        bouncing.note(report, town.now)  # the same report twice is one
        assert Stopped.objects.filter(person=town.jonas).exists() == (n == 2)
    sending.send_due(town.now)
    assert not mails_to(town.jonas) and Notice.objects.filter(person=town.jonas).exists()
    client = sign_in(town.jonas)
    page = client.get("/en/me/messages/").content.decode()
    assert "mailbox unknown" in page and "jonas@example.org" not in page.split("mailbox unknown")[0][-60:]
    client.post("/en/me/mail/again/", HTTP_SEC_FETCH_SITE="same-origin")
    assert not Stopped.objects.exists()
    answer(town, town.answering0)
    spread(town)
    assert Notice.objects.filter(person=town.jonas).waiting().exists()
    bouncing.note(bouncing.Report(a_mail(town.jonas, 9, town.now).identity, "bounced", "5.1.1"), town.now)
    assert not Stopped.objects.exists()  # it counts anew


def test_a_delay_an_answer_and_a_foreign_report_stop_nobody(town: World):
    one = a_mail(town.jonas, 1, town.now)
    assert bouncing.read_report(a_report(one, action="delayed", status="4.2.2")) is None
    assert bouncing.read_report(b"From: jonas@example.org\nTo: bounces@example.org\n\nThanks!") is None
    foreign = bouncing.read_report(a_report(Mail(identity="f" * 32)))
    assert foreign and not bouncing.note(foreign, town.now)
    assert not Mail.objects.filter(bounced_at__isnull=False).exists()


def test_who_calls_a_mail_unwanted_gets_none_any_more(town: World, tmp_path):
    import mailbox

    one = a_mail(town.jonas, 1, town.now)
    box = mailbox.Maildir(str(tmp_path / "box"))
    box.add(a_report(one, template=COMPLAINT))
    box.add(b"From: a@example.org\n\nA question.")
    assert bouncing.read_maildir(str(tmp_path / "box"), town.now) == 1 and len(box) == 1
    assert Stopped.objects.get().why == "complained"


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"5.1.1 unknown")})


def test_a_refusal_while_handing_over_counts_as_one_that_came_back(town: World, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    answer(town, town.answering0)
    spread(town)
    sending.send_due(town.now)
    assert Mail.objects.filter(person=town.jonas, bounced_at__isnull=False, number=0).count() == 1
    assert not Notice.objects.waiting().filter(person=town.jonas).exists()


# --- a fan-out that cannot go on ---


def test_an_event_that_cannot_be_told_keeps_nobody_waiting_and_is_shown_to_staff(town: World, monkeypatch):
    answer(town, town.answering0)
    spread_real = fanout._tell
    answer(town, town.answering1)

    def broken(work, now, chunk):
        if work.contribution_id == town.answering0.pk:
            raise ValueError("broken")
        return spread_real(work, now, chunk)

    monkeypatch.setattr(fanout, "_tell", broken)
    spread(town)
    assert set(Notice.objects.values_list("contribution", flat=True)) == {town.answering1.pk}
    for n in range(fanout.MOST_FAILURES):
        fanout.spread(town.now + (n + 1) * HOUR)
    job = Job.objects.get(kind="fan_out")
    assert job.state == "failed" and FanOut.objects.count() == 1
    monkeypatch.setattr(fanout, "_tell", spread_real)
    fanout.try_again(job.key)
    assert fanout.spread(town.now + DAY) > 0 and not FanOut.objects.exists()
    assert Job.objects.get(kind="fan_out").state == "done"
