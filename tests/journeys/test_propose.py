"""A visitor writes a proposal first and says who they are afterwards; nothing they wrote is lost on the way."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer

from proposals.models import Proposal
from tests.browser import NewContext
from tests.journeys.conftest import Hand, newest_code
from tests.world import World

pytestmark = pytest.mark.browser


def test_a_visitor_proposes_and_identifies_by_an_emailed_code(
    town: World, hand: Hand, new_context: NewContext, live_server: LiveServer
) -> None:
    hand.open("/de/processes/collecting/")
    hand.press("main a[href$='/propose/']")
    hand.fill("title", "Mehr Schatten am Spielplatz")
    hand.fill("summary", "Drei Bäume neben der Rutsche.")
    hand.fill("body", "Im Sommer ist die Rutsche zu heiß.")
    hand.choose("theme", "green")
    hand.choose("place", str(town.village.pk))
    hand.press("main form[action$='/propose/'] button.kern-btn--primary[type=submit]")

    assert "/waiting/" in hand.path
    hand.reads("Mehr Schatten am Spielplatz")
    assert not Proposal.objects.filter(title="Mehr Schatten am Spielplatz").exists()

    hand.press("main a[href*='/identify/signup/']")
    hand.fill("email", "nadia@example.org")
    hand.fill("public_name", "Nadia Roth")
    hand.toggle("main [name=old_enough]")
    hand.press("form[action*='signup'] button[type=submit], main form button[type=submit]")
    hand.fill("code", newest_code("nadia@example.org"))
    hand.press("main form button[type=submit]")

    proposal = Proposal.objects.get(title="Mehr Schatten am Spielplatz")
    assert proposal.is_public and proposal.contribution.author is not None
    assert proposal.contribution.author.public_name == "Nadia Roth"
    assert hand.path.startswith(f"/de/r/{proposal.receipt}/")
    hand.reads(proposal.receipt)

    # The receipt works for somebody who is not signed in, too.
    stranger = new_context().new_page()
    stranger.goto(f"{live_server.url}/r/{proposal.receipt}")
    assert "Mehr Schatten am Spielplatz" in (stranger.text_content("main") or "")
