"""The line from end to end: an idea is supported, assessed, voted on, counted, answered and promised; everyone hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from feedback.models import Commitment
from groundwork import clock
from proposals import assess_actions
from proposals.assess_forms import AssessmentForm
from proposals.ballots.models import Tally
from proposals.models import Assignment, Proposal
from quartier.builders import give_role, make_person
from tests.browser import NewContext
from tests.journeys.conftest import Hand, shift, sign_in
from tests.world import World, tell_everybody

pytestmark = pytest.mark.browser


def test_an_idea_travels_the_whole_line(
    town: World, new_context: NewContext, live_server: LiveServer
) -> None:
    def as_(name: str) -> Hand:
        hand = Hand(new_context(width=390, height=800).new_page(), live_server.url)
        sign_in(hand, town, name)
        return hand

    process = town.collecting
    amina, jonas, olga = as_("amina"), as_("jonas"), as_("olga")

    # Ideas are collected: Amina proposes, Jonas supports.
    amina.open("/de/processes/collecting/propose/")
    for field, text in {
        "title": "Bank unter der Linde",
        "summary": "Eine Bank.",
        "body": "Damit man sitzen kann.",
    }.items():
        amina.fill(field, text)
    amina.choose("theme", "meeting")
    amina.choose("place", str(town.village.pk))
    amina.press("main form[action$='/propose/'] button.kern-btn--primary[type=submit]")
    idea = Proposal.objects.get(title="Bank unter der Linde")
    page = f"/de/proposals/{idea.receipt}/"
    jonas.open(page)
    jonas.page.click("#support button")
    expect(jonas.page.locator("#support button[aria-pressed=true]")).to_be_visible()

    # The clock opens the assessment: Olga finds it feasible.
    shift(process, 26)
    assess_actions.assign_what_waits(clock.now())  # as the worker does every minute
    olga.open(f"/de/desk/assess/{idea.receipt}/")
    olga.choose("verdict", "feasible")
    olga.choose("competence", "city")
    olga.fill("cost", "1200")
    olga.fill("reason_de", "Die Linde steht gut.")
    olga.press(f"main form[action$='/desk/assess/{idea.receipt}/'] button[type=submit]")
    work = Assignment.objects.get(proposal=idea, ended_at=None)
    if work.done_at is None:  # the money at stake asks for a second person
        second = make_person("otto", "Otto Kern", lives_in="auental")
        give_role(second, "official", office=town.parks)
        found = AssessmentForm(work.content)
        assert found.is_valid()
        assess_actions.sign(assignment=work, found=found.found, by=second, at=clock.now(), seen=work.version)
    idea.refresh_from_db()
    assert (idea.stage, idea.cost) == ("feasible", 1200)

    # The clock opens the vote: Amina, whose address is confirmed, chooses it; it says that it counts.
    shift(process, 30)
    amina.open("/de/processes/collecting/ballot/")
    amina.page.locator("label.pick", has_text="Bank unter der Linde").locator("input").check(force=True)
    expect(amina.page.locator("#strip .state--counts")).to_be_visible()
    idea.refresh_from_db()
    assert idea.stage == "on_ballot"

    # The clock closes it: whoever asks first finds it counted. Two people look at the result and publish it.
    shift(process, 10)
    jonas.open("/de/processes/collecting/result/")
    jonas.reads("Die Stimmen sind gezählt")
    expect(jonas.page.get_by_text("Bank unter der Linde")).to_have_count(0)
    give_role(town.olga, "owner", office=town.parks)
    for hand in (as_("ada"), olga):
        hand.open("/de/desk/results/")
        hand.reads("Bank unter der Linde")
        hand.press("main form[action*='/desk/results/'] button[type=submit]")
    jonas.open("/de/processes/collecting/result/")
    jonas.reads("Bank unter der Linde")
    assert Tally.objects.filter(vote__phase__process=process).count() == 1
    idea.refresh_from_db()
    assert idea.stage == "chosen"

    # The office answers and promises a date.
    due = (town.now + timedelta(days=200)).date()
    olga.open(f"/de/desk/answers/{idea.receipt}/")
    olga.choose("status", "accepted")
    olga.page.locator("main [name=reason_code]").select_option(index=1)
    olga.fill("reason_de", "Die Bank kommt im Frühjahr.")
    olga.page.locator("main [name=promise]").check()
    olga.page.locator("main details:has([name=title_de]) summary").click()
    olga.fill("title_de", "Eine Bank unter der Linde")
    olga.fill("due", due.isoformat())
    olga.press(f"main form[action$='/desk/answers/{idea.receipt}/'] button[type=submit]")
    promise = Commitment.objects.get(contribution=idea.pk)
    assert (promise.due, promise.office) == (due, town.parks)
    amina.open(page)
    amina.reads("Die Bank kommt im Frühjahr.")
    amina.open(promise.get_absolute_url())
    amina.reads("Eine Bank unter der Linde")

    # Author and supporter are told: in their inbox and by mail, each once.
    if apps.is_installed("feedback.notices"):
        tell_everybody(town)
        for hand, name in ((amina, "amina"), (jonas, "jonas")):
            hand.open("/de/me/messages/")
            hand.reads("Bank unter der Linde")
            letters = [
                letter
                for letter in mail.outbox
                if f"{name}@example.org" in letter.to and "Linde" in str(letter.body)
            ]
            assert letters, f"{name} got no mail"
        before = len(mail.outbox)
        tell_everybody(town)
        assert len(mail.outbox) == before
