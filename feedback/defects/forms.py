"""What residents and offices type in. Forms check what was written; rules and actions decide whether it may be."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cocreation.models import Office, Place
from feedback.defects.actions import CLOSING, STATUSES
from feedback.defects.geo import HEIGHT, WIDTH
from feedback.defects.models import LONGEST, Service
from feedback.forms import day_field, words_field
from feedback.models import OfficialAnswer
from feedback.words import ANSWER_ICONS
from groundwork.html.forms import Chips, Verdicts
from proposals.forms import LANGUAGES, PlaceField

if TYPE_CHECKING:
    from collections.abc import Sequence


def grouped(services: Sequence[Service]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices of a list, by group."""
    return [
        (str(group), [(each.code, each.name) for each in some])
        for group, some in groupby(services, key=lambda each: each.group)
    ]


class DefectForm(forms.Form):
    """A problem as somebody reports it, on the page or through a program: the same sentences for both."""

    service = forms.ChoiceField(
        label=_("What is it about?"),
        error_messages={
            "required": _("Please choose what it is about."),
            "invalid_choice": _("This kind of problem cannot be reported here."),
        },
    )
    text = forms.CharField(
        label=_("What is wrong?"), max_length=LONGEST, min_length=5, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody can read it. Please write no names, number plates or telephone numbers."),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Where exactly?"), max_length=160, required=False,
        help_text=_("For example: Mühlweg 12, or between the school and the bus stop."),
    )  # fmt: skip
    map_x = forms.FloatField(required=False, min_value=0, max_value=WIDTH, widget=forms.HiddenInput)
    map_y = forms.FloatField(required=False, min_value=0, max_value=HEIGHT, widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("I write in"), choices=LANGUAGES, widget=Chips)

    field_order = ("service", "text", "place", "address", "language")

    def __init__(
        self, *args: Any, services: Sequence[Service], places: Sequence[Place], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        choice: Any = self.fields["service"]
        choice.choices = [("", _("Please choose")), *grouped(services)]
        self.fields["place"] = PlaceField(places, label=_("Place"))
        self.fields["language"].initial = get_language()
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("map_x") is None) != (cleaned.get("map_y") is None):
            cleaned |= {"map_x": None, "map_y": None}
        if not cleaned.get("address") and cleaned.get("map_x") is None and "address" not in self.errors:
            self.add_error("address", _("Please say where it is: in words, or as a point on the map."))
        return cleaned

    def payload(self) -> dict[str, Any]:
        """What somebody wrote, as it is kept until they come back."""
        return {key: value for key, value in self.cleaned_data.items() if value not in (None, "")}


class AnswerForm(forms.Form):
    """What the office says to a report."""

    status = forms.ChoiceField(
        label=_("What does the city say?"),
        choices=[(each.value, each.label) for each in STATUSES],
        widget=Verdicts(drawings={str(each): ANSWER_ICONS[each] for each in STATUSES}),
        error_messages={"required": _("Please choose what the city says.")},
    )
    reason_de = words_field(
        label=_("Reason for the public (German)"), max_length=2000,
        help_text=_("Plain and short. What was done, or why not."),
    )  # fmt: skip
    reason_en = words_field(label=_("Reason for the public (English)"), max_length=2000, required=False)
    next_date = day_field(
        label=_("Next date"),
        required=False,
        help_text=_("While the report stays open: when people hear more."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        status = data.get("status")
        stays_open = status and OfficialAnswer.Status(status) not in CLOSING
        if stays_open and not data.get("next_date") and "next_date" not in self.errors:
            self.add_error("next_date", _("While it is being looked into, people need the next date."))
        return data

    def reason(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"reason_{code}", "") for code in ("de", "en")}

    def add_errors(self, error: Any) -> None:
        """What the action refused, beside the field where there is one."""
        for name, words in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
            self.add_error(name if name in self.fields else None, words)


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry of the catalogue, in both languages. The code of one that is there stays."""

    class Meta:
        model = Service
        fields = (
            "code", "name_de", "name_en", "text_de", "text_en", "group_de", "group_en", "office", "days", "is_offered",
        )  # fmt: skip
        labels = {
            "code": _("Code"),
            "name_de": _("Name (German)"), "name_en": _("Name (English)"),
            "text_de": _("What belongs here (German)"), "text_en": _("What belongs here (English)"),
            "group_de": _("Group (German)"), "group_en": _("Group (English)"),
            "office": _("Responsible office"), "days": _("Days until the reply"),
            "is_offered": _("Residents can choose it"),
        }  # fmt: skip
        help_texts = {
            "code": _("Programs know it by this. Letters, digits and hyphens; it cannot be changed later."),
            "days": _("So many days after a report its office has to close it, with a reason."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name_de", "name_en"):
            self.fields[name].required = True
        self.fields["days"].widget.attrs |= {"min": 1, "max": 365}
        self.fields["office"].queryset = Office.objects.order_by("name")  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["code"]
        else:
            self.initial.setdefault("days", 7)

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
