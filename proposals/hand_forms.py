"""What writers of a proposal type in: a new version, whom they invite, and the answer of who was invited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from accounts.queries import organisations_of
from cocreation.models import Contribution
from groundwork.html.forms import Chips
from proposals.actions import Wording
from proposals.forms import ProposalForm
from proposals.models import Authorship, Revision, TextDraft

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = ("title", "summary", "body", "note", "is_substantive")


class RevisionForm(forms.Form):
    """The text as it should read from now on. The fields of the text are those of a new proposal."""

    title = ProposalForm.base_fields["title"]
    summary = ProposalForm.base_fields["summary"]
    body = ProposalForm.base_fields["body"]
    note = forms.CharField(
        label=_("What have you changed, and why?"),
        max_length=300,
        help_text=_("Everybody reads this sentence beside the new version."),
    )
    is_substantive = forms.BooleanField(
        label=_("This changes what the proposal asks for: supporters should think again"),
        required=False,
        help_text=_(
            "We tell everybody who supports it, and ask whether they still do. Leave it empty for small improvements."
        ),
    )
    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def wording(self) -> Wording:
        cleaned = self.cleaned_data
        return Wording(cleaned["title"], cleaned["summary"], cleaned["body"])

    def clean_body(self) -> str:
        """Browsers send their own line ends; a version must not differ by them alone."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")


class RestoreForm(forms.Form):
    """Why an old version comes back."""

    note = RevisionForm.base_fields["note"]
    is_substantive = RevisionForm.base_fields["is_substantive"]
    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def initial_of(text: Revision | TextDraft, *, seen: int) -> dict[str, Any]:
    """A version or a draft as the form shows it."""
    note = text.note if isinstance(text, TextDraft) else ""
    substantive = text.is_substantive if isinstance(text, TextDraft) else False
    return {
        "title": text.title, "summary": text.summary, "body": text.body, "note": note,
        "is_substantive": substantive, "seen": seen,
    }  # fmt: skip


def drafted(sent: Mapping[str, str]) -> dict[str, Any]:
    """What can be kept of an unfinished form: cut to what the fields hold, nothing else is checked."""
    lengths = {"title": 120, "summary": 200, "body": 10_000, "note": 300}
    found: dict[str, Any] = {
        name: sent.get(name, "").replace("\x00", "").replace("\r\n", "\n")[:most]
        for name, most in lengths.items()
    }
    return found | {"is_substantive": sent.get("is_substantive") == "on"}


class InviteForm(forms.Form):
    """One field for both ways: an address, or the public name of somebody who has spoken here."""

    who = forms.CharField(
        label=_("E-mail address or public name"),
        max_length=254,
        help_text=_(
            "A name works for people who have written something here under it. Anybody else gets a letter to their address."
        ),
    )
    role = forms.ChoiceField(
        label=_("As what?"),
        choices=[
            (Authorship.Role.AUTHOR, _("Author: writes the text too")),
            (Authorship.Role.CONTRIBUTOR, _("Contributor: is named, does not change the text")),
        ],
        initial=Authorship.Role.AUTHOR,
        widget=Chips,
    )

    person: Person | None = None
    email = ""

    def clean_who(self) -> str:
        said = str(self.cleaned_data["who"]).strip()
        if "@" in said:
            validate_email(said)
            self.email = said
            return said
        spoke = Contribution.objects.public().filter(author=OuterRef("pk"))
        people = Person.objects.filter(
            Exists(spoke), public_name__iexact=said, is_active=True, is_guest=False
        )
        found = list(people.filter(invented=False)[:2])
        if not found:
            raise ValidationError(
                _(
                    "Nobody with exactly this name has written something here. Please use their e-mail address."
                )
            )
        if len(found) > 1:
            raise ValidationError(_("Several people have this name. Please use the e-mail address."))
        self.person = found[0]
        return said


class ConsentForm(forms.Form):
    """For oneself, or also for an organisation that confirmed the person as a member."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations: list[Organisation] = organisations_of(person)
        if self.organisations:
            choices = [("", _("Myself")), *[(str(each.pk), each.name) for each in self.organisations]]
            self.fields["organisation"] = forms.ChoiceField(
                label=_("For whom do you take part?"), choices=choices, required=False, widget=Chips,
                help_text=_("The name of the organisation stands beside yours."),
            )  # fmt: skip

    def organisation(self) -> Organisation | None:
        key = self.cleaned_data.get("organisation")
        return next((each for each in self.organisations if str(each.pk) == key), None)
