"""A ballot filled in before anybody knows whose it is, and a log-in in another tab: afterwards it counts."""

from __future__ import annotations

import pytest

from cocreation.models import PendingAct
from proposals.ballots import actions
from proposals.ballots.models import Vote
from tests.journeys.conftest import Hand, Keyboard, newest_code
from tests.world import World

pytestmark = pytest.mark.browser


def test_a_ballot_counts_after_a_log_in_in_another_tab(town: World, hand: Hand) -> None:
    vote = Vote.objects.get(phase__process=town.voting)
    options = actions.options_of(vote)
    benches = next(option.pk for option in options if option.proposal_id == town.proposals["voting0"].pk)
    hand.open("/de/processes/voting/ballot/")
    hand.toggle(f"input[name=choice][value='{benches}']")
    hand.press("main form[method=post] button[type=submit]")
    assert "/waiting/" in hand.path
    act = PendingAct.objects.get(act="vote")
    assert str(benches) not in act.payload.values()
    assert actions.own_choice(vote, town.amina, options) is None

    here = hand.page
    hand.page = here.context.new_page()  # another tab, which knows nothing of the ballot
    hand.open("/de/identify/login/code/")
    hand.fill("email", "amina@example.org")
    hand.press("main form button[type=submit]")
    hand.fill("code", newest_code("amina@example.org"))
    hand.press("main form button[type=submit]")
    hand.page.close()

    hand.page = here
    here.bring_to_front()
    if isinstance(hand, Keyboard):  # the script notices that she came back, and sends it
        with here.expect_navigation(url="**/ballot/"):
            here.evaluate("dispatchEvent(new Event('focus'))")
    else:
        hand.page.reload()
        hand.press("form[data-send] button[type=submit]")
    assert hand.path.endswith("/voting/ballot/")
    assert actions.own_choice(vote, town.amina, options) == {benches}
    assert here.locator("#strip .state--counts").is_visible()
