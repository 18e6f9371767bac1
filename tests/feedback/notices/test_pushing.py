"""Messages on devices: opted into, encrypted for one browser, sent once, and never to an address inside the house."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import time, timedelta
from io import StringIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from cocreation.actions import hide_contribution
from feedback.notices import devices, pushing
from feedback.notices.actions import choose_limits, choose_rhythm
from feedback.notices.models import Device, Kind, Notice, Push
from groundwork import outbound
from groundwork.answer import Refused
from quartier.builders import make_supports
from tests.feedback.notices.push_service import Browser, PushService, raw
from tests.feedback.notices.spreading import spread
from tests.feedback.test_pages import SENT, page
from tests.feedback.test_rules_and_actions import answer, promised
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nobody_has_a_device(world: World) -> None:
    Device.objects.all().delete()


@pytest.fixture(autouse=True)
def key(settings: Any) -> str:
    printed = StringIO()
    call_command("push_key", stdout=printed)
    settings.WEBPUSH_PRIVATE_KEY = printed.getvalue().splitlines()[0].partition("=")[2]
    return str(settings.WEBPUSH_PRIVATE_KEY)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    service = PushService(tmp_path_factory.mktemp("push"))
    yield service
    service.stop()


@pytest.fixture
def service(running: PushService, monkeypatch: pytest.MonkeyPatch) -> PushService:
    running.requests.clear()
    running.answers.clear()
    monkeypatch.setattr(outbound, "where", running.where)
    monkeypatch.setattr(outbound, "trust", running.trust)
    return running


def added(world: World, person: Person, name: str = "one", kinds: Any = devices.FIRST_KINDS) -> Browser:
    browser = Browser(name)
    devices.add(by=person, kinds=kinds, name="Firefox, Linux", at=world.now, **browser.handed_out)
    return browser


@pytest.fixture
def told(world: World) -> World:
    """Amina wrote it; Ines, who reads English, supports it."""
    spread(world)
    Notice.objects.all().delete()
    make_supports(world.answering0, [(world.ines, world.now), (world.jonas, world.now)])
    return world


def answered(world: World) -> None:
    answer(world, world.answering0)
    spread(world)


# --- what a device shows ---


def test_a_device_shows_what_happened_in_its_persons_language_and_nobody_else_can_read_it(
    told: World, service: PushService
):
    amina, ines = added(told, told.amina), added(told, told.ines, "two")
    answered(told)
    assert Push.objects.count() == 2  # Jonas added none
    assert pushing.send_due(told.now) == 2 and pushing.send_due(told.now) == 0
    first, second = service.requests
    assert (first[0], second[0]) == ("/send/one", "/send/two")
    title = "Die Stadt hat geantwortet: Angenommen · Bänke an der Aue"
    url = f"/de/proposals/{told.answering0.receipt}/"
    assert json.loads(amina.read(first[2])) == {"title": title, "url": url, "tag": first[1]["Topic"]}
    shown = json.loads(ines.read(second[2]))
    assert shown["title"] == "The city has answered: Accepted · Benches by the river"
    assert b"Stadt" not in first[2] and not Push.objects.exists()
    for secret in (told.amina.email, told.amina.public_name, "Wir bauen das."):
        assert secret not in amina.read(first[2]).decode()


def test_the_city_signs_what_it_sends(told: World, service: PushService):
    added(told, told.amina)
    answered(told)
    pushing.send_due(told.now)
    ((_path, headers, _body),) = service.requests
    assert headers["Content-Encoding"] == "aes128gcm" and headers["TTL"] == "86400"
    parts = dict(
        each.strip().split("=", 1) for each in headers["Authorization"].removeprefix("vapid ").split(",")
    )
    assert parts["k"] == pushing.public_key()
    signed, _dot, signature = parts["t"].rpartition(".")
    number = raw(signature)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
    der = encode_dss_signature(int.from_bytes(number[:32], "big"), int.from_bytes(number[32:], "big"))
    point.verify(der, signed.encode(), ec.ECDSA(SHA256()))
    claims = json.loads(raw(signed.split(".")[1]))
    assert claims["aud"] == "https://push.example.org" and claims["sub"].startswith("mailto:")


def test_a_device_tells_of_the_kinds_chosen_whatever_the_rhythm_of_the_mails(
    told: World, service: PushService
):
    added(told, told.amina, kinds=[Kind.FOLLOWED])
    added(told, told.ines, "two", kinds=[Kind.CITY])
    choose_rhythm(by=told.ines, rhythms=dict.fromkeys(Kind.values, "none"), at=told.now)
    answered(told)
    assert pushing.send_due(told.now) == 1
    assert service.requests[0][0] == "/send/two"


def test_what_is_hidden_read_or_a_day_old_is_not_shown(told: World, service: PushService):
    added(told, told.ines)
    added(told, told.amina, "two")
    answered(told)
    Notice.objects.filter(person=told.amina).update(read_at=told.now)
    hide_contribution(
        contribution=told.answering0.contribution, by=told.mo, at=told.now, rule="r", reason="g"
    )
    assert pushing.send_due(told.now) == 0 and not Push.objects.exists()
    promised(told, told.answering1)
    Push.objects.create(device=Device.objects.first(), notice=Notice.objects.first(), due_at=told.now)
    assert pushing.send_due(told.now + 25 * HOUR) == 0
    assert not service.requests and not Push.objects.exists()


def test_at_night_it_waits_for_the_morning(told: World, service: PushService):
    added(told, told.amina)
    night = told.now.replace(hour=2, minute=0)
    choose_limits(by=told.amina, most_a_week=None, quiet_from=time(22), quiet_until=time(7))
    answered(told)
    Push.objects.update(due_at=night)
    assert pushing.send_due(night) == 0 and not service.requests
    (waits,) = Push.objects.all()
    assert night < waits.due_at < night + 8 * HOUR and waits.attempts == 0
    assert pushing.send_due(waits.due_at) == 1


def test_a_link_that_logs_in_is_in_no_message(told: World, service: PushService):
    from feedback import actions

    answered(told)
    commitment = promised(told, told.answering0)
    spread(told)
    browser = added(told, told.amina)
    actions.deliver(commitment=commitment, by=told.olga, at=told.now)
    spread(told)
    assert pushing.send_due(told.now) == 1
    assert json.loads(browser.read(service.requests[0][2]))["url"] == f"/de/commitments/{commitment.pk}/"


# --- what comes back ---


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(told: World, service: PushService, status: int):
    added(told, told.amina)
    answered(told)
    service.answers.append((status, {}))
    assert pushing.send_due(told.now) == 0
    assert not Device.objects.exists() and not Push.objects.exists()
    assert Notice.objects.filter(person=told.amina, verb="contribution.answered").exists()


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [(429, {"Retry-After": "90"}, timedelta(seconds=90)), (503, {}, timedelta(minutes=2))],
)
def test_a_busy_service_is_asked_again_later(
    told: World, service: PushService, status: int, headers: dict, pause: timedelta
):
    added(told, told.amina)
    answered(told)
    service.answers.append((status, headers))
    assert pushing.send_due(told.now) == 0
    assert Push.objects.get().due_at == told.now + pause
    assert pushing.send_due(told.now) == 0 and len(service.requests) == 1
    assert pushing.send_due(told.now + pause) == 1 and Device.objects.exists()
    assert service.requests[0][1]["Topic"] == service.requests[1][1]["Topic"]


def test_a_worker_that_dies_leaves_a_claim_that_runs_out(told: World, service: PushService):
    added(told, told.amina)
    answered(told)
    assert len(pushing.claim(told.now)) == 1 and pushing.claim(told.now) == []
    assert pushing.send_due(told.now + timedelta(minutes=6)) == 1


def test_it_asks_the_same_questions_for_two_devices_and_for_twenty(told: World, service: PushService):
    def cost(n: int) -> int:
        for person in Person.objects.filter(email__startswith=f"many{n}-"):
            added(told, person, str(person.pk))
        answered(told)
        with CaptureQueriesContext(connection) as caught:
            assert pushing.send_due(told.now) == n
        return len(caught)

    from quartier.builders import make_person

    for n in (2, 20):
        people = [make_person(f"many{n}-{each}", f"M {n} {each}") for each in range(n)]
        make_supports(told.answering0, [(person, told.now) for person in people])
    few = cost(2)
    Device.objects.all().delete()
    assert cost(20) - few <= 18  # what is sent is deleted, each by itself


# --- where it may go ---


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/x", "https://127.0.0.1/x", "https://[::1]/x", "https://10.0.0.8/x", "https://localhost/x",
        "https://169.254.169.254/latest/meta-data/", "https://[::ffff:10.0.0.1]/x", "https://redis.internal/x",
        "https://push.example.org:6379/x", "https://me:pw@push.example.org/x", "https://push.example.org/ x", "ftp://a.example/x",
        "https://postgres/x", "https://push.example.org/" + 1000 * "x", "https://[fe80::1]/x", "https://0.0.0.0/x",
    ],
)  # fmt: skip
def test_an_address_inside_the_house_is_refused(world: World, endpoint: str):
    given = Browser("x").handed_out | {"endpoint": endpoint}
    with pytest.raises(Refused):
        devices.add(by=world.amina, kinds=["supported"], name="", at=world.now, **given)
    assert not Device.objects.exists()


@pytest.mark.parametrize("found", [["10.0.0.5"], ["93.184.215.14", "127.0.0.1"], []])
def test_a_name_that_leads_inside_the_house_is_not_written_to_and_forgotten(
    told: World, monkeypatch: pytest.MonkeyPatch, found: list[str]
):
    added(told, told.amina)
    answered(told)
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *args, **more: [(socket.AF_INET, 1, 6, "", (each, 443)) for each in found],
    )
    monkeypatch.setattr(socket, "create_connection", lambda *args, **more: pytest.fail("it was dialled"))
    assert pushing.send_due(told.now) == 0
    assert not Device.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("p256dh", "AAAA"), ("p256dh", "é"), ("auth", "AAAA"), ("auth", "")]
)
def test_keys_that_are_none_are_refused(world: World, name: str, value: str):
    given = Browser("x").handed_out | {name: value}
    with pytest.raises(Refused):
        devices.add(by=world.amina, kinds=["supported"], name="", at=world.now, **given)
    assert not Device.objects.exists()


# --- the page ---


def test_a_person_adds_and_removes_a_device_on_their_page(world: World, sign_in):
    client, browser = sign_in(world.amina), Browser("x")
    shown = page(client, "/de/me/mail/")
    assert pushing.public_key() in shown and "Noch zeigt kein Gerät Meldungen." in shown
    agent = {"HTTP_USER_AGENT": "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"}
    sent = browser.handed_out | {"kinds": ["my_contributions", "followed"]}
    assert client.post("/de/me/mail/device/", sent, **SENT, **agent).status_code == 302
    device = Device.objects.get()
    assert (device.person, device.name, device.kinds) == (
        world.amina,
        "Firefox, Android",
        ["my_contributions", "followed"],
    )
    assert "Firefox, Android" in page(client, "/de/me/mail/")
    # Somebody else can neither see nor remove it.
    other = sign_in(world.jonas)
    assert "Firefox, Android" not in page(other, "/de/me/mail/")
    other.post("/de/me/mail/device/forget/", {"device": device.pk}, **SENT)
    assert Device.objects.exists()
    client.post("/de/me/mail/device/forget/", {"device": device.pk}, **SENT)
    assert not Device.objects.exists()


def test_the_same_browser_is_one_device_and_goes_to_whoever_signed_in_last(world: World):
    first = added(world, world.amina)
    given = first.handed_out
    devices.add(by=world.amina, kinds=["followed"], name="", at=world.now, **given)
    assert Device.objects.get().kinds == ["followed"]
    devices.add(by=world.jonas, kinds=["followed"], name="", at=world.now, **given)
    assert Device.objects.get().person == world.jonas


def test_bad_input_says_what_is_missing_and_keeps_nothing(world: World, sign_in):
    client = sign_in(world.amina)
    nothing_chosen = client.post("/de/me/mail/device/", Browser("x").handed_out, **SENT)
    assert nothing_chosen.status_code == 422 and "wovon Ihr Gerät" in nothing_chosen.content.decode()
    no_browser = client.post("/de/me/mail/device/", {"kinds": ["followed"]}, **SENT)
    assert no_browser.status_code == 422 and "wie er zu erreichen ist" in no_browser.content.decode()
    inside = Browser("x").handed_out | {"endpoint": "https://10.0.0.1/", "kinds": ["followed"]}
    refused = client.post("/de/me/mail/device/", inside, **SENT)
    assert refused.status_code == 422 and "nicht schreiben können" in refused.content.decode()
    assert not Device.objects.exists()


def test_a_city_without_a_key_says_so_and_keeps_no_device(world: World, sign_in, settings):
    settings.WEBPUSH_PRIVATE_KEY = ""
    client = sign_in(world.amina)
    shown = page(client, "/de/me/mail/")
    assert "Diese Stadt hat Meldungen auf Geräten nicht eingerichtet." in shown and "push.js" not in shown
    sent = Browser("x").handed_out | {"kinds": ["followed"]}
    assert client.post("/de/me/mail/device/", sent, **SENT).status_code == 403
    assert not Device.objects.exists() and pushing.send_due(world.now) == 0


def test_no_more_than_ten_devices(world: World):
    for number in range(10):
        added(world, world.amina, str(number))
    with pytest.raises(Refused):
        added(world, world.amina, "eleven")
    assert Device.objects.count() == 10
