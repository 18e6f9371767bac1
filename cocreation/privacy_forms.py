"""Forms of the privacy desk. Forms clean; actions act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.privacy.models import Breach, Request
from groundwork.html.forms import Chips, MomentField


def _text(label: Any, rows: int, most: int, help_text: Any = "", language: str = "") -> forms.CharField:
    attributes = {"rows": rows} | ({"lang": language} if language else {})
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs=attributes), help_text=help_text
    )


class NoticeForm(forms.Form):
    """The whole notice, in both languages and in easy words, and what is new in it."""

    text_de = _text(_("The notice (German)"), 18, 20_000, language="de")
    text_en = _text(_("The notice (English)"), 18, 20_000, language="en")
    easy_de = _text(_("In easy words (German)"), 8, 8_000, language="de")
    easy_en = _text(_("In easy words (English)"), 8, 8_000, language="en")
    changed_de = _text(
        _("What is new? (German)"),
        3,
        600,
        _("One or two sentences. They stand in the message to everybody."),
        "de",
    )
    changed_en = _text(_("What is new? (English)"), 3, 600, language="en")


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=_("The answer"), choices=Request.Outcome.choices, widget=Chips)
    words = _text(
        _("What you write to them"),
        6,
        4000,
        _(
            "In their language. If it is refused or granted in part: why, and that they can complain to the authority."
        ),
    )


class MoreTimeForm(forms.Form):
    why = _text(_("Why does it take longer?"), 3, 2000, _("The person reads this. Two months more, once."))


class BreachForm(forms.Form):
    known_at = MomentField(
        label=_("When did somebody at the city know?"), help_text=_("The 72 hours run from then.")
    )
    what = _text(_("What happened?"), 5, 4000, _("Which data, how, since when. No names here."))
    people = _text(
        _("Whose data, and about how many people?"),
        3,
        2000,
        _("For example: about 200 people with an account."),
    )
    is_rehearsal = forms.BooleanField(
        label=_("This is a rehearsal"),
        required=False,
        help_text=_("The same clock, and it says so everywhere."),
    )


class RiskForm(forms.Form):
    risk = forms.ChoiceField(
        label=_("How high is the risk for people?"), choices=Breach.Risk.choices, widget=Chips
    )
    why_no_risk = forms.CharField(
        label=_("If there is none: why?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    effects = forms.CharField(
        label=_("What may it lead to?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    measures = forms.CharField(
        label=_("What was done, what will be done?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ToldForm(forms.Form):
    why_late = forms.CharField(
        label=_("If the 72 hours are over: why is it later?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
