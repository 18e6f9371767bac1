"""Two people in the studio: somebody who never saw it publishes an idea box by Friday, and an expert builds two lanes for
three audiences with the keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from cocreation.methods import methods
from cocreation.models import Process
from tests.browser import NewContext
from tests.journeys.conftest import Hand, Keyboard, sign_in
from tests.world import World

pytestmark = pytest.mark.browser

# Everything a person does between the list of processes and the public page. It may get fewer, never more.
MOST_INTERACTIONS = 10


@dataclass
class Counting(Hand):
    """A hand whose every touch counts: a field filled in, a choice, a button or a link."""

    done: int = 0

    def fill(self, field: str, text: str) -> None:
        self.done += 1
        super().fill(field, text)

    def choose(self, field: str, value: str) -> None:
        self.done += 1
        super().choose(field, value)

    def toggle(self, selector: str) -> None:
        self.done += 1
        super().toggle(selector)

    def press(self, selector: str) -> None:
        self.done += 1
        super().press(selector)


def test_a_newcomer_publishes_an_idea_box_in_a_few_touches(
    town: World, new_context: NewContext, live_server: LiveServer, console_errors: list[str]
) -> None:
    hand = Counting(new_context().new_page(), live_server.url)
    sign_in(hand, town, "ada")
    hand.open("/de/studio/")
    hand.press("main a[href$='/studio/new/']")
    hand.choose("recipe", "idea_box")
    hand.fill("title_de", "Ideen für den Park")
    hand.fill("title_en", "Ideas for the park")
    hand.press("main form button[type=submit]")
    hand.press("nav a[href$='/texts/']")  # the recipe asks something already; they ask their own question
    hand.fill("question_de", "Was fehlt im Park?")
    hand.fill("question_en", "What does the park need?")
    hand.press("main form[data-studio] .bar-end button[type=submit]")
    hand.press("main form[action$='/publish/'] button")
    hand.reads("Was fehlt im Park?")
    process: Any = Process.objects.get(slug="ideen-fuer-den-park")
    assert process.published_at is not None
    assert [phase.method for phase in process.line] == ["ideas", "answer"]
    assert hand.done <= MOST_INTERACTIONS, f"{hand.done} interactions"
    assert console_errors == []


def test_an_expert_builds_two_lanes_for_three_audiences_by_keyboard(
    town: World, new_context: NewContext, live_server: LiveServer, console_errors: list[str]
) -> None:
    hand = Keyboard(new_context(reduced_motion="reduce").new_page(), live_server.url)
    beside = "debate" if "debate" in methods else "ideas"
    sign_in(hand, town, "ada")
    hand.open("/de/studio/new/")
    hand.choose("recipe", "idea_box")
    hand.fill("title_de", "Der neue Markt")
    hand.fill("title_en", "The new market")
    hand.toggle(f"main [name=places][value='{town.village.pk}']")  # the town is chosen already
    hand.press("main form button[type=submit]")
    studio = "/de/studio/der-neue-markt/"
    assert hand.path == studio

    # Lane A: ideas → assessment → ballot → answer; lane B beside it.
    for method, where in [
        ("assessment", "0:after=ideen"),
        ("ballot", "0:after=assessment"),
        (beside, "1:beside=assessment"),
    ]:
        hand.press(f"nav a[href='{studio}add/']")
        hand.choose("method", method)
        hand.choose("where", where)
        hand.press("#ad ~ p button[type=submit], main form .bar-end button[type=submit]")
    lane_b = hand.path.rsplit("/", 2)[1]

    # Three audiences: organisations in lane B, one village for the ideas, the young for the ballot.
    act = methods.get(beside).acts[0].slug
    hand.choose(f"audience_{act}", "confirmed")
    hand.toggle(f"fieldset:has([name=audience_{act}]) ~ details summary")
    hand.toggle(f"[name=audience_{act}_organisations][value=company]")
    expect(hand.page.locator("#saved")).to_contain_text("Gespeichert um")  # by itself
    expect(hand.page.locator(f"#say-{act}")).to_contain_text("Für Menschen, die für Unternehmen sprechen.")

    hand.press(f"#steps a[href$='{studio}phases/ideen/']")
    hand.choose("audience_propose", "verified")
    hand.toggle("fieldset:has([name=audience_propose]) ~ details summary")
    hand.toggle("[name=audience_propose_places][value=lindach]")
    expect(hand.page.locator("#say-propose")).to_contain_text("die in Lindach leben")

    hand.press(f"#steps a[href$='{studio}phases/ballot/']")
    hand.toggle("fieldset:has([name=audience_vote]) ~ details summary")
    hand.choose("audience_vote_from", "14")
    hand.choose("audience_vote_to", "21")
    expect(hand.page.locator("#say-vote")).to_contain_text("14 bis 21 Jahre alt")
    hand.press("main form[data-studio] .bar-end button[type=submit]")

    # The money, a fifth of it for what the young want.
    hand.press(f"nav a[href='{studio}sections/budget/']")
    hand.fill("amount", "250000")
    hand.fill("reserve_youth", "20")
    hand.press("main form .bar-end button[type=submit]")

    process = Process.objects.get(slug="der-neue-markt")
    assert [phase.method for phase in process.main_lane()] == ["ideas", "assessment", "ballot", "answer"]
    found = {phase.key: phase for phase in process.line}
    assert found[lane_b].lane == 1
    assert found[lane_b].starts == found["assessment"].starts
    assert found[lane_b].audience_of(act).organisations == ("company",)
    assert found["ideen"].audience_of("propose").places == ("lindach",)
    assert found["ballot"].audience_of("vote").age == (14, 21)
    assert found["ballot"].opts.reserves == [{"theme": "youth", "percent": 20}]
    assert found["ballot"].opts.budget == 250_000
    assert {place.slug for place in process.places.all()} == {"auental", "lindach"}

    # A place on the line changes by a button, which says before what moves along.
    hand.open(studio)
    hand.reach("[data-move$='/assessment/move/'] .moves button[value='0:2']")
    expect(hand.page.locator("#say-assessment-2")).to_be_visible()
    hand.press("[data-move$='/assessment/move/'] .moves button[value='0:2']")
    expect(hand.page.locator("#toast")).to_contain_text("ist verschoben")
    process = Process.objects.get(slug="der-neue-markt")
    assert [phase.method for phase in process.main_lane()] == ["ideas", "ballot", "assessment", "answer"]
    assert console_errors == []
