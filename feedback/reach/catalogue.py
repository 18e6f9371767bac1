"""What the city may ask people about themselves: these questions and no others, each with a handful of answers.

There is no text to write: a text is no group, and it may say who wrote it. A city chooses among them, and a process among
those of its city.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cocreation.models import Place
from groundwork.answer import Words
from groundwork.registry import Registry

# An answer like any other: it is counted, and nobody is asked again because of it.
RATHER_NOT = "-"
RATHER_NOT_WORDS = _("I would rather not say")
ELSEWHERE = "elsewhere"

Options = list[tuple[str, Words]]


@dataclass(frozen=True, slots=True)
class Question:
    """`options` gives the answers without the one that says nothing; at most one query."""

    slug: str
    words: Words
    short: Words
    options: Callable[[], Options]


questions: Registry[Question] = Registry("question about oneself")


def _fixed(*options: tuple[str, Words]) -> Callable[[], Options]:
    return lambda: list(options)


def _districts() -> Options:
    """The districts and villages of the city, and somewhere else."""
    found = Place.objects.filter(kind__in=(Place.Kind.DISTRICT, Place.Kind.VILLAGE))
    options: Options = [(place.slug, place.name) for place in found]
    return [*sorted(options, key=lambda option: str(option[1])), (ELSEWHERE, _("somewhere else"))]


def _add(slug: str, words: Words, short: Words, options: Callable[[], Options]) -> None:
    questions.add(slug, Question(slug, words, short, options))


_add(
    "age", _("How old are you?"), _("Age"),
    _fixed(
        ("16-24", _("16 to 24")), ("25-39", _("25 to 39")), ("40-59", _("40 to 59")), ("60-74", _("60 to 74")),
        ("75-", _("75 or older")),
    ),
)  # fmt: skip
_add(
    "gender", _("What is your gender?"), _("Gender"),
    _fixed(
        ("woman", pgettext_lazy("gender", "woman")), ("man", pgettext_lazy("gender", "man")),
        ("diverse", pgettext_lazy("gender", "diverse")), ("other", _("I describe myself in another way")),
    ),
)  # fmt: skip
_add("district", _("Where do you live?"), _("Part of the city"), _districts)
_add(
    "years", _("How long have you lived here?"), _("Years in the city"),
    _fixed(("0-1", _("less than two years")), ("2-9", _("two to nine years")), ("10-", _("ten years or longer"))),
)  # fmt: skip
_add(
    "children", _("Do children or young people live with you?"), _("Children in the household"),
    _fixed(("yes", _("yes")), ("no", _("no"))),
)  # fmt: skip
_add(
    "first", _("Is this the first time you take part in something like this?"), _("Takes part for the first time"),
    _fixed(("yes", _("yes")), ("no", _("no"))),
)  # fmt: skip

CHOICES = [(question.slug, question.words) for question in questions]
