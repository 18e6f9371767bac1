"""Forms of the studio and the desk. They clean; the actions act."""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from cocreation.actions import SETTINGS, TEXTS, PhaseChange
from cocreation.audience_form import AudienceEditor, Choices, Way
from cocreation.checks.forms import DayField, band_of_day
from cocreation.line_actions import MOST_LANES
from cocreation.line_plan import lanes_of
from cocreation.methods import Method, methods
from cocreation.minimums import NOTICE, minimum_days
from cocreation.models import Office, Phase, Place, Process
from cocreation.models.processes import HUES, PATTERNS
from cocreation.packages import LARGEST, Package
from cocreation.plain_language import hints
from cocreation.recipes import offered
from cocreation.roles import roles_of
from cocreation.said import said
from groundwork import clock
from groundwork.answer import Words
from groundwork.html.forms import Cards, ChipBoxes, Chips, EuroField, MomentField

LANGUAGES: list[tuple[str, Words]] = [("de", _("German")), ("en", _("English"))]


def _in(language: str) -> forms.TextInput:
    return forms.TextInput(attrs={"lang": language})


class PlacesField(forms.ModelMultipleChoiceField):
    widget = ChipBoxes

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Place.objects.all(), **kwargs)


class LongTextField(forms.CharField):
    """A text of several paragraphs, with line ends as we store them: browsers send others, and that is no change."""

    widget = forms.Textarea(attrs={"rows": 12})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value or "").replace("\r\n", "\n")))


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
    help_text = " ".join(str(each) for each in (option.metadata.get("help", ""), _usual(option)) if each)
    about = {"label": option.metadata["label"], "help_text": help_text}
    kinds = set(typing.get_args(hint)) or {hint}
    optional = type(None) in kinds
    if choices := option.metadata.get("choices"):
        said = option.metadata.get("abouts")
        widget = Cards(abouts=said) if said else Chips
        required = all(value for value, _words in choices)
        return forms.ChoiceField(choices=choices, widget=widget, required=required, **about)
    if bool in kinds:
        return forms.BooleanField(required=False, **about)
    if int in kinds:
        return forms.IntegerField(min_value=0, max_value=1_000_000, required=not optional, **about)
    if Decimal in kinds:
        return EuroField(min_value=0, required=not optional, **about)
    if option.metadata.get("long"):
        return LongTextField(max_length=20_000, required=False, **about)
    if str in kinds:
        return forms.CharField(max_length=300, required=False, **about)
    raise TypeError(f"The studio has no field for options of the type {hint!r}.")


def _usual(option: dataclasses.Field[Any]) -> str:
    """What is set where nobody asks for something else; nothing where that is "no limit"."""
    default = option.default
    if default is dataclasses.MISSING or default is None or default == "":
        return ""
    if isinstance(default, bool):
        default = _now("yes") if default else _now("no")
    elif choices := option.metadata.get("choices"):
        default = dict(choices).get(default, default)
    return _now("Usual: {value}.").format(value=default)


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

    def __init__(self, data: Any = None, *, person: Person | None = None) -> None:
        """For this person: with the offices they set processes up for."""
        super().__init__(data)
        field, recipes = self.fields["recipe"], offered()
        field.choices = [(recipe.slug, recipe.name) for recipe in recipes]  # type: ignore[attr-defined]
        field.widget.drawings = {recipe.slug: recipe.picture for recipe in recipes}  # type: ignore[attr-defined]
        field.widget.abouts = {recipe.slug: recipe.about for recipe in recipes}  # type: ignore[attr-defined]
        if len(recipes) == 1:
            field.initial = recipes[0].slug
        self.recipes = {recipe.slug: recipe for recipe in recipes}
        offices, scope = self.fields["office"], roles_of(person).configures
        assert isinstance(offices, forms.ModelChoiceField)
        if person is not None and not scope.everywhere:
            offices.queryset = Office.objects.filter(pk__in=scope.offices)
        # What most will want: the whole city, and as soon as may be.
        town = Place.objects.filter(kind=Place.Kind.MUNICIPALITY).order_by("-population", "pk")
        self.fields["places"].initial = [place.pk for place in town[:1]]
        self.fields["starts"].initial = _soon()


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one language as the studio shows it: its field, whether it is missing, hints for plain language."""

    field: forms.BoundField
    language: Words
    missing: bool
    hints: list[str]


class BilingualForm(forms.Form):
    """A form whose texts stand side by side in German and English, each with its mark and its hints.

    `version` is what was stored when the form was opened.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # name of a text -> whether it must be there in both languages
    texts_needed: dict[str, bool]

    def pairs(self) -> list[list[Text]]:
        found = []
        for name, needed in self.texts_needed.items():
            values = {code: str(self[f"{name}_{code}"].value() or "") for code, _words in LANGUAGES}
            wanted = needed or any(values.values())
            found.append(
                [
                    Text(
                        self[f"{name}_{code}"],
                        language,
                        wanted and not values[code].strip(),
                        hints(values[code], code),
                    )
                    for code, language in LANGUAGES
                ]
            )
        return found

    def missing(self) -> list[tuple[Words, int]]:
        """How many texts are missing in each language."""
        pairs = self.pairs()
        return [
            (language, sum(1 for pair in pairs if pair[number].missing))
            for number, (_code, language) in enumerate(LANGUAGES)
        ]

    def keep_exact(self, **stored: datetime | None) -> None:
        """Moments are typed in minutes. One that nobody touched stays what it is, to the second."""
        for name, moment in stored.items():
            if moment is not None and self.cleaned_data.get(name) == moment.replace(second=0, microsecond=0):
                self.cleaned_data[name] = moment

    def seen(self) -> int | None:
        version: int | None = self.cleaned_data.get("version")
        return version

    def overtaken(self, version: int) -> None:
        """The form stays as it was filled in; saving it once more is meant."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(version)  # type: ignore[index]


def _soon() -> datetime:
    """The first morning that leaves the notice people need, if it is published today."""
    day = timezone.localtime(clock.now()).date() + timedelta(days=minimum_days(NOTICE) + 1)
    return timezone.make_aware(datetime.combine(day, time(8)))


class TextsForm(BilingualForm):
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
    texts_needed = dict.fromkeys(TEXTS, True)

    def __init__(self, data: Any = None, *, process: Process) -> None:
        initial: dict[str, Any] = {name: getattr(process, name) for name in SETTINGS}
        initial["places"] = list(process.places.all())
        initial["version"] = process.version
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
                    widget=forms.Textarea(attrs={"rows": 3, "lang": code})
                    if long
                    else forms.TextInput(attrs={"lang": code}),
                )
                initial[key] = getattr(process, key)
        super().__init__(data, initial=initial)
        self.fields = fields | self.fields
        self.promised = process.answer_by

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.keep_exact(answer_by=self.promised)
        return data

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

    def show_in(self, process: Process) -> None:
        """What is typed in, on the process in memory: for the preview. Nothing is stored."""
        for name, value in self.cleaned_data.items():
            if name in SETTINGS or name.rpartition("_")[0] in TEXTS:
                setattr(process, name, value)


@dataclass(frozen=True, slots=True)
class ActBlock:
    """An act as a switch, with who may do it."""

    slug: str
    box: Any
    ways: list[Way]
    sentence: Words


class PhaseForm(BilingualForm):
    """One phase: names, dates, what people may do and who may do it, and the options of its method."""

    name_de = forms.CharField(
        label=_("Name of the phase (German)"), max_length=80, required=False, widget=_in("de")
    )
    name_en = forms.CharField(
        label=_("Name of the phase (English)"), max_length=80, required=False, widget=_in("en")
    )
    starts = MomentField(label=_("Begins"), required=False)
    ends = MomentField(label=_("Ends"), required=False)
    lane = forms.TypedChoiceField(
        label=_("Lane"),
        help_text=_("Phases of one lane follow each other, lanes run side by side."),
        coerce=int,
        empty_value=None,
        required=False,
        widget=Chips,
    )
    text_de = forms.CharField(
        label=_("One sentence about it (German)"), max_length=200, required=False, widget=_in("de")
    )
    text_en = forms.CharField(
        label=_("One sentence about it (English)"), max_length=200, required=False, widget=_in("en")
    )
    acts = forms.MultipleChoiceField(
        label=_("What is possible in this phase?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    texts_needed = {"name": True, "text": False}

    def __init__(self, data: Any = None, *, phase: Phase) -> None:
        self.phase, self.method = phase, phase.kind
        initial: dict[str, Any] = {
            name: getattr(phase, name)
            for name in (
                "name_de",
                "name_en",
                "text_de",
                "text_en",
                "starts",
                "ends",
                "acts",
                "lane",
                "version",
            )
        }
        super().__init__(data, initial=initial)
        lanes = sorted({other.lane for other in phase.process.line} | {phase.lane})
        alone = sum(1 for other in phase.process.line if other.lane == phase.lane) < 2
        more = [] if alone and phase.lane == lanes[-1] else [(len(lanes), _("a new one"))]
        self.fields["lane"].choices = [*((lane, str(lane + 1)) for lane in lanes), *more]  # type: ignore[attr-defined]
        self.fields["acts"].choices = [(act.slug, _capital(act.name)) for act in self.method.acts]  # type: ignore[attr-defined]
        choices = Choices.of(phase.process)
        self.editors = [
            AudienceEditor(self, act.slug, act.name, phase.audience_of(act.slug), choices)
            for act in self.method.acts
        ]
        options = phase.opts
        for name, field in option_fields(self.method).items():
            field.initial = getattr(options, name)
            self.fields[f"option_{name}"] = field
        self._offer_what_fits()

    def _offer_what_fits(self) -> None:
        """Of some options only those are shown that fit another one (`fits`: its name, and what fits its value)."""
        for option in dataclasses.fields(self.method.options):
            if option.metadata.get("fits"):
                other, fitting = option.metadata["fits"]
                said = self.data.get(f"option_{other}") or getattr(self.phase.opts, other)
                shown, field = fitting(said), self.fields[f"option_{option.name}"]
                # Any of them may be sent: without a script the other option may be changed in the same form.
                field.widget.live = True  # type: ignore[attr-defined]
                field.widget.choices = [choice for choice in field.choices if choice[0] in shown]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.keep_exact(starts=self.phase.starts, ends=self.phase.ends)
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("A phase must end after it starts."))
        for editor in self.editors:
            editor.clean(self)
        return data

    def blocks(self) -> list[ActBlock]:
        """The acts, each with its switch, the fields of who may do it, and the sentence about them."""
        boxes = {box.data["value"]: box for box in self["acts"]}
        return [
            ActBlock(
                editor.act,
                boxes[editor.act],
                editor.ways(self),
                (editor.audience(self) if self.is_bound else editor.stored).sentence(),
            )
            for editor in self.editors
        ]

    def method_options(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("option_")]

    def audience(self) -> dict[str, dict[str, Any]]:
        """What was chosen for each act; for all acts the same where that button was pressed."""
        chosen = {editor.act: editor.audience(self).store() for editor in self.editors}
        same = chosen.get(self.data.get("same_audience", ""))
        return dict.fromkeys(chosen, same) if same is not None else chosen

    def change(self) -> PhaseChange:
        data = self.cleaned_data
        options = {
            name.removeprefix("option_"): value for name, value in data.items() if name.startswith("option_")
        }
        return PhaseChange(
            name={code: data[f"name_{code}"] for code, _words in LANGUAGES},
            text={code: data[f"text_{code}"] for code, _words in LANGUAGES},
            starts=data["starts"],
            ends=data["ends"],
            acts=[act.slug for act in self.method.acts if act.slug in data["acts"]],
            audience=self.audience(),
            options=dataclasses.replace(self.phase.opts, **options),
            lane=data["lane"],
        )

    def show_in(self, phase: Phase) -> None:
        """What is typed in, on the phase in memory: for the preview. Nothing is stored."""
        for name in ("name_de", "name_en", "text_de", "text_en", "starts", "ends"):
            if name in self.cleaned_data:
                setattr(phase, name, self.cleaned_data[name])
        phase.acts = [act.slug for act in self.method.acts if act.slug in self.cleaned_data.get("acts", ())]
        phase.audience = self.audience()


class AddPhaseForm(forms.Form):
    """A new phase: which method, and where on the line."""

    method = forms.ChoiceField(label=_("What happens in it?"), widget=Cards)
    where = forms.ChoiceField(label=_("Where on the line?"))

    def __init__(self, data: Any = None, *, process: Process, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        _offer_methods(self.fields["method"])
        self.fields["where"].choices = places_on(process)  # type: ignore[attr-defined]

    def place(self) -> dict[str, Any]:
        """lane, after and beside, as `line_actions.add_phase` takes them."""
        lane, _sep, key = self.cleaned_data["where"].partition(":")
        way, _sep, key = key.partition("=")
        return {"lane": int(lane), way: key} if way else {"lane": int(lane)}


class MethodForm(forms.Form):
    """Another method for a phase of a draft. The cards stand inside the page's form and belong to one of their own."""

    method = forms.ChoiceField(label=_("Method of this phase"))

    def __init__(self, data: Any = None, *, phase: Phase, belongs_to: str = "") -> None:
        super().__init__(data, initial={"method": phase.method})
        attrs = {"form": belongs_to} if belongs_to else None
        self.fields["method"].widget = Cards(attrs)
        _offer_methods(self.fields["method"])


class MoveForm(forms.Form):
    to = forms.ChoiceField(label=_("Where to?"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def place(self) -> tuple[int, int]:
        lane, place = self.cleaned_data["to"].split(":")
        return int(lane), int(place)


def places_on(process: Process) -> list[tuple[str, Any]]:
    """Where a new phase may stand: behind each other one, first in each lane, or in a lane beside."""
    lanes = lanes_of(process.line)
    if not lanes:
        return [("0:", _now("At the beginning"))]
    found: list[tuple[str, Any]] = []
    for lane, phases in lanes.items():
        here = [
            (f"{lane}:after={phase.key}", _now("after “{phase}”").format(phase=_name(phase)))
            for phase in phases
        ]
        first = (f"{lane}:", _now("before “{phase}”").format(phase=_name(phases[0])))
        found.append((_now("Lane {n}").format(n=lane + 1), [*here, first]))
    if len(lanes) < MOST_LANES:
        beside = [
            (f"{len(lanes)}:beside={phase.key}", _now("together with “{phase}”").format(phase=_name(phase)))
            for phase in process.line
        ]
        found.append((_now("In a new lane beside, beginning"), beside))
    return found


def _name(phase: Phase) -> str:
    return phase.name or str(phase.kind.name)


def _offer_methods(field: Any) -> None:
    field.choices = [(method.slug, method.name) for method in methods]
    field.widget.drawings = {method.slug: method.picture for method in methods if method.picture}
    field.widget.abouts = {method.slug: method.about for method in methods}


def _capital(words: Words) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]


# --- recipes of one's own, packages ---


class RecipeForm(forms.Form):
    """Names of a recipe that is made from a process."""

    name_de = forms.CharField(label=_("Name of the recipe (German)"), max_length=80)
    name_en = forms.CharField(label=_("Name of the recipe (English)"), max_length=80)
    about_de = forms.CharField(label=_("What is it good for? (German)"), max_length=200)
    about_en = forms.CharField(label=_("What is it good for? (English)"), max_length=200)

    def __init__(self, data: Any = None, *, process: Process) -> None:
        names = {f"name_{code}": getattr(process, f"title_{code}") for code, _words in LANGUAGES}
        super().__init__(data, initial=names)

    def both(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{name}_{code}"] for code, _words in LANGUAGES}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File of the process"),
        help_text=_("A file that was exported from Quartier: its name ends with .json."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("This file is too large. A process has at most {n} kilobytes.").format(n=LARGEST // 1024)
            )
        return file


class ImportForm(forms.Form):
    """Which office and which places of ours are meant. What we do not have is created."""

    office = forms.ModelChoiceField(Office.objects.all(), label=_("Responsible office"), required=False)
    starts = MomentField(
        label=_("When does it begin?"),
        required=False,
        help_text=_("All phases move with it. Empty: the dates stay as they are in the file."),
    )

    def __init__(self, data: Any = None, *, package: Package) -> None:
        super().__init__(data)
        self.package, plan = package, package.data["office"]
        office = self.fields["office"]
        match = Office.objects.filter(slug=plan["slug"]).first()
        office.initial = match
        office.required = match is not None
        office.empty_label = (  # type: ignore[attr-defined]
            None if match else _("Create “{name}”").format(name=said(plan["name"]))
        )
        ours = list(Place.objects.all())
        known = {place.slug: place for place in ours}
        self._ours = {str(place.pk): place for place in ours}
        for place in package.data["places"]:
            there = known.get(place["slug"])
            new = [] if there else [("", _("Create “{name}”").format(name=said(place["name"])))]
            self.fields[f"place_{place['slug']}"] = forms.ChoiceField(
                label=_("The place “{name}” of the file").format(name=said(place["name"])),
                choices=[*new, *((str(one.pk), one.name) for one in ours)],
                required=there is not None,
                initial=str(there.pk) if there else "",
            )

    def place_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("place_")]

    def places(self) -> dict[str, Place]:
        """The places that were chosen, by the slug in the package; the others are to be created."""
        found = {}
        for place in self.package.data["places"]:
            if chosen := self.cleaned_data[f"place_{place['slug']}"]:
                found[place["slug"]] = self._ours[chosen]
        return found


class GroupForm(forms.Form):
    name_de = forms.CharField(label=_("Name of the group (German)"), max_length=80, widget=_in("de"))
    name_en = forms.CharField(label=_("Name of the group (English)"), max_length=80, widget=_in("en"))
    whose = forms.ChoiceField(
        label=_("Where can it be used?"),
        choices=[("process", _("in this process")), ("city", _("in all processes of the city"))],
        initial="process",
        widget=Chips,
    )

    def names(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"name_{code}"] for code, _words in LANGUAGES}


class MemberForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the account"),
        help_text=_(
            "Exactly as the person uses it here. They find the group on their page and can leave it."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


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
    born = DayField(
        label=_("Date of birth"),
        required=False,
        help_text=_("Only where age counts. We keep the age band, for example 16 to 17, and not the date."),
    )
    seen = forms.BooleanField(
        label=_("I have seen an identity card or a registration certificate with this address.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["residence"].choices = [(place.slug, place.name) for place in Place.objects.all()]  # type: ignore[attr-defined]

    def clean_born(self) -> str:
        """The age band; the date ends here."""
        return band_of_day(self.cleaned_data["born"])
