"""A ballot is filled touch by touch and always says whether it counts; it can be changed until the end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from cocreation.models import Phase
from proposals.ballots import actions
from proposals.ballots.models import Vote
from proposals.ballots.paperwork import actions as paperwork
from proposals.ballots.paperwork.models import Way
from tests.browser import NewContext, axe
from tests.journeys.conftest import Hand, Keyboard, sign_in
from tests.proposals.ballots.enveloping import build, keys
from tests.proposals.ballots.paperwork.office import admin, clerks, enter, hand_out
from tests.proposals.ballots.voting import DAY, build_phase, keys_by_cost, let_it_end, people
from tests.visits import forget
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


def _saved(hand: Hand, key: int, state: str) -> None:
    hand.toggle(f"input[name=choice][value='{key}']")
    hand.press("main form[method=post] button[type=submit]")
    expect(hand.page.locator(f"#strip .state--{state}")).to_be_visible()


def test_envelopes_have_limits_of_their_own_and_a_vote_moves_with_its_ballot(
    live_server: LiveServer, new_context: NewContext, console_errors: list[str]
) -> None:
    """Touch by touch on a phone: what is chosen in one place goes when something is chosen in another, and not before."""
    voter = people(1)[0]
    build()
    page = new_context(width=390, height=844).new_page()
    client = Client()
    client.force_login(voter)
    for cookie, morsel in client.cookies.items():
        page.context.add_cookies([{"name": cookie, "value": morsel.value, "url": live_server.url}])
    ballot = f"{live_server.url}/de/processes/wahl/ballot/"
    page.goto(f"{ballot}?envelope=B#eB")
    vote = Vote.objects.get()
    key = keys(vote)

    def touch(code: str, envelope: str, expected: str) -> None:
        page.locator(f"label.pick:has([value='{key[code]}'])").click()
        expect(page.locator(f"#s{envelope} .state--{expected}")).to_be_visible()

    def stored() -> set[str]:
        mine = actions.own_choice(vote, voter, actions.options_of(vote)) or ()
        return {code for code, pk in key.items() if pk in mine}

    touch("A.01", "A", "counts")
    touch("B.01", "B", "counts")
    assert stored() == {"A.01", "B.01"}
    with page.expect_navigation():
        page.locator("button[name=go][value=C]").click()
    expect(page.locator("#envelopes .note--warn")).to_contain_text("Nord")
    assert axe(page) == [] and stored() == {"A.01", "B.01"}
    touch("C.02", "C", "counts")
    expect(page.locator("#envelopes .note--warn")).to_have_count(0)
    assert stored() == {"A.01", "C.02"}
    # In the south one project is the most; in the whole city the other one costs more than is left there.
    expect(page.locator(f"[value='{key['C.01']}']")).to_be_disabled()
    expect(page.locator(f"[value='{key['A.02']}']")).to_be_disabled()
    touch("C.02", "C", "open")  # what lay in the north does not come back by itself
    assert stored() == {"A.01"}
    assert console_errors == []


def _downloaded(hand: Hand, link: str, folder: Path) -> Path:
    hand.reach(link)  # type: ignore[attr-defined]
    with hand.page.expect_download() as download:
        hand.page.keyboard.press("Enter")
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


def test_a_whole_vote_by_keyboard_on_a_phone_without_javascript(
    live_server: LiveServer,
    new_context: NewContext,
    console_errors: list[str],
    tmp_path: Path,
    settings: object,
) -> None:
    """Practice, cast, change, receipt, close, result, check, and counting at home; most of the others vote on paper."""
    settings.QUARTIER_RESULT_NEEDS_TWO = False  # type: ignore[attr-defined]
    voters = people(4)
    phase = build_phase(starts=DAY, ends=3 * DAY, paper="paper", costs=(12_000, 45_000, 8_000))
    hand = Keyboard(new_context(width=360, height=740, javascript=False).new_page(), live_server.url)
    client = Client()
    client.force_login(voters[0])
    for cookie, morsel in client.cookies.items():
        hand.page.context.add_cookies([{"name": cookie, "value": morsel.value, "url": hand.base}])

    hand.open("/de/processes/wahl/ballot/practice/")
    hand.toggle("input[name=choice]")
    hand.press("main form[method=post] button[type=submit]")
    hand.reads("Würde zählen")
    assert not Vote.objects.exists()

    Phase.objects.filter(pk=phase.pk).update(starts=timezone.now() - DAY)
    forget()
    hand.open("/de/processes/wahl/ballot/")
    vote = Vote.objects.get()
    key = keys_by_cost(vote)
    _saved(hand, key[12_000], "counts")
    _saved(hand, key[8_000], "counts")
    _saved(hand, key[12_000], "counts")  # changed: only the cheapest one stays
    hand.press("main a[href*='/ballot/receipt/']")
    code = hand.page.locator("p.code").inner_text()

    # The others vote at the town hall; two people type what is in the box, and somebody says that this is all.
    staff = clerks(2)
    for voter in voters[1:]:
        hand_out(vote, voter, staff[0])
    enter(vote, Way.DESK, ["3", "3", "1"], staff)
    let_it_end(vote)
    paperwork.finish(vote=Vote.objects.get(), reason="", by=admin(), at=timezone.now())
    actions.close_and_count(vote=Vote.objects.get(), at=timezone.now())
    forget()

    hand.open("/de/processes/wahl/result/")
    hand.reads("Projekt 2")
    hand.open("/de/processes/wahl/board/")
    hand.fill("code", code)
    hand.press("main form:has([name=code]) button[type=submit]")
    hand.reads("Projekt 2")
    program = _downloaded(hand, "main a[href*='verify.py']", tmp_path)
    board = _downloaded(hand, "main a[href*='board.json']", tmp_path)
    told = subprocess.run(
        [sys.executable, "-I", program, board, "--receipt", code], capture_output=True, text=True, check=True
    )
    winners = [line.split()[0] for line in told.stdout.partition("Winners:")[2].strip().splitlines()]
    result = Vote.objects.get().tally.result
    assert winners == result["selected"] == ["01", "02"] and result["channels"] == {"web": 1, "desk": 3}
    assert "yours and counts: 01" in told.stdout
    assert console_errors == []
