"""Recipes: a process as reviewable data, to start from instead of an empty page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from cocreation import roles
from cocreation.methods import methods
from cocreation.models import Office, Phase, Place, Process
from groundwork.answer import Words, require
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person

Text = dict[str, str]


@dataclass(frozen=True)
class PhasePlan:
    """One phase of a recipe: `days` long, `pause` days after the one before; acts default to all of the method."""

    key: str
    method: str
    name: Text
    days: int
    text: Text = field(default_factory=dict)
    pause: int = 0
    lane: int = 0
    acts: tuple[str, ...] | None = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    slug: str
    name: Words
    about: Words
    picture: str
    phases: tuple[PhasePlan, ...]
    texts: dict[str, Text] = field(default_factory=dict)
    promise: str = "involve"
    minutes: int = 5


recipes: Registry[Recipe] = Registry("recipe")


def free_slug(title: str) -> str:
    """A slug nobody uses; slugs are stable for ever, so a number is added instead of a clash."""
    base = (
        slugify(title.replace("ü", "ue").replace("ä", "ae").replace("ö", "oe").replace("ß", "ss"))[:70]
        or "process"
    )
    slug, number = base, 2
    while Process.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def create_from_recipe(
    *,
    recipe: Recipe,
    title: Text,
    office: Office,
    places: list[Place],
    starts: datetime,
    by: Person,
    at: datetime,
) -> Process:
    """A draft with all phases of the recipe, beginning at `starts`. Nothing is public before it is published."""
    require(roles.may_configure(by))
    process = Process(
        slug=free_slug(title.get("de") or title.get("en") or recipe.slug),
        office=office,
        recipe=recipe.slug,
        promise=recipe.promise,
        minutes=recipe.minutes,
        created_by=by,
        title_de=title.get("de", ""),
        title_en=title.get("en", ""),
    )
    for name, text in recipe.texts.items():
        for language, words in text.items():
            setattr(process, f"{name}_{language}", words)
    process.save()
    process.places.set(places)
    moment = timezone.localtime(starts)
    for order, plan in enumerate(recipe.phases):
        begins = moment + timedelta(days=plan.pause)
        ends = begins + timedelta(days=plan.days)
        add_phase(process, plan, order=order, starts=begins, ends=ends)
        moment = ends
    answer = process.phases.filter(method="answer").order_by("starts").last()
    if answer is not None:
        process.answer_by = answer.ends
        process.save(update_fields=["answer_by"])
    return process


def add_phase(
    process: Process, plan: PhasePlan, *, order: int, starts: datetime | None, ends: datetime | None
) -> Phase:
    method = methods.get(plan.method)
    acts = plan.acts if plan.acts is not None else tuple(act.slug for act in method.acts)
    phase = Phase(
        process=process,
        key=plan.key,
        method=plan.method,
        lane=plan.lane,
        order=order,
        starts=starts,
        ends=ends,
        acts=list(acts),
        audience={act: method.default_audience(act) for act in acts},
    )
    for language, words in plan.name.items():
        setattr(phase, f"name_{language}", words)
    for language, words in plan.text.items():
        setattr(phase, f"text_{language}", words)
    phase.set_opts(method.options(**plan.options))
    phase.full_clean()
    phase.save()
    return phase
