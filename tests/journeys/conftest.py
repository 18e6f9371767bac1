"""Journeys through the product in a real browser: once by keyboard alone, once with JavaScript off on a phone.

A journey is written once, for a `Hand`. What it touches it names by the field or the address it is sent to, so that
the same journey holds in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from cocreation.models import Phase, Process
from tests import keepsake
from tests.browser import NewContext
from tests.visits import client_of, forget
from tests.world import World

HERE = "e => e === document.activeElement"
MOST_TABS = 250


@dataclass
class Hand:
    """Somebody in front of a page of the city: what they open, fill in, choose and press."""

    page: Page
    base: str

    def open(self, path: str) -> None:
        response = self.page.goto(self.base + path)
        assert response is not None and response.status < 400, f"{path}: {response and response.status}"

    def fill(self, field: str, text: str) -> None:
        self.page.fill(f"main [name={field}]", text)

    def choose(self, field: str, value: str) -> None:
        """One of several: a radio button, a box, or an entry of a list."""
        found = self.page.locator(f"main [name={field}]").first
        if found.evaluate("e => e.tagName") == "SELECT":
            found.select_option(value)
        else:
            self.page.locator(f"main label:has([name={field}][value='{value}'])").click()

    def toggle(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def press(self, selector: str) -> None:
        """A link or a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def reads(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    @property
    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.page.url)


class Keyboard(Hand):
    """Tab, Enter, Space, arrows and letters; the mouse lies in the drawer. Where the focus goes it can be seen."""

    def reach(self, selector: str) -> None:
        target = self.page.locator(selector).first
        expect(target).to_be_attached()
        # A group of radio buttons is one stop: Tab leads to the chosen one, or to the first.
        group = target.evaluate("e => e.type === 'radio' ? e.name : ''")
        arrived = f"e => e.name === '{group}'" if group else ""
        for _step in range(MOST_TABS):
            if target.evaluate(HERE) or (
                arrived and self.page.evaluate(f"() => ({arrived})(document.activeElement)")
            ):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with the Tab key on {self.path}")

    def fill(self, field: str, text: str) -> None:
        self.reach(f"main [name={field}]")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, field: str, value: str) -> None:
        found = self.page.locator(f"main [name={field}]").first
        tag = found.evaluate("e => e.tagName")
        target = found if tag == "SELECT" else self.page.locator(f"main [name={field}][value='{value}']")
        self.reach(f"main [name={field}]" if tag == "SELECT" else f"main [name={field}][value='{value}']")
        done = f"e => e.value === '{value}'" if tag == "SELECT" else "e => e.checked"
        if (
            tag != "SELECT"
            and (target.get_attribute("type") == "checkbox" or target.evaluate(HERE))
            and not target.evaluate(done)
        ):
            self.page.keyboard.press("Space")
        for _step in range(30):
            if target.evaluate(done):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{field} cannot be set to {value} with the keyboard")

    def toggle(self, selector: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Space")

    def press(self, selector: str) -> None:
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture
def town(live_server: LiveServer) -> World:
    """The world, committed, behind a server."""
    return keepsake.world()


@pytest.fixture(params=["keyboard", "without JavaScript"])
def hand(
    request: pytest.FixtureRequest,
    new_context: NewContext,
    live_server: LiveServer,
    console_errors: list[str],
) -> Iterator[Hand]:
    if request.param == "keyboard":
        yield Keyboard(new_context(reduced_motion="reduce").new_page(), live_server.url)
    else:
        yield Hand(new_context(width=360, height=740, javascript=False).new_page(), live_server.url)
    assert console_errors == []


def sign_in(hand: Hand, world: World, name: str) -> None:
    """Where the log-in itself is not what the journey is about."""
    for cookie, morsel in client_of(world, name).cookies.items():
        hand.page.context.add_cookies([{"name": cookie, "value": morsel.value, "url": hand.base}])


def newest_code(to: str) -> str:
    """The code of the last mail to this address."""
    letter = next(letter for letter in reversed(mail.outbox) if to in letter.to)
    found = re.search(r"^\s*([A-Z0-9]{3,5}-?[A-Z0-9]{3,5})\s*$", str(letter.body), re.MULTILINE)
    assert found, letter.body
    return found[1]


def shift(process: Process, days: int) -> None:
    """Let this many days pass for the process: all its moments move into the past together."""
    by = timedelta(days=days)
    Phase.objects.filter(process=process).update(starts=F("starts") - by, ends=F("ends") - by)
    Process.objects.filter(pk=process.pk).update(
        published_at=F("published_at") - by, answer_by=F("answer_by") - by
    )
    forget()


def person(email: str) -> Person:
    return Person.objects.get(email=email)
