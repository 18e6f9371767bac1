"""Questions in words: what accepts them, what somebody answered, what came out and why. Pure functions of the stored rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.html import say
from proposals.ballots import questions
from proposals.ballots.models import Tally, Vote
from proposals.ballots.questions import ABSTAIN, GRADE_NAMES, NO, YES, Line, Question
from proposals.ballots.tally import LOT

# The best first, as people read them: (number that is stored, name).
BEST_FIRST = tuple(reversed(list(enumerate(GRADE_NAMES, start=1))))


def condition(question: Question) -> str:
    """What a question of yes or no needs, or how its grades are counted."""
    if question.asks_grades:
        return _(
            "The option with the best middle grade wins: the grade that more than half give at least. Whoever grades only some"
            " of the options gives the others the worst grade."
        )
    said = {
        "simple": _("Accepted if more people say yes than no."),
        "two_thirds": _("Accepted if at least two thirds of those who say yes or no say yes."),
        "three_quarters": _("Accepted if at least three quarters of those who say yes or no say yes."),
    }[question.majority]
    if question.quorum == "yes":
        said += " " + _("At least %(percent)s of all who may vote must say yes.") % {
            "percent": say.percent(question.percent)
        }
    elif question.quorum == "turnout":
        said += " " + _(
            "At least %(percent)s of all who may vote must answer this question; to abstain is an answer, too."
        ) % {"percent": say.percent(question.percent)}
    return said


def sentences(vote: Vote) -> list[str]:
    """How the grades of this vote are counted in detail; nothing where it asks for none."""
    if not any(question.asks_grades for question in questions.read(vote.questions)):
        return []
    said = _(
        "If two options have the same middle grade, one vote of it is put aside from each, again and again, until one has the"
        " better middle grade."
    )
    return [said, tie_sentence(vote)]


def tie_sentence(vote: Vote) -> str:
    if vote.tie_rule == LOT:
        if vote.lot_seed:
            return _(
                "If all grades of two options are equal, a lot decides. It was drawn before the vote with the seed %(seed)s; the"
                " fingerprint of the seed (SHA-256) was public from the opening: %(promise)s."
            ) % {"seed": vote.lot_seed, "promise": vote.lot_promise}
        if vote.lot_promise:
            return _(
                "If all grades of two options are equal, a lot decides. It is drawn already and sealed; its fingerprint"
                " (SHA-256) is %(promise)s. The seed is told with the count."
            ) % {"promise": vote.lot_promise}
        return _(
            "If all grades of two options are equal, a lot decides. It is drawn and sealed when the vote opens; its"
            " fingerprint is public from then on."
        )
    return _("If all grades of two options are equal, the one that was set up first goes first.")


def told(vote: Vote, texts: Sequence[str]) -> list[str]:
    """A ballot as it stands on a receipt or a leaf: "Shall the market be closed?: Yes", "… – Plan A: good"."""
    by_code = {
        line.code: (question, line) for question in questions.read(vote.questions) for line in question.lines
    }
    found = []
    for text in texts:
        code, _colon, value = text.rpartition(":")
        question, line = by_code[code]
        name = f"{question.said} – {line.said}" if line.said else question.said
        answer = str(questions.answer_words(question, int(value)))
        found.append(_("%(question)s: %(answer)s") % {"question": name, "answer": answer})
    return found


# --- the result ---


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a bar: its name, number, start and width in percent as text for SVG, and its colour."""

    name: str
    shown: str
    at: str
    width: str
    colour: str


@dataclass(frozen=True, slots=True)
class OptionTold:
    place: int
    title: str
    grade: str
    half: str
    why: str
    bars: tuple[Bar, ...]
    label: str
    wins: bool


@dataclass(frozen=True, slots=True)
class QuestionTold:
    number: int
    title: str
    about: str
    badge: str
    good: bool
    condition: str
    people: str
    why: tuple[str, ...]
    bars: tuple[Bar, ...]
    label: str
    options: tuple[OptionTold, ...]


def results_of(tally: Tally) -> list[QuestionTold]:
    """Every question with what came out, in the order of the ballot."""
    asked = questions.read(tally.vote.questions)
    return [
        _graded(question, found) if question.asks_grades else _judged(question, found, tally.vote)
        for question, found in zip(asked, tally.result["questions"], strict=True)
    ]


def _people(found: Mapping[str, Any]) -> str:
    return ngettext(
        "%(n)s person answered this question.", "%(n)s people answered this question.", found["voters"]
    ) % {"n": say.number(found["voters"])}


def _bars(parts: Sequence[tuple[str, int, str]]) -> tuple[Bar, ...]:
    whole = sum(number for _name, number, _colour in parts) or 1
    starts = accumulate((number for _name, number, _colour in parts), initial=0)
    return tuple(
        Bar(name, say.number(number), f"{100 * start / whole:.2f}", f"{100 * number / whole:.2f}", colour)
        for (name, number, colour), start in zip(parts, starts, strict=False)
    )


def _label(bars: Sequence[Bar]) -> str:
    return ", ".join(f"{bar.name}: {bar.shown}" for bar in bars)


def _judged(question: Question, found: Mapping[str, Any], vote: Vote) -> QuestionTold:
    yes, no, abstain = found["answers"][question.code]
    bars = _bars(
        [
            (str(questions.SAID[YES]), yes, "yes"),
            (str(questions.SAID[ABSTAIN]), abstain, "abstain"),
            (str(questions.SAID[NO]), no, "no"),
        ]
    )
    why = [_majority(question, yes, no, reached=found["majority_reached"])]
    if question.quorum:
        why.append(_quorum(question, found, yes, vote))
    if not found["accepted"]:
        why.append(
            ngettext(
                "With %(n)s more vote for yes it would have been accepted.",
                "With %(n)s more votes for yes it would have been accepted.",
                found["more_yes"],
            )
            % {"n": say.number(found["more_yes"])}
        )
    return QuestionTold(
        number=question.number,
        title=question.said,
        about=question.explained,
        badge=_("Accepted") if found["accepted"] else _("Not accepted"),
        good=found["accepted"],
        condition=condition(question),
        people=_people(found),
        why=tuple(why),
        bars=bars,
        label=_label(bars),
        options=(),
    )


def _majority(question: Question, yes: int, no: int, *, reached: bool) -> str:
    if not yes + no:
        return _("Nobody said yes or no.")
    if yes == no and question.majority == "simple":
        return _("As many said yes as said no: %(n)s each. That is no majority.") % {"n": say.number(yes)}
    share = say.percent(100 * yes / (yes + no))
    if reached:
        return _("Of those who said yes or no, %(share)s said yes. The majority is reached.") % {
            "share": share
        }
    return _("Of those who said yes or no, %(share)s said yes. The majority is missed.") % {"share": share}


def _quorum(question: Question, found: Mapping[str, Any], yes: int, vote: Vote) -> str:
    there = yes if question.quorum == "yes" else found["voters"]
    numbers = {
        "there": say.number(there),
        "needed": say.number(found["needed"]),
        "all": say.number(vote.eligible or 0),
    }
    if question.quorum == "yes":
        return (
            _("Of %(all)s who may vote, %(needed)s had to say yes, and %(there)s did. The quorum is reached.")
            if found["quorum_reached"]
            else _(
                "Of %(all)s who may vote, %(needed)s had to say yes, and %(there)s did. The quorum is missed."
            )
        ) % numbers
    return (
        _("Of %(all)s who may vote, %(needed)s had to answer, and %(there)s did. The quorum is reached.")
        if found["quorum_reached"]
        else _("Of %(all)s who may vote, %(needed)s had to answer, and %(there)s did. The quorum is missed.")
    ) % numbers


def _graded(question: Question, found: Mapping[str, Any]) -> QuestionTold:
    lines = {line.code: line for line in question.lines}
    voters = found["voters"]
    ranking = [lines[code] for code in found["ranking"]] if voters else list(question.lines)
    options = tuple(
        _option(place, line, ranking, found, wins=bool(voters) and place == 1)
        for place, line in enumerate(ranking, start=1)
    )
    best = _("“%(option)s” wins") % {"option": ranking[0].said} if voters else _("Nobody graded")
    return QuestionTold(
        number=question.number,
        title=question.said,
        about=question.explained,
        badge=best,
        good=bool(voters),
        condition=condition(question),
        people=_people(found),
        why=(),
        bars=(),
        label="",
        options=options,
    )


def _option(
    place: int, line: Line, ranking: Sequence[Line], found: Mapping[str, Any], *, wins: bool
) -> OptionTold:
    given = found["answers"][line.code]
    bars = _bars([(str(name), given[value - 1], f"g{value}") for value, name in BEST_FIRST])
    middle, voters = found["middle"][line.code], found["voters"]
    if not voters:
        return OptionTold(place, line.said, "", "", "", bars, _label(bars), wins=False)
    grade = str(GRADE_NAMES[middle])
    half = _("%(n)s of %(all)s give at least “%(grade)s”.") % {
        "n": say.number(sum(given[middle:])),
        "all": say.number(voters),
        "grade": grade,
    }
    why = [_apart(found["parted"][place - 1], ranking[place]) if place < len(ranking) else ""]
    if more := found.get("more", {}).get(line.code):  # counts of earlier versions do not say
        why.append(
            ngettext(
                "With %(n)s more person who gives it the best grade and all others the worst, it would have won.",
                "With %(n)s more people who give it the best grade and all others the worst, it would have won.",
                more,
            )
            % {"n": say.number(more)}
        )
    return OptionTold(place, line.said, grade, half, " ".join(filter(None, why)), bars, _label(bars), wins)


def _apart(parted: Sequence[int | None], other: Line) -> str:
    """Why this option stands before the next one, where their middle grades are the same."""
    taken, upper, lower = parted
    if upper is None or lower is None:
        return _("All its grades are as those of “%(other)s”: the rule for equals put it first.") % {
            "other": other.said
        }
    if not taken:
        return ""
    return ngettext(
        "“%(other)s” has the same middle grade. When %(n)s vote of it is put aside from each, this one has “%(upper)s” and"
        " the other “%(lower)s”.",
        "“%(other)s” has the same middle grade. When %(n)s votes of it are put aside from each, this one has “%(upper)s” and"
        " the other “%(lower)s”.",
        taken,
    ) % {
        "other": other.said,
        "n": say.number(taken),
        "upper": GRADE_NAMES[upper],
        "lower": GRADE_NAMES[lower],
    }


def heading(tally: Tally) -> str:
    """The result in one line: its questions and how many were accepted; of a single question what came of it."""
    found = results_of(tally)
    if len(found) == 1:
        return found[0].badge
    return ngettext("The answer to %(n)s question", "The answers to %(n)s questions", len(found)) % {
        "n": say.number(len(found))
    }
