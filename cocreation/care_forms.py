"""Forms about the care for a process: the gate, reasons for changes, its publication and its end. They clean; actions act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cocreation.gate import Checked
from cocreation.models import Process
from groundwork.answer import Words
from groundwork.html.forms import MomentField

LANGUAGES: list[tuple[str, Words, Words]] = [
    ("de", _("Answer (German)"), _("Public reason (German)")),
    ("en", _("Answer (English)"), _("Public reason (English)")),
]


def _long(
    label: Words, code: str, most: int, *, required: bool = True, help_text: Words = ""
) -> forms.CharField:
    about: dict[str, Any] = {"label": label, "help_text": help_text}
    return forms.CharField(
        **about,
        max_length=most,
        required=required,
        widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
    )


class ReasonForm(forms.Form):
    """A reason in both languages; everybody reads it."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for code, _answer, reason in LANGUAGES:
            self.fields[f"reason_{code}"] = _long(reason, code, 600)

    def reason(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"reason_{code}"] for code, _answer, _reason in LANGUAGES}


class AnswerForm(forms.Form):
    """The answer to one item of the gate, and who looked at it where the item asks for that."""

    def __init__(self, data: Any = None, *, checked: Checked) -> None:
        answer, suggestion, item = checked.answer, checked.suggestion, checked.item
        suggested = suggestion.text if suggestion and not suggestion.left_out else {}
        initial = {
            f"text_{code}": (answer and getattr(answer, f"text_{code}")) or suggested.get(code, "")
            for code, _answer, _reason in LANGUAGES
        }
        if answer:
            initial |= {"checked_by": answer.checked_by, "checked_on": answer.checked_on}
        super().__init__(data, initial=initial)
        for code, label, _reason in LANGUAGES:
            self.fields[f"text_{code}"] = _long(label, code, 1000)
        if item.who:
            must = item.who == "must"
            self.fields["checked_by"] = forms.CharField(
                label=_("Who checked it?") if must else _("Which readers tested it?"),
                help_text=""
                if must
                else _("Leave both empty if nobody did: then it is called plain language."),
                max_length=120,
                required=must,
            )
            self.fields["checked_on"] = forms.DateField(
                label=_("On which day?"),
                required=must,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )

    def answer(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "text": {code: data[f"text_{code}"] for code, _answer, _reason in LANGUAGES},
            "checked_by": data.get("checked_by", ""),
            "checked_on": data.get("checked_on"),
        }


class ScheduleForm(forms.Form):
    moment = MomentField(label=_("When is it to become public?"))


def ask_for_reason(form: forms.Form, process: Process, at: datetime) -> forms.Form:
    """Once a process has begun, its forms also ask why something changes. Whether it is needed, the action says."""
    if process.has_begun(at):
        for code, _answer, _reason in LANGUAGES:
            label = (
                _("Reason for the change (public, German)")
                if code == "de"
                else _("Reason for the change (public, English)")
            )
            form.fields[f"reason_{code}"] = _long(label, code, 600, required=False)
    return form


def reason_in(form: forms.Form) -> dict[str, str] | None:
    data = form.cleaned_data
    return {code: data[f"reason_{code}"] for code in ("de", "en")} if "reason_de" in data else None
