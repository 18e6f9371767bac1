"""The second of two people types a batch of ballots, in a browser: by keyboard with the echo of what the numbers mean, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from proposals.ballots.paperwork.models import Batch, Typed
from tests.journeys.conftest import Hand, Keyboard, sign_in
from tests.world import World

pytestmark = pytest.mark.browser


def test_two_people_agree_on_a_batch(town: World, hand: Hand) -> None:
    sign_in(hand, town, "ada")
    hand.open(f"/de/desk/paper/batches/{town.paper['batch']}/")
    if isinstance(hand, Keyboard):
        expect(hand.page.locator("[name=line]")).to_be_focused()
        hand.page.keyboard.type("1 1 7")
        expect(hand.page.locator("[data-echo]")).to_contain_text(
            "1: steht hier zweimal · 7: diese Nummer gibt es nicht"
        )
    hand.fill("line", "1")
    hand.press("main form[data-line] button[type=submit]")
    hand.reads("Die Summen")
    batch = Batch.objects.get()
    assert batch.is_sealed and (batch.valid, batch.blank, batch.invalid) == (1, 0, 0)
    assert not Typed.objects.exists()
