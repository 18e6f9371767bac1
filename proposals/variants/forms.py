"""What people type in about designs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cocreation.models import Attachment

SPOTS: dict[str, tuple[float, float]] = {
    f"{row}{column}": (100 / 6 + 100 / 3 * column, 100 / 6 + 100 / 3 * row)
    for row in range(3)
    for column in range(3)
}
WHERE = {
    "00": _("top left"), "01": _("top middle"), "02": _("top right"),
    "10": _("middle left"), "11": _("in the middle"), "12": _("middle right"),
    "20": _("bottom left"), "21": _("bottom middle"), "22": _("bottom right"),
}  # fmt: skip


class VariantForm(forms.Form):
    title = forms.CharField(label=_("Name of the design"), max_length=80, min_length=3)
    words = forms.CharField(
        label=_("What is special about it?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, pictures: list[Attachment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pictures = {picture.key: picture for picture in pictures}
        choices = [("", _("No drawing")), *[(key, each.alt[:80]) for key, each in self.pictures.items()]]
        self.fields["picture"] = forms.ChoiceField(
            label=_("Drawing"), choices=choices, required=False,
            help_text=_("One of the pictures that stand beside the proposal."),
        )  # fmt: skip

    @property
    def picture(self) -> Attachment | None:
        return self.pictures.get(self.cleaned_data.get("picture", ""))


class NoteForm(forms.Form):
    """The spot comes from a click or the arrow keys (`x`, `y`), or in words."""

    spot = forms.ChoiceField(label=_("Where in the drawing?"), choices=list(WHERE.items()), required=False)
    x = forms.FloatField(required=False, min_value=0, max_value=100, widget=forms.HiddenInput)
    y = forms.FloatField(required=False, min_value=0, max_value=100, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Your note"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))

    def place(self) -> tuple[float, float]:
        x, y = self.cleaned_data.get("x"), self.cleaned_data.get("y")
        return (x, y) if x is not None and y is not None else SPOTS[self.cleaned_data.get("spot") or "11"]


def spot_words(x: float, y: float) -> str:
    return str(WHERE[f"{min(2, int(y // 33.4))}{min(2, int(x // 33.4))}"])
