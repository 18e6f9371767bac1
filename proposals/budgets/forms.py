"""The form for the money of a process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.html.forms import EuroField
from proposals.budgets.models import Envelope
from proposals.models import Theme


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

    def __init__(self, *args: Any, reserves: Iterable[Mapping[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        percents = {reserve["theme"]: reserve["percent"] for reserve in reserves}
        for slug, name in Theme.choices:
            self.fields[f"reserve_{slug}"] = forms.IntegerField(
                label=format_lazy(_("{theme}, in percent"), theme=name),
                required=False,
                initial=percents.get(slug),
                min_value=0,
                max_value=100,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3}),
                error_messages={
                    "invalid": _("Please give a whole number, for example 20."),
                    "min_value": _("A share is between 0 and 100 percent."),
                    "max_value": _("A share is between 0 and 100 percent."),
                },
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        shares = [(name, data.get(name) or 0) for name in self.fields if name.startswith("reserve_")]
        whole = sum(percent for _name, percent in shares)
        if whole > 100:
            last = [name for name, percent in shares if percent][-1]
            self.add_error(
                last,
                format_lazy(
                    _("Together the shares are {percent} percent. They can be 100 percent at most."),
                    percent=whole,
                ),
            )
        return data

    def reserves(self) -> list[dict[str, Any]]:
        """The shares that were asked for, in the order of the themes."""
        return [
            {"theme": slug, "percent": percent}
            for slug in Theme.values
            if (percent := self.cleaned_data[f"reserve_{slug}"])
        ]

    def money_fields(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("reserve_")]

    def reserve_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("reserve_")]
