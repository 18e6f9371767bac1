"""What may be a column, and what every room says about its tables (REQ-44)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution
from groundwork import datamap, datasets
from groundwork.datasets import Column, Dataset
from proposals.models import Proposal

pytestmark = pytest.mark.django_db


def _table(**about: object) -> Dataset:
    return Dataset(
        "t", _("Table"), _("About"), rows=lambda: Contribution.objects.all(),
        columns=(Column("id", "pk", _("Number"), _("Number"), key=True), Column(name="c", words=_("C"), means=_("C"), **about)),  # type: ignore[arg-type]
    )  # fmt: skip


def test_no_column_of_the_product_is_personal() -> None:
    assert len(datasets.datasets) >= 15
    assert {each.slug: found for each in datasets.datasets if (found := datasets.personal_in(each))} == {}
    assert datasets.no_column_is_personal(None) == []
    assert datasets.declarations_hold_together(None) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("author__public_name", ["accounts.Person.public_name", "cocreation.Contribution.author"]),
        # Whether an account is active is not personal by itself; that it is the author's makes it so.
        ("author__is_active", ["cocreation.Contribution.author"]),
        ("author", ["cocreation.Contribution.author"]),
        (F("author__email"), ["accounts.Person.email", "cocreation.Contribution.author"]),
        (Count("author"), ["cocreation.Contribution.author"]),
        ("proposal__supports_rows__person", ["proposals.Support.person"]),
    ],
)
def test_a_column_that_says_something_of_a_person_is_found(value: object, found: list[str]) -> None:
    assert datasets.personal_in(_table(value=value)) == found


def test_a_subquery_hides_nothing() -> None:
    from django.db.models import OuterRef, Subquery

    inner = Contribution.objects.filter(pk=OuterRef("pk")).values("author__email")[:1]
    assert "accounts.Person.email" in datasets.personal_in(_table(value=Subquery(inner)))


def test_a_column_nobody_described_is_no_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(datamap._described["cocreation.Contribution"], "receipt")
    assert datasets.personal_in(_table(value="receipt")) == ["cocreation.Contribution.receipt"]


def test_the_product_does_not_start_with_a_personal_column() -> None:
    table = _table(value="author__public_name")
    with datasets.datasets.temporarily("t", table):
        assert [message.id for message in datasets.no_column_is_personal(None)] == ["groundwork.E003"] * 2


def test_what_points_nowhere_is_found() -> None:
    table = _table(value="receipt", refers=("nowhere", "id"))
    with datasets.datasets.temporarily("t", table):
        assert [str(each.msg) for each in datasets.declarations_hold_together(None)] == [
            "t.c refers to no key: ('nowhere', 'id')."
        ]


def test_every_room_declares_its_tables_or_says_why_not() -> None:
    houses = {"accounts", "cocreation", "proposals", "feedback"}
    rooms = {app for app in apps.get_app_configs() if app.name.split(".")[0] in houses} - {
        apps.get_app_config("opendata")
    }
    declared = {each.query().model._meta.app_label for each in datasets.datasets}
    silent = {app.label for app in rooms} - declared - datasets.reasons.keys()
    assert silent == set()
    assert not declared & datasets.reasons.keys()


def test_columns_speak_both_languages() -> None:
    from feedback.opendata.metadata import said

    for each in datasets.datasets:
        for words in (
            each.title,
            each.about,
            *(c.words for c in each.columns),
            *(c.means for c in each.columns),
        ):
            told = said(words)
            assert told["de"] and told["en"], (each.slug, words)


def test_no_row_is_about_what_only_some_may_see(world) -> None:  # type: ignore[no-untyped-def]
    seen = set(Proposal.objects.visible_to(None).values_list("receipt", flat=True))
    assert {row[0] for row in datasets.datasets.get("proposals").query()} == seen
    assert world.proposals["hidden"].receipt not in seen
