"""Two people write one text in two browsers, on two servers; one server dies in the middle. Nothing is lost."""

from __future__ import annotations

import socket
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from accounts.models import Person
from devtools.paths import ROOT
from devtools.processes import Child
from proposals.cowriting import actions
from proposals.cowriting.models import DraftUpdate, SharedDraft
from tests import keepsake
from tests.browser import NewContext, axe
from tests.proposals.cowriting.conftest import also_writes
from tests.services import environ_of_this_test
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.django_db(transaction=True)]


class LiveProcess:
    """`uvicorn quartier.asgi` as its own process on the test database; mortal, and able to come back on the same port."""

    def __init__(self, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.log = log
        self.child: Child | None = None

    def start(self) -> LiveProcess:
        environ = environ_of_this_test() | {"LIVE_PORT": str(self.port)}
        environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        command = [
            *(sys.executable, "-m", "uvicorn", "quartier.asgi:application", "--host", "127.0.0.1"),
            *(
                "--port",
                str(self.port),
                "--ws",
                "websockets-sansio",
                "--lifespan",
                "off",
                "--log-level",
                "warning",
            ),
        ]
        self.child = Child("The live server", command, self.log, environ, ROOT).start()
        return self

    def wait(self) -> None:
        assert self.child
        self.child.wait_until(self._answers, seconds=60, pause=0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture
def servers(transactional_db: None, tmp_path: Path) -> Iterator[tuple[LiveProcess, LiveProcess]]:
    both = LiveProcess(tmp_path / "one.log").start(), LiveProcess(tmp_path / "two.log").start()
    try:
        yield both
    finally:
        for server in both:
            if server.child:
                server.child.kill()


def signed_in(new_context: NewContext, person: Person, url: str) -> Page:
    client = Client()
    client.force_login(person)
    context = new_context(locale="en-GB", reduced_motion="reduce")
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": url}])
    return context.new_page()


def knock(address: str, origin: str, person: Person | None) -> bool:
    """Whether the door opens; a refusal is 403, before anything is said."""
    client = Client()
    if person is not None:
        client.force_login(person)
    cookie = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
    try:
        with connect(address, origin=Origin(origin), additional_headers={"Cookie": cookie}):
            return True
    except InvalidStatus as refused:
        assert refused.response.status_code == 403
        return False


def saved(page: Page) -> None:
    expect(page.locator("#cowrite-state")).to_have_text("Connected · everything saved", timeout=20_000)


def body(page: Page) -> str:
    return page.locator("#id_body").input_value()


def caret(page: Page, at_the_end: bool) -> None:
    page.locator("#id_body").evaluate(
        "(field, end) => { field.focus(); const at = end ? field.value.length : 0; field.setSelectionRange(at, at); }",
        at_the_end,
    )


def test_two_authors_write_at_the_same_time_and_nothing_is_lost_when_the_server_dies(
    servers: tuple[LiveProcess, LiveProcess], live_server: LiveServer, new_context: NewContext, settings
) -> None:
    one, two = servers
    world: World = keepsake.world()
    also_writes(world.fountain, world.jonas, world.now)
    draft = SharedDraft.objects.open().get(proposal=world.fountain)
    address = f"{live_server.url}/en/proposals/{world.fountain.receipt}/draft/"
    amina, jonas = (signed_in(new_context, person, live_server.url) for person in (world.amina, world.jonas))
    for server, page in ((one, amina), (two, jonas)):
        server.wait()
        settings.LIVE_PORT = server.port
        page.goto(address)
        saved(page)
    start = body(amina)
    assert start == actions.words_of(draft).body

    # At the same time, letter by letter: she in front, he at the end.
    caret(amina, at_the_end=False)
    caret(jonas, at_the_end=True)
    hers, his = "Grüner Anfang 🌳 und ", " Ende mit Maß."
    for number in range(max(len(hers), len(his))):
        if number < len(hers):
            amina.keyboard.insert_text(hers[number])
        if number < len(his):
            jonas.keyboard.type(his[number])
    for page in (amina, jonas):
        expect(page.locator("#id_body")).to_have_value(hers + start + his)
        saved(page)
    assert actions.words_of(draft).body == hers + start + his
    assert set(DraftUpdate.objects.filter(draft=draft).values_list("by", flat=True)) == {
        world.amina.pk,
        world.jonas.pk,
    }

    # Each sees who else is there, and where.
    expect(amina.locator("#cowrite-people")).to_contain_text("Jonas Petersen")
    expect(amina.locator("#cowrite-people")).to_contain_text("in paragraph 1")
    expect(jonas.locator(".cowrite__mark")).to_contain_text("Amina Yıldız")
    assert axe(amina) == []

    # Her server is cut off. She writes on, and so does he; then it comes back.
    assert one.child
    one.child.kill()
    expect(amina.locator("#cowrite-state")).to_contain_text("Offline", timeout=15_000)
    amina.wait_for_timeout(700)  # what is written without a pause is undone together
    amina.keyboard.type("Ohne Netz. ")
    expect(amina.locator("#cowrite-state")).to_contain_text("Your text is kept here")
    jonas.keyboard.type(" Er schreibt weiter.")
    saved(jonas)
    amina.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('cowriting:'))")
    one.start()
    one.wait()
    both = f"{hers}Ohne Netz. {start}{his} Er schreibt weiter."
    for page in (amina, jonas):
        expect(page.locator("#id_body")).to_have_value(both, timeout=20_000)
        saved(page)
    assert actions.words_of(draft).body == both
    assert amina.evaluate("() => Object.keys(localStorage).length") == 0

    # Undo takes back one's own words only.
    amina.keyboard.press("Control+z")
    expect(jonas.locator("#id_body")).not_to_contain_text("Ohne Netz. ")
    expect(jonas.locator("#id_body")).to_have_value(f"{hers}{start}{his} Er schreibt weiter.")
    saved(amina)

    # Somebody else knocks with a valid log-in, from our own page, with the right key.
    for person, opened in ((world.ines, False), (None, False), (world.jonas, True)):
        assert knock(f"ws://localhost:{two.port}/ws/drafts/{draft.key}/", live_server.url, person) == opened

    # He publishes; she reads so at once and cannot write any more.
    jonas.locator("#cowrite-publish").click()
    jonas.get_by_role("button", name="Publish this version").click()
    jonas.wait_for_url(f"**/proposals/{world.fountain.receipt}/")
    expect(amina.locator("#cowrite-over")).to_contain_text("published as a new version")
    expect(amina.locator("#id_body")).not_to_be_editable()
    assert world.fountain.revisions.latest("number").body == f"{hers}{start}{his} Er schreibt weiter."
