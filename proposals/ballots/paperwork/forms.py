"""Forms of the work with ballots on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from groundwork.html.forms import Chips
from proposals.ballots.paperwork.models import MOST_COPIES, MOST_IN_BATCH, Way

CODE = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})


class PrintForm(forms.Form):
    way = forms.ChoiceField(
        label=_("Which ballots?"),
        choices=[
            (Way.CODE.value, _("With a code, to send out")),
            (Way.DESK.value, _("Without a code, for the town hall")),
        ],
        widget=Chips,
        initial=Way.CODE.value,
    )
    copies = forms.IntegerField(
        label=_("How many?"),
        min_value=1,
        max_value=MOST_COPIES,
        initial=50,
        help_text=_("At most 500 at once."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=Chips)
    large = forms.BooleanField(label=_("Large print"), required=False)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language


class AccountForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the account"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the ballot"),
        max_length=40,
        widget=CODE,
        help_text=_("Scan the picture or type the code."),
    )


class BatchForm(forms.Form):
    way = forms.ChoiceField(
        label=_("From which box?"), choices=Way.choices, widget=Chips, initial=Way.DESK.value
    )
    size = forms.IntegerField(
        label=_("How many ballots?"),
        min_value=1,
        max_value=MOST_IN_BATCH,
        help_text=_("Mix the box first. 20 to 50 ballots are easy to work with. Number them by hand from 1."),
    )


class LineForm(forms.Form):
    number = forms.IntegerField(
        label=_("Number of the ballot"), min_value=1, widget=forms.NumberInput(attrs={"autocomplete": "off"})
    )
    line = forms.CharField(
        label=_("What is crossed"),
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Numbers with spaces between them. 0 = blank. X1 to X4 = invalid, see the list."),
    )


class ScanForm(forms.Form):
    file = forms.FileField(label=_("Scan"), help_text=_("PDF or picture, 10 megabytes at most."))


class FinishForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are ballots missing?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Only where fewer ballots came out of the boxes than people were noted. Everybody can read it."
        ),
    )
