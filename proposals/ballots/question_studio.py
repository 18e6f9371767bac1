"""The questions of a vote in the studio: one form for all of them, with room for one more. Frozen with the opening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.models import Phase, Process
from groundwork.answer import No, require
from proposals.ballots import questions
from proposals.ballots.kinds import Kind
from proposals.ballots.phase_studio import may_set, set_options, shown_of
from proposals.ballots.questions import GRADES, LANGUAGES, LONGEST, MOST_ANSWERS, MOST_QUESTIONS, YESNO

if TYPE_CHECKING:
    from accounts.models import Person

FORMS = ((YESNO, _("Yes, no or abstain")), (GRADES, _("Grades for several options")))
MAJORITIES = (
    ("simple", _("More yes than no")),
    ("two_thirds", _("Two thirds of yes and no")),
    ("three_quarters", _("Three quarters of yes and no")),
)
QUORUMS = (
    ("", _("None")),
    ("turnout", _("So many must answer the question")),
    ("yes", _("So many must say yes")),
)
_LANGUAGES = {"de": _("German"), "en": _("English")}
LONGEST_ABOUT = 1000


def phases_of(process: Process) -> list[Phase]:
    return [phase for phase in process.line if phase.method == "ballot" and phase.opts.kind == Kind.ANSWERS]


@transaction.atomic
def set_questions(*, phase: Phase, asked: Sequence[Mapping[str, Any]], by: Person, at: datetime) -> Phase:
    """What is asked in this vote, in this order. ValueError for questions that cannot be read."""
    require(may_set(by, phase, at))
    options = replace(phase.opts, questions=[dict(question) for question in asked])
    return set_options(phase=phase, options=options, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one question on the page."""

    number: int
    fresh: bool
    texts: list[forms.BoundField]
    form: forms.BoundField
    yesno: list[forms.BoundField]
    answers: list[forms.BoundField]
    last: list[forms.BoundField]


class QuestionsForm(forms.Form):
    """All questions of one phase. A question whose texts are empty is none; one that is ticked to go goes."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, phase: Phase) -> None:
        super().__init__(data, prefix=phase.key)
        self.phase = phase
        stored: list[Mapping[str, Any]] = list(phase.opts.questions)
        self.rooms = min(len(stored) + 1, MOST_QUESTIONS)
        self.there = len(stored)
        for number in range(1, self.rooms + 1):
            self._add(number, stored[number - 1] if number <= len(stored) else {})

    def _add(self, number: int, stored: Mapping[str, Any]) -> None:
        start = f"q{number}_"
        text, about, answers = stored.get("text", {}), stored.get("about", {}), stored.get("answers", ())
        for code in LANGUAGES:
            self.fields[f"{start}text_{code}"] = forms.CharField(
                label=format_lazy(_("Question ({language})"), language=_LANGUAGES[code]),
                max_length=LONGEST, required=False, initial=text.get(code, ""),
            )  # fmt: skip
        for code in LANGUAGES:
            self.fields[f"{start}about_{code}"] = forms.CharField(
                label=format_lazy(_("Explanation ({language}), if needed"), language=_LANGUAGES[code]),
                max_length=LONGEST_ABOUT, required=False, initial=about.get(code, ""), widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
        self.fields[f"{start}form"] = forms.ChoiceField(
            label=_("How is it answered?"), choices=FORMS, initial=stored.get("form", YESNO), required=False,
        )  # fmt: skip
        self.fields[f"{start}majority"] = forms.ChoiceField(
            label=_("Which majority is needed?"), choices=MAJORITIES, initial=stored.get("majority", "simple"), required=False,
        )  # fmt: skip
        self.fields[f"{start}quorum"] = forms.ChoiceField(
            label=_("Which quorum is needed?"),
            choices=QUORUMS,
            initial=stored.get("quorum", ""),
            required=False,
        )
        self.fields[f"{start}percent"] = forms.IntegerField(
            label=_("Quorum, in percent of all who may vote"), min_value=1, max_value=100, required=False,
            initial=stored.get("percent") or None,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3}),
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value"), _("Please give a whole number from 1 to 100.")
            ),
        )  # fmt: skip
        for code in LANGUAGES:
            self.fields[f"{start}answers_{code}"] = forms.CharField(
                label=format_lazy(_("Options to grade ({language}), one a line"), language=_LANGUAGES[code]),
                required=False, widget=forms.Textarea(attrs={"rows": 4}),
                initial="\n".join(answer.get(code, "") for answer in answers),
            )  # fmt: skip
        self.fields[f"{start}place"] = forms.IntegerField(
            label=_("Place on the ballot"), required=False, initial=number, min_value=1, max_value=MOST_QUESTIONS,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 2}),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Please give a whole number.")),
        )  # fmt: skip
        if stored:
            self.fields[f"{start}gone"] = forms.BooleanField(
                label=_("Take this question out"), required=False
            )

    def groups(self) -> list[Group]:
        found = []
        for number in range(1, self.rooms + 1):
            start = f"q{number}_"
            both = [[self[f"{start}{what}_{code}"] for code in LANGUAGES] for what in ("text", "about")]
            last = [self[f"{start}place"]]
            if f"{start}gone" in self.fields:
                last.append(self[f"{start}gone"])
            found.append(
                Group(
                    number,
                    number > self.there,
                    [*both[0], *both[1]],
                    self[f"{start}form"],
                    [self[f"{start}{what}"] for what in ("majority", "quorum", "percent")],
                    [self[f"{start}answers_{code}"] for code in LANGUAGES],
                    last,
                )
            )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.asked = [
            asked for _place, _number, asked in sorted(self._asked(data), key=lambda each: each[:2])
        ]
        return data

    def _asked(self, data: Mapping[str, Any]) -> list[tuple[int, int, dict[str, Any]]]:
        found = []
        for number in range(1, self.rooms + 1):
            mine = {key: data.get(f"q{number}_{key}") or "" for key in _KEYS}
            if mine["gone"] or (number > self.there and not any(mine[key] for key in _WRITTEN)):
                continue
            found.append((int(mine["place"] or number), number, self._one(number, mine)))
        return found

    def _one(self, number: int, mine: Mapping[str, Any]) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "form": mine["form"] or YESNO,
            "text": {code: mine[f"text_{code}"] for code in LANGUAGES},
            "about": {code: mine[f"about_{code}"] for code in LANGUAGES},
        }
        for code in LANGUAGES:
            if not mine[f"text_{code}"]:
                self.add_error(
                    f"q{number}_text_{code}", _("Please write the question in this language, too.")
                )
        if bool(mine["about_de"]) != bool(mine["about_en"]):
            missing = "about_en" if mine["about_de"] else "about_de"
            self.add_error(f"q{number}_{missing}", _("Please explain it in this language, too, or in none."))
        if asked["form"] == GRADES:
            return asked | {"answers": self._answers(number, mine)}
        if mine["quorum"] and not mine["percent"] and f"q{number}_percent" not in self.errors:
            self.add_error(f"q{number}_percent", _("Please give a whole number from 1 to 100."))
        return asked | {
            "majority": mine["majority"] or "simple",
            "quorum": mine["quorum"],
            "percent": int(mine["percent"] or 0) if mine["quorum"] else 0,
        }

    def _answers(self, number: int, mine: Mapping[str, Any]) -> list[dict[str, str]]:
        lines = {
            code: [line.strip() for line in str(mine[f"answers_{code}"]).splitlines() if line.strip()]
            for code in LANGUAGES
        }
        for code, texts in lines.items():
            field = f"q{number}_answers_{code}"
            if not 2 <= len(texts) <= MOST_ANSWERS:
                self.add_error(
                    field,
                    format_lazy(_("Please write from 2 to {most} options, one a line."), most=MOST_ANSWERS),
                )
            elif len(set(texts)) != len(texts):
                self.add_error(field, _("An option stands here twice."))
            elif any(len(text) > LONGEST for text in texts):
                self.add_error(field, _("An option is too long."))
        if len(lines["de"]) != len(lines["en"]):
            self.add_error(
                f"q{number}_answers_en",
                _("Please write as many options in both languages, in the same order."),
            )
        pairs = zip(lines["de"], lines["en"], strict=False)
        return [{"de": german, "en": english} for german, english in pairs]


_WRITTEN = [f"{what}_{code}" for what in ("text", "about", "answers") for code in LANGUAGES]
_KEYS = [*_WRITTEN, "form", "majority", "quorum", "percent", "place", "gone"]


# --- the section of the studio ---


def context(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    phase = shown_of(process, phases_of(process), at)
    answer = may_set(person, phase, at)
    asked = questions.read(phase.opts.questions)
    return {
        "form": QuestionsForm(phase=phase),
        "phase": phase,
        "answer": answer,
        "missing": questions.gaps(asked) if answer else [],
        "full": len(asked) >= MOST_QUESTIONS,
        "paper": No(_("On paper people can only choose projects. A vote on questions is held online.")),
    }


def handle(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> forms.BaseForm | None:
    phase = shown_of(process, phases_of(process), at)
    require(may_set(person, phase, at))
    form = QuestionsForm(data, phase=phase)
    if not form.is_valid():
        return form
    set_questions(phase=phase, asked=form.asked, by=person, at=at)
    return None
