"""The list: its numbers, its pages, its order, and what never appears in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db.models import Count

from cocreation.actions import hide_contribution, restore_contribution, withdraw_contribution
from cocreation.models import Contribution
from proposals import actions, exposure
from proposals.counts import counts_of, fold_counts, rebuild_counts
from proposals.models import ListCount, Proposal, Stage
from quartier.builders import both, make_person, make_proposal
from tests import keepsake

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(world):
    """Forty more in the process that is collecting, over two places, three themes and four people."""
    keepsake.piece("many in a list", lambda: _write_many(world))
    return world


def _write_many(world):
    people = [make_person(f"writer{n}", f"Writer {n}") for n in range(4)]
    for n in range(40):
        make_proposal(
            world.collecting, by=people[n % 4], place=[world.town, world.village][n % 2], at=world.now - timedelta(hours=n + 1),
            title=both(f"Idee Nummer {n}", f"Idea number {n}"), theme=["green", "mobility", "youth"][n % 3],
        )  # fmt: skip


def counted() -> dict[tuple, int]:
    """The truth, from the proposals themselves."""
    cells = Proposal.objects.filter(is_public=True).values_list("process", "place", "theme", "stage")
    return {cell[:4]: cell[4] for cell in cells.annotate(n=Count("pk")).order_by()}


def kept() -> dict[tuple, int]:
    """What the filters would show."""
    sums: dict[tuple, int] = {}
    for row in ListCount.objects.values_list("process", "place", "theme", "stage", "n"):
        sums[row[:4]] = sums.get(row[:4], 0) + row[4]
    return {cell: n for cell, n in sums.items() if n}


# --- counts ---


def test_counts_are_right_after_every_kind_of_change(world):
    def check() -> None:
        assert kept() == counted()

    check()
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="Respekt", reason="x"
    )
    check()
    assert counts_of(world.collecting).total() == 1
    restore_contribution(
        contribution=Contribution.objects.get(pk=world.fountain.pk), by=world.mo, at=world.now
    )
    check()
    assert counts_of(world.collecting).total() == 2
    actions.move_stage(world.fountain, Stage.FEASIBLE, at=world.now)
    check()
    Proposal.objects.filter(pk=world.fountain.pk).update(theme="youth", place=world.town)
    check()
    withdraw_contribution(contribution=world.trees.contribution, by=world.ines, at=world.now)
    check()
    Contribution.objects.filter(pk=world.fountain.pk).update(
        erased_at=world.now, is_public=False, author=None
    )
    check()
    assert counts_of(world.collecting).total() == 0
    new = make_proposal(
        world.collecting, by=world.jonas, place=world.village, at=world.now, title=both("Neu", "New")
    )
    check()
    assert counts_of(world.collecting).total() == 1
    Contribution.objects.filter(pk=new.pk).delete()
    check()
    assert counts_of(world.collecting).total() == 0


def test_folding_and_rebuilding_change_no_number(many):
    before = kept()
    assert fold_counts() > 0
    assert kept() == before == counted()
    assert fold_counts() == 0
    ListCount.objects.update(n=99)
    rebuild_counts()
    assert kept() == before


def test_supporting_does_not_touch_the_counts(world):
    before = ListCount.objects.count()
    actions.support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    assert ListCount.objects.count() == before


def test_a_process_that_is_not_published_counts_nothing(world):
    assert counts_of(world.processes["draft"]).total() == 0
    assert counts_of().total() == Proposal.objects.public().count()


def test_numbers_beside_the_filters_say_what_a_choice_would_show(many, sign_in):
    client = sign_in(None)
    counts = counts_of(many.collecting)
    for name, value, expected in [
        ("theme", "mobility", counts.by("theme")["mobility"]),
        ("place", "lindach", counts.by("place")[many.village.pk]),
        ("stage", "received", counts.by_stage()["received"]),
    ]:
        address = "/de/processes/collecting/proposals/"
        page = client.get(address).content.decode()
        beside = re.search(rf'name="{name}" value="{value}".*?<span>(\d+)</span>', page)
        assert beside and int(beside[1]) == expected
        assert len(titles_of_all_pages(client, f"{address}?{name}={value}")) == expected
    both_chosen = client.get("/de/processes/collecting/proposals/?place=lindach&theme=green").context
    assert both_chosen["total"] == counts.total({"place": [many.village.pk], "theme": ["green"]}) > 0


# --- pages ---


def titles_of_all_pages(client, address: str) -> list[str]:
    """Every title on every page, by following "next"."""
    titles: list[str] = []
    base = address.partition("?")[0]
    for _page in range(20):
        response = client.get(address)
        assert response.status_code == 200
        assert len(response.context["page"].items) <= 20
        titles += [proposal.title for proposal in response.context["page"].items]
        if not response.context["next_url"]:
            return titles
        address = base + response.context["next_url"]
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("order", ["fair", "new", "support"])
def test_paging_visits_each_proposal_exactly_once(many, sign_in, order):
    visited = titles_of_all_pages(sign_in(None), f"/de/processes/collecting/proposals/?order={order}")
    expected = Proposal.objects.public(many.collecting).values_list("title", flat=True)
    assert sorted(visited) == sorted(expected)
    assert len(visited) == len(set(visited)) == 42


def test_all_processes_stand_in_the_list_of_the_city(many, sign_in):
    visited = titles_of_all_pages(sign_in(None), "/de/proposals/")
    assert sorted(visited) == sorted(Proposal.objects.public().values_list("title", flat=True))
    assert len(visited) > 42


def test_orders_are_what_they_say(many, sign_in):
    actions.support_proposal(proposal=many.trees, by=many.jonas, at=many.now)
    client = sign_in(None)
    by_support = titles_of_all_pages(client, "/de/processes/collecting/proposals/?order=support")
    assert by_support[0] == many.trees.title
    newest = client.get("/de/processes/collecting/proposals/?order=new").context["page"].items
    assert [p.pk for p in newest] == sorted((p.pk for p in newest), reverse=True)
    fair = client.get("/de/processes/collecting/proposals/").context["page"].items
    assert [p.exposure for p in fair] == sorted(p.exposure for p in fair)


def test_an_old_or_forged_link_opens_the_list_all_the_same(world, sign_in):
    client = sign_in(None)
    for query in ["after=nonsense", "place=gone&theme=x&stage=y&order=z", "q=%00", "view=map", "q=%22%28%3A"]:
        assert client.get(f"/de/processes/collecting/proposals/?{query}").status_code == 200


# --- the fair order ---


def test_the_order_is_drawn_anew_each_day_by_the_published_formula(many):
    tomorrow = many.now + timedelta(days=1)
    moved = exposure.redraw(tomorrow)
    assert moved == Proposal.objects.count()
    for proposal in Proposal.objects.all():
        assert proposal.exposure == exposure.exposure_of(proposal.receipt, exposure.day_of(tomorrow))
    assert exposure.redraw(tomorrow) == 0


def test_over_many_days_every_proposal_is_first_about_equally_often():
    receipts = [f"2027-{n:04}" for n in range(5)]
    first = dict.fromkeys(receipts, 0)
    start = exposure.date(2027, 1, 1)
    for day in range(2000):
        today = start + timedelta(days=day)
        first[min(receipts, key=lambda receipt: exposure.exposure_of(receipt, today))] += 1
    assert all(340 <= times <= 460 for times in first.values()), first


# --- search ---


def test_search_finds_words_of_title_and_text_in_both_grammars(world, sign_in):
    client = sign_in(None)
    for words in ["trinkbrunnen", "dorfplätze", "fehlt"]:
        found = client.get("/de/proposals/", {"q": words}).context["page"].items
        assert world.fountain.pk in [p.pk for p in found], words
    assert client.get("/de/proposals/", {"q": "geheimnis"}).context["total"] == 0


# --- what never appears ---


@pytest.mark.parametrize("who", [None, "amina", "ines", "olga", "mo", "clara", "ada"])
@pytest.mark.parametrize("address", ["proposals/", "proposals/?view=map", "proposals/?q=Geheimnis", "processes/collecting/proposals/",
                                     "processes/collecting/proposals/feed/", "processes/collecting/propose/similar/?title=Geheimnis"])  # fmt: skip
def test_what_is_not_public_stands_in_no_list(world, sign_in, who, address):
    page = sign_in(world.people[who] if who else None).get(f"/de/{address}").content.decode()
    for key in ["hidden", "withdrawn", "erased", "draft", "planned"]:
        assert world.proposals[key].title not in page
        assert world.proposals[key].receipt not in page


def test_the_list_of_a_draft_process_is_not_there_for_visitors(world, sign_in):
    assert sign_in(None).get("/de/processes/draft/proposals/").status_code == 404


def test_my_supports_are_marked_for_me_only(world, sign_in):
    actions.support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    address = "/en/processes/collecting/proposals/"
    assert sign_in(world.jonas).get(address).content.decode().count("Supported by you") == 1
    assert "Supported by you" not in sign_in(world.amina).get(address).content.decode()
    assert "Supported by you" not in sign_in(None).get(address).content.decode()


def test_a_card_shows_the_new_number_and_the_new_name_at_once(world, sign_in):
    client = sign_in(None)
    address = "/en/processes/collecting/proposals/"
    client.get(address)
    actions.support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    world.amina.public_name = "Amina Y."
    world.amina.save()
    page = client.get(address).content.decode()
    assert "<b>1</b> supports it" in page
    assert "Amina Y." in page and "Amina Yıldız" not in page


def test_an_empty_list_teaches(world, sign_in):
    page = sign_in(None).get("/en/processes/announced/proposals/").content.decode()
    assert "Nobody has proposed anything yet" in page
    nothing = sign_in(None).get("/en/processes/collecting/proposals/?q=zzzz").content.decode()
    assert "Nothing found for this choice" in nothing


def test_htmx_gets_the_list_alone(world, sign_in):
    page = sign_in(None).get("/de/proposals/", headers={"hx-request": "true"}).content.decode()
    assert page.lstrip().startswith("<div") and "<html" not in page


@pytest.mark.parametrize("who", [None, "amina"])
def test_a_page_asks_the_same_number_of_queries_for_two_as_for_forty(
    world, sign_in, who, django_assert_num_queries, request
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(world.people[who] if who else None)
    address = "/de/processes/collecting/proposals/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    request.getfixturevalue("many")
    client.get(address)
    with CaptureQueriesContext(connection) as lots:
        client.get(address)
    assert len(lots) == len(few) <= 9
