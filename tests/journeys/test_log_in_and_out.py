"""In by a code from a mail, out by one button; before and after there is no cookie."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Hand, newest_code
from tests.world import World

pytestmark = pytest.mark.browser


def test_a_resident_logs_in_by_code_and_out_again(town: World, hand: Hand) -> None:
    hand.open("/de/identify/login/")
    hand.press("main a[href*='/login/code/']")
    hand.fill("email", "jonas@example.org")
    hand.press("main form button[type=submit]")
    hand.fill("code", newest_code("jonas@example.org"))
    hand.press("main form button[type=submit]")
    hand.open("/de/me/")
    hand.reads("Jonas")
    assert [cookie["name"] for cookie in hand.page.context.cookies()] == ["session"]

    hand.press("main form[action*='/logout/'] button")
    assert hand.page.context.cookies() == []
    hand.open("/de/me/")
    assert "/identify/login/" in hand.path
