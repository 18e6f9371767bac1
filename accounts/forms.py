"""Forms of the accounts house. Forms clean; actions act."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from accounts import minors
from accounts.ages import OLDEST, years_between
from accounts.guests import has_no_mailbox
from accounts.models import Organisation, Person
from accounts.privacy.models import Erasure
from accounts.queries import places
from groundwork import clock
from groundwork.answer import late
from groundwork.html.forms import Chips


class OldEnough(forms.BooleanField):
    """The one question about age: whether somebody agrees for themselves. Younger people find their ways beside it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=late(lambda: gettext("I am %(age)s or older") % {"age": minors.age_of_consent()}),  # type: ignore[arg-type]  # late words
            help_text=late(  # type: ignore[arg-type]  # late words
                lambda: format_html(
                    '{} <a href="{}">{}</a>',
                    gettext("Younger?"),
                    reverse("accounts:younger"),
                    gettext("There are two ways for you."),
                )
            ),
            error_messages={
                "required": _(
                    "Please tick this if it is so. If you are younger, take one of the two ways for you."
                )
            },
            **kwargs,
        )


class SignupForm(forms.Form):
    """What we ask beside e-mail and password: the name others see."""

    public_name = forms.CharField(
        label=_("Name others see"),
        max_length=80,
        help_text=_("It stands beside what you contribute. It need not be your full name."),
    )

    old_enough = OldEnough()

    def signup(self, request: Any, user: Person) -> None:
        """Called by django-allauth once the person is saved; the adapter stored the name."""
        if agreement := minors.Agreement.of(request.session):
            minors.record_consent(person=user, agreement=agreement, at=clock.now())
            request.session.pop(minors.AGREED, None)


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
        if not minors.may_profile(person, clock.now()):  # nothing is sorted for minors by where they live
            del self.fields["place"]
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]

    def clean(self) -> dict[str, Any]:
        return {"place": "", **(super().clean() or {})}


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

    way = forms.ChoiceField(
        label=_("What becomes of what you wrote?"),
        choices=Erasure.Way.choices,
        initial=Erasure.Way.ANONYMISE,
        widget=Chips,
        required=False,
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), help_text=_("So that nobody closes the wrong account by mistake.")
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        self.person = person
        if person.is_guest:  # has no address; one press is enough
            del self.fields["email"]

    def clean_way(self) -> str:
        return self.cleaned_data["way"] or Erasure.Way.ANONYMISE

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() != self.person.email.lower():
            raise forms.ValidationError(_("This is not the address of this account."))
        return email


# --- without an account ---


class GuestForm(forms.Form):
    public_name = forms.CharField(
        label=_("Name others see"),
        max_length=80,
        required=False,
        help_text=_("Whatever you like. Without a name we write “Someone from …”."),
    )


class ClaimForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "We send a code to it. If you have an account with this address, everything moves there."
        ),
    )
    old_enough = OldEnough()

    def __init__(self, data: Any = None, *, agreed: bool = False) -> None:
        super().__init__(data)
        if agreed:  # by a guardian
            del self.fields["old_enough"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if has_no_mailbox(email):
            raise forms.ValidationError(_("This is not an address we can write to."))
        return email


# --- below the age of consent ---


class GuardianForm(forms.Form):
    nickname = forms.CharField(
        label=_("Your first name or a nickname"),
        max_length=40,
        help_text=_(
            "It stands in the mail, so that your guardian knows whom it is about. We do not keep it."
        ),
    )
    born = forms.DateField(
        label=_("Your date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        help_text=_("We read it once, to see until when we ask a guardian, and do not keep it."),
        error_messages={"invalid": _("Please give the day, for example 23.05.2012.")},
    )
    guardian_email = forms.EmailField(
        label=_("E-mail address of your mother, your father or another guardian"),
        max_length=254,
        help_text=_("They get a mail that says what they agree to, and a code for you."),
    )

    def __init__(self, data: Any = None, *, on: date) -> None:
        super().__init__(data)
        self.on = on

    def clean_born(self) -> date:
        born: date = self.cleaned_data["born"]
        if born > self.on or years_between(born, self.on) > OLDEST:
            raise forms.ValidationError(_("Please give the day on which you were born."))
        if minors.agrees_alone(born, self.on):
            raise forms.ValidationError(
                _(
                    "You are old enough to decide for yourself. Go back and create an account, without a guardian."
                )
            )
        return born

    def clean_guardian_email(self) -> str:
        email: str = self.cleaned_data["guardian_email"].lower()
        if has_no_mailbox(email):
            raise forms.ValidationError(_("This is not an address we can write to."))
        return email
