"""Forms around answers: one answer to many, a reply to a question, adopted texts. Forms clean; actions act."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cocreation.models import Office, Process
from feedback.actions import Wording
from feedback.forms import day_field, offices_of, words_field
from feedback.models import INTERIM, OfficialAnswer, codes_for
from feedback.words import ANSWER_ICONS
from groundwork.html.forms import Verdicts

if TYPE_CHECKING:
    from accounts.models import Person


def code_field(process: Process) -> forms.ChoiceField:
    """The reasons that fit this kind of process."""
    return forms.ChoiceField(
        label=_("Reason in short"),
        choices=[("", _("Please choose")), *((code.value, code.label) for code in codes_for(process))],
        help_text=_("It is counted, and it stands above your words."),
        error_messages={"required": _("Please choose the reason that fits best.")},
    )


def wording_of(data: dict[str, Any]) -> Wording:
    """What a cleaned form says."""
    reason = {language: data.get(f"reason_{language}", "") for language in ("de", "en")}
    return Wording(
        data["status"], reason, data.get("reason_code", ""), data.get("link", ""), data.get("next_date")
    )


class ManyForm(forms.Form):
    """One answer to many contributions."""

    status = forms.ChoiceField(
        label=_("What does the city say?"),
        choices=[(s.value, s.label) for s in OfficialAnswer.Status],
        widget=Verdicts(drawings={str(key): icon for key, icon in ANSWER_ICONS.items()}),
        error_messages={"required": _("Please choose what the city says.")},
    )
    reason_de = words_field(
        label=_("Reason for the public (German)"),
        help_text=_("It has to be true for every one of them. Each author reads it beside their own words."),
        max_length=2000,
    )
    reason_en = words_field(label=_("Reason for the public (English)"), max_length=2000, required=False)
    next_date = day_field(label=_("Next date"), required=False)
    link = forms.URLField(
        label=_("Link to the decision"), max_length=300, required=False, assume_scheme="https"
    )
    office: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Office that answers"), queryset=Office.objects.none(), empty_label=None
    )

    field_order = ("status", "reason_code", "reason_de", "reason_en", "next_date", "link", "office")

    def __init__(self, person: Person, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = offices_of(person)
        choice: Any = self.fields["office"]
        choice.queryset = Office.objects.filter(pk__in=[office.pk for office in mine])
        self.fields["reason_code"] = code_field(process)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("status") in INTERIM and not data.get("next_date"):
            self.add_error("next_date", _("While it is being looked into, people need the next date."))
        return data


class ReplyForm(forms.Form):
    reply_de = words_field(5, label=_("Reply (German)"), max_length=2000)
    reply_en = words_field(5, label=_("Reply (English)"), max_length=2000, required=False)


class PlanForm(forms.Form):
    """An adopted text as it is pasted: an empty line begins the next paragraph."""

    title_de = forms.CharField(label=_("Title (German)"), max_length=160)
    title_en = forms.CharField(label=_("Title (English)"), max_length=160, required=False)
    text_de = words_field(
        12,
        label=_("The adopted text (German)"),
        max_length=40_000,
        help_text=_(
            "An empty line begins the next paragraph. You tie contributions to paragraphs in the next step."
        ),
    )
    text_en = words_field(
        8,
        label=_("The adopted text (English)"),
        max_length=40_000,
        required=False,
        help_text=_("With as many paragraphs as in German, or left empty."),
    )
    link = forms.URLField(
        label=_("Link to the decision"), max_length=300, required=False, assume_scheme="https"
    )
    office: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Office"), queryset=Office.objects.none(), empty_label=None
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["office"]
        choice.queryset = Office.objects.filter(pk__in=[office.pk for office in offices_of(person)])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        german, english = _paragraphs(data.get("text_de", "")), _paragraphs(data.get("text_en", ""))
        if english and len(english) != len(german):
            self.add_error("text_en", _("Both languages need the same number of paragraphs."))
        if any(len(each) > 4000 for each in [*german, *english]):
            self.add_error("text_de", _("One of the paragraphs is longer than 4,000 characters."))
        data["paragraphs"] = [
            {"de": each, "en": english[number] if english else ""} for number, each in enumerate(german)
        ]
        return data


def _paragraphs(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if each.strip()]
