"""Addresses that are told: only what anybody sees leaves, signed, again until it is taken, and never into the house (REQ-106)."""

from __future__ import annotations

import json
import runpy
import socket
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.actions import close_account
from cocreation.actions import hide_contribution, restore_contribution
from cocreation.erasing import erase_contributions, wipe
from cocreation.models import Contribution
from feedback.notices.models import Notice
from feedback.webhooks import actions, events, sending
from feedback.webhooks.forms import WebhookForm
from feedback.webhooks.kinds import GONE, GONE_BY, VERBS, kinds
from feedback.webhooks.models import Delivery, Webhook
from groundwork import outbound
from groundwork.answer import Refused
from groundwork.journal import api as journal
from groundwork.journal.api import verbs
from groundwork.journal.models import Entry
from proposals.models import Proposal
from tests.feedback.notices.push_service import HOST, PushService
from tests.feedback.notices.spreading import spread
from tests.visibility.test_enumeration import SECRETS
from tests.world import World

pytestmark = pytest.mark.django_db
URL = f"https://{HOST}/in"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    service = PushService(tmp_path_factory.mktemp("webhooks"))
    yield service
    service.stop()


@pytest.fixture
def there(running: PushService, monkeypatch: pytest.MonkeyPatch) -> PushService:
    running.requests.clear()
    running.answers.clear()
    monkeypatch.setattr(outbound, "where", running.where)
    monkeypatch.setattr(outbound, "trust", running.trust)
    return running


@pytest.fixture
def hook(world: World) -> Webhook:
    Webhook.objects.all().delete()
    return made(world)


def made(world: World, **about: Any) -> Webhook:
    usual = {
        "by": world.jonas,
        "name": "Chat",
        "url": URL,
        "chosen": kinds.slugs(),
        "process": None,
        "for_team": False,
    }
    return actions.register(at=world.now, **usual | about)


def happened(world: World, verb: str, on: Any, **about: Any) -> Entry:
    """An entry the reader has got."""
    entry = journal.record(verb, on=on, at=world.now, **about)
    events.plan([entry], world.now)
    return entry


def published(world: World, proposal: Proposal) -> Entry:
    return happened(world, "proposal.published", proposal, process=proposal.process_id, by=world.amina)


def said(there: PushService) -> list[dict[str, Any]]:
    return [json.loads(body) for _path, _headers, body in there.requests]


def test_what_is_gone_is_told_once_without_what_it_said_or_why(
    world: World, hook: Webhook, there: PushService
) -> None:
    """Hidden, withdrawn and erased read the same; what never was public and who hears of no contributions are left out."""
    elsewhere = made(world, name="Votes", chosen=["votes"])
    here = made(world, name="Here", process=world.collecting, chosen=["proposals"])
    published(world, world.fountain)
    published(world, world.trees)
    sending.send_due(world.now)
    there.requests.clear()
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="respect", reason="Geheim."
    )
    erase_contributions(world.ines, world.now)
    gone = list(Entry.objects.filter(verb__in=GONE_BY).order_by("-pk")[:12])
    never = Contribution.objects.exclude(pk__in=[e.subject_key for e in gone]).filter(is_public=False).first()
    assert never is not None
    Contribution.objects.filter(pk=never.pk).update(held_at=F("published_at"))
    gone.append(happened(world, "contribution.withdrawn", never, process=never.process_id))
    events.plan(gone, world.now)
    planned = Delivery.objects.count()
    events.plan(gone, world.now)
    assert Delivery.objects.count() == planned
    assert not elsewhere.deliveries.exists() and here.deliveries.filter(verb=GONE).exists()
    wipe([world.fountain.pk, world.trees.pk], world.now)
    sending.send_due(world.now)
    told = {message["data"]["number"]: message for message in said(there) if message["type"] == GONE}
    assert world.fountain.receipt in told and never.receipt not in told
    for message in told.values():
        assert message.keys() == {"id", "type", "timestamp", "data"} and message["data"].keys() == {
            "process",
            "number",
        }
    assert told[world.fountain.receipt]["data"]["process"] == world.fountain.process.slug
    assert set(
        Delivery.objects.filter(subject_label="", entry_id__isnull=False).values_list("verb", flat=True)
    ) == {GONE}


def test_what_is_back_by_then_is_not_said_to_be_gone(world: World, hook: Webhook, there: PushService) -> None:
    published(world, world.fountain)
    thing = world.fountain.contribution
    hide_contribution(contribution=thing, by=world.mo, at=world.now, rule="respect", reason="Nein.")
    events.plan(list(Entry.objects.filter(verb="contribution.hidden", subject_key=thing.pk)), world.now)
    restore_contribution(contribution=thing, by=world.ada, at=world.now)
    sending.send_due(world.now)
    assert [message["type"] for message in said(there)] == ["proposal.published"]
    assert hook.deliveries.get(verb=GONE).state == Delivery.State.NOTHING


# --- what leaves ---


def test_an_address_is_told_and_can_check_that_it_was_us(
    world: World, hook: Webhook, there: PushService
) -> None:
    published(world, world.fountain)
    assert sending.send_due(world.now) == 1 and sending.send_due(world.now) == 0
    ((path, headers, body),) = there.requests
    sent, row = json.loads(body), Delivery.objects.get()
    receipt = world.fountain.receipt
    assert path == "/in" and headers["webhook-id"] == sent["id"] == row.message
    assert sent["type"] == "proposal.published" and sent["timestamp"].endswith("Z")
    assert sent["data"] == {
        "process": world.fountain.process.slug, "number": receipt,
        "title": {"de": "Trinkbrunnen am Dorfplatz", "en": "Drinking fountain on the village square"},
        "page": {code: f"http://localhost:8000/{code}/proposals/{receipt}/" for code in ("de", "en")},
        "api": f"http://localhost:8000/api/v1/proposals/{receipt}",
    }  # fmt: skip
    assert (row.state, row.status, row.attempts, row.due_at) == ("delivered", 201, 1, None)
    # The example of the page, as it stands there.
    verify = runpy.run_path("feedback/webhooks/verify.py")["verify"]
    given = {name.lower(): value for name, value in headers.items()}
    assert verify(hook.secret, given, body)
    assert not verify(hook.secret, given, body + b" ")
    assert not verify("whsec_" + "A" * 43 + "=", given, body)
    assert not verify(
        hook.secret, given | {"webhook-timestamp": str(int(given["webhook-timestamp"]) - 9)}, body
    )
    with time_machine.travel(world.now + timedelta(days=400)):
        assert not verify(hook.secret, given, body)


def test_nobody_is_in_it(world: World, hook: Webhook, there: PushService) -> None:
    published(world, world.fountain)
    happened(world, "contribution.answered", world.fountain, by=world.olga, process=world.fountain.process_id, data={"tell": [world.amina.pk]})  # fmt: skip
    assert sending.send_due(world.now) == 2
    for _path, _headers, body in there.requests:
        for word in (world.amina.public_name, world.olga.public_name, "@example.", "tell", "actor"):
            assert word not in body.decode()


def test_only_the_kinds_and_the_process_that_were_chosen(
    world: World, hook: Webhook, there: PushService
) -> None:
    Webhook.objects.all().delete()
    made(world, chosen=["votes"])
    other = made(world, chosen=["proposals"], process=world.voting)
    mine = made(world, chosen=["proposals"], process=world.fountain.process)
    published(world, world.fountain)
    assert [row.webhook for row in Delivery.objects.all()] == [mine]
    assert other.state == "on"


def test_every_verb_that_is_offered_is_declared_and_public() -> None:
    assert [verb for verb in VERBS if verbs.find(verb) is None or not verbs.get(verb).public] == []


SUBJECTS = [
    ("proposals.Proposal", "contribution_id"), ("cocreation.Contribution", "pk"), ("cocreation.Process", "pk"),
    ("feedback.Commitment", "pk"), ("feedback.OfficialAnswer", "pk"), ("conversation.Comment", "pk"), ("amendments.Amendment", "pk"),
    ("merging.Merge", "pk"), ("ballots.Tally", "pk"), ("feedback.Plan", "pk"),
]  # fmt: skip


def test_nothing_that_is_hidden_drafted_withdrawn_or_erased_leaves_whatever_the_journal_says(
    world: World, hook: Webhook, there: PushService
) -> None:
    """Every verb that is offered, about every row there is of every kind of thing: what a visitor may not see, no message holds."""
    Delivery.objects.all().delete()
    rows: list[Delivery] = []
    for label, key in SUBJECTS:
        for thing in apps.get_model(label)._base_manager.all():
            contribution = (
                thing if label == "cocreation.Contribution" else getattr(thing, "contribution", None)
            )
            process = (
                thing
                if label == "cocreation.Process"
                else getattr(thing, "process", None) or getattr(contribution, "process", None)
            )
            if process is not None and process.pk < 0:
                continue
            rows.append(
                Delivery(
                    webhook=hook, entry_id=len(rows) + 10**9, verb="proposal.published", subject_label=label, at=world.now,
                    subject_key=str(getattr(thing, key)), process=process, contribution=contribution, made_at=world.now, due_at=world.now,
                )
            )  # fmt: skip
    Delivery.objects.bulk_create(rows)
    taken = sending.send_due(world.now)
    text = " ".join(json.dumps(each, ensure_ascii=False) for each in said(there))
    withheld = set(
        Delivery.objects.filter(state="nothing").values_list("contribution__proposal__title", flat=True)
    )
    assert taken > 30 and "Trinkbrunnen am Dorfplatz" in text
    for name in ("draft", "hidden", "withdrawn", "planned"):
        assert world.proposals[name].title in withheld
        assert world.proposals[name].receipt not in text
    assert not [word for words in SECRETS for word in words if word in text]
    assert world.processes["draft"].slug not in [each["data"]["process"] for each in said(there)]


def test_what_is_hidden_while_it_waits_is_not_sent(world: World, hook: Webhook, there: PushService) -> None:
    published(world, world.fountain)
    there.answers.append((503, {}))
    assert sending.send_due(world.now) == 0
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, rule="respect", reason="x", at=world.now
    )
    assert sending.send_due(world.now + HOUR) == 0
    row = Delivery.objects.get()
    assert row.state == "nothing" and len(there.requests) == 1
    actions.send_again(delivery=row, at=world.now + HOUR)
    assert sending.send_due(world.now + HOUR) == 0 and len(there.requests) == 1


def test_what_touches_nothing_we_know_is_not_sent(world: World, hook: Webhook, there: PushService) -> None:
    for label in ("", "nowhere.Nothing", "accounts.Person"):
        Delivery.objects.create(
            webhook=hook, verb="proposal.published", subject_label=label, subject_key="1", at=world.now, made_at=world.now,
            due_at=world.now,
        )  # fmt: skip
    assert sending.send_due(world.now) == 0 and not there.requests


def test_it_asks_the_same_questions_for_two_messages_and_for_twenty(
    world: World, hook: Webhook, there: PushService
) -> None:
    def cost(n: int) -> int:
        for _each in range(n):
            published(world, world.fountain)
        with CaptureQueriesContext(connection) as caught:
            assert sending.send_due(world.now) == n
        return len(caught)

    few = cost(2)
    assert cost(20) - few == 18  # each is marked by itself


# --- again, and no more ---


def test_it_is_tried_again_for_three_days_under_the_same_id_and_then_whoever_registered_it_is_told(
    world: World, hook: Webhook, there: PushService
) -> None:
    spread(world)
    published(world, world.fountain)
    now, tries = world.now, 0
    there.answers += [(500, {})] * 20
    while (row := Delivery.objects.get()).state == "waiting":
        assert row.due_at is not None
        now = row.due_at
        sending.send_due(now)
        tries += 1
        assert tries < 15
    hook.refresh_from_db()
    assert tries == 10 and timedelta(days=3) <= now - world.now < timedelta(days=4)
    assert (row.state, hook.state, hook.off_why) == ("failed", "off", "failed")
    assert len({headers["webhook-id"] for _path, headers, _body in there.requests}) == 1
    spread(world, now)
    notice = Notice.objects.get(verb="webhook.switched_off")
    assert notice.person == world.jonas
    with_client = published(world, world.fountain)  # off: nothing is planned any more
    assert not Delivery.objects.filter(entry_id=with_client.pk).exists()


def test_the_notice_is_in_words_and_leads_there(
    world: World, hook: Webhook, there: PushService, sign_in
) -> None:
    spread(world)
    published(world, world.fountain)
    there.answers.append((410, {}))
    sending.send_due(world.now)
    assert Webhook.objects.get().off_why == "gone" and Delivery.objects.get().state == "failed"
    spread(world)
    page = sign_in(world.jonas).get("/de/me/messages/").content.decode()
    assert (
        "Wir rufen die Adresse „Chat“ nicht mehr auf" in page
        and f"/de/me/programs/addresses/{hook.pk}/" in page
    )


def test_an_address_that_fails_does_not_keep_others_waiting(
    world: World, hook: Webhook, there: PushService
) -> None:
    other = made(world, by=world.ines)
    for _each in range(3):
        published(world, world.fountain)
    there.answers.append((500, {"Retry-After": "7200"}))
    sending.send_due(world.now)
    first = Delivery.objects.filter(webhook=hook).order_by("pk")
    assert [row.attempts for row in first] == [1, 0, 0] and first[0].due_at == world.now + 2 * HOUR
    assert {row.state for row in Delivery.objects.filter(webhook=other)} == {"delivered"}
    hook.refresh_from_db()
    assert hook.state == "failing"
    assert sending.send_due(world.now + timedelta(minutes=2)) == 2
    hook.refresh_from_db()
    assert hook.state == "on"


def test_a_worker_that_dies_leaves_a_claim_that_runs_out(
    world: World, hook: Webhook, there: PushService
) -> None:
    published(world, world.fountain)
    assert len(sending.claim(world.now)) == 1 and sending.claim(world.now) == []
    assert sending.send_due(world.now + timedelta(minutes=11)) == 1


def test_the_reader_that_reads_twice_plans_once(world: World, hook: Webhook) -> None:
    entry = published(world, world.fountain)
    events.plan([entry], world.now)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("trouble", "how"),
    [
        ("unsafe", "inside"),
        ("name", "unknown"),
        ("unreachable", "refused"),
        ("slow", "slow"),
        ("status", "redirect"),
        ("certificate", "other"),
    ],
)
def test_what_went_wrong_stands_in_the_log(
    world: World, hook: Webhook, there: PushService, monkeypatch: pytest.MonkeyPatch, trouble: str, how: str
) -> None:
    def raising(error: Exception) -> Any:
        def instead(*args: Any, **more: Any) -> Any:
            raise error

        return instead

    if how == "inside":
        monkeypatch.undo()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: [(2, 1, 6, "", ("10.1.2.3", 443))])
        monkeypatch.setattr(socket, "create_connection", lambda *args, **more: pytest.fail("it was dialled"))
    elif how == "unknown":
        monkeypatch.setattr(outbound, "where", raising(socket.gaierror()))
    elif how == "refused":
        monkeypatch.setattr(outbound.socket, "create_connection", raising(ConnectionRefusedError()))
    elif how == "slow":
        monkeypatch.setattr(sending, "SECONDS", 0.3)
        there.drips.append(0.05)
    elif how == "redirect":
        there.answers.append((302, {"Location": "https://10.0.0.1/"}))
    else:
        Webhook.objects.update(url="https://another.example.org/in")
        monkeypatch.setattr(outbound, "where", lambda host: ("127.0.0.1", there.port))
    published(world, world.fountain)
    assert sending.send_due(world.now) == 0
    row = Delivery.objects.get()
    assert (row.trouble, row.state, row.attempts) == (trouble, "waiting", 1)


# --- whose it is ---


@pytest.mark.parametrize(
    "url",
    ["http://chat.example.org/", "https://10.0.0.1/", "https://localhost/", "https://redis.internal/x", "https://a.example:8443/", "ftp://a.example/",
     "https://u:p@a.example/", "javascript:alert(1)", "https://[::1]/", "chat.example.org"],
)  # fmt: skip
def test_an_address_inside_a_network_is_refused_in_words(world: World, url: str) -> None:
    form = WebhookForm({"name": "x", "url": url, "kinds": ["votes"]}, person=world.jonas)
    assert not form.is_valid() and list(form.errors) == ["url"]


def test_the_secret_is_shown_once_and_stored_nowhere(world: World, sign_in) -> None:
    Webhook.objects.all().delete()
    client = sign_in(world.jonas)
    sent = {
        "name": "Chat",
        "url": "https://chat.example.org/in",
        "kinds": ["votes", "proposals"],
        "process": "",
    }
    page = client.post("/de/me/programs/addresses/new/", sent)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    secret = page.content.decode().split('value="whsec_')[1].split('"')[0]
    hook = Webhook.objects.get()
    assert (
        hook.secret == f"whsec_{secret}"
        and len(b64decode(secret)) == 32
        and hook.kinds == ["proposals", "votes"]
    )
    for path in ("/de/me/programs/", f"/de/me/programs/addresses/{hook.pk}/"):
        assert secret not in client.get(path).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(w)::text from webhooks_webhook w")
        assert secret not in cursor.fetchone()[0]


@pytest.mark.parametrize("at_once", [False, True])
def test_a_new_secret_and_how_long_the_old_one_holds(
    world: World, hook: Webhook, there: PushService, sign_in, at_once: bool
) -> None:
    verify = runpy.run_path("feedback/webhooks/verify.py")["verify"]
    old = hook.secret
    client = sign_in(world.jonas)
    answer = client.post(f"/en/me/programs/addresses/{hook.pk}/secret/", {"at_once": "on"} if at_once else {})
    hook.refresh_from_db()
    new = hook.secret
    assert new != old and new in answer.content.decode() and old not in answer.content.decode()
    made_at = hook.old_until - actions.OVERLAP if hook.old_until else world.now

    def holds(secret: str, after: timedelta) -> bool:
        at = made_at + after
        headers = sending.headers_of(hook, "msg_1", b"{}", at)
        with time_machine.travel(at, tick=False):
            return bool(verify(secret, headers, b"{}"))

    assert holds(new, HOUR) and holds(new, 25 * HOUR)
    assert holds(old, 23 * HOUR) is (not at_once) and not holds(old, 25 * HOUR)
    assert actions.forget_old_secrets(made_at + 25 * HOUR) == (0 if at_once else 1)
    hook.refresh_from_db()
    assert hook.old_salt == "" and hook.secret == new
    with pytest.raises(IntegrityError), transaction.atomic():
        Webhook.objects.filter(pk=hook.pk).update(old_salt="x")


def test_by_hand_a_test_and_the_same_again(world: World, hook: Webhook, there: PushService, sign_in) -> None:
    client, path = sign_in(world.jonas), f"/de/me/programs/addresses/{hook.pk}/"
    with time_machine.travel(world.now, tick=False):
        assert client.post(f"{path}test/").status_code == 302
        assert sending.send_due(world.now) == 1
        assert said(there)[0]["type"] == "test" and set(said(there)[0]["data"]) == {"city"}
        row = Delivery.objects.get()
        assert client.post(f"{path}messages/{row.pk}/again/").status_code == 403  # a moment ago
    with time_machine.travel(world.now + HOUR, tick=False):
        assert client.post(f"{path}messages/{row.pk}/again/").status_code == 302
        assert sending.send_due(world.now + HOUR) == 1
        assert [each["id"] for each in said(there)] == [row.message] * 2
        page = client.get(path).content.decode()
        assert row.message in page and "angenommen" in page
        for _each in range(29):
            actions.send_test(webhook=hook, at=world.now + HOUR)
        actions.send_test(webhook=hook, at=world.now + HOUR)
        with pytest.raises(Refused):
            actions.send_test(webhook=hook, at=world.now + HOUR)


def test_switched_off_it_is_told_nothing_and_switched_on_what_happens_from_then_on(
    world: World, hook: Webhook, there: PushService, sign_in
) -> None:
    client, path = sign_in(world.jonas), f"/de/me/programs/addresses/{hook.pk}/switch/"
    published(world, world.fountain)
    client.post(path)
    assert Delivery.objects.get().state == "failed" and Delivery.objects.get().trouble == "off"
    published(world, world.fountain)
    client.post(path, {"on": "1"})
    published(world, world.fountain)
    assert sending.send_due(world.now) == 1 and Delivery.objects.count() == 2


def test_nobody_has_more_than_ten_and_a_team_needs_its_people(world: World, hook: Webhook) -> None:
    for _each in range(9):
        made(world)
    with pytest.raises(Refused):
        made(world)
    for by, process in ((world.ines, world.collecting), (world.ada, None)):
        with pytest.raises(Refused):
            made(world, by=by, process=process, for_team=True)
    assert Webhook.objects.count() == 10


def test_who_leaves_takes_their_own_along_and_a_teams_stays(
    world: World, hook: Webhook, there: PushService
) -> None:
    spread(world)
    team = made(world, by=world.ada, process=world.collecting, for_team=True)
    Webhook.objects.filter(pk=team.pk).update(person=world.jonas)
    close_account(person=world.jonas, at=world.now)
    assert [(each.pk, each.person_id) for each in Webhook.objects.all()] == [(team.pk, None)]
    published(world, world.proposals["fountain"])
    happened(world, "phase.opened", world.collecting, process=world.collecting.pk)
    there.answers.append((410, {}))
    sending.send_due(world.now)
    assert Webhook.objects.get().off_why == "gone"


def test_the_database_refuses_what_must_not_be(world: World, hook: Webhook) -> None:
    wrong: list[dict[str, Any]] = [
        {"kinds": []}, {"person": None}, {"for_team": True}, {"off_at": world.now}, {"off_why": "gone"},
    ]  # fmt: skip
    for about in wrong:
        with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
            Webhook.objects.filter(pk=hook.pk).update(**about)
    published(world, world.fountain)
    for about in ({"due_at": None}, {"state": "delivered"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.update(**about)


def test_old_messages_are_forgotten(world: World, hook: Webhook, there: PushService) -> None:
    published(world, world.fountain)
    assert actions.forget_deliveries(world.now + timedelta(days=40)) == 0  # it waits
    sending.send_due(world.now)
    assert actions.forget_deliveries(world.now + timedelta(days=29)) == 0
    assert actions.forget_deliveries(world.now + timedelta(days=31)) == 1


# --- programs ---


def test_a_program_manages_them_and_learns_the_secret_once(
    world: World, hook: Webhook, there: PushService
) -> None:
    from accounts.tokens.actions import make_token
    from tests.quartier.api.conftest import Program

    def program(*scopes: str) -> Program:
        return Program(make_token(by=world.jonas, name="x", scopes=scopes, days=7, at=world.now)[1])

    body = {"name": "Bot", "url": URL, "kinds": ["proposals"], "process": "collecting"}
    assert program("contribute").post("/webhooks", body).status_code == 403
    bot = program("webhooks")
    first = bot.post("/webhooks", body, Idempotency_Key="one")
    again = bot.post("/webhooks", body, Idempotency_Key="one")
    assert first.status_code == again.status_code == 201 and first["Location"] == again["Location"]
    secret = first.json()["secret"]
    assert secret == Webhook.objects.get(name="Bot").secret
    assert first.json() | {"secret": None} == again.json() == bot.get(first["Location"]).json()
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(body, '') from webapi_keptanswer")
        assert secret not in cursor.fetchone()[0]
    test = bot.post(f"{first['Location']}/deliveries")
    assert test.status_code == 201 and sending.send_due(world.now + timedelta(days=1)) == 1
    (row,) = bot.get(f"{first['Location']}/deliveries?state=delivered").json()["items"]
    assert row["message"] == test.json()["message"] and row["status"] == 201
    renewed = bot.post(f"{first['Location']}/secret", {"at_once": False}, Idempotency_Key="two").json()
    assert (
        renewed["secret"] == Webhook.objects.get(name="Bot").secret != secret and renewed["old_secret_until"]
    )
    assert (
        bot.post(f"{first['Location']}/secret", {"at_once": False}, Idempotency_Key="two").json()["secret"]
        is None
    )
    assert bot.delete(f"{first['Location']}/on").json()["state"] == "off"
    assert bot.post(f"{first['Location']}/deliveries").status_code == 403
    assert bot.put(f"{first['Location']}/on").json()["state"] == "on"
    wrong = bot.post("/webhooks", body | {"url": "https://10.0.0.1/", "kinds": ["all"]})
    assert wrong.status_code == 422 and {each["field"] for each in wrong.json()["errors"]} == {"url", "kinds"}
    assert bot.delete(first["Location"]).status_code == 204 and bot.get(first["Location"]).status_code == 404
