"""Points are shared out, projects put in order, questions answered: by keyboard, without JavaScript, and tried before the vote opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from cocreation.models import Phase
from proposals.ballots import actions, memory
from proposals.ballots.models import Slot, Vote
from tests.browser import NewContext, axe
from tests.journeys.conftest import Hand, Keyboard, sign_in
from tests.proposals.ballots.asking import ASKED
from tests.proposals.ballots.voting import let_it_end
from tests.world import World

pytestmark = pytest.mark.browser

BALLOT = "/de/processes/voting/ballot/"
POINTS: dict[str, Any] = {
    "kind": "points",
    "points": 5,
    "most_points": 3,
    "rule": "greedy_cum",
    "min_choices": 1,
}
ANSWERS: dict[str, Any] = {"kind": "answers", "rule": "each_question", "questions": ASKED}
RANKING: dict[str, Any] = {"kind": "ranking", "rule": "greedy_borda", "min_choices": 2}


def held_as(town: World, **kind: Any) -> tuple[Vote, list[int]]:
    """The open vote, held in another kind; the keys of benches, stage and boxes."""
    vote = Vote.objects.get(phase__process=town.voting)
    Vote.objects.filter(pk=vote.pk).update(within_budget=False, **kind)
    vote = Vote.objects.get(pk=vote.pk)
    option = {option.proposal_id: option.pk for option in actions.options_of(vote)}
    return vote, [option[town.proposals[f"voting{number}"].pk] for number in range(3)]


def stored(town: World, vote: Vote) -> Any:
    return actions.own_choice(vote, town.amina, actions.options_of(vote))


def step(hand: Hand, key: int, what: str) -> None:
    """The button beside a project: with JavaScript it counts at once, without it sends the form."""
    selector = f"button[name=step][value='{key}:{what}']"
    if isinstance(hand, Keyboard):
        hand.reach(selector)
        hand.page.keyboard.press("Enter")
    else:
        hand.press(selector)


def settled(hand: Hand, read: Callable[[], Any], wanted: Any) -> None:
    """The page says what it is worth before the next touch; the box holds it a moment later."""
    for _try in range(100):
        if read() == wanted:
            return
        hand.page.wait_for_timeout(50)
    assert read() == wanted


def test_points_are_shared_out_with_buttons_and_by_typing(
    town: World, hand: Hand, console_errors: list[str]
) -> None:
    vote, (benches, stage, boxes) = held_as(town, **POINTS)
    sign_in(hand, town, "amina")
    hand.open(BALLOT)
    expect(hand.page.locator("#strip .state--open")).to_be_visible()

    for _time in range(3):
        step(hand, boxes, "more")
    settled(hand, lambda: stored(town, vote), {boxes: 3})
    expect(hand.page.locator("#strip .state--counts")).to_be_visible()
    hand.fill(f"points-{benches}", "2")
    if isinstance(hand, Keyboard):
        hand.page.keyboard.press("Tab")
    else:
        hand.press("main button[type=submit].kern-btn--primary")
    settled(hand, lambda: stored(town, vote), {boxes: 3, benches: 2})
    step(hand, boxes, "less")
    settled(hand, lambda: stored(town, vote), {boxes: 2, benches: 2})

    # One more than there is for one project, and the box keeps what it has.
    for _time in range(2):
        step(hand, boxes, "more")
    if isinstance(hand, Keyboard):
        expect(hand.page.locator(f"#w{boxes}")).to_be_visible()
        settled(hand, lambda: stored(town, vote), {boxes: 3, benches: 2})
    else:
        expect(hand.page.locator("#strip .state--lost")).to_be_visible()
        assert stored(town, vote) == {boxes: 3, benches: 2}
        # The browser notes the refusal of the page itself.
        assert len(console_errors) == 1 and "422" in console_errors[0]
        console_errors.clear()
    hand.open(BALLOT)
    expect(hand.page.locator(f"#p{boxes}")).to_have_value("3")
    expect(hand.page.locator(f"#p{stage}")).to_have_value("0")


def test_projects_are_put_in_an_order_and_it_is_changed(town: World, hand: Hand) -> None:
    vote, (benches, stage, boxes) = held_as(town, **RANKING)
    sign_in(hand, town, "amina")
    hand.open(BALLOT)
    step(hand, stage, "add")
    expect(hand.page.locator("#strip .state--open")).to_be_visible()
    step(hand, boxes, "add")
    settled(hand, lambda: stored(town, vote), (stage, boxes))
    expect(hand.page.locator("#strip .state--counts")).to_be_visible()
    step(hand, boxes, "up")
    settled(hand, lambda: stored(town, vote), (boxes, stage))
    if isinstance(hand, Keyboard):  # the focus stays with the project that moved
        assert hand.page.evaluate("document.activeElement.value") == f"{boxes}:up"
    hand.choose(f"place-{benches}", "1" if isinstance(hand, Keyboard) else "3")
    if isinstance(hand, Keyboard):
        settled(hand, lambda: stored(town, vote), (benches, boxes, stage))
    else:
        hand.press("main button[type=submit].kern-btn--primary")
        settled(hand, lambda: stored(town, vote), (boxes, stage, benches))
    step(hand, stage, "out")
    settled(hand, lambda: set(stored(town, vote)), {benches, boxes})
    order = list(stored(town, vote))
    hand.open(BALLOT)
    shown = hand.page.locator("ol[data-ranked] > li").evaluate_all("all => all.map(e => e.id)")
    assert shown == [f"c{key}" for key in order]


def answer(hand: Hand, line: int, value: int) -> None:
    selector = f"input[name=answer-{line}][value='{value}']"
    if isinstance(hand, Keyboard):
        # A group is one stop of the tab key; its arrows choose.
        group = hand.page.locator(f"input[name=answer-{line}]")
        values = group.evaluate_all("all => all.map(e => e.value)")
        hand.reach(f"input[name=answer-{line}][value='{values[0]}']")
        hand.page.keyboard.press("Space")
        for _step in range(values.index(str(value))):
            hand.page.keyboard.press("ArrowRight")
    else:
        hand.page.locator(selector).check()


def test_questions_are_answered_and_an_answer_is_taken_back(town: World, hand: Hand) -> None:
    vote, _keys = held_as(town, **ANSWERS)
    sign_in(hand, town, "amina")
    hand.open(BALLOT)
    expect(hand.page.locator("#strip .state--open")).to_be_visible()
    answer(hand, 1, 2)
    answer(hand, 3, 5)
    if not isinstance(hand, Keyboard):
        hand.press("main button[type=submit].kern-btn--primary")
    settled(hand, lambda: stored(town, vote), {1: 2, 3: 5})
    expect(hand.page.locator("#strip .state--counts")).to_be_visible()
    step(hand, 1, "clear")
    settled(hand, lambda: stored(town, vote), {3: 5})
    if isinstance(hand, Keyboard):  # the focus stays in the question whose answer is gone
        assert hand.page.evaluate("document.activeElement.name") == "answer-1"
    hand.open(BALLOT)
    expect(hand.page.locator("input[type=radio]:checked")).to_have_count(1)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_questions_and_their_result_have_no_barriers(
    town: World,
    new_context: NewContext,
    live_server: LiveServer,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    vote, _keys = held_as(town, **ANSWERS, paper="")
    actions.cast(vote=vote, by=town.amina, chosen={1: 1, 3: 6, 4: 2}, at=town.now)
    actions.enter_ballots(vote=vote, ballots=[{1: 1, 2: 1, 3: 5, 4: 5}] * 4 + [{1: 2, 2: 2, 3: 2, 4: 2}] * 3)
    hand = Hand(new_context(width=width, color_scheme=scheme).new_page(), live_server.url)
    sign_in(hand, town, "amina")
    hand.open(BALLOT)
    assert axe(hand.page) == []
    assert hand.page.evaluate("document.documentElement.scrollWidth") <= width
    let_it_end(vote)
    tally = actions.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=town.now)
    assert tally is not None
    actions.publish_tally(tally, at=town.now)
    hand.open("/de/processes/voting/result/")
    assert axe(hand.page) == []
    assert hand.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("kind", ["approval", "points", "ranking"])
def test_the_ballot_is_practised_before_the_vote_opens(town: World, hand: Hand, kind: str) -> None:
    phase = Phase.objects.get(process=town.voting, method="ballot")
    # The same projects in a vote that opens tomorrow.
    vote = Vote.objects.get(pk=phase.pk)
    keys = [option.proposal_id for option in actions.options_of(vote)]
    unopen(town, phase, kind)
    hand.open("/de/processes/voting/ballot/")
    hand.press("main a[href*='/ballot/practice/']")
    band = hand.page.locator(".strip__band")
    expect(band).to_be_visible()
    if kind == "approval":
        hand.toggle(f"input[name=choice][value='{keys[0]}']")
        if not isinstance(hand, Keyboard):
            hand.press("main form[method=post] button[type=submit].kern-btn--primary")
    else:
        for key in keys[:2]:
            step(hand, key, "more" if kind == "points" else "add")
    expect(hand.page.locator("#strip .state--practice")).to_be_visible()
    expect(band).to_be_visible()
    assert not Slot.objects.exists() and not Vote.objects.filter(pk=phase.pk).exists()
    hand.open("/de/processes/voting/ballot/practice/")
    expect(hand.page.locator("#strip .state--open")).to_be_visible()  # nothing was kept


@pytest.mark.parametrize("kind", ["points", "ranking"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_ballots_of_every_kind_have_no_barriers(
    town: World,
    new_context: NewContext,
    live_server: LiveServer,
    kind: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    vote, (benches, _stage, boxes) = held_as(town, **(POINTS if kind == "points" else RANKING))
    chosen: Any = {benches: 2, boxes: 3} if kind == "points" else [boxes, benches]
    actions.cast(vote=vote, by=town.amina, chosen=chosen, at=town.now)
    hand = Hand(new_context(width=width, color_scheme=scheme).new_page(), live_server.url)
    sign_in(hand, town, "amina")
    hand.open(BALLOT)
    assert axe(hand.page) == []
    assert hand.page.evaluate("document.documentElement.scrollWidth") <= width
    unopen(town, Phase.objects.get(pk=vote.pk), kind)
    hand.open(f"{BALLOT}practice/")
    assert axe(hand.page) == []
    assert hand.page.evaluate("document.documentElement.scrollWidth") <= width


def unopen(town: World, phase: Phase, kind: str) -> None:
    from proposals.models import Proposal, Stage

    Vote.objects.filter(pk=phase.pk).delete()
    memory._opened.clear()
    Proposal.objects.filter(process=town.voting, stage=Stage.ON_BALLOT).update(stage=Stage.FEASIBLE)
    more = {"approval": {}, "points": POINTS, "ranking": RANKING}[kind]
    day = (phase.ends - phase.starts) / 10
    Phase.objects.filter(pk=phase.pk).update(
        starts=town.now + day / 10, options=phase.options | {**more, "rule": "greedy_cost"}
    )
