"""The forms of a shared draft: its words without a live connection, and what goes with a new version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proposals.actions import Wording

LENGTHS = {"title": 120, "summary": 200, "body": 10_000}


class DraftForm(forms.Form):
    """What is being written may be unfinished: it may be empty, and too long for now."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=1000,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    summary = forms.CharField(
        label=_("In one sentence"),
        required=False,
        max_length=2000,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = forms.CharField(
        label=_("Your proposal"), required=False, max_length=50_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Empty lines make paragraphs. **bold**, *italic* and lists with - work."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for name, most in LENGTHS.items():
            self.fields[name].widget.attrs["maxlength"] = most

    def words(self) -> Wording:
        """Browsers send line ends their own way; the document knows one."""
        said = {
            name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in self.cleaned_data.items()
        }
        return Wording(said["title"].replace("\n", " "), said["summary"].replace("\n", " "), said["body"])


class PublishForm(forms.Form):
    note = forms.CharField(
        label=_("What did you change, and why?"), max_length=300, required=False,
        help_text=_("Everybody reads this beside the new version."),
    )  # fmt: skip
    is_substantive = forms.BooleanField(
        label=_("This changes what is proposed. Supporters are asked whether they still support it."),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)


def too_long(words: Wording) -> list[tuple[str, str]]:
    """What keeps the words from becoming a version: (field, sentence)."""
    labels = {name: str(DraftForm.base_fields[name].label) for name in LENGTHS}
    found = []
    for name, most in LENGTHS.items():
        text = getattr(words, name)
        if not text:
            found.append((name, _("%(field)s: please write something.") % {"field": labels[name]}))
        elif len(text) > most:
            found.append(
                (
                    name,
                    _("%(field)s: %(n)s characters too many.")
                    % {"field": labels[name], "n": len(text) - most},
                )
            )
    return found
