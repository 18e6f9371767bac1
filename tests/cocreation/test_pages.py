"""The public pages of processes: what is shown to whom, in which order, and with how many queries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cocreation.calendar import calendar_of
from cocreation.lines import line_of
from cocreation.models import Process
from cocreation.participation import participation_of
from quartier.builders import both, make_phase, make_process

DAY = timedelta(days=1)


def fresh(world, key):
    return Process.objects.get(pk=world.processes[key].pk)


def test_the_list_shows_open_first_then_coming_then_finished(world, client):
    make_process(
        "past", both("Vorbei", "Past"), office=world.parks, places=[world.town], published_at=world.now
    )
    make_phase(
        Process.objects.get(slug="past"),
        "i",
        "ideas",
        both("I", "I"),
        starts=world.now - 9 * DAY,
        ends=world.now - DAY,
    )
    page = client.get("/de/processes/").content.decode()
    order = re.findall(r'card__link" href="/de/processes/([\w-]+)/"', page)
    assert order[-3:] == ["announced", "past", "questions"]
    assert order[0] == "voting"  # it ends first
    assert "draft" not in order


def test_filters_live_in_the_address_and_unknown_ones_are_ignored(world, client):
    def found(query):
        return set(
            re.findall(
                r'card__link" href="/de/processes/([\w-]+)/"',
                client.get(f"/de/processes/{query}").content.decode(),
            )
        )

    everything = found("")
    assert found("?state=announced") == {"announced"}
    assert found("?place=lindach") == everything
    assert found("?state=nonsense&after=%00") == everything


def test_the_list_is_paged_without_losing_or_repeating(world, client):
    for number in range(25):
        process = make_process(
            f"viel-{number}",
            both(f"V{number}", f"V{number}"),
            office=world.parks,
            places=[world.town],
            published_at=world.now,
        )
        # Many end at the same moment: the key must still tell them apart.
        make_phase(process, "i", "ideas", both("I", "I"), starts=world.now - DAY, ends=world.now + 2 * DAY)
    url, seen = "/de/processes/", []
    while url:
        page = client.get(url).content.decode()
        seen += re.findall(r'card__link" href="/de/processes/([\w-]+)/"', page)
        following = re.search(r'href="(\?[^"]*)" rel="next"', page)
        url = f"/de/processes/{following[1].replace('&amp;', '&')}" if following else ""
    assert len(seen) == len(set(seen)) == Process.objects.published().count()


def test_every_state_has_its_page_with_one_h1(world, client):
    for key in ("announced", "collecting", "assessing", "voting", "answering"):
        answer = client.get(f"/de/processes/{key}/")
        assert answer.status_code == 200
        assert answer.content.decode().count("<h1") == 1
        assert not client.cookies


def test_a_draft_is_seen_by_the_administration_alone(world, client, sign_in):
    assert client.get("/de/processes/draft/").status_code == 404
    assert client.get("/de/processes/draft/calendar.ics").status_code == 404
    assert sign_in(world.olga).get("/de/processes/draft/").status_code == 404
    assert sign_in(world.ada).get("/de/processes/draft/").status_code == 200


def test_the_participation_box_knows_what_can_be_done_now(world):
    kinds = {
        key: participation_of(fresh(world, key), None, world.now).kind
        for key in world.processes
        if key != "draft"
    }
    assert kinds["announced"] == "soon"
    assert kinds["collecting"] == "do"
    assert kinds["assessing"] == "wait"
    assert kinds["answering"] == "wait"
    assert participation_of(fresh(world, "answering"), None, world.now + 900 * DAY).kind == "over"


def test_an_imported_process_without_texts_has_a_page(world, client):
    process = make_process(
        "import",
        both("Warszawa 2023", "Warszawa 2023"),
        office=world.parks,
        places=[world.town],
        published_at=world.now,
    )
    make_phase(process, "i", "ideas", both("I", "I"), starts=world.now - 9 * DAY, ends=world.now - DAY)
    page = client.get("/de/processes/import/").content.decode()
    assert "<h1>Warszawa 2023</h1>" in page
    assert 'id="four"' not in page


def test_a_lane_stands_over_the_stop_it_runs_beside(world):
    process = world.processes["collecting"]
    assessment = next(phase for phase in process.line if phase.key == "assessment")
    make_phase(
        process,
        "youth",
        "ideas",
        both("Jugend", "Youth"),
        starts=assessment.starts,
        ends=assessment.ends,
        lane=3,
    )
    line = line_of(fresh(world, "collecting"), world.now, "test")
    _label, start, end, along = line.lanes[-1]
    assert (start, end, len(along)) == (2, 3, 1)
    assert [stop.state for stop in line.stops] == ["now", "next", "next", "next"]


def test_a_calendar_keeps_its_events_when_dates_move(world, client):
    process = fresh(world, "collecting")
    before = calendar_of(process, world.now)
    phase = process.line[0]
    phase.ends = phase.ends - DAY
    after = calendar_of(process, world.now)
    uids = re.findall(r"^UID:(.*)$", before, re.M)
    assert uids == re.findall(r"^UID:(.*)$", after, re.M)
    assert len(uids) == len(set(uids)) == len(process.line) + 1
    assert before != after
    answer = client.get("/de/processes/collecting/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    lines = answer.content.decode().split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_calendar_texts_are_escaped_and_folded(world):
    process = fresh(world, "collecting")
    process.title_de = process.title_en = "Äpfel, Birnen; \\ und\n" + "sehr " * 30
    text = calendar_of(process, datetime(2027, 5, 1, tzinfo=UTC))
    assert "Äpfel\\, Birnen\\; \\\\ und\\nsehr" in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_visited_page_costs_few_queries(world, client):
    for key in ("collecting", "voting"):
        client.get(f"/de/processes/{key}/")
        with CaptureQueriesContext(
            connection,
        ) as spent:
            client.get(f"/de/processes/{key}/")
        assert len(spent) <= 9, [query["sql"] for query in spent]


def test_what_happens_in_a_process_shows_at_once(world, client, sign_in):
    first = client.get("/de/processes/collecting/").content.decode()
    assert world.fountain.title in first
    sign_in(world.mo).post(
        f"/de/contributions/{world.fountain.receipt}/hide/",
        {"rule": "respect", "reason": "Test."},
        HTTP_SEC_FETCH_SITE="same-origin",
    )
    assert world.fountain.title not in client.get("/de/processes/collecting/").content.decode()
