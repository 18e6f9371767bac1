"""Forms about people who work for the city: a role, a training, a reason. They clean; the actions act."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from cocreation.models import Office, Place, Process, RoleGrant, Topic
from groundwork.html.forms import Cards, ChipBoxes, MomentField

Role = RoleGrant.Role

# What each role may do, in one sentence for the one who gives it.
SAYS = {
    Role.OWNER.value: _("Sets up and publishes the processes of an office and confirms results."),
    Role.FACILITATOR.value: _("Leads conversations and sees how a process is set up."),
    Role.MODERATOR.value: _("Takes contributions off the pages and brings them back."),
    Role.OFFICIAL.value: _("Assesses, answers and promises for an office."),
    Role.CLERK.value: _("Confirms addresses and organisations at the counter."),
    Role.OBSERVER.value: _("Reads the desk and the studio and changes nothing."),
    Role.ADMIN.value: _("May do everything, and gives roles to others."),
}

CITY = "city"


def scopes() -> list[tuple[str, Any]]:
    """Where a role can hold, as groups of one choice: the whole city, an office, a place, a process."""
    return [
        (CITY, _("the whole city")),
        (str(_("Offices")), [(f"office:{each.pk}", each.name) for each in Office.objects.all()]),
        (str(_("Places, with all below them")), [(f"place:{each.pk}", each.name) for each in Place.objects.all()]),
        (str(_("Processes")), [(f"process:{each.pk}", each.title) for each in Process.objects.order_by("slug")]),
    ]  # fmt: skip


class GrantForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the account"),
        help_text=_("Exactly as the person signs in. The account has to exist already."),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role, Role(role).label) for role in SAYS], widget=Cards(abouts=SAYS)
    )
    where = forms.ChoiceField(label=_("Where does it hold?"), initial=CITY)
    starts = MomentField(label=_("From"), required=False, help_text=_("Empty: at once."))
    ends = MomentField(label=_("Until"), required=False, help_text=_("Empty: until somebody ends it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["where"].choices = scopes()  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        found = EmailAddress.objects.filter(
            email__iexact=self.cleaned_data["email"], verified=True, user__is_active=True
        ).select_related("user")
        self.person: Person | None = getattr(found.first(), "user", None)
        if self.person is None:
            raise forms.ValidationError(_("There is no confirmed account with this address."))
        return str(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("A role must end after it starts."))
        return data

    def scope(self) -> dict[str, Any]:
        """The office, place or process, as the action takes it."""
        kind, _colon, key = self.cleaned_data["where"].partition(":")
        models = {"office": Office, "place": Place, "process": Process}
        return {kind: models[kind]._default_manager.get(pk=int(key))} if kind in models else {}


class TrainingForm(forms.Form):
    topics = forms.MultipleChoiceField(label=_("Topics"), choices=Topic.choices, widget=ChipBoxes)
    completed_on = forms.DateField(
        label=_("Completed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        help_text=_("A training counts for 24 months from this day."),
        error_messages={"invalid": _("Please give the day, for example 23.05.2027.")},
    )
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("For example who held the course.")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need to know?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The second person decides by it, and whoever wrote this reads it."),
    )
