"""Printed ballots and counting sheets, as the vote was fixed, in the chosen language: tagged PDFs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cocreation.checks import codes
from groundwork import typesetting
from groundwork.html import say
from proposals.ballots import envelopes, words
from proposals.ballots.envelopes import Section
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.paperwork.models import Invalid, PrintRun, Way
from proposals.ballots.paperwork.parsing import number_of

BALLOT, SHEET = (Path(__file__).with_name(name) for name in ("ballot.typ", "sheet.typ"))
NORMAL_PT, LARGE_PT = 11, 18


def ballots(run: PrintRun, vote: Vote, options: Sequence[BallotOption], made: Sequence[str]) -> bytes:
    """One PDF with a ballot for each code; without codes one ballot, to be printed as often as the run says."""
    with translation.override(run.language):
        about = _common(vote, options, run.language) | _words(vote, run)
    about["size"] = LARGE_PT if run.large else NORMAL_PT
    about["papers"] = [
        {"code": codes.shown(code), "serial": f"{run.number}-{serial}", "qr": typesetting.qr(code)}
        for serial, code in enumerate(made, start=1)
    ] or [{"code": "", "serial": "", "qr": ""}]
    return typesetting.pdf(BALLOT, about)


def counting_sheet(vote: Vote, options: Sequence[BallotOption], language: str) -> bytes:
    """A table to count by hand: a line for each project and for blank and invalid ones, boxes to tick off five by five."""
    with translation.override(language):
        about = _common(vote, options, language) | {
            "title": _("Counting sheet"),
            "batch": _("Batch"),
            "number_of_ballots": _("Number of ballots"),
            "first": _("Counted by"),
            "second": _("Checked by"),
            "project": _("Project"),
            "strokes": _("One stroke for each ballot, the fifth across"),
            "sum": _("Sum"),
            "sum_label": _("Project {number}: sum"),
            "part": _("Part"),
            "whole_title": _("The whole ballot"),
            "whole": _typed(Invalid.UNCLEAR, Invalid.MARKED, Invalid.FOREIGN),
            "others": [_("Blank"), *_typed(*(one for one in Invalid if one is not Invalid.PARTS))],
            "how": _(
                "Two people count, one reads out and one makes the strokes. Then they change places. Both sign."
                " Compare the sums with those on the page of the vote."
            ),
        }
    return typesetting.pdf(SHEET, about)


def _typed(*categories: Invalid) -> list[str]:
    """Kinds of invalid ballots with what a clerk types for them."""
    return [f"{number_of(one)} {one.label}" for one in categories]


def _common(vote: Vote, options: Sequence[BallotOption], language: str) -> dict[str, Any]:
    process = vote.phase.process
    return {
        "lang": language,
        "process": process.title,
        "question": process.question or process.title,
        "sender": _("City of {city}").format(city=settings.CITY_NAME),
        "projects": [] if vote.envelopes else _projects(vote, options),
        "parts": [_part(vote, section) for section in envelopes.sections_of(vote, options)],
    }


def _projects(vote: Vote, options: Sequence[BallotOption]) -> list[dict[str, str]]:
    return [
        {
            "number": option.code,
            "title": words.title_of(option),
            "place": option.proposal.place.name if option.proposal.place else "",
            "cost": words.amount(option.cost, vote.currency),
        }
        for option in options
    ]


def _part(vote: Vote, section: Section) -> dict[str, Any]:
    """The part of a ballot that is about one envelope. `mark`: the words at the box for whoever votes there."""
    chosen_among = envelopes.chooses(vote, section.envelope)
    invalid = [Invalid.TOO_MUCH, Invalid.UNCLEAR, *([Invalid.PARTS] if chosen_among else [])]
    return {
        "letter": section.code,
        "name": section.envelope.said,
        "amount": words.amount(section.vote.budget, vote.currency),
        "limits": words.limits(section.vote),
        "rule": _("Counted by: {rule}.").format(rule=words.rule_name(section.vote)),
        "mark": _("I vote here") if chosen_among else "",
        "mark_box": _("Box: I vote in part {letter}").format(letter=section.code),
        "projects": _projects(vote, section.options),
        "others": [
            _("Blank"),
            *_typed(*invalid),
            *([_("This part was not chosen")] if chosen_among else []),
        ],
    }


def _words(vote: Vote, run: PrintRun) -> dict[str, Any]:
    ends = vote.phase.ends
    coded = run.way == Way.CODE
    return {
        "title": _("Ballot"),
        "how_title": _("How to fill it in"),
        "how": [*_how(vote), *_hand_in(vote, coded)],
        "rule_title": _("How it is counted"),
        "rule": [str(said) for said in words.rule_sentences(vote)],
        "both": words.paper_sentences(vote)[1] if vote.paper else "",
        "number": _("Number"),
        "project": _("Project"),
        "cost": _("Cost"),
        "choose": _("My choice"),
        "part": _("Part"),
        "box": _("Box for project {number}"),
        "until": _("The vote ends on {when}.").format(when=say.when(ends)) if ends else "",
        "cut": _("The office cuts off this part before the ballot goes into the box. Please leave it on."),
        "code_label": _("One-time code"),
        "serial_label": _("Number of this ballot"),
        "alt": _("QR code with the one-time code"),
        "secret": _(
            "The code says that you may vote, and that only once. It is cut off and never kept beside your choice."
        ),
        "stamp": _("Only valid with the stamp of the office"),
        "help": _("Questions? {phone}").format(phone=settings.CITY_PHONE),
    }


def _how(vote: Vote) -> list[str]:
    return [
        *_where(vote),
        _("Put a cross in the box of every project you want."),
        *([] if vote.envelopes else words.limits(vote)),
        _("Do not write your name or anything else on the ballot, or it does not count."),
    ]


def _where(vote: Vote) -> list[str]:
    """In which parts of the ballot one person votes, and what becomes of them if it is more."""
    listed = envelopes.read(vote.envelopes)
    if not listed:
        return []
    among = [each.code for each in listed if envelopes.chooses(vote, each)]
    said = [
        _("This ballot has {n} parts. Each has its own money and is counted by itself.").format(n=len(listed))
    ]
    if not among:
        return [*said, _("You can vote in every part.")]
    most = vote.most_envelopes or 0
    besides = [each.code for each in listed if each.code not in among]
    if besides:
        said.append(
            ngettext("Everybody votes in part {parts}.", "Everybody votes in the parts {parts}.", len(besides)).format(
                parts=", ".join(besides)
            )
        )  # fmt: skip
    said.append(
        ngettext(
            "Of the parts {parts} choose {n}, and put a cross at “I vote here” there.",
            "Of the parts {parts} choose {n} at most, and put a cross at “I vote here” in each.",
            most,
        ).format(parts=", ".join(among), n=most)
    )
    said.append(
        ngettext(
            "If you mark more than one of them, or choose projects in more than one, none of these parts counts.",
            "If you mark more than {n} of them, or choose projects in more than {n}, none of these parts counts.",
            most,
        ).format(n=most)
    )
    return said


def _hand_in(vote: Vote, coded: bool) -> list[str]:
    if not coded:
        return [_("Fold the ballot and put it into the box at the town hall.")]
    desk = settings.CITY_DESK.get(translation.get_language() or "de", "")
    return [
        _(
            "Fold the ballot so that nobody sees your choice and only the code looks out. Put it into an envelope."
        ),
        _("Send it or bring it to us: {desk}. It must have come in when the vote ends.").format(desk=desk),
    ]
