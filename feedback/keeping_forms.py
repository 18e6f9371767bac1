"""Forms of a promise on its way, of tasks for everybody, of the three questions, and of the evaluation report."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cocreation.models import Office, Phase
from feedback.actions.helping import NAMED_WORDS
from feedback.forms import day_field, offices_of, words_field
from feedback.models import Opinion
from groundwork.html.forms import Chips, EuroField

if TYPE_CHECKING:
    from accounts.models import Person
    from feedback.models import Commitment
    from proposals.models import Proposal


def texts(form: forms.Form, field: str) -> dict[str, str]:
    return {language: form.cleaned_data.get(f"{field}_{language}", "") for language in ("de", "en")}


class UpdateForm(forms.Form):
    text_de = words_field(4, label=_("What is new? (German)"), max_length=1500)
    text_en = words_field(4, label=_("What is new? (English)"), max_length=1500, required=False)


class SpendForm(forms.Form):
    prefix = "spend"
    amount = EuroField(
        label=_("Amount in euros"), help_text=_("With a minus where money came back."), max_digits=14
    )
    day = day_field(label=_("Day"))
    what_for_de = forms.CharField(label=_("What for? (German)"), max_length=140)
    what_for_en = forms.CharField(label=_("What for? (English)"), max_length=140, required=False)


class GiveUpForm(forms.Form):
    prefix = "end"
    reason_de = words_field(3, label=_("Reason (German)"), max_length=1000)
    reason_en = words_field(3, label=_("Reason (English)"), max_length=1000, required=False)
    seen = forms.BooleanField(
        label=_("This is public and cannot be taken back."),
        error_messages={"required": _("Please confirm that it cannot be taken back.")},
    )


class HandOverForm(forms.Form):
    prefix = "hand"
    office: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("New office"), queryset=Office.objects.none(), empty_label=None
    )
    reason_de = words_field(2, label=_("Reason (German)"), max_length=600)
    reason_en = words_field(2, label=_("Reason (English)"), max_length=600, required=False)

    def __init__(self, commitment: Commitment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["office"]
        choice.queryset = Office.objects.exclude(pk=commitment.office_id)


class TaskForm(forms.Form):
    prefix = "task"
    title_de = forms.CharField(label=_("What is there to do? (German)"), max_length=140)
    title_en = forms.CharField(label=_("What is there to do? (English)"), max_length=140, required=False)
    people = forms.IntegerField(label=_("How many people?"), min_value=1, max_value=500)
    hours = EuroField(
        label=_("About how many hours each?"), min_value=Decimal("0.5"), max_value=Decimal(200), max_digits=5
    )
    until = day_field(label=_("Until"))


class TakeOnForm(forms.Form):
    """For oneself or an organisation one is a confirmed member of; by name only with consent."""

    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("For whom?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("For myself"),
    )
    is_named = forms.BooleanField(
        label=NAMED_WORDS,
        required=False,
    )

    def __init__(self, person: Person | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organisation"]
        if person is not None:
            confirmed = person.memberships.confirmed().values("organisation")  # type: ignore[attr-defined]
            choice.queryset = Organisation.objects.filter(pk__in=confirmed)


class HoursForm(forms.Form):
    hours = EuroField(
        label=_("How many hours was it?"), min_value=Decimal("0.5"), max_value=Decimal(200), max_digits=5,
        decimal_places=1,
    )  # fmt: skip


class WorksForm(forms.Form):
    """Three questions, one minute."""

    value = forms.ChoiceField(
        label=_("Does it work well?"), choices=Opinion.Value.choices,
        widget=Chips(drawings={"yes": "thumbs-up", "partly": "minus", "no": "thumbs-down"}),
        error_messages={"required": _("Please choose yes, partly or no.")},
    )  # fmt: skip
    as_promised = forms.ChoiceField(
        label=_("Is it what was promised?"), choices=Opinion.Value.choices, widget=Chips(),
        error_messages={"required": _("Please choose yes, partly or no.")},
    )  # fmt: skip
    used = forms.ChoiceField(
        label=_("Do you use it?"), choices=Opinion.Used.choices, widget=Chips(),
        error_messages={"required": _("Please choose one of the answers.")},
    )  # fmt: skip


class ReopenForm(forms.Form):
    """Where the question is asked again: an open phase that collects ideas."""

    prefix = "again"
    phase: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("In which process?"), queryset=Phase.objects.none(), empty_label=None
    )

    def __init__(self, phases: Sequence[Phase], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["phase"]
        choice.queryset = Phase.objects.filter(pk__in=[phase.pk for phase in phases]).select_related(
            "process"
        )
        choice.label_from_instance = lambda phase: phase.process.title


class ReportForm(forms.Form):
    learned_de = words_field(
        6, label=_("What we learned (German)"), max_length=3000,
        help_text=_("Plain and honest: what went well, what did not, for whom."),
    )  # fmt: skip
    learned_en = words_field(6, label=_("What we learned (English)"), max_length=3000, required=False)
    changes_de = words_field(4, label=_("What we do differently next time (German)"), max_length=2000)
    changes_en = words_field(
        4, label=_("What we do differently next time (English)"), max_length=2000, required=False
    )


class WinnerForm(forms.Form):
    """One line of the list: whether it becomes a promise, of whom, for how much, until when."""

    take = forms.BooleanField(label=_("Promise it"), required=False)
    title_de = forms.CharField(label=_("What is promised (German)"), max_length=140, required=False)
    title_en = forms.CharField(label=_("What is promised (English)"), max_length=140, required=False)
    office: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Office"), queryset=Office.objects.none(), empty_label=None
    )
    budget = EuroField(label=_("Budget in euros"), required=False, min_value=Decimal(0))
    due = day_field(label=_("Done by"), required=False)

    def __init__(self, proposal: Proposal, person: Person, *args: Any, **kwargs: Any) -> None:
        self.proposal = proposal
        offices = offices_of(person)
        assessed = [each.office_id for each in proposal.assessments.all()]
        mine = next((office for office in offices if office.pk in assessed), offices[0] if offices else None)
        kwargs.setdefault("prefix", f"p{proposal.pk}")
        kwargs["initial"] = {
            "take": True, "office": mine.pk if mine else None, "title_de": proposal.in_language("title", "de"),
            "title_en": proposal.in_language("title", "en"),
            "budget": proposal.cost if proposal.cost is None or proposal.cost % 1 else int(proposal.cost),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["office"]
        choice.queryset = Office.objects.filter(pk__in=[office.pk for office in offices])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("take"):
            for name, words in [
                ("title_de", _("Please say what is promised.")),
                ("due", _("A promise needs a date.")),
            ]:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data
