"""The recipe "idea box": the shortest way from a question to answered ideas."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cocreation.recipes import PhasePlan, Recipe, recipes

recipes.add(
    "idea_box",
    Recipe(
        slug="idea_box",
        name=_("Idea box"),
        about=_("People propose and support ideas; the city answers every one of them."),
        picture="m-ideas",
        promise="consult",
        minutes=5,
        phases=(
            PhasePlan(
                "ideen",
                "ideas",
                {"de": "Ideen", "en": "Ideas"},
                days=42,
                text={
                    "de": "Alle dürfen vorschlagen und unterstützen, was sie überzeugt.",
                    "en": "Anyone may propose, and support what convinces them.",
                },
            ),
            PhasePlan(
                "antwort",
                "answer",
                {"de": "Antwort der Stadt", "en": "The city's answer"},
                days=30,
                text={
                    "de": "Die Stadt antwortet öffentlich auf jeden Vorschlag.",
                    "en": "The city answers every proposal in public.",
                },
            ),
        ),
        texts={
            "how_decided": {
                "de": "Die Stadt prüft jeden Vorschlag. Sie sagt, was sie davon umsetzt und warum.",
                "en": "The city looks at every proposal. It says what it will do about it, and why.",
            },
        },
    ),
)
