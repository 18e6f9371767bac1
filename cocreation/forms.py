"""Forms of the studio and the desk. They clean; the actions act."""

from __future__ import annotations

import dataclasses
import typing
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Field
from django.utils.translation import gettext_lazy as _

from cocreation.actions import SETTINGS, TEXTS, PhaseChange
from cocreation.audience import LEVELS, Audience
from cocreation.methods import Method
from cocreation.models import Office, Phase, Place, Process
from cocreation.models.processes import HUES, PATTERNS
from cocreation.recipes import recipes
from groundwork.answer import Words
from groundwork.html.forms import Cards, ChipBoxes, Chips, EuroField, MomentField

LANGUAGES: list[tuple[str, Words]] = [("de", _("German")), ("en", _("English"))]


class PlacesField(forms.ModelMultipleChoiceField):
    widget = ChipBoxes

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Place.objects.all(), **kwargs)


# --- the options of a method: its dataclass is the form ---


def option_fields(method: Method) -> dict[str, forms.Field]:
    """A form field for every option that has a label, by the option's type."""
    hints = typing.get_type_hints(method.options)
    return {
        option.name: _option_field(hints[option.name], option)
        for option in dataclasses.fields(method.options)
        if option.metadata.get("label")
    }


def _option_field(hint: Any, option: dataclasses.Field[Any]) -> forms.Field:
    about = {"label": option.metadata["label"], "help_text": option.metadata.get("help", "")}
    kinds = set(typing.get_args(hint)) or {hint}
    optional = type(None) in kinds
    if choices := option.metadata.get("choices"):
        return forms.ChoiceField(choices=choices, widget=Chips, **about)
    if bool in kinds:
        return forms.BooleanField(required=False, **about)
    if int in kinds:
        return forms.IntegerField(min_value=0, max_value=1_000_000, required=not optional, **about)
    if Decimal in kinds:
        return EuroField(min_value=0, required=not optional, **about)
    if str in kinds:
        return forms.CharField(max_length=300, required=False, **about)
    raise TypeError(f"The studio has no field for options of the type {hint!r}.")


# --- the studio ---


class NewProcessForm(forms.Form):
    recipe = forms.ChoiceField(label=_("What do you want to start?"), widget=Cards)
    title_de = forms.CharField(label=_("Short name (German)"), max_length=80)
    title_en = forms.CharField(label=_("Short name (English)"), max_length=80)
    office = forms.ModelChoiceField(Office.objects.all(), label=_("Responsible office"), empty_label=None)
    places = PlacesField(label=_("Which places is it about?"))
    starts = MomentField(
        label=_("When does it begin?"),
        help_text=_("The recipe plans all phases from here. You can move them later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipe"]
        field.choices = [(recipe.slug, recipe.name) for recipe in recipes]  # type: ignore[attr-defined]
        field.widget.drawings = {recipe.slug: recipe.picture for recipe in recipes}  # type: ignore[attr-defined]
        field.widget.abouts = {recipe.slug: recipe.about for recipe in recipes}  # type: ignore[attr-defined]
        if len(recipes) == 1:
            field.initial = recipes.slugs()[0]


class TextsForm(forms.Form):
    """The texts of a process in both languages, and its facts. Missing ones may be saved; publishing asks for them."""

    places = PlacesField(label=_("Places"), required=False)
    office = forms.ModelChoiceField(Office.objects.all(), label=_("Responsible office"), empty_label=None)
    answer_by = MomentField(label=_("Until when does the city answer?"), required=False)
    promise = forms.ChoiceField(label=_("What do you promise?"), choices=Process.Promise.choices)
    minutes = forms.IntegerField(label=_("How many minutes does it take?"), min_value=1, max_value=240)
    hue = forms.ChoiceField(label=_("Colour"), choices=HUES, widget=Chips)
    pattern = forms.ChoiceField(
        label=_("Picture"), choices=PATTERNS, widget=Cards(drawings={name: name for name, _words in PATTERNS})
    )

    def __init__(self, data: Any = None, *, process: Process) -> None:
        initial: dict[str, Any] = {name: getattr(process, name) for name in SETTINGS}
        initial["places"] = list(process.places.all())
        fields: dict[str, forms.Field] = {}
        for name in TEXTS:
            column = typing.cast("Field[str, str]", Process._meta.get_field(name))
            long = (column.max_length or 0) > 160
            for code, language in LANGUAGES:
                key = f"{name}_{code}"
                label = f"{column.verbose_name} ({language})"
                fields[key] = forms.CharField(
                    label=label[:1].upper() + label[1:],
                    max_length=column.max_length,
                    required=name == "title",
                    help_text="" if getattr(process, key) else _("still missing"),
                    widget=forms.Textarea(attrs={"rows": 3, "lang": code})
                    if long
                    else forms.TextInput(attrs={"lang": code}),
                )
                initial[key] = getattr(process, key)
        super().__init__(data, initial=initial)
        self.fields = fields | self.fields

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The text fields side by side, German and English."""
        return [(self[f"{name}_de"], self[f"{name}_en"]) for name in TEXTS]

    def facts(self) -> list[forms.BoundField]:
        return [
            self[name] for name in ("places", "office", "answer_by", "promise", "minutes", "hue", "pattern")
        ]

    def texts(self) -> dict[str, str]:
        return {
            f"{name}_{code}": self.cleaned_data[f"{name}_{code}"]
            for name in TEXTS
            for code, _words in LANGUAGES
        }

    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SETTINGS}


class PhaseForm(forms.Form):
    """One phase: names, dates, what people may do and who may do it, and the options of its method."""

    name_de = forms.CharField(label=_("Name of the phase (German)"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name of the phase (English)"), max_length=80, required=False)
    starts = MomentField(label=_("Begins"), required=False)
    ends = MomentField(label=_("Ends"), required=False)
    text_de = forms.CharField(label=_("One sentence about it (German)"), max_length=200, required=False)
    text_en = forms.CharField(label=_("One sentence about it (English)"), max_length=200, required=False)
    acts = forms.MultipleChoiceField(
        label=_("What is possible in this phase?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, phase: Phase) -> None:
        self.phase, self.method = phase, phase.kind
        initial: dict[str, Any] = {
            name: getattr(phase, name)
            for name in ("name_de", "name_en", "text_de", "text_en", "starts", "ends", "acts")
        }
        super().__init__(data, initial=initial)
        self.fields["acts"].choices = [(act.slug, _capital(act.name)) for act in self.method.acts]  # type: ignore[attr-defined]
        for act in self.method.acts:
            self.fields[f"audience_{act.slug}"] = forms.ChoiceField(
                label=_("Who may do this: {act}?").format(act=act.name),
                choices=[(slug, _capital(words)) for slug, words in LEVELS.items()],
                widget=Chips,
                initial=phase.audience_of(act.slug).level,
            )
            self.fields[f"local_{act.slug}"] = forms.BooleanField(
                label=_("Only for people who live in the places of this process"),
                required=False,
                initial=bool(phase.audience_of(act.slug).places),
            )
        options = phase.opts
        for name, field in option_fields(self.method).items():
            field.initial = getattr(options, name)
            self.fields[f"option_{name}"] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("A phase must end after it starts."))
        for act in self.method.acts:
            if data.get(f"local_{act.slug}") and data.get(f"audience_{act.slug}") != "verified":
                self.add_error(
                    f"local_{act.slug}",
                    _("Where people live is only known of residents whose address is confirmed."),
                )
        return data

    def audiences(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"audience_{act.slug}"], self[f"local_{act.slug}"]) for act in self.method.acts]

    def method_options(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("option_")]

    def change(self) -> PhaseChange:
        data = self.cleaned_data
        local = tuple(self.phase.process.places.values_list("slug", flat=True))
        options = {
            name.removeprefix("option_"): value for name, value in data.items() if name.startswith("option_")
        }
        return PhaseChange(
            name={code: data[f"name_{code}"] for code, _words in LANGUAGES},
            text={code: data[f"text_{code}"] for code, _words in LANGUAGES},
            starts=data["starts"],
            ends=data["ends"],
            acts=[act.slug for act in self.method.acts if act.slug in data["acts"]],
            audience={
                act.slug: Audience(
                    data[f"audience_{act.slug}"],
                    self._places(act.slug, local) if data[f"local_{act.slug}"] else (),
                ).store()
                for act in self.method.acts
            },
            options=dataclasses.replace(self.phase.opts, **options),
        )

    def _places(self, act: str, local: tuple[str, ...]) -> tuple[str, ...]:
        """Places that were set before stay; a new restriction takes the places of the process."""
        return self.phase.audience_of(act).places or local


def _capital(words: Words) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]


# --- the desk ---


class HideForm(forms.Form):
    rule = forms.ChoiceField(
        label=_("Which rule does it break?"),
        choices=[
            ("respect", _("It insults or threatens people")),
            ("private", _("It names private things about others")),
            ("law", _("It breaks the law")),
            ("advertising", _("It is advertising")),
            ("twice", _("It stands here twice")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason for the author"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The author reads it. Say what would have to change."),
    )


class LookUpForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of the account"))


class VerifyForm(forms.Form):
    """What the clerk confirms: the place, and that they have seen a document. No copy, no number is kept."""

    email = forms.EmailField(widget=forms.HiddenInput)
    residence = forms.ChoiceField(label=_("The person lives in"))
    seen = forms.BooleanField(
        label=_("I have seen an identity card or a registration certificate with this address.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["residence"].choices = [(place.slug, place.name) for place in Place.objects.all()]  # type: ignore[attr-defined]
