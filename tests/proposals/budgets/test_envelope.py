"""The money of a process: set by the administration, shown to everybody, fixed when people vote on it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Person
from cocreation.models import Phase
from cocreation.panels import studio_sections
from cocreation.recipes import create_from_recipe, recipes
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.budgets.actions import set_envelope
from proposals.budgets.models import Envelope
from quartier.builders import both
from tests.proposals.ballots.voting import DAY, build_phase

pytestmark = pytest.mark.django_db
TITLE = both("Bürgerhaushalt", "Citizens' budget")


def admin() -> Person:
    return Person.objects.get(email="writer@example.org")


def rows() -> tuple[object, ...]:
    return (
        list(Envelope.objects.order_by("pk").values()),
        list(Phase.objects.order_by("pk").values_list("pk", "options")),
        Entry.objects.count(),
    )


def test_the_money_of_the_process_is_the_budget_of_its_coming_vote():
    phase = build_phase(starts=DAY, ends=2 * DAY, min_choices=2)
    set_envelope(
        process=phase.process, amount=Decimal("300000.50"), title=TITLE, by=admin(), at=timezone.now()
    )
    phase.refresh_from_db()
    assert phase.opts.budget == Decimal("300000.50") and phase.opts.min_choices == 2
    set_envelope(process=phase.process, amount=Decimal(90_000), title=TITLE, by=admin(), at=timezone.now())
    assert [envelope.amount for envelope in Envelope.objects.all()] == [90_000]
    phase.refresh_from_db()
    assert phase.opts.budget == 90_000


def test_once_the_vote_has_begun_the_money_is_fixed_and_the_refusal_says_so():
    phase = build_phase()
    before = rows()
    with pytest.raises(Refused, match=r"Abstimmung|Vote"):
        set_envelope(process=phase.process, amount=Decimal(1), title=TITLE, by=admin(), at=timezone.now())
    assert rows() == before


def test_only_the_administration_sets_the_money():
    phase = build_phase(starts=DAY, ends=2 * DAY)
    stranger = Person.objects.create(email="x@example.org", public_name="X")
    before = rows()
    with pytest.raises(Refused):
        set_envelope(process=phase.process, amount=Decimal(1), title=TITLE, by=stranger, at=timezone.now())
    assert rows() == before


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-5)])
def test_there_is_no_budget_of_nothing(amount):
    phase = build_phase(starts=DAY, ends=2 * DAY)
    before = rows()
    with pytest.raises(ValidationError), transaction.atomic():
        set_envelope(process=phase.process, amount=amount, title=TITLE, by=admin(), at=timezone.now())
    assert rows() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Envelope.objects.create(process=phase.process, amount=amount)


def test_the_database_keeps_one_budget_per_process_and_place():
    phase = build_phase(starts=DAY, ends=2 * DAY)
    Envelope.objects.create(process=phase.process, amount=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Envelope.objects.create(process=phase.process, amount=6)
    Envelope.objects.create(process=phase.process, place=phase.process.places.get(), amount=6)


def test_the_process_page_shows_the_money():
    phase = build_phase(starts=DAY, ends=2 * DAY)
    set_envelope(process=phase.process, amount=Decimal(300_000), title=TITLE, by=admin(), at=timezone.now())
    with translation.override("de"):
        page = Client().get("/de/processes/wahl/").content.decode()
    assert "300.000" in page and "Bürgerhaushalt" in page


def test_the_studio_sets_the_money_from_what_people_type():
    phase = build_phase(starts=DAY, ends=2 * DAY)
    section = studio_sections.get("budget")
    data = {"amount": "300.000", "title_de": "Geld", "title_en": "Money"}
    assert section.handle(phase.process, admin(), timezone.now(), data) is None
    assert Envelope.objects.get().amount == 300_000
    form = section.handle(phase.process, admin(), timezone.now(), data | {"amount": "viel"})
    assert form is not None and "amount" in form.errors
    assert Envelope.objects.get().amount == 300_000


def test_the_studio_reserves_shares_for_themes():
    phase = build_phase(starts=DAY, ends=2 * DAY)
    section = studio_sections.get("budget")
    data = {"amount": "300.000", "reserve_youth": "20", "reserve_climate": "5"}
    assert section.handle(phase.process, admin(), timezone.now(), data) is None
    phase.refresh_from_db()
    wanted = [{"theme": "youth", "percent": 20}, {"theme": "climate", "percent": 5}]
    assert phase.opts.reserves == wanted
    form = section.context(phase.process, admin(), timezone.now())["form"]
    assert {field.name: field.initial for field in form.reserve_fields() if field.initial} == {
        "reserve_youth": 20, "reserve_climate": 5
    }  # fmt: skip
    set_envelope(process=phase.process, amount=Decimal(5), title=TITLE, by=admin(), at=timezone.now())
    phase.refresh_from_db()
    assert phase.opts.reserves == wanted
    for wrong, field in [
        ({"reserve_green": "101"}, "reserve_green"), ({"reserve_green": "a"}, "reserve_green"),
        ({"reserve_green": "60", "reserve_climate": "60"}, "reserve_climate"),
    ]:  # fmt: skip
        form = section.handle(phase.process, admin(), timezone.now(), {"amount": "300.000"} | wrong)
        assert form is not None and list(form.errors) == [field]
    with pytest.raises(Refused):
        set_envelope(
            process=phase.process, amount=Decimal(5), title=TITLE, by=admin(), at=timezone.now(),
            reserves=[{"theme": "nonsense", "percent": 5}],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "days"), [("participatory_budget", [42, 28, 14, 30]), ("idea_box", [42, 30])]
)
def test_a_recipe_makes_a_draft_with_all_its_phases_in_both_languages(slug, days):
    phase = build_phase()
    process = create_from_recipe(
        recipe=recipes.get(slug), title=both("Neu", "New"), office=phase.process.office,
        places=list(phase.process.places.all()), starts=timezone.now() + DAY, by=admin(), at=timezone.now(),
    )  # fmt: skip
    found = list(process.phases.order_by("order"))
    assert [(each.ends - each.starts).days for each in found] == days
    assert all(each.name_de and each.name_en and each.text_de and each.text_en for each in found)
    assert process.answer_by == found[-1].ends
