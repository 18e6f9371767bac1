"""Somebody marks a passage, words it differently and sees the change while typing; the author takes it over."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from proposals.amendments.models import Amendment
from tests.browser import NewContext
from tests.journeys.conftest import Hand, sign_in
from tests.world import World

pytestmark = pytest.mark.browser

MARK = """words => {
  const block = [...document.querySelectorAll('[data-words] p')].find(p => p.textContent.includes(words));
  const range = document.createRange(), start = block.firstChild.data.indexOf(words);
  range.setStart(block.firstChild, start);
  range.setEnd(block.firstChild, start + words.length);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def test_a_marked_passage_becomes_a_suggestion_and_a_version(
    town: World, new_context: NewContext, live_server: LiveServer, console_errors: list[str]
) -> None:
    jonas = Hand(new_context(reduced_motion="reduce").new_page(), live_server.url)
    sign_in(jonas, town, "jonas")
    jonas.open(f"/de/proposals/{town.fountain.receipt}/")
    jonas.page.evaluate(MARK, "weil es fehlt")
    jonas.press("a.passage")
    expect(jonas.page.locator("[name=new]")).to_have_value("weil es fehlt")
    jonas.fill("new", "weil Wasser fehlt")
    expect(jonas.page.locator("#preview ins")).to_contain_text("Wasser")
    jonas.fill("reason", "Genauer.")
    jonas.toggle("main label:has([name=named])")
    jonas.press("main form button[type=submit]")
    made = Amendment.objects.get(new="weil Wasser fehlt")
    assert (made.old, made.named) == ("weil es fehlt", True)

    amina = Hand(new_context(width=360, javascript=False).new_page(), live_server.url)
    sign_in(amina, town, "amina")
    amina.open(made.get_absolute_url())
    amina.press("form:has([value=accept]) button[type=submit]")
    amina.open(f"/de/proposals/{town.fountain.receipt}/")
    amina.reads("weil Wasser fehlt")
    assert console_errors == []
