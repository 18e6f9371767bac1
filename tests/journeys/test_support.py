"""Support is one press, can be taken back by one press, and survives the log-in."""

from __future__ import annotations

import pytest

from proposals.models import Support
from tests.journeys.conftest import Hand, Keyboard, newest_code, sign_in
from tests.world import World

pytestmark = pytest.mark.browser

BUTTON = "#support button"


def _press(hand: Hand) -> None:
    """With JavaScript the box is exchanged in place; without it the page comes again."""
    if isinstance(hand, Keyboard):
        pressed = hand.page.locator(BUTTON).get_attribute("aria-pressed")
        hand.reach(BUTTON)
        hand.page.keyboard.press("Enter")
        hand.page.wait_for_function(
            "before => document.querySelector('#support button')?.getAttribute('aria-pressed') !== before",
            arg=pressed,
        )
    else:
        hand.press(BUTTON)


def test_a_resident_supports_and_takes_it_back(town: World, hand: Hand) -> None:
    sign_in(hand, town, "jonas")
    hand.open(f"/de/proposals/{town.fountain.receipt}/")
    _press(hand)
    assert Support.objects.filter(proposal=town.fountain, person=town.jonas).count() == 1
    assert hand.page.get_attribute(BUTTON, "aria-pressed") == "true"
    _press(hand)
    assert not Support.objects.filter(proposal=town.fountain, person=town.jonas).exists()


def test_a_visitor_supports_first_and_logs_in_afterwards(town: World, hand: Hand) -> None:
    hand.open(f"/de/proposals/{town.fountain.receipt}/")
    hand.press(BUTTON)
    assert "/waiting/" in hand.path
    hand.press("main a[href*='/identify/login/']")
    hand.press("main a[href*='/login/code/']")
    hand.fill("email", "jonas@example.org")
    hand.press("main form button[type=submit]")
    hand.fill("code", newest_code("jonas@example.org"))
    hand.press("main form button[type=submit]")
    assert Support.objects.filter(proposal=town.fountain, person=town.jonas).count() == 1
    assert town.fountain.receipt in hand.path
