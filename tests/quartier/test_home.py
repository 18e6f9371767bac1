"""The home page, search and the pages about the city."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cocreation.models import Phase
from quartier.builders import both, make_phase, make_process
from quartier.home import acts_for, open_phases, spots, version
from quartier.pages import PAGES

DAY = timedelta(days=1)


@pytest.mark.parametrize("language", ["de", "en"])
def test_home_opens_without_a_cookie(world, client, language):
    answer = client.get(f"/{language}/")
    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1
    assert not client.cookies


def test_what_ends_first_stands_first(world):
    acts, _mine = acts_for(None, world.now)
    ends = [act.phase.ends for act in acts]
    assert ends == sorted(ends)
    assert len(acts) > 1


def test_nothing_that_is_closed_coming_or_a_draft_is_asked_for(world):
    asked = {phase.process.slug for phase in open_phases(world.now)}
    assert "draft" not in asked
    assert "announced" not in asked
    assert {"collecting", "voting"} <= asked
    at = Phase.objects.get(process__slug="collecting", key="ideas").ends
    assert all(phase.is_open(at) for phase in open_phases(at))


def test_my_place_comes_before_other_villages(world):
    other = make_process(
        "obermuehl",
        both("Obermühl", "Obermühl"),
        office=world.parks,
        places=[world.village],
        published_at=world.now,
    )
    make_phase(
        other, "i", "ideas", both("I", "I"), starts=world.now - DAY, ends=world.now + timedelta(hours=1)
    )
    assert acts_for(None, world.now)[0][0].process.slug == "obermuehl"
    # Jonas lives in town: what concerns only the village comes later, although it ends first.
    assert acts_for(world.jonas, world.now)[0][0].process.slug != "obermuehl"
    assert acts_for(world.amina, world.now)[0][0].process.slug == "obermuehl"


def test_places_count_what_runs_there(world):
    found = {spot.place.slug: spot for spot in spots(world.now)}
    running = {
        phase.process_id
        for phase in open_phases(world.now)
        if "auental" in {p.slug for p in phase.process.places.all()}
    }
    assert len(found["auental"].running) == len(running)


def test_the_page_changes_as_soon_as_something_happens(world, client, sign_in):
    before = version(world.now)
    client.get("/de/")
    sign_in(world.amina).post(
        f"/de/proposals/{world.trees.receipt}/support/", HTTP_SEC_FETCH_SITE="same-origin"
    )
    assert version(world.now) != before


@pytest.mark.parametrize("name", [None, "amina", "ada"])
def test_a_visited_home_page_costs_few_queries(world, sign_in, name):
    client = sign_in(world.people[name] if name else None)
    client.get("/de/")
    with CaptureQueriesContext(connection) as spent:
        client.get("/de/")
    assert len(spent) <= 9, [query["sql"] for query in spent]


# --- search ---


def test_search_finds_public_proposals_and_processes(world, client):
    page = client.get("/de/search/?q=Trinkbrunnen").content.decode()
    assert world.fountain.receipt in page
    page = client.get("/de/search/?q=B%C3%BCrgerhaus").content.decode()
    assert "/de/processes/collecting/" in page


def test_search_finds_nothing_that_is_not_public(world, client, sign_in):
    for who, words in product(
        (client, sign_in(world.amina)), ("Geheimnis", "Secret", "verborgen", "Entwurf")
    ):
        page = who.get(f"/de/search/?q={words}").content.decode()
        for key in ("hidden", "withdrawn", "erased", "draft"):
            assert world.proposals[key].receipt not in page
        assert "/de/processes/draft/" not in page


def test_search_stands_anything(world, client):
    for words in ["", "   ", "\x00", "'", "&|!():*", "a" * 5000, "\\", "<script>"]:
        answer = client.get("/de/search/", {"q": words})
        assert answer.status_code == 200, words
        assert "<script>" not in answer.content.decode()


def test_a_receipt_number_leads_to_its_page_only_where_it_is_public(world, client):
    answer = client.get("/de/search/", {"q": world.fountain.receipt})
    assert answer.status_code == 302
    assert world.fountain.receipt in answer["Location"]
    assert client.get("/de/search/", {"q": world.hidden.receipt}).status_code == 200


def test_the_address_on_a_slip_leads_to_the_receipt(world, client):
    answer = client.get(f"/r/{world.fountain.receipt}")
    assert re.fullmatch(rf"/(de|en)/r/{world.fountain.receipt}/", answer["Location"])
    assert client.get(answer["Location"]).status_code == 200


# --- pages about the city ---


def test_every_page_about_the_city_has_both_languages(db, client):
    body = re.compile(r'<div class="prose.*?</div>', re.S)
    for page in PAGES:
        german, english = (client.get(f"/{code}/about/{page}/").content.decode() for code in ("de", "en"))
        assert german.count("<h1") == english.count("<h1") == 1
        assert body.search(german)[0] != body.search(english)[0], page


def test_unknown_pages_are_not_found(db, client):
    assert client.get("/de/about/nonsense/").status_code == 404


def test_the_privacy_page_leads_to_the_register_of_processing(client, db):
    assert "/de/privacy/register/" in client.get("/de/about/privacy/").content.decode()


def test_results_list_what_is_over(world, client):
    done = make_process(
        "fertig", both("Fertig", "Done"), office=world.parks, places=[world.town], published_at=world.now
    )
    make_phase(done, "i", "ideas", both("I", "I"), starts=world.now - 9 * DAY, ends=world.now - DAY)
    page = client.get("/de/results/").content.decode()
    assert "/de/processes/fertig/" in page
    assert "/de/processes/collecting/" not in page
