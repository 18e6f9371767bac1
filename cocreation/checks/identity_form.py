"""The form of the page "Who is checked, and how"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cocreation.checks.base import active, adapters
from cocreation.models import Process
from groundwork.html.forms import Cards

IDENTITY_NAMES = {
    Process.Identity.CITY: _("The city, once for all processes"),
    Process.Identity.REGISTER: _("This process by itself"),
}
IDENTITY_ABOUTS = {
    Process.Identity.CITY: _(
        "Residents have their address confirmed at the citizens' office; it counts for two years and in every process."
    ),
    Process.Identity.REGISTER: _(
        "One entry for every person, found by the ways you switch on below. Nothing can be connected with other processes."
    ),
}


class IdentityForm(forms.Form):
    identity = forms.ChoiceField(
        label=_("Who checks who somebody is?"),
        choices=[(str(value), words) for value, words in IDENTITY_NAMES.items()],
        widget=Cards(
            drawings={"city": "roofs", "register": "tiles"},
            abouts={str(value): words for value, words in IDENTITY_ABOUTS.items()},
        ),
    )
    ways = forms.MultipleChoiceField(label=_("How can people show who they are?"), required=False)

    def __init__(self, data: Any = None, *, process: Process) -> None:
        super().__init__(data, initial={"identity": process.identity, "ways": active(process)})
        self.fields["ways"].choices = [(adapter.slug, adapter.name) for adapter in adapters]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("identity") == Process.Identity.REGISTER and not data.get("ways"):
            self.add_error("ways", _("Please switch on at least one way, or nobody can take part."))
        return data
