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
from proposals.ballots import words
from proposals.ballots.models import BallotOption, Vote
from proposals.ballots.paperwork.models import Invalid, PrintRun, Way

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
            "others": [
                _("Blank"),
                *(f"X{n} {label}" for n, label in enumerate(map(str, Invalid.labels), start=1)),
            ],
            "how": _(
                "Two people count, one reads out and one makes the strokes. Then they change places. Both sign."
                " Compare the sums with those on the page of the vote."
            ),
        }
    return typesetting.pdf(SHEET, about)


def _common(vote: Vote, options: Sequence[BallotOption], language: str) -> dict[str, Any]:
    process = vote.phase.process
    return {
        "lang": language,
        "process": process.title,
        "question": process.question or process.title,
        "sender": _("City of {city}").format(city=settings.CITY_NAME),
        "projects": [
            {
                "number": option.code,
                "title": words.title_of(option),
                "place": option.proposal.place.name if option.proposal.place else "",
                "cost": words.amount(option.cost, vote.currency),
            }
            for option in options
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
    said = [
        _("Put a cross in the box of every project you want."),
        _("Your projects may cost at most {budget} together.").format(
            budget=words.amount(vote.budget, vote.currency)
        ),
    ]
    if vote.max_choices:
        said.append(
            ngettext("Choose at most {n} project.", "Choose at most {n} projects.", vote.max_choices).format(
                n=vote.max_choices
            )
        )
    if vote.min_choices > 1:
        said.append(
            ngettext(
                "Choose at least {n} project, or the ballot does not count.",
                "Choose at least {n} projects, or the ballot does not count.",
                vote.min_choices,
            ).format(n=vote.min_choices)
        )
    said.append(_("Do not write your name or anything else on the ballot, or it does not count."))
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
