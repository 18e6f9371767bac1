"""What people and offices type in. Forms check what was written; rules and actions decide whether it may be."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from cocreation.models import Office, Place
from groundwork.html.forms import Chips, EuroField, Verdicts
from proposals import memory
from proposals.actions import ProposalText
from proposals.models import Assessment, Theme

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

MAP_WIDTH, MAP_HEIGHT = 600, 440
# Each language by the name its speakers know.
LANGUAGES = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


class PlaceField(forms.ChoiceField):
    """The places a process is about, and what lies within them; cleans to the key."""

    def __init__(self, places: Sequence[Place], **kwargs: Any) -> None:
        choices = [(str(place.pk), place.name) for place in places]
        super().__init__(
            choices=choices if len(choices) == 1 else [("", _("Please choose")), *choices], **kwargs
        )


class ProposalForm(forms.Form):
    """A proposal as somebody writes it, known or not. `organisation` is asked only of people who may write for one."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        min_length=5,
        help_text=_("Short and clear, for example: A fountain for the village square."),
    )
    summary = forms.CharField(
        label=_("In one sentence"), max_length=200, help_text=_("Lists show this sentence.")
    )
    body = forms.CharField(
        label=_("What should happen, and why?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_(
            "What is the situation today? What would be better? Who benefits? An empty line starts a paragraph, # a heading."
        ),
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices, widget=Chips)
    location = forms.CharField(
        label=_("Where exactly?"),
        max_length=160,
        required=False,
        help_text=_("For example: between the school and the bus stop."),
    )
    map_x = forms.FloatField(required=False, min_value=0, max_value=MAP_WIDTH, widget=forms.HiddenInput)
    map_y = forms.FloatField(required=False, min_value=0, max_value=MAP_HEIGHT, widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("I write in"), choices=LANGUAGES, widget=Chips)

    field_order = ("title", "summary", "body", "theme", "place", "location", "organisation", "language")

    def __init__(self, *args: Any, process: Process, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places_within(process)
        self.fields["place"] = PlaceField(self.places, label=_("Place"))
        self.fields["language"].initial = get_language()
        mine = organisations_of(person)
        if mine:
            choices = [("", _("Myself")), *[(str(each.pk), each.name) for each in mine]]
            self.fields["organisation"] = forms.ChoiceField(
                label=_("For whom do you write?"), choices=choices, required=False, widget=Chips,
                help_text=_("What you write for an organisation carries its name beside yours."),
            )  # fmt: skip
        self.order_fields(self.field_order)

    def payload(self) -> dict[str, Any]:
        """What a visitor wrote, as it is kept until they come back."""
        return {key: value for key, value in self.cleaned_data.items() if value not in (None, "")}


def text_from(written: dict[str, Any]) -> ProposalText:
    """The text of a payload; KeyError where the place is gone."""
    return ProposalText(
        title=written["title"],
        summary=written["summary"],
        body=written["body"],
        language=written["language"],
        theme=written["theme"],
        place=Place.objects.get(pk=int(written["place"])),
        location=written.get("location", ""),
        map_x=written.get("map_x"),
        map_y=written.get("map_y"),
    )


def organisation_from(written: dict[str, Any]) -> Organisation | None:
    key = written.get("organisation")
    return Organisation.objects.filter(pk=int(key)).first() if key else None


def organisations_of(person: Person | None) -> list[Organisation]:
    """Those a person may write for."""
    if person is None:
        return []
    keys = Membership.objects.confirmed().filter(person=person).values_list("organisation", flat=True)
    return list(Organisation.objects.filter(pk__in=keys))


def places_within(process: Process) -> list[Place]:
    """The places of the process with all places inside them, the widest first."""
    known = memory.places.all()
    wanted = set(process.places.values_list("pk", flat=True))
    if not wanted <= known.keys():
        memory.forget()
        known = memory.places.all()
    grown = True
    while grown:
        inside = {key for key, place in known.items() if place.parent_id in wanted}
        grown = not inside <= wanted
        wanted |= inside
    widest = {Place.Kind.REGION: 0, Place.Kind.MUNICIPALITY: 1, Place.Kind.DISTRICT: 2, Place.Kind.VILLAGE: 3}
    return sorted(
        (known[key] for key in wanted), key=lambda place: (widest[Place.Kind(place.kind)], place.name)
    )


class AssessmentForm(forms.Form):
    """What an office found. The reason is needed in German, the city's first language."""

    verdict = forms.ChoiceField(
        label=_("Is it feasible?"),
        choices=[
            (Assessment.Verdict.FEASIBLE, _("Yes")),
            (Assessment.Verdict.WITH_CHANGE, _("With a change")),
            (Assessment.Verdict.NOT_FEASIBLE, _("No")),
        ],
        widget=Verdicts(
            drawings={
                Assessment.Verdict.FEASIBLE: "circle-check",
                Assessment.Verdict.WITH_CHANGE: "circle-dot",
                Assessment.Verdict.NOT_FEASIBLE: "circle-x",
            }
        ),
    )
    # Needed unless the answer is no; 0 is an answer.
    cost = EuroField(
        label=_("One-off cost in euros"),
        min_value=Decimal(0),
        error_messages={
            "required": _("Please give the cost, because you said that it is feasible. It may be 0.")
        },
    )
    yearly_cost = EuroField(label=_("Cost per year in euros"), required=False, min_value=Decimal(0))
    reason_de = forms.CharField(
        label=_("Reason for the public (German)"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "de"}),
        help_text=_("Simple and short. What is possible, what is not, and why."),
    )
    reason_en = forms.CharField(
        label=_("Reason for the public (English)"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
    )

    def __init__(self, *args: Any, offices: Sequence[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cost"].required = self.data.get("verdict") in (
            None,
            Assessment.Verdict.FEASIBLE,
            Assessment.Verdict.WITH_CHANGE,
        )
        choices = [(str(office.pk), office.name) for office in offices]
        single = len(choices) == 1
        self.fields["office"] = forms.ChoiceField(
            label=_("Office"),
            choices=choices,
            initial=choices[0][0] if choices else None,
            widget=forms.HiddenInput if single else forms.Select,
        )
        self.order_fields(("office", "verdict", "cost", "yearly_cost", "reason_de", "reason_en"))
