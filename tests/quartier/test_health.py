"""What load balancers, Prometheus, residents and the administration learn about how the city's platform is doing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from prometheus_client.parser import text_string_to_metric_families

from groundwork import clock
from groundwork.jobs.models import Run
from groundwork.watch import figures
from quartier import status

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(world) -> None:
    Run.objects.update_or_create(
        task=figures.PULSE, defaults={"started_at": clock.now(), "ok_at": clock.now()}
    )


def silent() -> None:
    Run.objects.filter(task=figures.PULSE).update(ok_at=clock.now() - timedelta(minutes=5))


def families(text: str) -> dict[str, float]:
    return {
        sample.name + "".join(sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


# --- /readyz ---


def test_ready_says_what_waits(at_work):
    told = Client().get("/readyz").json()
    assert (told["database"], told["broker"], told["workers"]) == ("ok", "ok", "ok")
    assert (
        told["journal_lag_seconds"] >= 0
        and told["oldest_undone_seconds"] >= told["journal_lag_seconds"] - 0.1
    )


def test_a_broker_that_is_away_takes_no_node_out(at_work, monkeypatch):
    monkeypatch.setattr(figures, "queue_length", lambda: None)
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["broker"]) == (200, "does not answer")


def test_without_the_database_a_node_is_not_ready_and_still_alive(at_work, monkeypatch):
    monkeypatch.setattr(figures.transaction, "atomic", _away)
    assert Client().get("/readyz").status_code == 503
    assert Client().get("/healthz").content == b"ok\n"


def _away(*args: object, **kwargs: object) -> None:
    raise OperationalError("gone")


def test_a_queue_that_nobody_has_used_is_empty_and_not_broken():
    assert figures.queue_length() is not None


# --- /metrics ---


@pytest.mark.parametrize(
    ("token", "networks", "sent", "status"),
    [
        ("", [], {}, 404),
        ("", [], {"Authorization": "Bearer "}, 404),
        ("a-token-of-this-city", [], {"Authorization": "Bearer a-token-of-this-city"}, 200),
        ("a-token-of-this-city", [], {"Authorization": "Bearer another"}, 404),
        ("", ["127.0.0.0/8"], {}, 200),
        ("", ["10.0.0.0/8", "::1/128"], {}, 404),
        # Somebody outside whom a proxy of ours speaks for.
        ("", ["127.0.0.0/8"], {"X-Forwarded-For": "203.0.113.9"}, 404),
    ],
)
def test_only_those_named_read_the_metrics(world, settings, token, networks, sent, status):
    settings.METRICS_TOKEN, settings.METRICS_NETWORKS = token, networks
    assert Client().get("/metrics", headers=sent).status_code == status


def test_metrics_are_well_formed_and_hold_the_city(at_work, settings):
    settings.METRICS_NETWORKS = ["127.0.0.1/32"]
    Client().get("/de/")
    text = Client().get("/metrics").content.decode()
    found = families(text)
    assert found["quartier_city_database_up"] == found["quartier_city_broker_up"] == 1
    assert 0 <= found["quartier_city_worker_silence_seconds"] < 60
    for name in (
        "backlogsealing",
        "backlogmails",
        "backlog_secondsreading",
        "mails_hour",
        "ballots_total",
        "jobs_failed",
    ):
        assert f"quartier_city_{name}" in found
    assert any(name.startswith("quartier_requests_total") and "home" in name for name in found)


def test_no_metric_speaks_of_a_person(at_work, world, settings):
    settings.METRICS_NETWORKS = ["127.0.0.1/32"]
    Client().get(f"/de/people/{world.amina.pk}/?q={world.amina.public_name}")
    text = Client().get("/metrics").content.decode()
    assert world.amina.public_name not in text and world.amina.email not in text


def test_page_and_metrics_tell_the_same(at_work, world, sign_in, settings):
    settings.METRICS_NETWORKS = ["127.0.0.1/32"]
    now = figures.read(clock.now())
    found = families(Client().get("/metrics").content.decode())
    page = sign_in(world.ada).get("/en/desk/operation/").content.decode()
    with translation.override("en"):
        for each in now.backlogs:
            assert found[f"quartier_city_backlog{each.slug}"] == each.number
            assert f"{escape(each.words)}</span><span><b>{each.number}</b>" in page
        for figure, value in now.numbers:
            assert f"<span>{escape(figure.words)}</span><b>{value:.0f}</b>" in page


# --- the page for everybody ---


def heading(page: str) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", page)[1]


@pytest.fixture(autouse=True)
def _looked_at_anew():
    status.caches["fragments"].clear()


def test_the_status_page_says_that_everything_works(at_work, monkeypatch):
    monkeypatch.setattr(figures, "read", lambda at, **more: _reading(at))
    assert heading(Client().get("/en/status/").content.decode()) == "Everything works"
    assert heading(Client().get("/de/status/").content.decode()) == "Alles läuft"


def _reading(at, **about):
    return figures.Reading(at, **({"database": True, "broker": True, "pulse": at} | about))


@pytest.mark.parametrize(
    ("about", "words", "sentence"),
    [
        ({"database": False}, "There is a disturbance", "The pages do not answer at the moment."),
        ({"pulse": None}, "There is a disturbance", "No mails leave at the moment. Nothing is lost."),
        ({"late": "mails"}, "Some things take longer", "Mails arrive later than usual."),
        ({"late": "reading"}, "Some things take longer", "What happened shows up later than usual."),
    ],
)
def test_the_worst_line_is_the_heading(world, monkeypatch, about, words, sentence):
    if slug := about.pop("late", ""):
        about["backlogs"] = (figures.Waiting(slug, slug, 3, 900.0, True),)
    monkeypatch.setattr(figures, "read", lambda at, **more: _reading(at, **about))
    page = Client().get("/en/status/").content.decode()
    assert heading(page) == words and sentence in page


def test_the_status_page_is_there_for_visitors_when_the_database_is_not(django_db_blocker, monkeypatch):
    monkeypatch.setattr(figures, "read", lambda at, **more: figures.Reading(at, database=False, broker=None))
    with django_db_blocker.block():
        page = Client().get("/en/status/").content.decode()
    assert heading(page) == "There is a disturbance"


def test_many_visitors_look_once(world, monkeypatch):
    looks, moment = [], clock.now()

    def look(at: datetime, **more: object) -> figures.Reading:
        looks.append(at)
        return _reading(at)

    monkeypatch.setattr(figures, "read", look)
    monkeypatch.setattr(status, "clock", SimpleNamespace(now=lambda: moment))
    for _ in range(3):
        Client().get("/en/status/")
    assert len(looks) == 1


def test_a_silent_worker_is_said_on_both_pages(at_work, world, sign_in):
    silent()
    assert "There is a disturbance" in Client().get("/en/status/").content.decode()
    page = sign_in(world.ada).get("/en/desk/operation/").content.decode()
    assert "silent" in page and "last round" in page


# --- security.txt ---


def test_security_txt_names_a_contact_and_never_goes_stale(world, settings):
    settings.SITE_URL = "https://beteiligung.example.org"
    fields = dict(
        line.split(": ", 1)
        for line in Client().get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert fields["Contact"] == f"mailto:{settings.CITY_EMAIL}"
    expires = datetime.fromisoformat(fields["Expires"].replace("Z", "+00:00"))
    assert timedelta(days=170) < expires - clock.now() < timedelta(days=365)
    policy = fields["Policy"].removeprefix(settings.SITE_URL)
    assert Client().get(policy).status_code == 200
    settings.SECURITY_CONTACT = "https://example.org/report"
    assert b"Contact: https://example.org/report\n" in Client().get("/.well-known/security.txt").content
