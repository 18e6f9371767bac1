"""The receipt of a ballot as a tagged PDF (PDF/UA-1), in the language of the reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundwork import typesetting
from proposals.ballots.board.leaves import Receipt
from proposals.ballots.models import Vote

TEMPLATE = Path(__file__).with_name("receipt.typ")


def as_pdf(vote: Vote, receipt: Receipt, chosen: Sequence[str], address: str) -> bytes:
    """One page: the code, its picture, what was chosen (in words), and how to check it."""
    about = {
        "lang": get_language() or "de",
        "title": _("Receipt of your ballot"),
        "process": vote.phase.process.title,
        "code": receipt.code,
        "chosen_title": _("You chose"),
        "chosen": list(chosen),
        "nothing": _("Nothing so far."),
        "check": _("Check it on the board of the vote, with this code:"),
        "address": address,
        "picture": typesetting.qr(address),
        "picture_label": _("QR code with the address of the check"),
        "warning": _(
            "Keep it to yourself: whoever has it sees how you voted. Change your ballot and you get a new one; the last one counts."
        ),
        "leaf": receipt.leaf.hex(),
    }
    return typesetting.pdf(TEMPLATE, about)
