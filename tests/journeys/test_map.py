"""The map of proposals: pins with names, reached and opened by keyboard, within the page's security policy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from proposals.models import Proposal
from quartier.builders import both, make_proposal
from tests.browser import NewContext
from tests.world import World

pytestmark = pytest.mark.browser


def test_a_keyboard_finds_a_proposal_on_the_map(
    town: World, new_context: NewContext, live_server: LiveServer
) -> None:
    for n in range(14):
        make_proposal(
            town.collecting, by=town.amina, place=[town.town, town.village][n % 2], at=town.now - timedelta(hours=n + 1),
            title=both(f"Bank Nummer {n}", f"Bench number {n}"), map_x=120.0 + 30 * n, map_y=90.0 + 17 * (n % 5),
            theme=["green", "youth", "mobility"][n % 3],
        )  # fmt: skip
    page = new_context().new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/de/processes/collecting/proposals/?view=map")
    box = page.locator(".citymap")
    expect(box).to_be_visible()
    pins = box.locator(".citymap__pin")
    assert pins.count() > 1
    names = [pin.get_attribute("aria-label") for pin in pins.all()]
    assert all(names)
    single = box.locator(".citymap__pin:not(.citymap__pin--many)").first
    single.focus()
    page.keyboard.press("Enter")
    link = box.locator(".citymap__one a").first
    expect(link).to_be_visible()
    title = link.text_content()
    link.click()
    page.wait_for_url("**/proposals/*/")
    assert Proposal.objects.filter(title=title).exists()
    assert not troubles
