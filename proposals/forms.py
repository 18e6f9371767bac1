"""What people and offices type in. Forms check what was written; rules and actions decide whether it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.queries import organisations_of
from cocreation.models import Place
from groundwork.html.forms import Chips
from proposals import memory
from proposals.actions import ProposalText
from proposals.models import Theme

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
            "What is the situation today? What would be better? Who benefits? An empty line starts a paragraph, # a heading, - a list."
        ),
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices, widget=Chips)
    location = forms.CharField(
        label=_("Where exactly?"),
        max_length=160,
        required=False,
        help_text=_("For example: between the school and the bus stop."),
    )
    everywhere = forms.BooleanField(
        label=_("It has no one place: it concerns the whole area."), required=False
    )
    map_x = forms.FloatField(required=False, min_value=0, max_value=MAP_WIDTH, widget=forms.HiddenInput)
    map_y = forms.FloatField(required=False, min_value=0, max_value=MAP_HEIGHT, widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("I write in"), choices=LANGUAGES, widget=Chips)

    field_order = (
        "title", "summary", "body", "theme", "everywhere", "place", "location", "organisation", "language",
    )  # fmt: skip

    def __init__(self, *args: Any, process: Process, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places_within(process)
        self.fields["place"] = PlaceField(self.places, label=_("Place"))
        self.fields["place"].required = not self.data.get("everywhere")
        self.fields["language"].initial = get_language()
        mine = organisations_of(person)
        if mine:
            choices = [("", _("Myself")), *[(str(each.pk), each.name) for each in mine]]
            self.fields["organisation"] = forms.ChoiceField(
                label=_("For whom do you write?"), choices=choices, required=False, widget=Chips,
                help_text=_("What you write for an organisation carries its name beside yours."),
            )  # fmt: skip
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Without one place it is about the widest there is; a point or an address would say otherwise."""
        cleaned = super().clean() or {}
        if cleaned.get("everywhere") and self.places:
            cleaned |= {"place": str(self.places[0].pk), "location": "", "map_x": None, "map_y": None}
        return cleaned

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
