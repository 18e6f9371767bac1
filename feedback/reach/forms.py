"""What one says about oneself, what a city asks, and what a process counts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.reach import asking
from feedback.reach.catalogue import CHOICES, RATHER_NOT, RATHER_NOT_WORDS, Options, questions
from groundwork.html.forms import ChipBoxes, Chips

MOST_PEOPLE = 50_000_000


class AnswersForm(forms.Form):
    """One field for each question the city asks. Sent empty it says: I would rather not say, to all of them."""

    age = forms.ChoiceField(required=False)
    gender = forms.ChoiceField(required=False)
    district = forms.ChoiceField(required=False)
    years = forms.ChoiceField(required=False)
    children = forms.ChoiceField(required=False)
    first = forms.ChoiceField(required=False)
    agrees = forms.BooleanField(label=_("Yes, I agree"), required=False)

    def __init__(self, *args: Any, asked: list[str], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for question in questions:
            if question.slug not in asked:
                del self.fields[question.slug]
                continue
            field: Any = self.fields[question.slug]
            options: Options = [*question.options(), (RATHER_NOT, RATHER_NOT_WORDS)]
            field.widget = forms.Select() if len(options) > 8 else Chips()
            if len(options) > 8:
                options.insert(0, ("", _("Please choose, or leave it open")))
            field.choices = options
            field.label = question.words

    @property
    def answers(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "agrees"}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        said = any(value not in ("", RATHER_NOT) for name, value in found.items() if name != "agrees")
        if said and not found.get("agrees"):
            self.add_error(
                "agrees",
                _("Without your consent we keep no answer. Tick the box, or choose to rather not say."),
            )
        return found


class CityForm(forms.Form):
    """Which questions, and how many people of the city would give which answer."""

    questions = forms.MultipleChoiceField(
        label=_("What people are asked"), choices=CHOICES, required=False, widget=ChipBoxes(),
        help_text=_("Ask only what you will act on. Every answer is optional, and nothing depends on it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        known = asking.population()
        self.fields["questions"].initial = asking.of_city()
        self.groups = []
        for question in questions:
            if question.slug in asking.NOT_COUNTED:
                continue
            names = []
            for slug, words in question.options():
                name = f"{question.slug}_{slug}"
                self.fields[name] = forms.IntegerField(
                    label=str(words), required=False, min_value=0, max_value=MOST_PEOPLE,
                    initial=known.get((question.slug, slug)),
                )  # fmt: skip
                names.append((name, slug))
            self.groups.append((question, names))

    def blocks(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(question, [self[name] for name, _slug in names]) for question, names in self.groups]

    @property
    def population(self) -> dict[tuple[str, str], int]:
        return {
            (question.slug, slug): self.cleaned_data.get(name) or 0
            for question, names in self.groups
            for name, slug in names
        }


class ProcessForm(forms.Form):
    chosen = forms.MultipleChoiceField(
        label=_("What is compared in this process"), required=False, widget=ChipBoxes(),
        help_text=_("Of what the city asks. Choose nothing, and nobody is asked because of this process."),
    )  # fmt: skip

    def __init__(self, *args: Any, city: list[str], chosen: list[str], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        field: Any = self.fields["chosen"]
        field.choices = [(slug, words) for slug, words in CHOICES if slug in city]
        field.initial = chosen
