"""The data map: for every field of every model, whether it says something about a person, why we hold it and how long.

A house writes a `datamap.py` that is imported at start:

    from groundwork.datamap import Personal, describe
    describe("accounts.Person", plain="id language",
             email=Personal("log in, mail the person asked for", basis=CONTRACT, category="contact", retention="account"))

A system check (groundwork.E001) refuses a field that nobody described; the register of processing is printed from here.
Source of the columns: Art. 30 GDPR.

A field that points at a person also says what becomes of it when that person wants to be forgotten (`erase=`, checked as
groundwork.E003), and a table that holds what somebody wrote says where these words belong (`written=`):

    describe("conversation.CommentRevision", plain="id comment number text at", written=[Said("text", of="comment")],
             by=Personal("who wrote these words", erase=POINTER))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import models

PUBLIC_TASK = "Art. 6(1)(e) GDPR: public task"
CONSENT = "Art. 6(1)(a) GDPR: consent"
CONTRACT = "Art. 6(1)(b) GDPR: the account a person asked for"
LEGAL = "Art. 6(1)(c) GDPR: legal obligation"


class Erase(StrEnum):
    """What becomes of a row that points at a person who is forgotten."""

    ROW = "row"  # the row goes
    POINTER = "pointer"  # the row stays and no longer says whose it was
    KEY = "key"  # the row keeps a number behind which nobody stands any more, so that counts and records stay right


ROW, POINTER, KEY = Erase.ROW, Erase.POINTER, Erase.KEY


@dataclass(frozen=True, slots=True)
class Personal:
    """One personal field. `retention` names the rule in words; `public` is true where any visitor may see it; `erase` says
    what erasure does with a pointer at a person."""

    purpose: str
    basis: str = PUBLIC_TASK
    category: str = "participation"
    retention: str = "until erased"
    public: bool = False
    erase: Erase | None = None
    # For what it is held (groundwork.processing), where it is not what the table or the room is held for.
    activity: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Fields that hold what somebody wrote. `of` leads to the contribution these words are part of, `by` to the person
    who wrote them where there is none. Without fields the whole row goes with what it belongs to; with neither, these are
    words of the city, and they stay. `own` is false where others wrote about the contribution: not a part of its author's
    copy."""

    fields: str = ""
    of: str = ""
    by: str = ""
    own: bool = True
    # What stands where words stood; another sign where two columns may not say the same.
    leaves: str = "–"

    @property
    def names(self) -> list[str]:
        return self.fields.split()


_described: dict[str, dict[str, Personal | None]] = {}
_said: dict[str, list[Said]] = {}


def describe(model: str, *, plain: str = "", written: Iterable[Said] = (), **personal: Personal) -> None:
    """Describe the fields of `model` ("app.Model"): names in `plain` hold nothing about a person, the rest is annotated."""
    fields = _described.setdefault(model, {})
    for name in plain.split():
        fields[name] = None
    fields.update(personal)
    _said.setdefault(model, []).extend(written)


def words() -> dict[str, list[Said]]:
    """Where people's words lie: model label -> which fields, and what they belong to."""
    return {model: found for model, found in sorted(_said.items()) if found}


def described() -> dict[str, dict[str, Personal | None]]:
    """Every described table with all its fields; None where a field holds nothing about a person."""
    return dict(_described)


def register() -> dict[str, dict[str, Personal]]:
    """The register of processing: model label -> personal field -> annotation."""
    return {
        model: {name: note for name, note in fields.items() if note}
        for model, fields in sorted(_described.items())
        if any(fields.values())
    }


def is_personal(model: str, name: str) -> bool:
    """Whether this field says something about a person. What nobody described does: better no answer than a wrong one."""
    fields = _described.get(model, {})
    return name not in fields or fields[name] is not None


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


def pointers() -> list[tuple[type[models.Model], models.Field, Personal | None]]:  # type: ignore[type-arg]
    """Every column of every table that points at a person, read from the models, with its annotation."""
    person = apps.get_model(settings.AUTH_USER_MODEL)
    found = []
    for model in apps.get_models(include_auto_created=True):
        notes = _described.get(model._meta.label, {})
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model is person:
                found.append((model, field, notes.get(field.name)))
    return found


@checks.register("datamap")
def every_pointer_says_how_it_is_erased(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for model, field, note in pointers():
        name = f"{model._meta.label}.{field.name}"
        if note is None or note.erase is None:
            found.append(
                checks.Error(
                    f"{name} points at a person and does not say what erasure does with it.",
                    id="groundwork.E003",
                    obj=model,
                )
            )
        elif note.erase == POINTER and not field.null:
            found.append(
                checks.Error(f"{name} cannot forget its person: it is never empty.", id="groundwork.E004")
            )
    for label, said in words().items():
        present = {field.name for field in apps.get_model(label)._meta.get_fields()}
        for name in {name for each in said for name in each.names} - present:
            found.append(checks.Error(f"{label} holds no words called {name}.", id="groundwork.E005"))
    return found
