"""Writes of recipes and packages: save a process as the city's own recipe, take a process over from another city."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from cocreation import packages, roles
from cocreation.models import IncomingPackage, Office, Place, Process, SavedRecipe
from cocreation.packages import Package, attribution_of, portable_options, text_of
from cocreation.recipe_files import TEXTS, check_body
from cocreation.recipes import recipe_named
from groundwork.answer import No, Refused, require

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Phase

KEEP = timedelta(hours=48)
UNDATED = 28  # days of a phase that has no dates


# --- recipes ---


@transaction.atomic
def save_as_recipe(
    *, process: Process, name: Mapping[str, str], about: Mapping[str, str], by: Person, at: datetime
) -> SavedRecipe:
    """Keep the texts, phases and settings of a process to start others from; its dates become lengths."""
    require(roles.may_configure(by, process))
    saved = SavedRecipe(
        slug=_free_slug(name["de"] or name["en"]),
        body=check_body(body_of(process)),
        picture=_picture(process),
        from_process=process,
        attribution=attribution_of(process),
        saved_at=at,
        saved_by=by,
    )
    for language in ("de", "en"):
        setattr(saved, f"name_{language}", name[language])
        setattr(saved, f"about_{language}", about[language])
    saved.save()
    return saved


@transaction.atomic
def remove_recipe(*, recipe: SavedRecipe, by: Person, at: datetime) -> SavedRecipe:
    """It is not offered any more. Processes that came from it stay as they are."""
    require(roles.may_configure(by))
    recipe = SavedRecipe.objects.select_for_update().get(pk=recipe.pk)
    if recipe.removed_at:
        raise Refused(No(_("This recipe is removed already.")))
    recipe.removed_at, recipe.removed_by = at, by
    recipe.save(update_fields=["removed_at", "removed_by"])
    return recipe


@transaction.atomic
def restore_recipe(*, recipe: SavedRecipe, by: Person) -> SavedRecipe:
    require(roles.may_configure(by))
    recipe = SavedRecipe.objects.select_for_update().get(pk=recipe.pk)
    if not recipe.removed_at:
        raise Refused(No(_("This recipe is not removed.")))
    recipe.removed_at = recipe.removed_by = None
    recipe.save(update_fields=["removed_at", "removed_by"])
    return recipe


def body_of(process: Process) -> dict[str, Any]:
    """A process in the words of a recipe file, without name and about."""
    phases = process.line
    begins = min((phase.starts for phase in phases if phase.starts), default=None)
    ends: dict[int, datetime | None] = {}
    plans = []
    for phase in phases:
        plans.append(_plan(phase, ends.get(phase.lane, begins)))
        ends[phase.lane] = phase.ends or ends.get(phase.lane, begins)
    body: dict[str, Any] = {
        "promise": process.promise,
        "minutes": process.minutes,
        "hue": process.hue,
        "pattern": process.pattern,
        "texts": {name: text for name in TEXTS if any((text := text_of(process, name)).values())},
        "phases": plans,
    }
    # What the recipe says for the publish gate goes on being true of what is made from this process.
    if recipe := recipe_named(process.recipe):
        for name in ("gate", "left_out"):
            if answers := getattr(recipe, name):
                body[name] = {str(item): text for item, text in answers.items()}
    return body


def _plan(phase: Phase, after: datetime | None) -> dict[str, Any]:
    days, pause = UNDATED, 0
    if phase.starts and phase.ends:
        days = max(1, _days(phase.starts, phase.ends))
        pause = max(0, _days(after, phase.starts)) if after else 0
    name = text_of(phase, "name")
    return {
        "key": phase.key,
        "method": phase.method,
        "lane": phase.lane,
        "name": {language: words or str(phase.kind.name) for language, words in name.items()},
        "text": text_of(phase, "text"),
        "days": days,
        "pause": pause,
        "acts": list(phase.acts),
        "audience": {act: audience for act, audience in phase.audience.items() if audience},
        "options": portable_options(phase),
    }


def _days(a: datetime, b: datetime) -> int:
    """Nights between two moments where the city is: summer time makes no day longer."""
    return (timezone.localtime(b).date() - timezone.localtime(a).date()).days


def _free_slug(name: str) -> str:
    base = slugify(name)[:30] or "recipe"
    slug, number = base, 2
    while SavedRecipe.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def _picture(process: Process) -> str:
    recipe = recipe_named(process.recipe)
    if recipe is not None:
        return recipe.picture
    return next((phase.kind.picture for phase in process.line if phase.kind.picture), "r-ideas")


# --- packages ---


def receive(*, file: str, content: bytes, by: Person, at: datetime) -> IncomingPackage:
    """Read a package strictly and keep it for two days, for its preview. Refused says what is wrong; nothing is kept."""
    require(roles.may_configure(by))
    data = packages.parse(content)
    packages.read(data)
    return IncomingPackage.objects.create(file=file[-120:], body=data, by=by, at=at, expires_at=at + KEEP)


@transaction.atomic
def create_from_package(
    *,
    incoming: IncomingPackage,
    office: Office | None,
    places: Mapping[str, Place],
    starts: datetime | None,
    by: Person,
    at: datetime,
) -> Process:
    """The draft of a package, as its preview showed it: all of it or nothing."""
    require(roles.may_configure(by))
    waiting = IncomingPackage.objects.select_for_update().waiting(at).filter(pk=incoming.pk, by=by).first()
    if waiting is None:
        raise Refused(No(_("This file was kept for two days and is gone. Please upload it again.")))
    package: Package = packages.read(waiting.body)
    require(roles.may_configure(by, office=office))
    try:
        with transaction.atomic():
            process = packages.insert(package, office=office, places=places, starts=starts, by=by, at=at)
    except (ValidationError, IntegrityError) as error:
        said = error.messages[0] if isinstance(error, ValidationError) else _("Something has changed here.")
        raise Refused(No(said, _("Please try again.")))
    waiting.delete()
    return process


def forget_expired(at: datetime) -> int:
    return IncomingPackage.objects.filter(expires_at__lte=at).delete()[0]
