"""Recipes are files one can review: what stands in them holds, in both languages, and only what works is offered."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from cocreation.forms import NewProcessForm
from cocreation.methods import Act, Method, methods
from cocreation.models import Process
from cocreation.recipe_files import FOLDER, mistakes, read_recipe
from cocreation.recipes import create_from_recipe, offered, recipes
from devtools.paths import ROOT
from groundwork.answer import Refused
from quartier.builders import both

DAY = timedelta(days=1)
SEVEN = {
    "idea_box",
    "participatory_budget",
    "text_consultation",
    "place_codesign",
    "open_call",
    "youth",
    "art_call",
}
LEAST = {"ideas": 21, "debate": 21, "ballot": 14, "answer": 14, "assessment": 14}


class Debate(Method):
    slug = "debate"
    name = "Debate"
    acts = (Act("comment", "comment"), Act("rate", "rate"))


@pytest.fixture
def debate():
    """Every method of the recipes, whether its room is installed here or not."""
    if "debate" in methods:
        yield methods.get("debate")
    else:
        with methods.temporarily("debate", Debate()) as method:
            yield method


def test_there_are_seven_recipes_and_each_has_its_own_picture():
    assert {recipe.slug for recipe in recipes} == SEVEN
    drawn = (ROOT / "static/img/patterns.svg").read_text()
    pictures = [recipe.picture for recipe in recipes]
    assert len(set(pictures)) == 7
    assert all(f'<symbol id="{picture}"' in drawn for picture in pictures)


@pytest.mark.parametrize("slug", sorted(SEVEN))
def test_a_recipe_is_complete_honest_and_says_the_same_in_both_languages(slug, debate):
    recipe = recipes.get(slug)
    assert not mistakes(recipe)
    for plan in recipe.phases:
        assert plan.days >= LEAST[plan.method], plan.key
    assert recipe.phases[-1].method == "answer"
    texts = [*recipe.texts.values(), *recipe.gate.values(), *recipe.left_out.values()]
    texts += [text for plan in recipe.phases for text in (plan.name, plan.text)]
    assert all(text["de"] and text["en"] and text["de"] != text["en"] for text in texts)
    # Blanks to fill in look like answers and are none: such a text stays away.
    assert not [
        text for text in texts for said in text.values() if re.search(r"__|\.\.\.|…|\[|XX|TODO", said)
    ]
    assert "offline" not in recipe.texts
    names = set()
    for language in ("de", "en"):
        with translation.override(language):
            names.add(str(recipe.name))
    assert len(names) == 2


@pytest.mark.parametrize("slug", sorted(SEVEN))
def test_every_recipe_makes_a_draft(world, debate, slug):
    process = create_from_recipe(
        recipe=recipes.get(slug),
        title=both("Neu", "New"),
        office=world.parks,
        places=[world.town],
        starts=world.now + DAY,
        by=world.ada,
        at=world.now,
    )
    process = Process.objects.get(pk=process.pk)
    plans = recipes.get(slug).phases
    assert len(process.line) == len(plans)
    assert process.recipe == slug
    by_key = {phase.key: phase for phase in process.line}
    for plan in plans:
        for act, audience in plan.audience.items():
            assert by_key[plan.key].audience[act] == audience
    answer = next(phase for phase in process.line if phase.method == "answer")
    assert process.answer_by == answer.ends
    assert process.question_de
    assert process.question_en


def test_lanes_run_at_the_same_time(world, debate):
    process = create_from_recipe(
        recipe=recipes.get("place_codesign"),
        title=both("Neu", "New"),
        office=world.parks,
        places=[world.town],
        starts=world.now + DAY,
        by=world.ada,
        at=world.now,
    )
    ideas, talk = (process.phases.get(key=key) for key in ("ideen", "diskussion"))
    assert (ideas.lane, talk.lane) == (0, 1)
    assert ideas.starts == talk.starts
    assert process.phases.get(key="pruefung").starts == ideas.ends


def test_a_recipe_whose_methods_are_not_all_installed_is_not_offered(db, monkeypatch):
    names = {recipe.slug for recipe in offered()}
    assert {"idea_box", "participatory_budget", "open_call", "art_call"} <= names
    monkeypatch.delitem(methods._things, "debate", raising=False)
    monkeypatch.delitem(methods._things, "ballot")
    assert {recipe.slug for recipe in offered()} == {"idea_box", "open_call", "art_call"}
    assert "youth" not in dict(NewProcessForm().fields["recipe"].choices)


def test_a_recipe_that_sets_an_option_its_method_does_not_have_is_not_offered(db):
    recipe = recipes.get("idea_box")
    plan = replace(recipe.phases[0], options={"threshold": 3})
    assert replace(recipe, phases=(plan,)).is_possible
    assert not replace(recipe, phases=(replace(plan, options={"magic": 3}),)).is_possible


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"promise": "everything"}, "promise"),
        ({"surprise": 1}, "surprise"),
        ({"minutes": -1}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"phases": []}, "phases"),
        ({"name": {"de": "Nur deutsch"}}, "name.en"),
        ({"gate": {"21": {"de": "a", "en": "b"}}}, "gate"),
    ],
)
def test_a_mistake_in_a_recipe_file_is_named_with_its_place(change, said):
    data = tomllib.loads((FOLDER / "10_idea_box.toml").read_text())
    with pytest.raises(Refused, match=said):
        read_recipe("broken", data | change)


def test_a_mistaken_act_or_audience_is_found():
    data = tomllib.loads((FOLDER / "10_idea_box.toml").read_text())
    data["phases"][0]["audience"] = {"fly": {"level": "confirmed"}}
    assert "fly" in mistakes(read_recipe("broken", data))[0]
    data["phases"][0]["audience"] = {"propose": {"level": "king"}}
    with pytest.raises(Refused, match=r"phases\[1\].audience.propose.level"):
        read_recipe("broken", data)
