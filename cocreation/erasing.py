"""Taking contributions away for good at their author's wish: first off every page, then their words and files.

What others have built on stays, without the name: texts written with others, what was on a ballot, what the city promised
because of it. Rooms say so in `keeps`; the page that asks says so beforehand.

    taken = erase_contributions(person, at)    # off the pages, inside the transaction of the wish
    wipe(taken, at)                            # the words and files, by a job; running it again changes nothing
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.core import checks
from django.db import transaction
from django.db.models import CharField, JSONField, Model, OneToOneField, TextField
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.erasing import blank
from cocreation import files
from cocreation.models import Attachment, Contribution
from groundwork.answer import Words
from groundwork.datamap import words
from groundwork.journal import api as journal
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class Keep:
    """A reason why a contribution stays: `which(keys)` are those of these contributions it holds for. One query."""

    words: Words
    which: Callable[[Collection[int]], Collection[int]]


keeps: Registry[Keep] = Registry("reason why a contribution stays")


def _for_an_organisation(keys: Collection[int]) -> Collection[int]:
    return set(
        Contribution.objects.filter(pk__in=keys, organisation__isnull=False).values_list("pk", flat=True)
    )


keeps.add("organisation", Keep(_("said for an organisation: it decides about them"), _for_an_organisation))

# What else holds words of contributions: derived tables. (keys, at).
wipers: Registry[Callable[[Collection[int], datetime], None]] = Registry("wiper of derived words")


def of_person(person: Person) -> tuple[set[int], list[tuple[Words, int]]]:
    """The contributions that go at their author's wish, and how many stay for which reason."""
    keys = set(Contribution.objects.filter(author=person, erased_at=None).values_list("pk", flat=True))
    staying: list[tuple[Words, int]] = []
    for keep in keeps:
        held = keys & set(keep.which(keys)) if keys else set()
        keys -= held
        if held:
            staying.append((keep.words, len(held)))
    return keys, staying


@transaction.atomic
def erase_contributions(person: Person, at: datetime) -> list[int]:
    """Take everything that may go off the pages. The journal says that it was erased, never by whom. Returns the keys."""
    going, _staying = of_person(person)
    rows = list(Contribution.objects.select_for_update().filter(pk__in=going).order_by("pk"))
    for row in rows:
        row.erased_at, row.author = at, None
        row.settle()
    Contribution.objects.bulk_update(rows, ["erased_at", "author", "is_public"], batch_size=500)
    journal.record_many(
        {"verb": "contribution.erased", "on": row, "process": row.process_id, "at": at} for row in rows
    )
    return [row.pk for row in rows]


@transaction.atomic
def wipe(keys: Collection[int], at: datetime) -> None:
    """Blank the words of these contributions wherever the data map says they lie; files go after the commit."""
    keys = list(
        Contribution.objects.filter(pk__in=keys, erased_at__isnull=False).values_list("pk", flat=True)
    )
    if not keys:
        return
    files.remove(Attachment.objects.filter(contribution__in=keys))
    for label, found in words().items():
        for said in found:
            if said.of:
                blank(apps.get_model(label), said, **{f"{said.of}__in": keys})
    for wiper in wipers:
        wiper(keys, at)


hooks.removing.add("cocreation", hooks.Removal(erase_contributions, wipe, of_person))


# --- the build ---

SHORT = 40  # letters: what is shorter holds codes and names of columns, nobody's sentences


def _hangs_on_contribution(model: type[Model]) -> bool:
    for field in model._meta.local_fields:
        target = field.related_model
        if target is Contribution:
            return True
        key = target._meta.pk if isinstance(target, type) else None
        if isinstance(key, OneToOneField) and key.related_model is Contribution:
            return True
    return False


@checks.register("datamap")
def every_word_has_an_owner(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Whatever hangs on a contribution and holds sentences says whose they are: of the contribution, of a person, or of the
    city (`Said("reason")` alone: they stay)."""
    found: list[checks.CheckMessage] = []
    for model in apps.get_models():
        if not _hangs_on_contribution(model):
            continue
        said = words().get(model._meta.label, [])
        if any(not each.fields for each in said):
            continue
        known = {name for each in said for name in each.names}
        for field in model._meta.local_fields:
            if (
                hasattr(field, "translated_field")
                or field.choices
                or not field.editable
                or field.name in known
            ):
                continue
            long = isinstance(field, TextField | JSONField) or (
                type(field) is CharField and (field.max_length or 0) > SHORT
            )
            if long:
                name = f"{model._meta.label}.{field.name}"
                found.append(
                    checks.Error(
                        f"{name} holds words and does not say whose.", id="cocreation.E020", obj=model
                    )
                )
    return found
