"""The Atom feed of a process is valid and holds what everybody may see."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree

import pytest

from proposals import actions

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def feed_of(client, slug: str = "collecting"):
    response = client.get(f"/en/processes/{slug}/proposals/feed/")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def test_ids_are_unique_and_stay_when_something_happens(world, sign_in):
    first = feed_of(sign_in(None))
    ids = [entry.findtext(f"{ATOM}id") for entry in first.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) == 2
    assert first.findtext(f"{ATOM}id") not in ids
    later = world.now.replace(microsecond=0)
    actions.move_stage(world.fountain, "feasible", at=later)
    second = feed_of(sign_in(None))
    assert [entry.findtext(f"{ATOM}id") for entry in second.iter(f"{ATOM}entry")] == ids
    updated = {e.findtext(f"{ATOM}id"): e.findtext(f"{ATOM}updated") for e in second.iter(f"{ATOM}entry")}
    mine = next(value for key, value in updated.items() if key.endswith(world.fountain.receipt))
    assert datetime.fromisoformat(mine) == later


def test_every_entry_has_what_atom_asks_for(world, sign_in):
    feed = feed_of(sign_in(None))
    for name in ["title", "id", "updated"]:
        assert feed.findtext(f"{ATOM}{name}")
    for entry in feed.iter(f"{ATOM}entry"):
        for name in ["title", "id", "updated", "summary"]:
            assert entry.findtext(f"{ATOM}{name}"), name
        assert entry.find(f"{ATOM}author/{ATOM}name").text
        assert entry.find(f"{ATOM}link").get("href").startswith("http")
    organisation = [e.findtext(f"{ATOM}author/{ATOM}name") for e in feed.iter(f"{ATOM}entry")]
    assert "Gärtnerei Pohl" in organisation


def test_a_draft_process_has_no_feed_for_anybody(world, sign_in):
    for who in [None, world.amina, world.ada]:
        assert sign_in(who).get("/en/processes/draft/proposals/feed/").status_code == 404


def test_an_empty_feed_is_valid(world, sign_in):
    assert feed_of(sign_in(None), "announced").findtext(f"{ATOM}updated")
