"""Feeds and calendars: ids that never change, dates that move, what is off is said to be off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import feedparser
import pytest
from icalendar import Calendar

from cocreation.actions import hide_contribution
from cocreation.calendar import calendar_of
from cocreation.lifecycle import stop_process
from cocreation.models import Process
from cocreation.moderation.models import Decision
from proposals.actions import move_stage
from quartier.builders import both
from tests.world import World

pytestmark = pytest.mark.django_db
FEEDS = [
    "processes/feed/", "proposals/feed/", "commitments/feed/", "processes/collecting/proposals/feed/",
    "processes/collecting/debate/talk/feed/", "contributions/{fountain}/comments/feed/", "moderation/feed/",
    "processes/collecting/moderation/feed/", "evaluations/feed/", "r/{fountain}/feed/",
]  # fmt: skip


def events(text: str) -> dict[str, Any]:
    calendar = Calendar.from_ical(text)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_a_date_that_moves_is_the_same_event_with_a_higher_sequence_and_a_stop_cancels_it(world: World):
    process = Process.objects.get(pk=world.collecting.pk)
    before = events(calendar_of(process, world.now))
    phase = Process.objects.get(pk=process.pk).line[-1]
    phase.ends += timedelta(days=1)
    phase.touch(world.ada, world.now)
    phase.save()
    after = events(calendar_of(Process.objects.get(pk=process.pk), world.now))
    assert before.keys() == after.keys() and all(event.errors == [] for event in after.values())
    changed = {uid for uid in after if after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"]}
    assert any(uid.startswith(f"phase-{phase.pk}@") for uid in changed)
    stop_process(process=process, reason=both("Nein.", "No."), by=world.ada, at=world.now)
    off = events(calendar_of(Process.objects.get(pk=process.pk), world.now))
    assert off.keys() == before.keys()
    ahead = [uid for uid in off if off[uid]["STATUS"] == "CANCELLED"]
    assert ahead and all(off[uid]["SEQUENCE"] > after[uid]["SEQUENCE"] for uid in ahead)


def test_the_citys_calendars_are_read_by_calendars(world: World, client):
    for path in ("calendar.ics", "calendar.ics?place=auental", "commitments/calendar.ics"):
        answer = client.get(f"/en/{path}")
        found = events(answer.content.decode())
        assert found and answer["Content-Type"].startswith("text/calendar") and not answer.cookies
        assert all(
            {"DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS"} <= event.keys()
            for event in found.values()
        )
        assert "Secret" not in answer.content.decode()


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_read_by_feed_readers(world: World, client, path: str):
    path = path.format(fountain=world.fountain.receipt)
    answer = client.get(f"/en/{path}")
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo and parsed.version == "atom10" and parsed.entries and not answer.cookies
    ids = [entry.id for entry in parsed.entries]
    assert len(ids) == len(set(ids)) and all(
        entry.updated and entry.title and entry.link and not entry.updated_parsed < entry.published_parsed
        for entry in parsed.entries
    )
    assert parsed.feed.id and parsed.feed.updated and parsed.feed.title and parsed.feed.link
    assert {entry.published for entry in parsed.entries}
    assert [entry.id for entry in feedparser.parse(client.get(f"/de/{path}").content).entries] == ids
    assert "Secret" not in answer.content.decode()


def test_what_is_said_about_a_hidden_proposal_has_no_feed_and_the_log_names_nobody(world: World, client):
    """A decision that is taken back moves its entry and keeps its id."""
    path = f"/en/contributions/{world.fountain.receipt}/comments/feed/"
    assert feedparser.parse(client.get(path).content).entries
    before = feedparser.parse(client.get("/en/moderation/feed/").content).entries
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="r", reason="Secret g"
    )
    assert client.get(path).status_code == 404
    log = client.get("/en/moderation/feed/").content.decode()
    for name in (world.mo.public_name, world.amina.public_name, "Secret", world.fountain.receipt):
        assert name not in log
    decision = Decision.objects.public().order_by("-at", "-pk").first()
    Decision.objects.filter(pk=decision.pk).update(undone_at=world.now + timedelta(hours=1))
    after = feedparser.parse(client.get("/en/moderation/feed/").content).entries
    assert {entry.id for entry in before} <= {entry.id for entry in after}
    (moved,) = [entry for entry in after if entry.id.endswith(f"#{decision.pk}")]
    assert moved.updated_parsed > moved.published_parsed


def test_the_life_of_a_contribution_is_a_feed_that_only_grows_and_ends_when_it_is_hidden(
    world: World, client
):
    thing = world.answering0
    path = f"/en/r/{thing.receipt}/feed/"
    before = [entry.id for entry in feedparser.parse(client.get(path).content).entries]
    move_stage(thing, "under_way", at=world.now)
    after = feedparser.parse(client.get(path).content)
    assert not after.bozo and set(before) < {entry.id for entry in after.entries}
    assert [entry.updated for entry in after.entries] == sorted(
        (e.updated for e in after.entries), reverse=True
    )
    hide_contribution(contribution=thing.contribution, by=world.ada, at=world.now, rule="r", reason="g")
    assert client.get(path).status_code == 404
