"""Recipes as data: one reviewable TOML file each, and the same form for processes a city saved as its own recipe.

Read strictly at start; a mistake in a file stops the start with its place in the file. A recipe whose methods are not
all installed is not offered. What a recipe says must be true as it stands: what only a city can say stays empty.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core import checks
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import reading
from cocreation.methods import methods
from cocreation.models.processes import HUES, PATTERNS, Process
from cocreation.reading import both, listing, mapping, number, one_of, record, slug
from cocreation.recipes import OWN, PhasePlan, Recipe, recipes
from cocreation.said import said

if TYPE_CHECKING:
    from cocreation.models import SavedRecipe

FOLDER = Path(__file__).parent
MOST_PHASES = 40
# The texts a recipe may bring, with their longest length.
TEXTS = {
    "question": 160,
    "lead": 500,
    "what_open": 400,
    "what_fixed": 400,
    "how_decided": 400,
    "decides": 120,
    "offline": 400,
}
_GATE = tuple(str(item) for item in range(1, 21))

PHASE = {
    "key": slug(40),
    "method": slug(40),
    "name": both(80, 1),
    "text": both(200),
    "days": number(1, 1000),
    "pause": number(0, 1000),
    "lane": number(0, 8),
    "acts": listing(slug(40), 20),
    "audience": mapping(reading.audience, 20),
    "options": reading.free,
}
BODY = {
    "promise": one_of(Process.Promise.values),
    "minutes": number(1, 240),
    "hue": one_of([name for name, _words in HUES]),
    "pattern": one_of([name for name, _words in PATTERNS]),
    "texts": record({name: both(most) for name, most in TEXTS.items()}),
    "phases": listing(record(PHASE, ("key", "method", "name", "days")), MOST_PHASES, least=1),
    "gate": mapping(both(2000, 1), 20, one_of(_GATE)),
    "left_out": mapping(both(2000, 1), 20, one_of(_GATE)),
}
_body = record(BODY, ("promise", "minutes", "phases"))
_file = record(
    BODY | {"name": both(80, 1), "about": both(200, 1), "picture": slug(20)},
    ("name", "about", "picture", "promise", "minutes", "phases"),
)


def read_recipe(name: str, data: Any) -> Recipe:
    """A recipe from the text of its file. Refused says where a mistake is; methods need not be installed."""
    found = _file(data, "")
    return _recipe(
        name, found, name=said(found["name"]), about=said(found["about"]), picture=found["picture"]
    )


def recipe_of(saved: SavedRecipe) -> Recipe:
    """One of the city's own."""
    return _recipe(
        f"{OWN}{saved.slug}",
        _body(saved.body, ""),
        name=saved.name,
        about=saved.about,
        picture=saved.picture,
        attribution=saved.attribution,
        own=True,
    )


def check_body(data: Any) -> dict[str, Any]:
    found: dict[str, Any] = _body(data, "")
    return found


def _recipe(slug: str, found: dict[str, Any], **about: Any) -> Recipe:
    keys = [phase["key"] for phase in found["phases"]]
    for number_, key in enumerate(keys, start=1):
        if key in keys[: number_ - 1]:
            reading.refuse(f"phases[{number_}].key", format_lazy(_("“{value}” occurs twice."), value=key))
    return Recipe(
        slug=slug,
        phases=tuple(
            PhasePlan(**phase | {"acts": tuple(phase["acts"]) if "acts" in phase else None})
            for phase in found["phases"]
        ),
        texts=found.get("texts", {}),
        promise=found["promise"],
        minutes=found["minutes"],
        hue=found.get("hue", "moss"),
        pattern=found.get("pattern", "fields"),
        gate={int(item): text for item, text in found.get("gate", {}).items()},
        left_out={int(item): text for item, text in found.get("left_out", {}).items()},
        **about,
    )


def load(folder: Path = FOLDER) -> list[Recipe]:
    """Read every file of a folder into the registry, in the order of their names ("10_idea_box.toml" is "idea_box")."""
    found = []
    for file in sorted(folder.glob("*.toml")):
        name = file.stem.split("_", 1)[1] if file.stem[:1].isdigit() else file.stem
        with file.open("rb") as handle:
            found.append(recipes.add(name, read_recipe(name, tomllib.load(handle))))
    return found


def mistakes(recipe: Recipe) -> list[str]:
    """What a recipe asks of its methods that they do not have. Only methods that are installed are asked."""
    found = []
    for plan in recipe.phases:
        method = methods.find(plan.method)
        if method is None:
            continue
        acts = {act.slug for act in method.acts}
        if unknown := (set(plan.acts or ()) | set(plan.audience)) - acts:
            found.append(f"{recipe.slug}, {plan.key}: {plan.method} has no {', '.join(sorted(unknown))}")
    return found


@checks.register("recipes")
def recipes_ask_only_for_what_there_is(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return [checks.Error(mistake, id="cocreation.E002") for recipe in recipes for mistake in mistakes(recipe)]
