"""Papers and meetings of the council are read from a server that pages, changes and deletes; our results are papers too (REQ-49)."""

from __future__ import annotations

import json
import os
import socket
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.utils import timezone
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from devtools.paths import ROOT
from feedback.council import actions, client
from feedback.council.models import InCouncil, Meeting, Paper, Source
from feedback.models import OfficialAnswer
from groundwork.answer import Refused
from groundwork.jobs.models import Job
from tests import keepsake
from tests.world import World

pytestmark = pytest.mark.django_db
BASE = "https://ris.example.org/oparl"
BESIDE = ROOT.parent / "shared" / "data" / "specs" / "oparl-1.1"
SCHEMAS = Path(os.environ.get("OPARL_SCHEMAS", str(BESIDE)))
needs_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir() and not os.environ.get("CI"),
    reason=f"The schemas of OParl 1.1 are not here ({SCHEMAS}); OPARL_SCHEMAS says where they are.",
)


class Council:
    """A council information system of the tests: real HTTP, lists of two objects a page, `modified_since`, soft deletion."""

    def __init__(self, version: str) -> None:
        self.version, self.things, self.asked = version, {}, []  # type: ignore[var-annotated]
        self.broken = False
        council = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                council.asked.append(self.path)
                body = json.dumps(council.answer(self.path)).encode() if not council.broken else b"<html>"
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    def keep(self, kind: str, key: str, at: datetime, **about: Any) -> str:
        address = f"{BASE}/{kind.lower()}/{key}"
        self.things[address] = {
            "id": address, "type": f"https://schema.oparl.org/{self.version}/{kind}", "modified": at.isoformat(), **about
        }  # fmt: skip
        return address

    def delete(self, address: str, at: datetime) -> None:
        kept = {key: self.things[address][key] for key in ("id", "type")}
        self.things[address] = kept | {"deleted": True, "modified": at.isoformat()}

    def answer(self, path: str) -> dict[str, Any]:
        parts, asked = urlsplit(path), parse_qs(urlsplit(path).query)
        kind = parts.path.rsplit("/", 1)[-1]
        schema = f"https://schema.oparl.org/{self.version}"
        if kind == "system":
            return {
                "id": f"{BASE}/system",
                "type": f"{schema}/System",
                "body": f"{BASE}/bodies",
                "oparlVersion": f"{schema}/",
            }
        if kind == "bodies":
            lists = {each: f"{BASE}/{each}" for each in ("paper", "meeting", "organization", "person")}
            return {
                "data": [{"id": f"{BASE}/body", "type": f"{schema}/Body", "name": "Rat der Stadt", **lists}],
                "links": {},
            }
        since = datetime.fromisoformat(asked["modified_since"][0]) if "modified_since" in asked else None
        found = [
            thing
            for thing in self.things.values()
            if thing["type"].lower().endswith(f"/{kind}")
            and (thing.get("deleted") is None if since is None else datetime.fromisoformat(thing["modified"]) >= since)
        ]  # fmt: skip
        page = int(asked.get("page", ["1"])[0])
        more = "&".join([*(f"modified_since={since.isoformat().replace('+', '%2B')}" for _once in [0] if since), f"page={page + 1}"])  # fmt: skip
        links = {"next": f"{BASE}/{kind}?{more}"} if len(found) > 2 * page else {}
        return {"data": found[2 * (page - 1) : 2 * page], "links": links, "pagination": {}}

    def get(self, address: str) -> dict[str, Any]:
        """What the client reads through, without TLS: the door itself is tested beside it."""
        import urllib.request

        assert address.startswith(BASE)
        url = f"http://127.0.0.1:{self.server.server_port}{address[len('https://ris.example.org') :]}"
        with urllib.request.urlopen(url, timeout=5) as answer:
            try:
                found: dict[str, Any] = json.loads(answer.read())
            except ValueError:
                raise client.Trouble("form", address) from None
        return found


@pytest.fixture
def world(db: None, standing_world: None) -> World:
    """The world before any server was named."""
    found = keepsake.world()
    Source.objects.all().delete()
    return found


@pytest.fixture(params=["1.0", "1.1"])
def council(request: Any) -> Any:
    found = Council(request.param)
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_papers_come_to_the_proposals_they_are_about_change_and_go(
    council: Council, world: World, client: Any
) -> None:
    at = timezone.now()
    benches, slide = world.answering0, world.to_answer
    meetings = [
        council.keep("Meeting", f"m{n}", at, name=f"Bauausschuss {n}", start="2027-03-01T18:00:00+01:00") for n in range(3)
    ]  # fmt: skip
    wanted = council.keep(
        "Paper", "p1", at, name="Bänke an der Aue", reference="V/2027/17", date="2027-02-03", web="https://ris.example.org/vo/17",
        consultation=[{"id": f"{BASE}/c1", "type": "…", "meeting": meetings[1], "role": "Entscheidung"}],
    )  # fmt: skip
    about = f"Siehe {settings.SITE_URL}/de/proposals/{slide.receipt}/."
    naming = council.keep("Paper", "p2", at, name="Rutsche", mainFile={"id": f"{BASE}/f", "text": about})
    for n in range(3, 8):
        council.keep("Paper", f"p{n}", at, name=f"Anderes {n}")
    OfficialAnswer.objects.create(
        contribution=benches.contribution, process=world.answering, office=world.parks, status="accepted", reason_de="Ja.",
        link="https://ris.example.org/vo/17", published_at=at, by=world.olga,
    )  # fmt: skip
    source = Source.objects.create(url=f"{BASE}/system", made_at=at)

    assert actions.read(source, at=at, get=council.get)
    assert Paper.objects.count() == 7
    source.refresh_from_db()
    assert (source.name, source.problem, source.since) == ("Rat der Stadt", "", at)
    assert set(InCouncil.objects.values_list("contribution", "paper__oparl")) == {(benches.pk, wanted), (slide.pk, naming)}  # fmt: skip
    page = client.get(f"/en/proposals/{benches.receipt}/").content.decode()
    assert "In the council" in page
    assert "paper V/2027/17" in page
    assert "Bauausschuss 1" in page
    assert "Bauausschuss 2" not in page

    # Only what changed is asked for; what was deleted there leaves the pages here.
    council.asked.clear()
    later = at + timedelta(hours=1)
    council.keep(
        "Meeting", "m1", later, name="Bauausschuss 1", cancelled=True, start="2027-03-01T18:00:00+01:00"
    )
    council.delete(naming, later)
    assert actions.read(source, at=later, get=council.get)
    assert [path for path in council.asked if "paper" in path and "modified_since" not in path] == []
    assert "called off" in client.get(f"/en/proposals/{benches.receipt}/").content.decode()
    assert "In the council" not in client.get(f"/en/proposals/{slide.receipt}/").content.decode()
    assert Meeting.objects.get(oparl=meetings[1]).cancelled

    # A server that says something else changes nothing and is named on the desk's page of jobs.
    council.broken = True
    assert not actions.read(source, at=later + timedelta(hours=1), get=council.get)
    source.refresh_from_db()
    assert (source.problem, source.since) == ("form", later)
    assert Job.objects.get(kind="council", key=str(source.pk)).state == "failed"
    assert Paper.objects.filter(deleted=False).count() == 6


def test_a_list_that_leads_to_another_server_or_in_a_circle_is_not_followed() -> None:
    def circle(address: str) -> dict[str, Any]:
        return {"data": [], "links": {"next": f"{BASE}/paper"}}

    def away(address: str) -> dict[str, Any]:
        return {"data": [], "links": {"next": "https://10.0.0.1/paper"}}

    for get in (circle, away):
        with pytest.raises(client.Trouble, match="form"):
            list(client.pages(get, f"{BASE}/paper", BASE))


@pytest.mark.parametrize(
    "url", ["http://ris.example.org/", "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/oparl"]
)
def test_a_server_inside_the_house_is_not_read(url: str, world: World) -> None:
    with pytest.raises(Refused):
        actions.name_server(url=url, by=world.ada, at=timezone.now())
    with pytest.raises(client.Trouble, match="unsafe"):
        client.get(url)
    assert not Source.objects.filter(url=url).exists()


def test_a_name_that_leads_into_the_house_is_not_followed(monkeypatch: Any) -> None:
    """The name looks like any other: what it is resolved to decides, and nobody is spoken to."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: [(2, 1, 6, "", ("192.168.0.7", 443))])
    monkeypatch.setattr(socket, "create_connection", lambda *args, **more: pytest.fail("spoken to"))
    with pytest.raises(client.Trouble, match="unsafe"):
        client.get("https://ris.example.org/oparl/system")


def test_the_administration_names_a_server_and_leaves_it(
    world: World, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from feedback.council import tasks
    from tests.visits import client_of

    asked: list[int] = []
    monkeypatch.setattr(tasks.read_one, "delay", asked.append)
    boss = client_of(world, "ada")
    refused = boss.post(
        "/en/desk/council/", {"url": "https://192.168.0.1/oparl"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert refused.status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        boss.post("/en/desk/council/", {"url": f"{BASE}/system"}, headers={"Sec-Fetch-Site": "same-origin"})
    source = Source.objects.get(url=f"{BASE}/system")
    assert asked == [source.pk]
    boss.post(f"/en/desk/council/{source.pk}/leave/", headers={"Sec-Fetch-Site": "same-origin"})
    assert not Source.objects.filter(pk=source.pk).exists()


# --- our own results ---


def valid(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{kind}.json").read_text()))


@needs_schemas
def test_results_are_papers_by_the_schemas_of_oparl(world: World, client: Any) -> None:
    """Walked by our own client: what we read of others we give out ourselves."""

    def get(address: str) -> dict[str, Any]:
        assert address.startswith(settings.SITE_URL)
        found: dict[str, Any] = client.get(address[len(settings.SITE_URL) :]).json()
        return found

    from feedback.council import client as oparl

    valid("System").validate(get(f"{settings.SITE_URL}/oparl/v1.1/system"))
    (body,) = oparl.bodies(get, f"{settings.SITE_URL}/oparl/v1.1/system")
    valid("Body").validate(body)
    found = list(oparl.pages(get, body["paper"], settings.SITE_URL))
    assert {paper["reference"] for paper in found} == {"answering/ballot", "questions/ballot"}
    for paper in found:
        valid("Paper").validate(paper)
        valid("File").validate(paper["mainFile"])
        assert get(paper["id"]) == paper
        assert client.get(paper["web"][len(settings.SITE_URL) :]).status_code == 200
    assert list(oparl.pages(get, body["organization"], settings.SITE_URL)) == []
    assert list(oparl.pages(get, body["paper"], settings.SITE_URL, datetime(2100, 1, 1, tzinfo=UTC))) == []
    assert client.get("/oparl/v1.1/papers?modified_since=gestern").status_code == 400
    # … and the schema sees a paper without its address, and one of another version.
    for wrong in (
        {k: v for k, v in found[0].items() if k != "id"},
        found[0] | {"type": "https://schema.oparl.org/1.0/Paper"},
    ):
        with pytest.raises(ValidationError):
            valid("Paper").validate(wrong)
