"""The questions of a ballot, as the studio stores them and as they are fixed at the opening. No table, no request.

    {"form": "yesno", "text": {"de": "…", "en": "…"}, "about": {}, "majority": "simple", "quorum": "yes", "percent": 20}
    {"form": "grades", "text": {"de": "…", "en": "…"}, "about": {}, "answers": [{"de": "…", "en": "…"}, …]}

What one answers is a line: the question itself where it asks for yes or no, each of its options where it asks for grades.
A filled ballot says for lines, by their position from 1, a number: 1 yes, 2 no, 3 abstain, or a grade from 1 to 6.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Answer, No, Words, Yes
from proposals.ballots.tally.answers import MAJORITIES, QUORUMS

YESNO, GRADES = "yesno", "grades"
YES, NO, ABSTAIN = 1, 2, 3
LANGUAGES = ("de", "en")
MOST_QUESTIONS, MOST_ANSWERS, LONGEST = 10, 10, 300
# Always at hand, so that it can be told without a row: what a line may be answered with, by the number that is stored.
SAID: Mapping[int, Words] = {
    YES: pgettext_lazy("answer on a ballot", "Yes"),
    NO: pgettext_lazy("answer on a ballot", "No"),
    ABSTAIN: pgettext_lazy("answer on a ballot", "I abstain"),
}
# The worst first: the number that is stored is the place in here, from 1.
GRADE_NAMES: Sequence[Words] = (
    pgettext_lazy("grade", "unsuitable"),
    pgettext_lazy("grade", "poor"),
    pgettext_lazy("grade", "acceptable"),
    pgettext_lazy("grade", "good"),
    pgettext_lazy("grade", "very good"),
    pgettext_lazy("grade", "excellent"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to answer. `text` by language; empty for a question of yes or no, which says it itself."""

    key: int
    code: str
    text: Mapping[str, str]

    @property
    def said(self) -> str:
        return in_language(self.text)


@dataclass(frozen=True, slots=True)
class Question:
    number: int
    form: str
    text: Mapping[str, str]
    about: Mapping[str, str]
    lines: tuple[Line, ...]
    majority: str = "simple"
    quorum: str = ""
    percent: int = 0

    @property
    def code(self) -> str:
        return f"q{self.number:02}"

    @property
    def said(self) -> str:
        return in_language(self.text)

    @property
    def explained(self) -> str:
        return in_language(self.about)

    @property
    def asks_grades(self) -> bool:
        return self.form == GRADES

    @property
    def values(self) -> range:
        """The numbers a line may be answered with."""
        return range(1, (len(GRADE_NAMES) if self.asks_grades else len(SAID)) + 1)


def in_language(text: Mapping[str, str]) -> str:
    """In the reader's language, else in any there is."""
    mine = text.get((get_language() or "de")[:2], "")
    return mine or next((said for said in text.values() if said), "")


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions in their order. ValueError for what does not have this shape."""
    found = []
    key = 0
    for number, one in enumerate(stored, start=1):
        if not isinstance(one, Mapping) or one.get("form") not in (YESNO, GRADES):
            raise ValueError(f"Question {number} is of no known form.")
        asks_grades = one["form"] == GRADES
        texts = [_texts(answer) for answer in one.get("answers", ())] if asks_grades else [{}]
        lines = []
        for place, text in enumerate(texts, start=1):
            key += 1
            lines.append(Line(key, f"q{number:02}.{place:02}" if asks_grades else f"q{number:02}", text))
        majority, quorum, percent = (
            one.get("majority", "simple"),
            one.get("quorum", ""),
            one.get("percent", 0),
        )
        if majority not in MAJORITIES or quorum not in ("", *QUORUMS):
            raise ValueError(f"Question {number} has an unknown majority or quorum.")
        if not isinstance(percent, int) or not 0 <= percent <= 100:
            raise ValueError(f"The quorum of question {number} is no percentage.")
        found.append(
            Question(
                number,
                one["form"],
                _texts(one.get("text", {})),
                _texts(one.get("about", {})),
                tuple(lines),
                majority,
                quorum,
                percent if quorum else 0,
            )
        )
    return tuple(found)


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise ValueError("A text is given by language.")
    return {language: str(value.get(language, "")) for language in LANGUAGES}


def lines_of(questions: Sequence[Question]) -> list[Line]:
    return [line for question in questions for line in question.lines]


def codes_of(questions: Sequence[Question]) -> dict[int, str]:
    """Position -> code of every line."""
    return {line.key: line.code for line in lines_of(questions)}


def gaps(questions: Sequence[Question]) -> list[Words]:
    """What is missing before people can answer."""
    if not questions:
        return [_("The questions of the vote")]
    if len(questions) > MOST_QUESTIONS:
        return [format_lazy(_("At most {n} questions"), n=MOST_QUESTIONS)]
    found: list[Words] = []
    for question in questions:
        if not all(question.text.values()):
            found.append(
                format_lazy(_("The text of question {n} in German and in English"), n=question.number)
            )
        if question.asks_grades and not 2 <= len(question.lines) <= MOST_ANSWERS:
            found.append(
                format_lazy(
                    _("From 2 to {most} options to grade in question {n}"),
                    n=question.number,
                    most=MOST_ANSWERS,
                )
            )
        elif question.asks_grades and not all(all(line.text.values()) for line in question.lines):
            found.append(
                format_lazy(_("Every option of question {n} in German and in English"), n=question.number)
            )
        if question.quorum and not question.percent:
            found.append(format_lazy(_("The percentage of the quorum of question {n}"), n=question.number))
    return found


def answered(questions: Sequence[Question], filled: Collection[int]) -> int:
    """How many of the questions have an answer on this ballot."""
    return sum(any(line.key in filled for line in question.lines) for question in questions)


def is_castable(questions: Sequence[Question], given: Mapping[int, int]) -> Answer:
    """Whether these answers may stand on a ballot. Questions may stay open."""
    values = {line.key: question.values for question in questions for line in question.lines}
    if not set(given) <= values.keys():
        return No(_("A question you answered is not on this ballot."), _("Load the ballot again."))
    if any(value not in values[key] for key, value in given.items()):
        return No(_("This answer cannot be given here."), _("Load the ballot again."))
    return Yes()


def answer_words(question: Question, value: int) -> Words:
    return GRADE_NAMES[value - 1] if question.asks_grades else SAID[value]
