"""Saved searches: kept by one person, told once, forgotten with the account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import hooks
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.queries import Choice
from proposals.searches.actions import choose_rhythm, look, save_search
from proposals.searches.models import Rhythm, SavedSearch
from quartier.builders import both, make_proposal

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def keep(world, person, name="Brunnen", rhythm=Rhythm.DAILY, choice=None, process="collecting", at=None):
    return save_search(
        by=person, process=world.processes[process] if process else None, choice=choice or Choice(q="Brunnen"),
        name=name, rhythm=rhythm, at=at or world.now,
    )  # fmt: skip


def new(world, title: str, at, by=None):
    return make_proposal(
        world.collecting, by=by or world.ines, place=world.village, at=at, title=both(title, title)
    )


def told() -> list[tuple[int, int]]:
    found = Entry.objects.filter(verb="search.matched").order_by("id")
    return [(entry.data["tell"][0], entry.data["number"]) for entry in found]


@pytest.fixture(autouse=True)
def nothing_kept(world):
    SavedSearch.objects.all().delete()


def test_each_is_told_once_of_what_is_new_and_fits(world, django_assert_max_num_queries):
    mine, other = keep(world, world.amina), keep(world, world.jonas, at=world.now + timedelta(minutes=90))
    keep(world, world.olga, choice=Choice(q="Radweg"))
    keep(world, world.mo, rhythm=Rhythm.OFF)
    new(world, "Ein Brunnen am Markt", world.now + timedelta(hours=1))
    new(world, "Brunnen für Vögel", world.now + timedelta(hours=2))
    new(world, "Eine Bank", world.now + timedelta(hours=2))
    assert look(world.now + timedelta(hours=3)) == 0
    with django_assert_max_num_queries(30):
        assert look(world.now + 2 * DAY) == 2
    assert told() == [(world.amina.pk, 2), (world.jonas.pk, 1)]
    assert look(world.now + 2 * DAY) == look(world.now + 4 * DAY) == 0
    assert mine.pk != other.pk


def test_my_own_proposal_and_what_is_not_public_are_no_news(world):
    keep(world, world.amina)
    new(world, "Mein Brunnen", world.now + timedelta(hours=1), by=world.amina)
    hidden = new(world, "Brunnen", world.now + timedelta(hours=1))
    hidden.contribution.hidden_at = world.now
    hidden.contribution.settle()
    hidden.contribution.save()
    assert look(world.now + 2 * DAY) == 0 and told() == []


def test_a_weekly_search_waits_a_week(world):
    keep(world, world.amina, rhythm=Rhythm.WEEKLY)
    new(world, "Brunnen", world.now + timedelta(hours=1))
    assert look(world.now + 2 * DAY) == 0
    assert look(world.now + 8 * DAY) == 1


def test_whoever_was_silent_is_not_told_of_what_was_new_then(world):
    search = keep(world, world.amina, rhythm=Rhythm.OFF)
    new(world, "Brunnen", world.now + timedelta(hours=1))
    choose_rhythm(search=search, by=world.amina, rhythm="daily", at=world.now + 2 * DAY)
    assert look(world.now + 4 * DAY) == 0


def test_a_name_is_there_once_and_the_city_list_can_be_searched_too(world):
    keep(world, world.amina, process=None)
    with pytest.raises(Refused):
        keep(world, world.amina, process=None)
    assert SavedSearch.objects.count() == 1
    new(world, "Brunnen", world.now + timedelta(hours=1))
    assert look(world.now + 2 * DAY) == 1


def test_the_list_leads_to_the_form_and_the_form_keeps_what_was_chosen(world, sign_in):
    page = sign_in(None).get("/de/processes/collecting/proposals/?theme=green&q=Brunnen").content.decode()
    address = "/de/searches/new/?q=Brunnen&amp;theme=green&amp;process=collecting"
    assert address in page
    client = sign_in(world.amina)
    form = client.get(address.replace("&amp;", "&"))
    assert form.context["words"] == ["„Brunnen“", "Grün und Wasser"]
    done = client.post(address.replace("&amp;", "&"), {"name": "Grünes", "rhythm": "weekly"})
    assert done.status_code == 302
    search = SavedSearch.objects.get()
    assert search.choice == Choice(q="Brunnen", themes=("green",), order="best")
    assert "Grünes" in client.get("/de/searches/").content.decode()
    assert "Grünes" in client.get("/de/me/").content.decode()
    again = client.post(address.replace("&amp;", "&"), {"name": "Grünes", "rhythm": "weekly"})
    assert again.status_code == 422 and SavedSearch.objects.count() == 1
    link = search.get_absolute_url()
    assert client.get(link).context["choice"] == search.choice


def test_nobody_else_can_change_or_delete_it_and_it_ends_with_the_account(world, sign_in):
    search = keep(world, world.amina)
    for act in ("rhythm", "delete"):
        assert (
            sign_in(world.jonas).post(f"/de/searches/{search.pk}/{act}/", {"rhythm": "off"}).status_code
            == 404
        )
    search.refresh_from_db()
    assert search.rhythm == "daily"
    assert (
        sign_in(world.amina).post(f"/de/searches/{search.pk}/rhythm/", {"rhythm": "off"}).status_code == 302
    )
    search.refresh_from_db()
    assert search.rhythm == "off"
    hooks.closing.get("searches")(world.amina, world.now)
    assert not SavedSearch.objects.exists()


def test_the_news_says_which_search_and_how_many(world):
    from cocreation.news import news

    search = keep(world, world.amina)
    kind = news.get("search.matched")
    assert kind.around == "named"
    assert kind.say({"number": 2}, kind.rows({search.pk})[search.pk]).short.count("Brunnen") == 1
