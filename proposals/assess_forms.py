"""What offices and the authors they ask type in. The same form reads the desk, the sheet and the draft to be signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cocreation.models import Office
from groundwork.html.forms import Chips, EuroField, Verdicts
from proposals import memory
from proposals.actions import Details
from proposals.findings import FIELDS, Found, content_of
from proposals.models import Assessment, Competence, Proposal, ReasonCode, Theme

if TYPE_CHECKING:
    from accounts.models import Person

Verdict = Assessment.Verdict


def _words(label: Any, most: int, *, rows: int = 0, lang: str = "", **more: Any) -> forms.CharField:
    attrs: dict[str, Any] = {"rows": rows} if rows else {}
    if lang:
        attrs["lang"] = lang
    widget = forms.Textarea(attrs=attrs) if rows else forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, **more)


class AssessmentForm(forms.Form):
    """What an office found. The reason is needed in German, the city's first language; a no needs a way on."""

    verdict = forms.ChoiceField(
        label=_("Is it feasible?"),
        choices=[
            (Verdict.FEASIBLE, _("Yes")),
            (Verdict.WITH_CHANGE, _("With a change")),
            (Verdict.NOT_FEASIBLE, _("No")),
        ],
        widget=Verdicts(
            drawings={
                Verdict.FEASIBLE: "circle-check",
                Verdict.WITH_CHANGE: "circle-dot",
                Verdict.NOT_FEASIBLE: "circle-x",
            }
        ),
    )
    cost_from = EuroField(label=_("One-off cost from, in euros"), required=False, min_value=Decimal(0))
    # Needed unless the answer is no; 0 is an answer.
    cost = EuroField(
        label=_("up to, in euros"),
        min_value=Decimal(0),
        error_messages={
            "required": _("Please give the cost, because you said that it is feasible. It may be 0.")
        },
    )
    yearly_cost = EuroField(label=_("Cost per year in euros"), required=False, min_value=Decimal(0))
    ballot_cost = EuroField(
        label=_("Figure on the ballot, in euros"),
        required=False,
        min_value=Decimal(0),
        help_text=_("Empty: the upper end."),
    )
    estimate = _words(
        _("How was the cost estimated?"), 500, rows=2,
        help_text=_("For example: prices of the last tender, plus a tenth for the foundation."),
    )  # fmt: skip
    reason_code = forms.ChoiceField(
        label=_("Why not? In one word for the statistics"),
        choices=[("", _("Please choose")), *ReasonCode.choices],
        required=False,
    )
    duplicate_of = _words(
        _("Number of the other proposal"), 16, help_text=_("Only where it is the same as another one.")
    )
    reason_de = forms.CharField(
        label=_("Reason for the public (German)"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "de"}),
        help_text=_("Simple and short. What is possible, what is not, and why."),
    )
    reason_en = _words(_("Reason for the public (English)"), 1500, rows=4, lang="en")
    way_on_de = _words(
        _("Alternative or way on (German)"), 1000, rows=3, lang="de",
        help_text=_("Needed with a no: what could be done instead, who could help, when it can be asked again."),
    )  # fmt: skip
    way_on_en = _words(_("Alternative or way on (English)"), 1000, rows=3, lang="en")
    competence = forms.ChoiceField(
        label=_("Who may decide this?"), choices=Competence.choices, required=False, widget=Chips
    )
    body = _words(_("Which other body?"), 160, help_text=_("For example: the state's roads authority."))
    permit = _words(_("Which permits are needed?"), 500, rows=2)
    implementer = forms.ChoiceField(label=_("Who would do it?"), required=False)
    year = forms.IntegerField(
        label=_("Earliest year"), required=False, min_value=2000, max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Please give a year, for example 2027.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, offices: Sequence[Office] = (), own: int | None = None, **kwargs: Any
    ) -> None:
        """`offices`: those the writer may speak for; without any the office is known already. `own`: the proposal."""
        super().__init__(*args, **kwargs)
        self.own = own
        if offices:
            self.fields["office"] = forms.ChoiceField(
                label=_("Office"), choices=[(str(office.pk), office.name) for office in offices],
                initial=str(offices[0].pk), widget=forms.HiddenInput if len(offices) == 1 else forms.Select,
            )  # fmt: skip
            self.order_fields(("office",))
        self.fields["cost"].required = self.data.get("verdict") in (
            None,
            Verdict.FEASIBLE,
            Verdict.WITH_CHANGE,
        )
        self.fields["implementer"].choices = [  # type: ignore[attr-defined]
            ("", _("Not known yet")),
            *((office.slug, office.name) for office in memory.offices.all().values()),
        ]
        self.fields["competence"].initial = Competence.CITY
        self.duplicate: Proposal | None = None

    @property
    def content(self) -> dict[str, str]:
        """What was typed, as a draft keeps it."""
        return content_of({name: self.data.get(name, "") for name in FIELDS})

    def clean_duplicate_of(self) -> str:
        number = str(self.cleaned_data["duplicate_of"]).strip()
        if number:
            self.duplicate = (
                Proposal.objects.public().filter(receipt=number).exclude(pk=self.own or 0).first()
            )
            if self.duplicate is None:
                raise ValidationError(_("There is no other public proposal with this number."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        low, high = cleaned.get("cost_from"), cleaned.get("cost")
        if low is not None and high is not None and low > high:
            self.add_error("cost_from", _("The lower end is above the upper end."))
        if low is not None and high is None and "cost" not in self.errors:
            self.add_error("cost", _("Please give the upper end too."))
        if cleaned.get("competence") == Competence.OTHER and not cleaned.get("body"):
            self.add_error("body", _("Please say which body decides this."))
        if cleaned.get("verdict") == Verdict.NOT_FEASIBLE:
            if not cleaned.get("reason_code"):
                self.add_error("reason_code", _("Please choose why it is not feasible."))
            if not cleaned.get("way_on_de") and "way_on_de" not in self.errors:
                self.add_error("way_on_de", _("Please say what could be done instead, or how it can go on."))
            wanted = cleaned.get("reason_code") == ReasonCode.DUPLICATE
            if wanted and self.duplicate is None and "duplicate_of" not in self.errors:
                self.add_error("duplicate_of", _("Please give the number of the proposal it is the same as."))
        return cleaned

    @property
    def found(self) -> Found:
        """What a valid form says."""
        said = self.cleaned_data
        refused = said["verdict"] == Verdict.NOT_FEASIBLE
        offices = {office.slug: office for office in memory.offices.all().values()}
        return Found(
            verdict=said["verdict"],
            cost=said["cost"],
            yearly_cost=said["yearly_cost"],
            reason={"de": said["reason_de"], "en": said["reason_en"]},
            details=Details(
                cost_from=said["cost_from"], ballot_cost=said["ballot_cost"], estimate=said["estimate"],
                competence=said["competence"] or Competence.CITY,
                body=said["body"] if said["competence"] == Competence.OTHER else "",
                permit=said["permit"], implementer=offices.get(said["implementer"]), year=said["year"],
                reason_code=said["reason_code"] if refused else "",
                duplicate_of=self.duplicate if refused else None,
                way_on={"de": said["way_on_de"], "en": said["way_on_en"]},
            ),
        )  # fmt: skip


def content_from(published: Assessment) -> dict[str, str]:
    """A published assessment as the draft of its correction."""
    implementer = memory.offices.get(published.implementer_id)
    money = {
        name: f"{amount.normalize():f}"
        for name in ("cost_from", "cost", "ballot_cost", "yearly_cost")
        if (amount := getattr(published, name)) is not None
    }
    words = {
        name: getattr(published, name)
        for name in (
            "verdict", "estimate", "competence", "body", "permit", "year", "reason_code", "reason_de", "reason_en",
            "way_on_de", "way_on_en",
        )
    }  # fmt: skip
    more = {
        "implementer": implementer.slug if implementer else "",
        "duplicate_of": published.duplicate_of.receipt if published.duplicate_of else "",
    }
    return content_of(
        {key: value if value is not None else "" for key, value in {**words, **money, **more}.items()}
    )


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=_("Your question to the authors"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads the question and the answer."),
    )  # fmt: skip
    due = forms.DateField(
        label=_("Answer by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, at: datetime, days: int = 7, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["due"].initial = (timezone.localtime(at) + timedelta(days=days)).date()

    def clean_due(self) -> datetime:
        due = timezone.make_aware(datetime.combine(self.cleaned_data["due"], time(23, 59)))
        if due <= self.at:
            raise ValidationError(_("The date for the answer has to lie ahead."))
        if due > self.at + timedelta(days=90):
            raise ValidationError(_("At most 90 days: people wait for this."))
        return due


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody reads it, and the office reads it at once."),
    )  # fmt: skip
    changed = forms.BooleanField(
        label=_("I have changed the text of the proposal because of this question"), required=False
    )


class HandOnForm(forms.Form):
    to = forms.ChoiceField(label=_("Which office?"))
    reason = forms.CharField(label=_("Why does it go there?"), max_length=300)

    def __init__(self, *args: Any, own: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [office for office in memory.offices.all().values() if office.pk != own]
        self.fields["to"].choices = [("", _("Please choose")), *((o.slug, o.name) for o in others)]  # type: ignore[attr-defined]

    @property
    def office(self) -> Office:
        return next(o for o in memory.offices.all().values() if o.slug == self.cleaned_data["to"])


class DistributeForm(forms.Form):
    """Which proposals go to which office: the choice on top, then the office."""

    theme = forms.MultipleChoiceField(
        label=_("Theme"), choices=Theme.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    place = forms.MultipleChoiceField(label=_("Place"), required=False, widget=forms.CheckboxSelectMultiple)
    now_at = forms.ChoiceField(label=_("They are with"), required=False)
    q = forms.CharField(label=_("Words in the title"), max_length=120, required=False)
    office = forms.ChoiceField(label=_("Give them to"))
    due = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: the date of the assessment."),
    )  # fmt: skip
    how = forms.ChoiceField(
        label=_("And the offices that have them now?"),
        choices=[
            ("instead", _("They give them away")),
            ("beside", _("They keep them, both assess")),
        ],
        initial="instead",
        widget=Chips,
    )

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = [(o.slug, o.name) for o in memory.offices.all().values()]
        self.fields["place"].choices = [(str(key), name) for key, name in places]  # type: ignore[attr-defined]
        self.fields["now_at"].choices = [("", _("any office")), *offices]  # type: ignore[attr-defined]
        self.fields["office"].choices = [("", _("Please choose")), *offices]  # type: ignore[attr-defined]

    def clean_due(self) -> datetime | None:
        due = self.cleaned_data["due"]
        return timezone.make_aware(datetime.combine(due, time(23, 59))) if due else None


def officials_of(office: int, at: datetime) -> list[Person]:
    """Who acts for an office now: to say whose task something is."""
    from cocreation.models import RoleGrant

    grants = RoleGrant.objects.valid(at).filter(role=RoleGrant.Role.OFFICIAL, office=office)
    return [grant.person for grant in grants.select_related("person").order_by("person__public_name", "pk")]


def typed(content: Mapping[str, str]) -> dict[str, str]:
    """A draft as the data of a form."""
    return {"competence": Competence.CITY, **content}
