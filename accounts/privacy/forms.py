"""Forms of the privacy desk. Forms clean; actions act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.privacy import requests
from accounts.privacy.models import Request


class RequestForm(forms.Form):
    """What somebody asks; the kind stands in the address of the page."""

    about = forms.ChoiceField()
    words = forms.CharField(
        label=_("In your words"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Please say in a sentence or two what it is about.")},
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about: Any = self.fields["about"]
        if kind == Request.Kind.OBJECTION:
            about.label, about.choices = _("What do you object to?"), requests.objects_to()
        elif kind == Request.Kind.DATASET:
            about.label, about.choices = _("Which table?"), requests.asks_for()
        else:
            del self.fields["about"]
