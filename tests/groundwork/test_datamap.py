"""Every field of every model says what it holds about a person, or the product does not start (REQ-23)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core import checks

from groundwork import datamap


def _found() -> list[str]:
    return [str(message.msg) for message in datamap.every_field_is_described(None)]


def test_every_field_of_the_product_is_described() -> None:
    assert _found() == []
    assert len(datamap.register()) > 5


def test_a_field_nobody_described_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(datamap._described["accounts.Person"], "email")
    assert _found() == ["accounts.Person.email is not in the data map."]


def test_a_description_of_a_field_that_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(datamap._described["accounts.Person"], "shoe_size", None)
    assert _found() == ["The data map describes accounts.Person.shoe_size, which is gone."]


def test_the_system_check_asks_it() -> None:
    assert datamap.every_field_is_described in checks.registry.registry.get_checks()


def test_personal_fields_say_why_and_for_how_long() -> None:
    for model, fields in datamap.register().items():
        for name, note in fields.items():
            assert note.purpose and note.basis and note.category and note.retention, f"{model}.{name}"


def test_what_points_at_a_person_is_personal() -> None:
    """A foreign key to a person is never "plain": it says something about them."""
    person = apps.get_model("accounts", "Person")
    register = datamap.register()
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.related_model is person and field.name not in register.get(model._meta.label, {})
    ]
    assert wrong == []
