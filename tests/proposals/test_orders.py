"""Orders, filters and their numbers, and what lists showed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.http import QueryDict

from groundwork import clock
from proposals import exposure, memory
from proposals.counts import FACETS, counts_of
from proposals.models import Proposal, Shown
from proposals.queries import ORDERS, Choice
from quartier.builders import both, make_person, make_proposal
from tests import keepsake

pytestmark = pytest.mark.django_db
LIST = "/de/processes/collecting/proposals/"


@pytest.fixture
def many(world):
    keepsake.piece("many in every order", lambda: _write_many(world))
    memory.forget()
    return world


def _write_many(world):
    people = [make_person(f"writer{n}", f"Writer {n}") for n in range(3)]
    for n in range(43):
        organisation = world.garden if n % 5 == 0 else None
        made = make_proposal(
            world.collecting, by=world.ines if organisation else people[n % 3], organisation=organisation,
            place=[world.town, world.village][n % 2], at=world.now - timedelta(hours=n + 1),
            title=both(f"Brunnen Nummer {n}", f"Well number {n}"), theme=["green", "mobility", "youth"][n % 3],
            map_x=10.0 * n if n % 4 else None, map_y=7.0 * n if n % 4 else None,
        )  # fmt: skip
        Proposal.objects.filter(pk=made.pk).update(
            supports=n % 7, seeks_coauthors=n % 4 == 0, is_answered=n % 6 == 0
        )


def visited(client, **query) -> list[int]:
    seen, after = [], ""
    for _page in range(20):
        page = client.get(LIST, query | {"after": after}).context["page"]
        seen += [p.pk for p in page.items]
        if not page.next_token:
            return seen
        after = page.next_token
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_visits_every_proposal_exactly_once(many, sign_in, order):
    query = {"order": order} | ({"q": "Brunnen"} if order == "best" else {})
    query |= {"near": "lindach"} if order == "near" else {}
    wanted = Proposal.objects.public(many.collecting)
    wanted = wanted.filter(title__startswith="Brunnen") if order == "best" else wanted
    seen = visited(sign_in(None), **query)
    assert len(seen) == len(set(seen))
    assert set(seen) >= set(wanted.values_list("pk", flat=True))


def test_nearest_is_measured_from_the_chosen_place(many, sign_in):
    seen = visited(sign_in(None), order="near", near="lindach")
    place = many.village

    def away(p: Proposal) -> float:
        x = p.map_x if p.map_x is not None else p.place.map_x
        y = p.map_y if p.map_y is not None else p.place.map_y
        return (x - place.map_x) ** 2 + (y - place.map_y) ** 2

    rows = {p.pk: p for p in Proposal.objects.select_related("place")}
    distances = [away(rows[key]) for key in seen]
    assert distances == pytest.approx(sorted(distances))


def test_chance_is_the_same_for_who_has_the_address_and_another_for_another_seed(many, sign_in):
    first = visited(sign_in(None), order="random", seed="one")
    assert first == visited(sign_in(many.jonas), order="random", seed="one")
    assert first != visited(sign_in(None), order="random", seed="two")
    before = exposure.day_of(clock.now())
    page = sign_in(None).get(LIST, {"order": "random"})
    days = {before, exposure.day_of(clock.now())}  # midnight may have passed in between
    assert any(f"seed={day.isoformat()}" in page.context["next_url"] for day in days)


def test_numbers_beside_every_filter_equal_a_recount(many):
    counts = counts_of(many.collecting)
    rows = list(Proposal.objects.public(many.collecting).values_list(*FACETS))
    choices: list[dict[str, Any]] = [
        {}, {"theme": ("green",)}, {"author_kind": ("company",)}, {"seeks_coauthors": (True,)}, {"is_answered": (True, False)},
        {"place": (many.village.pk,), "is_answered": (False,), "theme": ("green", "youth")},
    ]  # fmt: skip
    for chosen, facet in product(choices, FACETS):
        others = {name: values for name, values in chosen.items() if name != facet}
        fits = [r for r in rows if all(r[FACETS.index(n)] in v for n, v in others.items())]
        assert counts.by(facet, chosen) == Counter(r[FACETS.index(facet)] for r in fits)
    assert counts.total({"author_kind": ("company",)}) == sum(r[3] == "company" for r in rows) > 0


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"by": "company"}, lambda p: p.author_kind == "company"),
        ({"by": "person", "hands": "yes"}, lambda p: p.author_kind == "person" and p.seeks_coauthors),
        ({"answer": "yes"}, lambda p: p.is_answered),
        ({"answer": ["yes", "no"]}, lambda p: True),
        ({"by": "nobody", "answer": "maybe", "order": "best"}, lambda p: True),
    ],
)
def test_filters_show_what_they_say_and_the_address_keeps_them(many, sign_in, query, fits):
    page = sign_in(None).get(LIST, query)
    wanted = {p.pk for p in Proposal.objects.public(many.collecting) if fits(p)}
    assert page.context["total"] == len(wanted)
    assert set(visited(sign_in(None), **query)) == wanted
    again = Choice.read(QueryDict(page.context["start_url"][1:]))
    assert again == page.context["choice"]


def test_writers_say_that_hands_are_welcome_and_the_list_knows(many, sign_in):
    address = f"/de/proposals/{many.fountain.receipt}/hands/"
    assert sign_in(many.jonas).post(address).status_code == 403
    assert not Proposal.objects.get(pk=many.fountain.pk).seeks_coauthors
    assert sign_in(many.amina).post(address).status_code == 302
    assert Proposal.objects.get(pk=many.fountain.pk).seeks_coauthors
    assert many.fountain.pk in visited(sign_in(None), hands="yes")
    sign_in(many.amina).post(address, {"stop": "1"})
    assert not Proposal.objects.get(pk=many.fountain.pk).seeks_coauthors


# --- exposure ---


def test_what_was_shown_less_comes_first_and_today_does_not_count_yet(many):
    keys = list(Proposal.objects.public(many.collecting).values_list("pk", flat=True))
    yesterday, today = (exposure.day_of(many.now) - timedelta(days=1)), exposure.day_of(many.now)
    often, seldom = keys[:10], keys[10:20]
    exposure.keep([(yesterday.isoformat(), key, 100) for key in often])
    exposure.keep([(yesterday.isoformat(), key, 1) for key in [*often, *seldom]])
    exposure.keep([(today.isoformat(), key, 10_000) for key in seldom])
    exposure.redraw(many.now)
    rows = {p.pk: p for p in Proposal.objects.all()}
    assert {rows[key].shown for key in often} == {101}
    order = sorted(keys, key=lambda key: rows[key].exposure)
    assert set(order[-10:]) == set(often) and set(order[-20:-10]) == set(seldom)
    for key in keys:
        assert rows[key].exposure == pytest.approx(
            exposure.exposure_of(rows[key].receipt, today, rows[key].shown), abs=1e-12
        )
    assert exposure.redraw(many.now) == 0


def test_lists_count_what_they_show_without_anybody(many, sign_in, settings, monkeypatch):
    handed: list = []
    settings.LISTS_COUNT_SHOWN = True
    monkeypatch.setattr(
        "proposals.tasks.keep_shown.apply_async", lambda args, **_more: handed.append(args[0])
    )
    exposure.hand_on()
    handed.clear()
    sign_in(many.amina).get(LIST)
    sign_in(None).head(LIST)
    assert not Shown.objects.exists() and not handed
    exposure.hand_on()
    (counted,) = handed
    assert len(counted) == 20 and {n for _day, _key, n in counted} == {1}
    assert {type(part) for row in counted for part in row} == {str, int}
    exposure.keep(counted)
    exposure.keep([*counted, (counted[0][0], 10**9, 5)])
    assert set(Shown.objects.values_list("n", flat=True)) == {2}
    assert {field.name for field in Shown._meta.fields} == {"id", "proposal", "day", "n"}


def test_a_queue_that_is_down_does_not_break_the_list(many, sign_in, settings, monkeypatch):
    def down(*_args, **_more):
        raise ConnectionError

    settings.LISTS_COUNT_SHOWN = True
    monkeypatch.setattr("proposals.tasks.keep_shown.apply_async", down)
    monkeypatch.setattr(exposure, "SECONDS", -1.0)
    assert sign_in(None).get(LIST).status_code == 200


def test_the_rule_is_published_with_todays_figures(many, sign_in):
    yesterday = exposure.day_of(many.now) - timedelta(days=1)
    exposure.keep([(yesterday.isoformat(), many.fountain.pk, 3)])
    exposure.redraw(many.now)
    figures = sign_in(None).get("/de/how-lists-are-ordered/").context["figures"]
    public = Proposal.objects.public().count()
    assert figures["proposals"] == public and figures["times"] == figures["most"] == 3
    assert figures["steps"] == [(0, 0, public - 1), (3, 6, 1)]
