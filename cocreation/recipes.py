"""Recipes: a process as reviewable data, to start from instead of an empty page.

They come from files (`recipe_files/*.toml`, read at start) and from the city's own processes (`SavedRecipe`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from cocreation import roles
from cocreation.methods import methods
from cocreation.models import Office, Phase, Place, Process, SavedRecipe
from groundwork.answer import Words, require
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person

Text = dict[str, str]


@dataclass(frozen=True)
class PhasePlan:
    """One phase of a recipe: `days` long, `pause` days after the one before it in its lane, or after the start.

    Acts default to all of the method, and the audience of each act to what the method says.
    """

    key: str
    method: str
    name: Text
    days: int
    text: Text = field(default_factory=dict)
    pause: int = 0
    lane: int = 0
    acts: tuple[str, ...] | None = None
    audience: dict[str, dict[str, Any]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """`gate` holds answers to items of the publish gate by their number, `left_out` the reasons for leaving some out."""

    slug: str
    name: Words
    about: Words
    picture: str
    phases: tuple[PhasePlan, ...]
    texts: dict[str, Text] = field(default_factory=dict)
    promise: str = "involve"
    minutes: int = 5
    hue: str = "moss"
    pattern: str = "fields"
    # Answers to items of the publish gate, and reasons for leaving some out.
    gate: dict[int, Text] = field(default_factory=dict)
    left_out: dict[int, Text] = field(default_factory=dict)
    attribution: list[dict[str, Any]] = field(default_factory=list)
    own: bool = False

    @property
    def is_possible(self) -> bool:
        """Whether all its methods are installed, and know the options it sets."""
        return all(
            (method := methods.find(plan.method)) is not None
            and plan.options.keys() - {"version"} <= {known.name for known in fields(method.options)}
            for plan in self.phases
        )


recipes: Registry[Recipe] = Registry("recipe")
OWN = "own-"


def offered() -> list[Recipe]:
    """What the studio offers: the recipes whose methods are all installed, then the city's own. One query."""
    from cocreation.recipe_files import recipe_of

    own = [recipe_of(saved) for saved in SavedRecipe.objects.offered()]
    return [recipe for recipe in (*recipes, *own) if recipe.is_possible]


def recipe_named(slug: str) -> Recipe | None:
    """The recipe a process came from, also when it is not offered any more."""
    from cocreation.recipe_files import recipe_of

    if not slug.startswith(OWN):
        return recipes.find(slug)
    saved = SavedRecipe.objects.filter(slug=slug.removeprefix(OWN)).first()
    return recipe_of(saved) if saved else None


# Addresses of the studio itself.
_TAKEN = {"new", "import", "recipes"}


def free_slug(title: str) -> str:
    """A slug nobody uses; slugs are stable for ever, so a number is added instead of a clash."""
    base = (
        slugify(title.replace("ü", "ue").replace("ä", "ae").replace("ö", "oe").replace("ß", "ss"))[:70]
        or "process"
    )
    slug, number = base, 2
    while slug in _TAKEN or Process.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def slug_for(wanted: str) -> str:
    """This very slug if nobody uses it, else one like it."""
    if wanted in _TAKEN or Process.objects.filter(slug=wanted).exists():
        return free_slug(wanted)
    return wanted


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
    require(roles.may_configure(by, office=office))
    process = Process(
        slug=free_slug(title.get("de") or title.get("en") or recipe.slug),
        office=office,
        recipe=recipe.slug,
        promise=recipe.promise,
        minutes=recipe.minutes,
        hue=recipe.hue,
        pattern=recipe.pattern,
        attribution=recipe.attribution,
        created_by=by,
        title_de=title.get("de", ""),
        title_en=title.get("en", ""),
    )
    for name, text in recipe.texts.items():
        for language, words in text.items():
            setattr(process, f"{name}_{language}", words)
    process.save()
    process.places.set(places)
    lanes: dict[int, datetime] = {}
    for order, plan in enumerate(recipe.phases):
        begins = lanes.get(plan.lane, timezone.localtime(starts)) + timedelta(days=plan.pause)
        lanes[plan.lane] = begins + timedelta(days=plan.days)
        add_phase(process, plan, order=order, starts=begins, ends=lanes[plan.lane])
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
        audience={act: plan.audience.get(act) or method.default_audience(act) for act in acts},
    )
    for language, words in plan.name.items():
        setattr(phase, f"name_{language}", words)
    for language, words in plan.text.items():
        setattr(phase, f"text_{language}", words)
    phase.set_opts(method.read_options(plan.options))
    phase.full_clean()
    phase.save()
    return phase
