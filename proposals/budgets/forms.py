"""The form for the money of a process."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from groundwork.html.forms import EuroField
from proposals.budgets.models import Envelope


class EnvelopeForm(forms.ModelForm):
    amount = EuroField(
        label=_("Budget in euros"),
        validators=[MinValueValidator(Decimal("0.01"), _("The budget must be more than zero."))],
    )
    title_de = forms.CharField(label=_("What the money is for (German)"), max_length=120, required=False)
    title_en = forms.CharField(label=_("What the money is for (English)"), max_length=120, required=False)

    class Meta:
        model = Envelope
        fields = ["amount", "title_de", "title_en"]
