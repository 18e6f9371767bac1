"""A ballot is filled touch by touch and always says whether it counts; it can be changed until the end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from proposals.ballots import actions
from proposals.ballots.models import Vote
from tests.journeys.conftest import Hand, Keyboard, sign_in
from tests.world import World

pytestmark = pytest.mark.browser


def _stored(town: World) -> set[int] | None:
    vote = Vote.objects.get(phase__process=town.voting)
    chosen = actions.own_choice(vote, town.amina, actions.options_of(vote))
    return None if chosen is None else set(chosen)


def _touch(hand: Hand, key: int, expected: str) -> None:
    """With JavaScript every touch is saved; without, the button saves."""
    hand.toggle(f"input[name=choice][value='{key}']")
    if not isinstance(hand, Keyboard):
        hand.press("main form[method=post] button[type=submit]")
    expect(hand.page.locator(f"#strip .state--{expected}")).to_be_visible()


def test_a_verified_resident_votes_and_changes_the_vote(town: World, hand: Hand) -> None:
    vote = Vote.objects.get(phase__process=town.voting)
    option = {option.proposal_id: option.pk for option in actions.options_of(vote)}
    benches, stage, boxes = (option[town.proposals[f"voting{number}"].pk] for number in range(3))

    sign_in(hand, town, "amina")
    hand.open("/de/processes/voting/ballot/")
    expect(hand.page.locator("#strip .state--open")).to_be_visible()  # nothing chosen: not complete

    _touch(hand, benches, "counts")
    assert _stored(town) == {benches}
    # Benches and the stage together cost more than there is: it cannot be chosen, and its card says why.
    expect(hand.page.locator(f"input[name=choice][value='{stage}']")).to_be_disabled()

    _touch(hand, boxes, "counts")
    assert _stored(town) == {benches, boxes}
    _touch(hand, benches, "counts")
    assert _stored(town) == {boxes}
    _touch(hand, boxes, "open")
    assert _stored(town) == set()

    _touch(hand, stage, "counts")
    hand.open("/de/processes/voting/ballot/")  # another day
    expect(hand.page.locator(f"input[name=choice][value='{stage}']")).to_be_checked()
    assert _stored(town) == {stage}
