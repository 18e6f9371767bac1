"""What people fill in: a report, a decision, an appeal, changed words; and the rules in the studio."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cocreation.moderation.actions import Verdict, Wanted
from cocreation.moderation.models import LONGEST_REASON, LONGEST_WORDS, Decision, Rule, Watch
from cocreation.moderation.standard import LANGUAGES, Read
from cocreation.wordings import Piece


def _rule_choices(rules: Iterable[Read]) -> list[tuple[str, str]]:
    return [(rule.slug, rule.name) for rule in rules]


class ReportForm(forms.Form):
    rule = forms.ChoiceField(label=_("Which rule does it break?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What is wrong?"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One or two sentences. Only moderation reads them."),
    )
    email = forms.EmailField(
        label=_("E-mail address for the answer"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You can leave it out. We delete it thirty days after the decision."),
    )

    def __init__(self, *args: Any, rules: Sequence[Read], known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = _rule_choices(rules)  # type: ignore[attr-defined]
        if known:
            del self.fields["email"]

    def clean_words(self) -> str:
        return _plain(self.cleaned_data["words"])


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What do you decide?"), choices=Decision.Outcome.choices, widget=forms.RadioSelect
    )
    rule = forms.ChoiceField(label=_("Which rule?"), required=False)
    fact = forms.CharField(
        label=_("Fact"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What stands there, without judging it."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The author reads it. Say what would have to change."),
    )

    def __init__(self, *args: Any, rules: Sequence[Read], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", _("No rule")), *_rule_choices(rules)]  # type: ignore[attr-defined, list-item]
        for name, key in [("fine", "o"), ("hide", "h"), ("change", "c")]:
            self.keys = getattr(self, "keys", {}) | {name: key}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("outcome") in (Decision.Outcome.HIDE, Decision.Outcome.CHANGE):
            for name, words in [
                ("rule", _("Choose the rule that is broken.")),
                ("fact", _("The author needs the fact.")),
                ("reason", _("The author needs the reason.")),
            ]:
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return found

    def verdict(self) -> Verdict:
        data = self.cleaned_data
        return Verdict(
            data["outcome"],
            data.get("rule", ""),
            _plain(data.get("fact", "")),
            _plain(data.get("reason", "")),
        )


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("Why is the decision wrong?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Somebody else than the first person reads it and decides."),
    )

    def clean_words(self) -> str:
        return _plain(self.cleaned_data["words"])


class AppealDecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("upheld", _("The first decision stands")), ("reversed", _("Reverse the first decision"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The author and whoever reported it read it."),
    )

    def clean_reason(self) -> str:
        return _plain(self.cleaned_data["reason"])


class WordForm(forms.Form):
    """One line: a note, a word why a case is taken over, or why a decision is taken back."""

    text = forms.CharField(label=_("Note"), max_length=200)

    def clean_text(self) -> str:
        return _plain(self.cleaned_data["text"])


class ChangeForm(forms.Form):
    """The pieces of a contribution with their words as they stand."""

    def __init__(self, *args: Any, pieces: Sequence[Piece], language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = pieces
        for piece in pieces:
            attrs: dict[str, Any] = {"lang": language} if language and language != get_language() else {}
            widget: Any = (
                forms.Textarea(attrs={"rows": 8} | attrs) if piece.long else forms.TextInput(attrs=attrs)
            )
            self.fields[piece.name] = forms.CharField(
                label=str(piece.words), initial=piece.text, max_length=piece.most, widget=widget
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and all(_plain(found.get(p.name, "")) == _plain(p.text) for p in self.pieces):
            raise ValidationError(_("Nothing was changed yet. Change what the rule is about."))
        return {name: _plain(words) for name, words in found.items()}


def _plain(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


# --- the studio ---


class WatchForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a process watches for, and its rules: the ones that stand and room for one more."""

    MOST = 12

    class Meta:
        model = Watch
        fields = [
            "first_posts_wait", "words", "words_wait", "links", "most_links", "comments_an_hour", "proposals_a_day",
        ]  # fmt: skip
        widgets = {"words": forms.Textarea(attrs={"rows": 4}), "links": forms.RadioSelect}

    def __init__(self, *args: Any, rules: Sequence[Read], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = list(rules)
        self.fields["links"].choices = Watch.Links.choices  # type: ignore[attr-defined]
        for number, rule in enumerate([*self.rules, None]):
            for code in LANGUAGES:
                name_label, text_label = _LABELS[code]
                self.fields[f"name{number}_{code}"] = forms.CharField(
                    widget=forms.TextInput(attrs={"lang": code}),
                    label=name_label,
                    max_length=80,
                    required=False,
                    initial=rule.names[code] if rule else "",
                )
                self.fields[f"text{number}_{code}"] = forms.CharField(
                    label=text_label, max_length=300, required=False, initial=rule.texts[code] if rule else "",
                    widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
                )  # fmt: skip
            self.fields[f"about{number}"] = forms.ChoiceField(
                label=_("For"), choices=Rule.About.choices, required=False, initial=rule.about if rule else ""
            )

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The fields of each rule, for the template."""
        found = []
        for number, rule in enumerate([*self.rules, None]):
            names = [
                f"name{number}_de",
                f"name{number}_en",
                f"text{number}_de",
                f"text{number}_en",
                f"about{number}",
            ]
            found.append({"rule": rule, "fields": [self[name] for name in names]})
        return found

    @property
    def watch_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        kept = 0
        for number in range(len(self.rules) + 1):
            words = [f"{name}{number}_{code}" for name in ("name", "text") for code in LANGUAGES]
            given = [bool(_plain(found.get(each) or "")) for each in words]
            kept += any(given)
            if any(given) and not all(given):
                for each, there in zip(words, given, strict=True):
                    if not there:
                        self.add_error(each, _("A rule needs its name and its sentence in both languages."))
        if not kept:
            self.add_error(None, _("A process needs at least one rule."))
        return found

    def wanted(self) -> list[Wanted]:
        """A rule without words is left out."""
        found, taken = [], {rule.slug for rule in self.rules}
        for number, rule in enumerate([*self.rules, None]):
            names = {code: _plain(self.cleaned_data[f"name{number}_{code}"]) for code in LANGUAGES}
            if not names["de"]:
                continue
            texts = {code: _plain(self.cleaned_data[f"text{number}_{code}"]) for code in LANGUAGES}
            slug = rule.slug if rule else next(s for n in range(99) if (s := f"own-{n + 1}") not in taken)
            found.append(Wanted(slug, names, texts, self.cleaned_data[f"about{number}"]))
        return found

    def watched(self) -> Mapping[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


_LABELS = {
    "de": (_("Name of the rule (German)"), _("The rule in one sentence (German)")),
    "en": (_("Name of the rule (English)"), _("The rule in one sentence (English)")),
}
