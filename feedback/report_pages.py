"""The evaluation report in words and figures, once for the page and once for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.ages import BANDS
from accounts.models import Organisation
from feedback.models import Commitment, EvaluationReport, State
from feedback.reports import Numbers, tellers
from groundwork import small_numbers, typesetting
from groundwork.html import say

TEMPLATE = Path(__file__).with_name("report.typ")
Text = str | Promise


@dataclass(frozen=True)
class Indicator:
    """A figure that every report has, and how it is counted."""

    words: Text
    value: str
    note: Text


@dataclass(frozen=True)
class Row:
    words: Text
    value: str


@dataclass(frozen=True)
class Table:
    words: Text
    rows: list[Row]


ACTS = {
    "wrote": gettext_lazy("wrote a proposal"),
    "supported": gettext_lazy("supported a proposal"),
    "commented": gettext_lazy("commented or proposed a wording"),
}


def _share(value: float, part: int, whole: int) -> str:
    return f"{say.percent(value)} ({say.number(part)} / {say.number(whole)})" if whole else "–"


def _hours(hours: str) -> str:
    return say.number(int(float(hours))) if float(hours) % 1 == 0 else say.number(float(hours))


def _people(number: int) -> str:
    """How many people, where there are enough of them to be told."""
    told = small_numbers.figure(number)
    return say.number(told) if told is not None else _("fewer than %(k)s") % {"k": small_numbers.k()}


def indicators(numbers: Numbers) -> list[Indicator]:
    """The six figures reports are compared by."""
    days = numbers.days
    return [
        Indicator(_("Reach"), _people(numbers.reached), _("people who took part or follow, each once")),
        Indicator(
            _("Took part"), _people(numbers.people),
            _("people with an account who wrote, supported, commented or voted in the open; ballots are counted apart"),
        ),
        Indicator(
            _("Influence"), _share(numbers.influence, numbers.influenced, numbers.proposals),
            _("public proposals that were chosen, promised or answered with yes or partly"),
        ),
        Indicator(
            _("Time to answer"),
            ngettext("%(n)s day", "%(n)s days", days) % {"n": say.number(days)} if days is not None else "–",
            _("half of the answers came sooner; from publication to the first answer of the city"),
        ),
        Indicator(
            _("Satisfaction"), _share(numbers.satisfaction, numbers.works_yes, numbers.asked),
            _("of the people concerned who answered, say that what was built works"),
        ),
        Indicator(
            _("Promises on time"), _share(numbers.kept_share, numbers.kept, numbers.kept_of),
            _("finished by the day promised first, of all that were due"),
        ),
    ]  # fmt: skip


def figures(numbers: Numbers) -> list[Row]:
    return [
        Row(_("Proposals"), say.number(numbers.proposals)),
        Row(_("Supports"), say.number(numbers.supports)),
        Row(_("Comments on proposals"), say.number(numbers.comments)),
        Row(_("Ballots counted"), say.number(numbers.ballots)),
        Row(_("Answered by the city"), _share(numbers.answered_share, numbers.answered, numbers.proposals)),
        Row(_("Answered by the promised day"), say.number(numbers.answered_in_time)),
        *[
            Row(_("Promises: %(state)s") % {"state": State(state).label}, say.number(n))
            for state, n in numbers.promises.items()
            if n
        ],
        Row(_("Money promised"), say.money(float(numbers.budget))),
        Row(_("Money spent"), say.money(float(numbers.spent))),
        Row(_("Hours given by residents and organisations"), _hours(numbers.hours)),
    ]


def tables(numbers: Numbers) -> list[Table]:
    """Who took part. Groups that are too small to be named say so."""
    kinds: dict[str, Any] = {"person": _("for themselves")}
    kinds |= {
        str(kind): _("for an organisation: %(kind)s") % {"kind": label}
        for kind, label in Organisation.Kind.choices
    }
    found = [
        Table(_("What they did"), _rows(numbers.acts, ACTS)),
        Table(_("For whom they spoke"), _rows(numbers.kinds, kinds)),
        Table(_("Age, where it was checked"), _rows(numbers.ages, {band: band for band in BANDS})),
    ]
    for slug in tellers.slugs():
        told = tellers.get(slug).words(numbers.told[slug]) if slug in numbers.told else []
        found += [Table(table.words, [Row(words, value) for words, value in table.rows]) for table in told]
    return [table for table in found if table.rows]


def _rows(groups: dict[str, int | None], words: dict[str, Any]) -> list[Row]:
    hidden = _("fewer than %(k)s, or hidden to protect a small group") % {"k": small_numbers.k()}
    return [
        Row(words.get(name, name), hidden if n is None else say.number(n))
        for name, n in groups.items()
        if n != 0
    ]


def as_pdf(report: EvaluationReport, changed: Sequence[tuple[Commitment, str]]) -> bytes:
    numbers = Numbers.read(report.numbers)

    def pairs(rows: Sequence[Row]) -> list[list[str]]:
        return [[str(row.words), row.value] for row in rows]

    return typesetting.pdf(
        TEMPLATE,
        {
            "lang": get_language() or "de",
            "title": _("Evaluation: %(process)s") % {"process": report.process.title},
            "city": settings.CITY_NAME,
            "published": _("Published on %(day)s by: %(office)s. Figures of that day.")
            % {"day": say.day(report.published_on), "office": report.process.office.name},
            "indicators_title": _("Six figures"),
            "indicators": [[str(each.words), each.value, str(each.note)] for each in indicators(numbers)],
            "learned_title": _("What we learned"),
            "learned": report.learned,
            "changes_title": _("What we do differently next time"),
            "changes": report.changes,
            "changed_title": _("What changed"),
            "changed": [[commitment.title, words] for commitment, words in changed],
            "who_title": _("Who took part"),
            "tables": [[str(table.words), pairs(table.rows)] for table in tables(numbers)],
            "more_title": _("All figures"),
            "figures": pairs(figures(numbers)),
            "note": _("Groups of fewer than %(k)s people are not named.") % {"k": small_numbers.k()},
        },
    )
