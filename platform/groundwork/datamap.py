"""The data map: for every field of every model, whether it says something about a person, why we hold it and how long.

A house writes a `datamap.py` that is imported at start:

    from groundwork.datamap import Personal, describe
    describe("accounts.Person", plain="id language",
             email=Personal("log in, mail the person asked for", basis=CONTRACT, category="contact", retention="account"))

A system check (groundwork.E001) refuses a field that nobody described; the register of processing is printed from here.
Source of the columns: Art. 30 GDPR.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.core import checks

PUBLIC_TASK = "Art. 6(1)(e) GDPR: public task"
CONSENT = "Art. 6(1)(a) GDPR: consent"
CONTRACT = "Art. 6(1)(b) GDPR: the account a person asked for"
LEGAL = "Art. 6(1)(c) GDPR: legal obligation"


@dataclass(frozen=True, slots=True)
class Personal:
    """One personal field. `retention` names the rule in words; `public` is true where any visitor may see it."""

    purpose: str
    basis: str = PUBLIC_TASK
    category: str = "participation"
    retention: str = "until erased"
    public: bool = False


_described: dict[str, dict[str, Personal | None]] = {}


def describe(model: str, *, plain: str = "", **personal: Personal) -> None:
    """Describe the fields of `model` ("app.Model"): names in `plain` hold nothing about a person, the rest is annotated."""
    fields = _described.setdefault(model, {})
    for name in plain.split():
        fields[name] = None
    fields.update(personal)


def register() -> dict[str, dict[str, Personal]]:
    """The register of processing: model label -> personal field -> annotation."""
    return {
        model: {name: note for name, note in fields.items() if note}
        for model, fields in sorted(_described.items())
        if any(fields.values())
    }


# Tables of Django itself that hold no person.
_TECHNICAL = {"contenttypes.ContentType", "auth.Permission", "auth.Group", "auth.Group_permissions"}


@checks.register("datamap")
def every_field_is_described(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if label in _TECHNICAL:
            continue
        fields = _described.get(label, {})
        # A text held once per language is described once, under its own name.
        present = {field.name for field in model._meta.local_fields if not hasattr(field, "translated_field")}
        for name in sorted(present - fields.keys()):
            found.append(
                checks.Error(f"{label}.{name} is not in the data map.", id="groundwork.E001", obj=model)
            )
        for name in sorted(fields.keys() - present):
            found.append(
                checks.Error(
                    f"The data map describes {label}.{name}, which is gone.", id="groundwork.E002", obj=model
                )
            )
    return found
