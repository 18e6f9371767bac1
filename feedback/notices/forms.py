"""Forms clean; actions act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from feedback.notices.actions import rhythms_of
from feedback.notices.models import Kind, Rhythm
from groundwork.html.forms import Chips

if TYPE_CHECKING:
    from accounts.models import Person


class RhythmForm(forms.Form):
    """One choice of rhythm for every kind."""

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = rhythms_of(person)
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=Rhythm.choices,
                widget=Chips,
                initial=chosen[kind.value],
            )

    def rhythms(self) -> dict[str, str]:
        return dict(self.cleaned_data)


class ReadForm(forms.Form):
    """Which messages were read; none named means all."""

    notice = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.data.getlist("notice") if hasattr(self.data, "getlist") else []
        self.fields["notice"].choices = [(key, key) for key in sent if key.isdigit() and len(key) < 19]  # type: ignore[attr-defined]
