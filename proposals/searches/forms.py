"""Forms clean; actions act."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.html.forms import Chips
from proposals.searches.models import Rhythm


class SaveForm(forms.Form):
    name = forms.CharField(
        label=_("Name of this search"),
        max_length=60,
        help_text=_("Only you see it. For example: Benches in Lindach."),
    )
    rhythm = forms.ChoiceField(
        label=_("Tell me when something new fits"),
        choices=Rhythm.choices,
        widget=Chips,
        initial=Rhythm.WEEKLY,
    )


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(choices=Rhythm.choices)
