"""What people type in. Forms check what was written; rules and actions decide whether it may be."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.answer import No
from groundwork.html.forms import Verdicts
from proposals.amendments import rules
from proposals.amendments.actions import Suggestion
from proposals.amendments.models import LONGEST, LONGEST_REASON, Opinion
from proposals.amendments.passages import Passage, paragraphs
from proposals.models import Proposal, Revision


class WordingField(forms.CharField):
    """Words of a text. None at all are words too: they take the passage out."""

    widget = forms.Textarea(attrs={"rows": 5})

    def validate(self, value: Any) -> None:
        """Whether the text may end up without these words, the rule of the text says."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value or "").replace("\r\n", "\n")))


class PassageForm(forms.Form):
    """Which part of the text: the title, the sentence below it or a paragraph."""

    passage = forms.ChoiceField(
        label=_("Which part do you want to word differently?"), widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, revision: Revision, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        choices: list[tuple[str, Any]] = [
            (f"title-0-{len(revision.title)}", revision.title),
            (f"summary-0-{len(revision.summary)}", revision.summary),
        ]
        body = revision.body
        choices += [(passage.key, body[passage.start : passage.end]) for passage in paragraphs(body)]
        self.fields["passage"].choices = choices  # type: ignore[attr-defined]


class AmendForm(forms.Form):
    """Another wording for one passage, and why."""

    new = WordingField(
        label=_("Your wording"),
        help_text=_("Change what should be different. Leave the rest as it is."),
        max_length=LONGEST,
    )
    reason = forms.CharField(
        label=_("Why is it better?"),
        help_text=_("One or two sentences. The authors and everybody else read this."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please say why. It helps the authors to decide.")},
    )
    named = forms.BooleanField(
        label=_("If it is accepted, my public name may stand among the contributors of the proposal."),
        help_text=_("Without this tick it says “someone from here”."),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, revision: Revision, passage: Passage, initial: dict[str, Any] | None = None
    ) -> None:
        self.text = str(getattr(revision, passage.field))
        self.passage = passage
        self.old = self.text[passage.start : passage.end]
        super().__init__(data, initial={"new": self.old} | (initial or {}), label_suffix="")
        self.fields["new"].widget.attrs |= {
            "lang": revision.language,
            "rows": max(3, min(14, 2 + len(self.old) // 70 + self.old.count("\n"))),
        }
        self.fields["new"].widget.attrs.pop("maxlength", None)

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        if new == self.old.replace("\r\n", "\n"):
            raise forms.ValidationError(_("Nothing is different yet."))
        after = self.text[: self.passage.start] + new + self.text[self.passage.end :]
        if isinstance(answer := rules.is_writable(self.passage.field, after), No):
            raise forms.ValidationError(str(answer.reason))
        return new

    def clean_reason(self) -> str:
        return str(self.cleaned_data["reason"]).replace("\r\n", "\n").strip()

    def suggestion(self) -> Suggestion:
        data = self.cleaned_data
        return Suggestion(self.passage, data["new"], data["reason"], bool(data["named"]))

    def payload(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"passage": self.passage.key, **{name: data[name] for name in ("new", "reason", "named")}}


def suggestion_from(payload: dict[str, Any], passage: Passage) -> Suggestion:
    return Suggestion(passage, payload["new"], payload["reason"], bool(payload.get("named")))


class AcceptForm(forms.Form):
    """Take it over. `wording` is asked where it shall read differently, or where the passage is not what it was."""

    wording = WordingField(label=_("It shall read"), max_length=LONGEST)
    reason = forms.CharField(
        label=_("A word to whoever suggested it"),
        help_text=_("Public."),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_substantive = forms.BooleanField(
        label=_("This changes what we ask for."),
        help_text=_("Supporters are asked whether they still support it."),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, wording: str | None, language: str = "", text_id: str = ""
    ) -> None:
        """Without a `wording` it is taken over as it is."""
        super().__init__(data, initial={"wording": wording or ""}, label_suffix="", auto_id=f"id_{text_id}%s")
        if wording is None:
            del self.fields["wording"]
        else:
            rows = max(3, min(18, 2 + len(wording) // 70 + wording.count("\n")))
            self.fields["wording"].widget.attrs |= {"lang": language, "rows": rows}

    def words(self) -> str | None:
        words = self.cleaned_data.get("wording")
        return str(words) if words is not None else None


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("Whoever suggested it and everybody else read this."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please give a reason. It is public.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", auto_id="id_decline_%s")


class AskForm(forms.Form):
    """Until the end of which day the supporters may answer."""

    ends = forms.DateField(
        label=_("Until the end of which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please give the day, for example 23.05.2027.")},
    )

    def __init__(self, data: Any = None, *, proposal: Proposal, at: datetime) -> None:
        super().__init__(data, label_suffix="", auto_id="id_ask_%s")
        self.proposal, self.at = proposal, at
        phase = rules.phase_of(proposal, at)
        self.last = phase.ends if phase is not None else None
        attrs = self.fields["ends"].widget.attrs
        attrs["min"] = timezone.localdate(at).isoformat()
        if self.last is not None:
            attrs["max"] = timezone.localdate(self.last).isoformat()

    def clean_ends(self) -> datetime:
        day = self.cleaned_data["ends"]
        ends = timezone.make_aware(datetime.combine(day, time(23, 59)))
        if self.last is not None and timezone.localdate(self.last) == day:
            ends = min(ends, self.last)
        if isinstance(answer := rules.may_end(self.proposal, ends, self.at), No):
            raise forms.ValidationError(str(answer.reason))
        return ends


class OpinionForm(forms.Form):
    value = forms.ChoiceField(
        label=_("Should the text be changed like this?"),
        choices=Opinion.Value.choices,
        widget=Verdicts(drawings={"yes": "circle-check", "no": "circle-x", "none": "circle-minus"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
