"""Forms of the desk. Forms clean; actions act."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cocreation.models import Office
from cocreation.roles import roles_of
from feedback.actions import Step
from feedback.models import INTERIM, OfficialAnswer
from feedback.words import ANSWER_ICONS
from groundwork.html.forms import EuroField, Verdicts

if TYPE_CHECKING:
    from accounts.models import Person
    from proposals.models import Proposal

STEPS = 4


def day_field(**kwargs: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        error_messages={"invalid": _("Please give the day, for example 23.05.2027.")},
        **kwargs,
    )


def words_field(rows: int = 4, **kwargs: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def offices_of(person: Person) -> list[Office]:
    """The offices this person speaks for."""
    roles = roles_of(person)
    return list(Office.objects.all() if roles.is_admin else Office.objects.filter(pk__in=roles.offices))


class AnswerForm(forms.Form):
    """The city's answer, and the promise that may come with it."""

    status = forms.ChoiceField(
        label=_("What does the city say?"),
        choices=[(s.value, s.label) for s in OfficialAnswer.Status],
        widget=Verdicts(drawings={str(key): icon for key, icon in ANSWER_ICONS.items()}),
        error_messages={"required": _("Please choose what the city says.")},
    )
    reason_de = words_field(
        label=_("Reason for the public (German)"),
        help_text=_("Plain and short. What works, what does not, why."),
        max_length=2000,
    )
    reason_en = words_field(label=_("Reason for the public (English)"), max_length=2000, required=False)
    next_date = day_field(
        label=_("Next date"),
        required=False,
        help_text=_("When people will hear more, or when something happens."),
    )
    link = forms.URLField(
        label=_("Link to the decision"), max_length=300, required=False, assume_scheme="https"
    )
    office: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Office that answers"), queryset=Office.objects.none(), empty_label=None
    )
    promise = forms.BooleanField(label=_("Make it a commitment"), required=False)
    title_de = forms.CharField(label=_("What is promised (German)"), max_length=140, required=False)
    title_en = forms.CharField(label=_("What is promised (English)"), max_length=140, required=False)
    due = day_field(label=_("Done by"), required=False)
    budget = EuroField(label=_("Budget in euros"), required=False, min_value=Decimal(0))

    def __init__(self, person: Person, proposal: Proposal, *args: Any, **kwargs: Any) -> None:
        offices = offices_of(person)
        assessed = {assessment.office_id for assessment in proposal.assessments.all()}
        mine = next((o for o in offices if o.pk in assessed), offices[0] if offices else None)
        kwargs["initial"] = {
            "office": mine.pk if mine else None,
            "title_de": proposal.in_language("title", "de"),
            "title_en": proposal.in_language("title", "en"),
            "budget": proposal.cost if proposal.cost is None or proposal.cost % 1 else int(proposal.cost),
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["office"]
        choice.queryset = Office.objects.filter(pk__in=[office.pk for office in offices])
        from feedback.draft_forms import code_field

        self.fields["reason_code"] = code_field(proposal.process)
        for number in range(1, STEPS + 1):
            self.fields[f"step{number}_de"] = forms.CharField(
                label=_("Step %(n)s (German)") % {"n": number}, max_length=80, required=False
            )
            self.fields[f"step{number}_en"] = forms.CharField(
                label=_("Step %(n)s (English)") % {"n": number}, max_length=80, required=False
            )
            self.fields[f"step{number}_due"] = day_field(label=_("by"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("status") in (*INTERIM,) and not data.get("next_date"):
            self.add_error("next_date", _("While it is being looked into, people need the next date."))
        if data.get("promise"):
            for name, message in [
                ("title_de", _("Please say what is promised.")),
                ("due", _("A promise needs a date.")),
            ]:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, message)
            for number in range(1, STEPS + 1):
                if bool(data.get(f"step{number}_de")) != bool(data.get(f"step{number}_due")):
                    missing = "due" if data.get(f"step{number}_de") else "de"
                    if f"step{number}_{missing}" not in self.errors:
                        self.add_error(f"step{number}_{missing}", _("A step needs a name and a date."))
        return data

    def texts(self, field: str) -> dict[str, str]:
        return {language: self.cleaned_data.get(f"{field}_{language}", "") for language in ("de", "en")}

    def steps(self) -> list[Step]:
        found = []
        for number in range(1, STEPS + 1):
            due: date | None = self.cleaned_data.get(f"step{number}_due")
            if due and self.cleaned_data.get(f"step{number}_de"):
                found.append(Step(self.texts(f"step{number}"), due))
        return sorted(found, key=lambda step: step.due)

    @property
    def promise_rows(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"step{number}_{part}"] for part in ("de", "en", "due")] for number in range(1, STEPS + 1)
        ]


class DelayForm(forms.Form):
    """A new date and the reason, both public."""

    prefix = "delay"
    new_due = day_field(label=_("New date"))
    reason_de = words_field(3, label=_("Reason (German)"), max_length=600)
    reason_en = words_field(3, label=_("Reason (English)"), max_length=600, required=False)


class SpentForm(forms.Form):
    """How much was spent, when a step is done or the whole is delivered."""

    spent = EuroField(label=_("Spent so far in euros"), required=False, min_value=Decimal(0))


class TextForm(forms.Form):
    """How it stands, by language, replacing what stood there."""

    text_de = words_field(3, label=_("How it stands (German)"), max_length=1500, required=False)
    text_en = words_field(3, label=_("How it stands (English)"), max_length=1500, required=False)

    def texts(self) -> dict[str, str]:
        given = {language: self.cleaned_data[f"text_{language}"] for language in ("de", "en")}
        return {language: text for language, text in given.items() if text}


class DeliverForm(SpentForm, TextForm):
    prefix = "deliver"


class EvaluateForm(TextForm):
    prefix = "evaluate"
    text_de = words_field(
        4,
        label=_("What was learned (German)"),
        max_length=1500,
        help_text=_("What works, what does not, what comes next."),
    )
    text_en = words_field(4, label=_("What was learned (English)"), max_length=1500, required=False)
