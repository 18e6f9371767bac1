"""Forms of the accounts house. Forms clean; actions act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from accounts.queries import places
from groundwork.html.forms import Chips


class SignupForm(forms.Form):
    """What we ask beside e-mail and password: the name others see."""

    public_name = forms.CharField(
        label=_("Name others see"),
        max_length=80,
        help_text=_("It stands beside what you contribute. It need not be your full name."),
    )

    def signup(self, request: object, user: object) -> None:
        """Required by django-allauth; the adapter stores the name."""


class ProfileForm(forms.Form):
    public_name = forms.CharField(
        label=_("Name others see"),
        max_length=80,
        help_text=_("It stands beside what you contribute. It need not be your full name."),
    )
    about = forms.CharField(
        label=_("One sentence about you"),
        max_length=280,
        required=False,
        help_text=_("Everybody can read it."),
    )
    place = forms.ChoiceField(
        label=_("My place"),
        required=False,
        help_text=_("We show first what concerns this place. Nobody else sees it."),
    )
    language = forms.ChoiceField(label=_("Language of our messages"))

    def __init__(self, data: Any = None, *, person: Person) -> None:
        names = ("public_name", "about", "place", "language")
        super().__init__(data, initial={name: getattr(person, name) for name in names})
        self.fields["place"].choices = [("", _("no place")), *places().items()]  # type: ignore[attr-defined]
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name of the organisation"), max_length=120)
    kind = forms.ChoiceField(label=_("What kind is it?"), choices=Organisation.Kind.choices, widget=Chips)
    about = forms.CharField(
        label=_("What does it do?"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody can read it."),
    )


class CloseForm(forms.Form):
    """Closing cannot be undone, so it asks for the address of the account."""

    email = forms.EmailField(
        label=_("Your e-mail address"), help_text=_("So that nobody closes the wrong account by mistake.")
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        self.person = person

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() != self.person.email.lower():
            raise forms.ValidationError(_("This is not the address of this account."))
        return email
