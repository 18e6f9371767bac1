"""Mails: what they say, that none is doubled, that one click stops them."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError, connection

from accounts.models import Person
from cocreation.actions import follow, hide_contribution
from feedback import actions as feedback
from feedback.links import read_token as read_link
from feedback.notices import sending
from feedback.notices.actions import choose_rhythm, rhythms_of, stop_mail
from feedback.notices.letters import read_token, token
from feedback.notices.models import Kind, Mail, Notice, due_at
from quartier.builders import both, make_supports
from tests import keepsake
from tests.feedback.conftest import before_the_votes
from tests.feedback.notices.spreading import spread
from tests.feedback.test_rules_and_actions import answer, promised
from tests.world import DAY, World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(db: None, standing_world: None) -> World:
    """Amina wrote it; Jonas and Ines (she reads English) support it; the office answered. Nothing is mailed yet."""
    return keepsake.later("told by mail", before_the_votes, _tell)


def _tell(world: World) -> None:
    spread(world)
    Notice.objects.all().delete()
    make_supports(world.answering0, [(world.jonas, world.now), (world.ines, world.now)])
    answer(world, world.answering0)
    spread(world)


def to(person) -> Any:
    (found,) = [message for message in mail.outbox if message.to == [person.email]]
    return found


# --- what they say ---


def test_everybody_gets_one_mail_that_says_what_happened_why_and_where_it_stands(told: World):
    assert sending.send_due(told.now) == 3
    message = to(told.jonas)
    assert message.subject == "Die Stadt hat geantwortet: Angenommen · Bänke an der Aue"
    html = {kind: text for text, kind in message.alternatives}["text/html"]
    for text in (message.body, html):
        assert "Wir bauen das." in text and "Grünflächenamt" in text and "Eingegangen" in text
        assert f"/de/proposals/{told.answering0.receipt}/" in text
        assert "weil Sie es unterstützen oder verfolgen" in text
    assert "<img" not in html and "src=" not in html and 'lang="de"' in html
    assert "weil der Beitrag von Ihnen ist" in to(told.amina).body


def test_a_mail_is_in_the_language_of_its_reader(told: World):
    sending.send_due(told.now)
    message = to(told.ines)
    assert message.subject == "The city has answered: Accepted · Benches by the river"
    assert "We will build it." in message.body and "/en/proposals/" in message.body


def test_what_people_wrote_cannot_become_markup_or_a_second_header(told: World):
    from proposals.models import Proposal

    Proposal.objects.filter(pk=told.answering0.pk).update(title="<script>x</script>\r\nBcc: a@example.org")
    sending.send_due(told.now)
    message = to(told.jonas)
    html = message.alternatives[0][0]
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert "\n" not in message.subject and "Bcc" not in dict(message.message().items())


def test_the_link_that_needs_no_log_in_is_everybodys_own(told: World):
    """Mails of one event are written once for all who get the same words; who asks whether it works must not be shared."""
    commitment = promised(told, told.answering0)
    make_supports(told.answering0, [(told.mo, told.now), (told.clara, told.now)])
    for person in (told.ada, told.ines):
        follow(person=person, contribution=told.answering0.contribution, at=told.now)
        choose_rhythm(by=person, rhythms=dict.fromkeys(Kind.values, "daily"), at=told.now)
    feedback.deliver(commitment=commitment, by=told.olga, at=told.now)
    spread(told)
    sending.send_due(told.now)
    sending.send_due(due_at("daily", told.now))
    for person in (told.amina, told.jonas, told.mo, told.clara, told.ada, told.ines):
        letters: list[Any] = [m for m in mail.outbox if m.to == [person.email]]
        links = [
            read_link(link)
            for letter in letters
            for text in (letter.body, letter.alternatives[0][0], letter.message().as_bytes().decode())
            for link in re.findall(r"/works/([\w:.-]+)/", text)
        ]
        assert links and set(links) == {(commitment, person)}, person
        assert all("\ue000" not in letter.body + letter.alternatives[0][0] for letter in letters)


def test_a_digest_groups_by_thing_newest_first_and_is_never_empty(told: World):
    choose_rhythm(by=told.jonas, rhythms=dict.fromkeys(Kind.values, "daily"), at=told.now)
    make_supports(told.answering1, [(told.jonas, told.now)])
    later = told.now + timedelta(minutes=5)
    answer(told, told.answering1, at=later)
    promised(told, told.answering1, at=later + timedelta(minutes=1))
    spread(told)
    morning = due_at("daily", told.now)
    sending.send_due(told.now)
    assert not [m for m in mail.outbox if m.to == [told.jonas.email]]
    sending.send_due(morning)
    message = to(told.jonas)
    assert message.subject.startswith("3 Nachrichten: Bühne im Park, Bänke an der Aue")
    places = [message.body.index(text) for text in ("Bühne im Park", "Zugesagt bis", "Bänke an der Aue")]
    assert places == sorted(places)
    assert message.body.count("/de/proposals/") + message.body.count("/de/commitments/") == 2
    number = len(mail.outbox)
    sending.send_due(morning + DAY)
    sending.send_due(morning + 8 * DAY)
    assert len([m for m in mail.outbox[number:] if m.to == [told.jonas.email]]) == 0


def test_every_rhythm_tells_of_the_same_events(told: World):
    for person, rhythm in [(told.jonas, "daily"), (told.ines, "weekly")]:
        choose_rhythm(by=person, rhythms=dict.fromkeys(Kind.values, rhythm), at=told.now)
    promised(told, told.answering0)
    spread(told)
    for at in (told.now, due_at("daily", told.now), due_at("weekly", told.now)):
        sending.send_due(at)
    count = {
        p: len([m for m in mail.outbox if m.to == [p.email]]) for p in (told.amina, told.jonas, told.ines)
    }
    assert count == {told.amina: 2, told.jonas: 1, told.ines: 1}
    assert "2 Nachrichten" in to(told.jonas).subject and "2 messages" in to(told.ines).subject


def test_what_is_hidden_before_the_mail_leaves_is_in_no_mail(told: World):
    hide_contribution(
        contribution=told.answering0.contribution, by=told.mo, at=told.now, rule="r", reason="g"
    )
    sending.send_due(told.now)
    assert {tuple(message.to) for message in mail.outbox} == {(told.amina.email,)}
    assert not Notice.objects.filter(person=told.jonas).waiting().exists()


def test_a_closed_account_gets_no_mail(told: World):
    told.jonas.is_active = False
    told.jonas.save()
    sending.send_due(told.now)
    assert not [m for m in mail.outbox if m.to == [told.jonas.email]]


# --- never lost, never doubled ---


def test_a_mail_leaves_once_however_often_the_sweep_runs(told: World):
    sending.send_due(told.now)
    sending.send_due(told.now + timedelta(minutes=1))
    sending.send_due(told.now + 30 * DAY)
    assert len(mail.outbox) == 3


class Broken(EmailBackend):
    """A mail server that hangs up on Jonas the first time and does not know Ines' address."""

    hung_up = False

    def send_messages(self, messages):
        if messages[0].to == ["jonas@example.org"] and not Broken.hung_up:
            Broken.hung_up = True
            raise SMTPServerDisconnected("gone")
        if messages[0].to == ["ines@example.org"]:
            raise SMTPRecipientsRefused({"ines@example.org": (550, b"no such user")})
        return super().send_messages(messages)


def test_a_server_that_hangs_up_is_tried_again_after_the_lease_and_a_dead_address_is_not(
    told: World, settings
):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    Broken.hung_up = False
    assert sending.send_due(told.now) == 1
    assert sending.send_due(told.now + timedelta(minutes=4)) == 0
    assert sending.send_due(told.now + timedelta(minutes=6)) == 1
    assert [message.to[0] for message in mail.outbox] == ["amina@example.org", "jonas@example.org"]
    assert sending.send_due(told.now + 10 * DAY) == 0
    assert Notice.objects.filter(person=told.ines).exists()


class Down(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


def test_a_server_that_is_down_costs_no_try(told: World, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    with pytest.raises(ConnectionRefusedError):
        sending.send_due(told.now)
    assert not Notice.objects.filter(attempts__gt=0).exists()


def test_a_second_try_carries_the_same_message_id_and_asks_a_server_that_can_tell(
    told: World, settings, tmp_path
):
    """Killed after the server took the mail and before we noted it."""
    settings.EMAIL_BACKEND = "quartier.outbox.OutboxBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert sending.send_due(told.now) == 3
    files = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    Notice.objects.update(sent_at=None)
    assert sending.send_due(told.now + timedelta(hours=1)) == 3
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == files
    assert not Notice.objects.waiting().exists()


def test_after_a_week_of_tries_nobody_tries_any_more(told: World):
    Notice.objects.update(attempts=sending.MOST_ATTEMPTS, claimed_at=told.now)
    assert sending.send_due(told.now + 90 * DAY) == 0 and not mail.outbox


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rhythm", ["immediate", "daily"])
def test_workers_that_claim_at_once_send_each_mail_once(rhythm: str, monkeypatch):
    """Six threads with connections of their own, at the same moment."""
    import tests.world

    monkeypatch.setattr(tests.world, "build_votes", lambda world: None)
    monkeypatch.setattr(tests.world, "build_feedback", lambda world: None)
    world = keepsake.world(build_world, "before the votes")
    spread(world)
    Notice.objects.all().delete()
    people = [world.people[key] for key in ("jonas", "ines", "mo", "clara", "ada")]
    for person in [*people, world.amina]:
        choose_rhythm(by=person, rhythms=dict.fromkeys(Kind.values, rhythm), at=world.now)
    things = [world.answering0, world.answering1, world.answering2]
    for thing in things:
        make_supports(thing, [(person, world.now) for person in people])
        answer(world, thing)
    spread(world)
    due = due_at(rhythm, world.now)
    monkeypatch.setattr(sending, "BATCH", 2)
    sent: list[tuple[str, str]] = []
    real = sending._mail

    def slow(ready):
        made = real(ready)
        sent.append((ready.identity, made.to[0]))
        return made

    monkeypatch.setattr(sending, "_mail", slow)
    start, failures = threading.Barrier(6), []

    def work() -> None:
        try:
            start.wait()
            sending.send_due(due)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    expected = 6 * (len(things) if rhythm == "immediate" else 1)
    assert len(sent) == len(set(sent)) == expected
    assert not Notice.objects.waiting().exists()


def deliver(mails: list[sending.Ready], at: datetime) -> int:
    return sending.deliver(mails, mail.get_connection(), sending.Pace(), lambda: at)


def test_two_who_hold_the_same_claim_send_once(told: World):
    """The lease ran out while the first was still sending: the second finds nothing to do."""
    first = sending.claim(told.now)
    written = sending.prepare(first)
    late = told.now + timedelta(minutes=6)
    second = sending.claim(late)
    assert {c.notice for c in first} == {c.notice for c in second}
    assert (
        deliver(written, late) == 0
    )  # the claim is not theirs any more, which each mail is asked just before it leaves
    assert not sending.prepare(first)
    assert deliver(sending.prepare(second), late) == 3
    assert len(mail.outbox) == 3


def test_a_slow_worker_makes_its_claims_fresh_before_they_grow_old(told: World):
    written = sending.prepare(sending.claim(told.now))
    slow = iter([told.now, told.now + timedelta(minutes=4), told.now + timedelta(minutes=4)])
    sent: list[Any] = []

    class Slow(EmailBackend):
        def send_messages(self, messages):
            sent.append(Notice.objects.get(pk=written[len(sent)].claim.notice).claimed_at)
            return super().send_messages(messages)

    assert sending.deliver(written, Slow(), sending.Pace(), lambda: next(slow)) == 3
    assert sent == [told.now, told.now + timedelta(minutes=4), told.now + timedelta(minutes=4)]


def test_what_does_not_wait_any_more_when_it_would_leave_stays(told: World):
    written = sending.prepare(sending.claim(told.now))
    Notice.objects.filter(person=told.jonas).update(due_at=None)
    assert deliver(written, told.now) == 2
    assert told.jonas.email not in [address for message in mail.outbox for address in message.to]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_forgets_the_last_records_is_told_again(monkeypatch):
    """It dies after six mails left and comes back without the last records, as after a kill -9: only the worker knows."""
    import tests.world

    monkeypatch.setattr(tests.world, "build_votes", lambda world: None)
    monkeypatch.setattr(tests.world, "build_feedback", lambda world: None)
    world = build_world()
    spread(world)
    Notice.objects.all().delete()
    people = [Person(email=f"p{n}@example.org", public_name=f"P{n}", password="!") for n in range(9)]
    make_supports(world.answering0, [(each, world.now) for each in Person.objects.bulk_create(people)])
    answer(world, world.answering0)
    spread(world)
    monkeypatch.setattr(sending, "LASTING", 8)
    connection.ensure_connection()
    ours = connection.connection.info.backend_pid
    left: list[str] = []

    def die() -> None:
        Notice.objects.filter(sent_at__isnull=False).update(sent_at=None)
        Mail.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s, 5000)", [ours])
        connection.close()

    class Server(EmailBackend):
        def send_messages(self, messages):
            left.append(messages[0].to[0])
            if len(left) == 6:
                other = threading.Thread(target=die)
                other.start()
                other.join()
            return len(messages)

    monkeypatch.setattr(sending, "get_connection", Server)
    with pytest.raises(OperationalError):
        sending.send_due(world.now)
    assert Notice.objects.filter(sent_at__isnull=False).count() == Mail.objects.count() == len(left) == 6
    assert sending.send_due(world.now + timedelta(minutes=6)) == 4
    assert len(left) == len(set(left)) == 10 == Mail.objects.count()


# --- one click ---


def link_of(message: mail.EmailMessage) -> str:
    return re.fullmatch(r"<(.+)>", message.extra_headers["List-Unsubscribe"])[1]


def test_one_click_from_the_mail_program_stops_the_mail_without_log_in(told: World, client, settings):
    sending.send_due(told.now)
    message = to(told.jonas)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = link_of(message).removeprefix(settings.SITE_URL)
    seen = client.get(path)
    assert (
        seen.status_code == 200 and rhythms_of(told.jonas)[Kind.CITY] == "immediate"
    )  # looking changes nothing
    assert "Antworten und Zusagen der Stadt" in seen.content.decode()
    # What a mail provider sends: no cookie, no origin, another site.
    done = client.post(path, {"List-Unsubscribe": "One-Click"}, HTTP_SEC_FETCH_SITE="cross-site")
    assert done.status_code == 200 and not done.cookies and not client.cookies
    assert rhythms_of(told.jonas) == rhythms_of(told.ines) | {Kind.CITY: "none"}
    assert client.post(path).status_code == 200
    promised(told, told.answering0)
    spread(told)
    mail.outbox.clear()
    sending.send_due(told.now)
    assert not [m for m in mail.outbox if m.to == [told.jonas.email]]
    assert Notice.objects.filter(
        person=told.jonas, verb="commitment.promised"
    ).exists()  # the inbox keeps telling


def test_a_forged_or_foreign_token_stops_nothing(told: World, client):
    good = token(told.jonas.pk, [Kind.CITY])
    for bad in ("x", good[:-2], good.replace(good[0], "A", 1)[::-1]):
        assert client.post(f"/de/mail/stop/{bad}/").status_code == 404
    assert rhythms_of(told.jonas)[Kind.CITY] == "immediate"
    assert read_token(good) == (told.jonas.pk, [Kind.CITY])
    # Of an account that is gone, the page says the same.
    assert client.post(f"/de/mail/stop/{token(10**9, [Kind.CITY])}/").status_code == 200


def test_all_mail_off_stops_what_waits(told: World):
    stop_mail(by=told.jonas, at=told.now)
    sending.send_due(told.now)
    assert not [m for m in mail.outbox if m.to == [told.jonas.email]]
    assert set(rhythms_of(told.jonas).values()) == {"none"}


# --- the inbox ---


def test_the_inbox_groups_by_thing_and_reading_is_a_write(told: World, sign_in):
    client = sign_in(told.jonas)
    page = client.get("/de/me/messages/").content.decode()
    assert "Die Stadt hat geantwortet: Angenommen" in page and "Wir bauen das." in page
    assert Notice.objects.filter(person=told.jonas).unread().count() == 1
    assert "1 neue Nachricht" in client.get("/de/commitments/").content.decode()
    key = Notice.objects.get(person=told.jonas).pk
    client.post("/de/me/messages/read/", {"notice": key}, HTTP_SEC_FETCH_SITE="same-origin")
    assert not Notice.objects.filter(person=told.jonas).unread().exists()
    assert "neue Nachricht" not in client.get("/de/commitments/").content.decode()


def test_nobody_reads_for_somebody_else(told: World, sign_in):
    key = Notice.objects.get(person=told.ines).pk
    client = sign_in(told.jonas)
    client.post("/de/me/messages/read/", {"notice": key}, HTTP_SEC_FETCH_SITE="same-origin")
    client.post("/de/me/messages/read/", {"all": "1"}, HTTP_SEC_FETCH_SITE="same-origin")
    assert Notice.objects.get(pk=key).read_at is None
    assert not Notice.objects.filter(person=told.jonas).unread().exists()
    assert "We will build it." not in client.get("/en/me/messages/").content.decode().replace(
        "We will build it.", "", 1
    )


def test_visitors_are_sent_to_the_log_in(client):
    for path in ("/de/me/messages/", "/de/me/mail/"):
        assert client.get(path).status_code == 302
    for path in ("/de/me/messages/read/", "/de/me/mail/stop/"):
        assert client.post(path, HTTP_SEC_FETCH_SITE="same-origin").status_code == 302


def test_the_settings_are_kept_and_all_can_be_turned_off(told: World, sign_in):
    client = sign_in(told.jonas)
    chosen = dict.fromkeys(Kind.values, "weekly") | {Kind.MINE.value: "daily"}
    assert client.post("/de/me/mail/", chosen, HTTP_SEC_FETCH_SITE="same-origin").status_code == 302
    assert rhythms_of(told.jonas) == chosen
    bad = client.post("/de/me/mail/", chosen | {Kind.MINE.value: "hourly"}, HTTP_SEC_FETCH_SITE="same-origin")
    assert bad.status_code == 422 and rhythms_of(told.jonas) == chosen
    client.post("/de/me/mail/stop/", {"back": "//evil.example/"}, HTTP_SEC_FETCH_SITE="same-origin")
    assert set(rhythms_of(told.jonas).values()) == {"none"}
    assert "abgestellt" in client.get("/de/me/mail/").content.decode()


def test_my_page_shows_what_is_new(told: World, sign_in):
    page = sign_in(told.jonas).get("/de/me/").content.decode()
    assert "Die Stadt hat geantwortet" in page and "Alle E-Mails abstellen" in page


def test_a_delay_names_the_new_date_and_the_reason_in_the_mail(told: World):
    commitment = promised(told, told.answering0)
    feedback.delay_commitment(
        commitment=commitment,
        new_due=commitment.due + 9 * DAY,
        reason=both("Das Holz fehlt.", "No wood."),
        by=told.olga,
        at=told.now,
    )
    spread(told)
    with time_machine.travel(told.now, tick=False):
        sending.send_due(told.now)
    body = next(m.body for m in mail.outbox if m.to == [told.jonas.email] and "dauert länger" in m.subject)
    assert "Das Holz fehlt." in body and "  ! " in body


def test_a_mail_out_of_a_mould_is_the_same_as_one_composed_alone(told: World, settings):
    """Name and address with letters of many alphabets, too."""
    settings.NOTICES_BOUNCE_ADDRESS = "bounces@example.org"
    told.jonas.public_name = "Žofie \ue000stop\ue001 Łuk=20asz"
    told.jonas.save()
    for ready in sending.prepare(sending.claim(told.now)):
        moulded = sending._mail(ready)
        plain = sending._plain(
            ready.letter,
            moulded.to[0],
            ready.identity,
            f"<{ready.letter.unsubscribe}>",
            mail.EmailMultiAlternatives,
        )
        assert type(moulded) is not type(plain) and moulded.from_email == plain.from_email

        def parts(message: Any) -> list[Any]:
            parsed: Any = message_from_bytes(message.message().as_bytes(), policy=policy.default)
            headers = {
                name: str(value).strip()
                for name, value in parsed.items()
                if name not in ("Date", "Content-Type")
            }
            return [headers, *(part.get_content() for part in parsed.walk() if not part.is_multipart())]

        assert parts(moulded) == parts(plain)
