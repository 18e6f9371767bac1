"""What people type in. Forms check what was written; rules and actions decide whether it may be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from proposals.actions import Wording
from proposals.merging.cluster_actions import Naming
from proposals.models import Proposal

if TYPE_CHECKING:
    from cocreation.models import Process
    from proposals.merging.models import JointText

MOST_NUMBERS = 20


def numbers_in(text: str) -> list[str]:
    """Receipt numbers, however they were typed: with commas, spaces, each on its line."""
    return list(dict.fromkeys(re.findall(r"[\w-]{4,16}", text.replace("\x00", ""))))[:MOST_NUMBERS]


class NumbersField(forms.CharField):
    """Public proposals of a process by their numbers: `clean` gives the proposals."""

    def __init__(self, *, process: Process, **kwargs: Any) -> None:
        super().__init__(max_length=300, **kwargs)
        self.process = process

    def clean(self, value: Any) -> Any:
        numbers = numbers_in(super().clean(value) or "")
        return found_by(numbers, self.process) if numbers else []


def found_by(numbers: Sequence[str], process: Process) -> list[Proposal]:
    """One query. What is not there, not public or of another process is named, as one and the same."""
    found = {each.receipt: each for each in Proposal.objects.public(process).filter(receipt__in=numbers)}
    if missing := [number for number in numbers if number not in found]:
        raise forms.ValidationError(
            _now("There is no public proposal with this number here: %(numbers)s")
            % {"numbers": ", ".join(missing)}
        )
    return [found[number] for number in numbers]


class ProposeForm(forms.Form):
    """Which proposals, and whose page lives on. The ticked ones come as `part`, more of them by number."""

    numbers = NumbersField(
        process=None,  # type: ignore[arg-type]
        label=_("Others by their number"),
        help_text=_("For example 2027-0012. Several with commas between them."),
        required=False,
    )

    def __init__(self, data: Any = None, *, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.proposal = proposal
        field: Any = self.fields["numbers"]
        field.process = proposal.process
        self.ticked: list[str] = [] if data is None else numbers_in(" ".join(data.getlist("part")))
        self.leading: str = proposal.receipt if data is None else data.get("lead", proposal.receipt)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "numbers" not in cleaned:
            return cleaned
        try:
            chosen = found_by(self.ticked, self.proposal.process) if self.ticked else []
        except forms.ValidationError as error:
            self.add_error("numbers", error)
            return cleaned
        parts = {each.pk: each for each in [self.proposal, *chosen, *cleaned["numbers"]]}
        if len(parts) < 2:
            self.add_error("numbers", _now("Choose at least one other proposal."))
            return cleaned
        target = next((each for each in parts.values() if each.receipt == self.leading), None)
        if target is None:
            self.add_error(None, _now("The page that lives on must be one of the chosen proposals."))
            return cleaned
        cleaned["target"] = target
        cleaned["sources"] = [each for each in parts.values() if each.pk != target.pk]
        return cleaned


class TextForm(forms.Form):
    """The joint text. `seen` is the version one began with."""

    title = forms.CharField(label=_("Title"), max_length=120)
    summary = forms.CharField(label=_("In one sentence"), max_length=200)
    body = forms.CharField(
        label=_("The joint text"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 14})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, *, text: JointText, **kwargs: Any) -> None:
        initial = {"title": text.title, "summary": text.summary, "body": text.body, "seen": text.version}
        super().__init__(data, initial=initial, label_suffix="", **kwargs)

    def clean_body(self) -> str:
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")

    def wording(self) -> Wording:
        return Wording(self.cleaned_data["title"], self.cleaned_data["summary"], self.cleaned_data["body"])


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.fields["reason"].required = needed
        self.fields["reason"].error_messages["required"] = _("Please say why in a few words.")


class ClusterForm(forms.Form):
    """A new group, with the proposals it begins with."""

    name_de = forms.CharField(label=_("Name (German)"), max_length=60)
    name_en = forms.CharField(label=_("Name (English)"), max_length=60, required=False)
    about_de = forms.CharField(label=_("One sentence about it (German)"), max_length=200)
    about_en = forms.CharField(label=_("One sentence about it (English)"), max_length=200, required=False)
    numbers = NumbersField(
        process=None,  # type: ignore[arg-type]
        label=_("Proposals by their number"),
        help_text=_("You can add more later."),
        required=False,
    )

    def __init__(self, data: Any = None, *, process: Process, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", prefix="new", **kwargs)
        field: Any = self.fields["numbers"]
        field.process = process

    def naming(self) -> Naming:
        words = self.cleaned_data
        return Naming(words["name_de"], words["about_de"], words["name_en"], words["about_en"])


class AddForm(forms.Form):
    numbers = NumbersField(process=None, label=_("Add by number"))  # type: ignore[arg-type]

    def __init__(self, data: Any = None, *, process: Process, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", prefix="add", **kwargs)
        field: Any = self.fields["numbers"]
        field.process = process
