"""The publish gate: twenty things a good process has settled before it becomes public.

Eight of them the product sees by itself (a question in both languages, enough time …); the others are answered in words.
What is not met blocks the publication, unless it is left out with a public reason. Both are shown on the page of the process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.minimums import announced_in_time, long_enough
from cocreation.models import GateAnswer
from cocreation.standard_answers import Suggestion, brought, suggestions_for
from cocreation.studio import Missing, gaps_of
from groundwork.answer import No, Words

if TYPE_CHECKING:
    from cocreation.models import Process

Check = Callable[["Process", datetime, list[Missing]], list[Missing]]
State = Literal["met", "suggested", "waived", "open"]
ROUTES = 2
ENOUGH_TIME, OFFLINE, SUMMARY = 8, 10, 11
LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Item:
    """`check` is there where the product knows by itself: from the process and the list of what is missing in it, what is
    missing for this item. `who` says that an answer names who looked at it and when: "must" or, for a summary tested by
    its readers, "may"."""

    number: int
    words: Words
    means: Words
    check: Check | None = None
    who: Literal["", "may", "must"] = ""

    @property
    def waivable(self) -> bool:
        """The first five are the page itself: without them there would be nothing to publish."""
        return self.number > 5


def _of_fields(*names: str) -> Check:
    """The entries of the list "what is missing" that belong to these fields."""

    def check(process: Process, at: datetime, gaps: list[Missing]) -> list[Missing]:
        return [gap for gap in gaps if re.sub(r"_(de|en)$", "", gap.field) in names]

    return check


def _promise(process: Process, at: datetime, gaps: list[Missing]) -> list[Missing]:
    return [] if process.promise else [Missing(_("What you promise"), "promise")]


def _answer(process: Process, at: datetime, gaps: list[Missing]) -> list[Missing]:
    found = [gap for gap in gaps if gap.field == "answer_by"]
    if not any(phase.method == "answer" for phase in process.line):
        found.append(Missing(_("A phase in which the city answers"), "phases"))
    return found


def _time(process: Process, at: datetime, gaps: list[Missing]) -> list[Missing]:
    """Counted from the publication: the one that was, the one that is planned, or now."""
    found = []
    for phase in process.line:
        answer = long_enough(phase)
        if isinstance(answer, No):
            found.append(Missing(answer.reason, "ends", phase))
    published = process.published_at or process.publish_at or at
    answer = announced_in_time(process, published)
    if isinstance(answer, No):
        first = min((phase for phase in process.line if phase.starts), key=lambda phase: phase.starts or at)
        found.append(Missing(answer.reason, "starts", first))
    return found


def routes_in(text: str) -> list[str]:
    """Ways to take part without the internet: one a line."""
    return [line for line in text.splitlines() if line.strip()]


def _routes(process: Process, at: datetime, gaps: list[Missing]) -> list[Missing]:
    return [
        Missing(_("At least two ways to take part without the internet, one a line"), f"offline_{code}")
        for code in LANGUAGES
        if len(routes_in(getattr(process, f"offline_{code}") or "")) < ROUTES
    ]


ITEMS: dict[int, Item] = {
    item.number: item
    for item in (
        Item(
            1,
            _("A neutral question"),
            _("The question is there in German and English, in plain words, and does not suggest an answer."),
            _of_fields("question"),
        ),
        Item(
            2,
            _("What is open and what is fixed"),
            _("People can read what they can still change and what they cannot."),
            _of_fields("what_open", "what_fixed"),
        ),
        Item(
            3, _("A promise"), _("One of five levels is chosen, from informing to deciding."), _promise
        ),
        Item(
            4,
            _("Who decides"),
            _("The responsible office is named, and who decides in the end and how."),
            _of_fields("decides", "how_decided"),
        ),
        Item(
            5,
            _("A date for the answer"),
            _("There is a day by which the city answers, and a phase in which it does."),
            _answer,
        ),
        Item(
            6,
            _("Nothing is decided yet"),
            _("The office confirms that the decision has not been taken, and says what is decided only afterwards."),
        ),
        Item(
            7,
            _("Money and people"),
            _("Budget and staff for running the process and for what comes of it are secured and named."),
        ),
        Item(
            8,
            _("Enough time"),
            _("Every phase lasts at least as long as the city's minimum, and people hear of it in time before it begins."),
            _time,
        ),
        Item(
            9,
            _("Everybody concerned"),
            _("It says which groups are concerned and how those are reached who are rarely heard."),
        ),
        Item(
            10,
            _("Ways without the internet"),
            _("At least two: a phone number, an address with opening hours, the next event. One a line."),
            _routes,
        ),
        Item(
            11,
            _("A summary in plain language"),
            _("Short sentences, everyday words, in both languages. It may be called easy-to-read only after readers tested it."),
            who="may",
        ),
        Item(
            12,
            _("Balanced information"),
            _("The material shows the different views, and it says who paid for it."),
        ),
        Item(
            13,
            _("How people are invited"),
            _("It says how people are invited or chosen, and who does that."),
        ),
        Item(
            14,
            _("Who leads the conversation"),
            _("Facilitators and moderators are trained, and their own interests are declared."),
        ),
        Item(
            15,
            _("Rules of conversation"),
            _("The rules are public, and so is what happens to those who break them."),
        ),
        Item(
            16,
            _("Data protection"),
            _("It was checked which data are needed and what could go wrong: by whom and when is said."),
            who="must",
        ),
        Item(
            17,
            _("Who takes part, who is missing"),
            _("It is fixed by which figures you see whether women and men, all ages and all places take part."),
        ),
        Item(
            18,
            _("Open data"),
            _("It says what is published, where, under which licence and for how long."),
        ),
        Item(
            19,
            _("Learning from it"),
            _("There is a plan for the evaluation, and the starting point is written down."),
        ),
        Item(
            20,
            _("Asked about the design"),
            _("At least one body of citizens was asked how the process should run: a council of youth, of seniors, of a district."),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """How an item stands in one process."""

    item: Item
    state: State
    gaps: list[Missing] = field(default_factory=list)
    answer: GateAnswer | None = None
    suggestion: Suggestion | None = None
    hint: Words = ""

    @property
    def is_settled(self) -> bool:
        return self.state != "open"


def check_gate(process: Process, at: datetime, gaps: list[Missing] | None = None) -> list[Checked]:
    """All twenty, in order. One query beyond what the list of what is missing costs (`gaps`, where it is known)."""
    gaps = gaps_of(process) if gaps is None else gaps
    answers = {answer.item: answer for answer in process.gate_answers.all()}
    # What is public was said by the city, not by a recipe.
    suggestions = {} if process.is_published else suggestions_for(process.recipe)
    if not process.is_published:
        # What came with a package is a suggestion, too, until somebody here writes an answer.
        for number in [number for number, answer in answers.items() if answer.suggested]:
            suggestions[number] = brought(answers.pop(number))
    return [
        _checked(item, process, at, gaps, answers.get(number), suggestions.get(number))
        for number, item in ITEMS.items()
    ]


def _checked(
    item: Item,
    process: Process,
    at: datetime,
    gaps: list[Missing],
    answer: GateAnswer | None,
    suggestion: Suggestion | None,
) -> Checked:
    if answer is not None and answer.is_waived:
        return Checked(item, "waived", answer=answer)
    if item.check is not None:
        missing = item.check(process, at, gaps)
        hint = _loaded(process) if item.number == 1 else ""
        return Checked(item, "open" if missing else "met", missing, answer, hint=hint)
    if answer is not None and answer.text_de and answer.text_en:  # type: ignore[attr-defined]
        return Checked(item, "met", answer=answer, suggestion=suggestion)
    if suggestion is not None:
        return Checked(item, "suggested", answer=answer, suggestion=suggestion)
    return Checked(item, "open", [Missing(item.words, f"gate:{item.number}")], answer)


def waived_in(process: Process) -> set[int]:
    return set(process.gate_answers.filter(waived_at__isnull=False).values_list("item", flat=True))


def missing_of(process: Process, at: datetime) -> list[Missing]:
    """What is missing before a draft may be published, or in what is public; each entry once, with its field."""
    gaps = gaps_of(process)
    if process.is_published:
        return _without(gaps, waived_in(process))
    checked = check_gate(process, at, gaps)
    found = _without(gaps, {each.item.number for each in checked if each.state == "waived"})
    known = {_place(gap) for gap in found}
    for each in checked:
        for gap in each.gaps:
            if _place(gap) not in known:
                known.add(_place(gap))
                found.append(gap)
    return found


def _place(gap: Missing) -> tuple[int | None, str]:
    return gap.phase.pk if gap.phase else None, gap.field


def _without(gaps: Iterable[Missing], waived: set[int]) -> list[Missing]:
    """Ways without the internet are the one text of the process that may be left out with a reason."""
    return [gap for gap in gaps if not (OFFLINE in waived and gap.field.startswith("offline_"))]


# Words that put an answer into people's mouths. Finding one is a hint for the author and blocks nothing.
LOADED = {
    "de": ("endlich", "natürlich", "selbstverständlich", "offensichtlich", "unbedingt", "sicherlich", "sinnlos", "unsinnig",
           "nicht auch", "doch wohl", "etwa nicht", "leider", "alternativlos"),
    "en": ("finally", "obviously", "of course", "surely", "clearly", "pointless", "useless", "don't you", "isn't it",
           "unfortunately", "at last", "no alternative"),
}  # fmt: skip


def loaded_words(text: str, language: str) -> list[str]:
    """The words of a question that may suggest an answer."""
    return [word for word in LOADED[language] if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.lower())]


def _loaded(process: Process) -> Words:
    found = [
        word for code in LANGUAGES for word in loaded_words(getattr(process, f"question_{code}") or "", code)
    ]
    if not found:
        return ""
    return format_lazy(_("May suggest an answer: “{words}”. This is only a hint."), words="”, “".join(found))
