from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ServerForm(forms.Form):
    url = forms.URLField(
        label=_("Address of the OParl server"),
        max_length=300,
        assume_scheme="https",
        help_text=_(
            "Of the system, or of one body of it. Your supplier knows it; it often ends with /oparl/v1.1/system."
        ),
        error_messages={"invalid": _("Please give a whole address that begins with https://.")},
    )
