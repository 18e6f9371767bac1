"""Forms of the work with ballots on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from groundwork.html.forms import Chips
from proposals.ballots import envelopes, words
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.paperwork import parsing
from proposals.ballots.paperwork.models import MOST_COPIES, MOST_IN_BATCH, Typed, Way

LINE = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
CODE = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})


class PrintForm(forms.Form):
    way = forms.ChoiceField(
        label=_("Which ballots?"),
        choices=[
            (Way.CODE.value, _("With a code, to send out")),
            (Way.DESK.value, _("Without a code, for the town hall")),
        ],
        widget=Chips,
        initial=Way.CODE.value,
    )
    copies = forms.IntegerField(
        label=_("How many?"),
        min_value=1,
        max_value=MOST_COPIES,
        initial=50,
        help_text=_("At most 500 at once."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=Chips)
    large = forms.BooleanField(label=_("Large print"), required=False)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language


class AccountForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the account"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the ballot"),
        max_length=40,
        widget=CODE,
        help_text=_("Scan the picture or type the code."),
    )


class BatchForm(forms.Form):
    way = forms.ChoiceField(
        label=_("From which box?"), choices=Way.choices, widget=Chips, initial=Way.DESK.value
    )
    size = forms.IntegerField(
        label=_("How many ballots?"),
        min_value=1,
        max_value=MOST_IN_BATCH,
        help_text=_("Mix the box first. 20 to 50 ballots are easy to work with. Number them by hand from 1."),
    )


class LineForm(forms.Form):
    """What stands on one ballot: its number and one line. `typed` is what the action reads."""

    number = forms.IntegerField(
        label=_("Number of the ballot"), min_value=1, widget=forms.NumberInput(attrs={"autocomplete": "off"})
    )
    line = forms.CharField(
        label=_("What is crossed"),
        max_length=400,
        widget=LINE,
        help_text=_("Numbers with spaces between them. 0 = blank. X1 to X4 = invalid, see the list."),
    )

    @property
    def typed(self) -> str | dict[str, str]:
        return str(self.cleaned_data["line"])

    @property
    def lines(self) -> list[forms.BoundField]:
        return [self["line"]]


class PartsForm(LineForm):
    """The same of a vote with envelopes: a line for each part of the ballot, and one for what is said of the whole of it."""

    def __init__(self, vote: Vote, options: Sequence[BallotOption], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vote, self.options = vote, options
        self.names: dict[str, str] = {}
        del self.fields["line"]
        for section in envelopes.sections_of(vote, options):
            self.names[section.code] = name = f"line-{section.code}"
            self.fields[name] = forms.CharField(
                label=f"{section.code} · {section.envelope.said}",
                max_length=400,
                required=False,
                widget=LINE,
                help_text=" ".join(words.limits(section.vote)),
            )
        self.names[parsing.WHOLE] = "line"
        self.fields["line"] = forms.CharField(
            label=_("The whole ballot"),
            max_length=20,
            required=False,
            widget=LINE,
            help_text=_("Only if nothing is crossed anywhere (0), or nothing on it counts (X2, X3, X4)."),
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        line = parsing.read_parts(self.typed, self.vote, self.options)
        if isinstance(line, dict):
            for code, no in line.items():
                self.add_error(self.names[code], no.sentence)
        return found

    @property
    def typed(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(name, "") for code, name in self.names.items()}

    @property
    def lines(self) -> list[forms.BoundField]:
        return [self[name] for name in self.names.values()]


def ballot_form(
    vote: Vote,
    options: Sequence[BallotOption],
    data: Any = None,
    *,
    number: int | None = None,
    row: Typed | None = None,
    **about: Any,
) -> LineForm:
    """The form for one ballot of this vote. `row`: how it was typed before."""
    initial: dict[str, Any] = {"number": number}
    if not vote.envelopes:
        initial |= {"line": parsing.as_typed(row, options)} if row else {}
        return LineForm(data, initial=initial, **about)
    if row is not None:
        said = parsing.as_parts(row, envelopes.sections_of(vote, options))
        initial |= {f"line-{code}" if code else "line": text for code, text in said.items()}
    return PartsForm(vote, options, data, initial=initial, **about)


class ScanForm(forms.Form):
    file = forms.FileField(label=_("Scan"), help_text=_("PDF or picture, 10 megabytes at most."))


class FinishForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are ballots missing?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Only where fewer ballots came out of the boxes than people were noted. Everybody can read it."
        ),
    )
