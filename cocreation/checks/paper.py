"""Letters as PDF: the address stands in the window of DIN 5008 form B, the document is tagged (PDF/UA-1)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from groundwork import typesetting
from groundwork.html import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cocreation.checks.letters import Letter
    from cocreation.models import LetterBatch

TEMPLATE = Path(__file__).with_name("letter.typ")


def letters(batch: LetterBatch, some: Sequence[Letter]) -> bytes:
    """One PDF with a page a letter, in the language of the batch."""
    with translation.override(batch.language):
        words = _words(batch)
    about = {
        **words,
        "letters": [
            {"serial": letter.serial, "code": letter.code, "address": letter.address} for letter in some
        ],
    }
    return typesetting.pdf(TEMPLATE, about)


def short_address(process: Any) -> str:
    """Where codes are typed in, short enough to copy from paper."""
    return settings.SITE_URL.rstrip("/") + reverse("cocreation:short_code", args=[process.pk])


def _words(batch: LetterBatch) -> dict[str, Any]:
    process = batch.process
    address = short_address(process)
    last = max((phase.ends for phase in process.line if phase.ends), default=None)
    invited = batch.kind == batch.Kind.BLANK
    return {
        "lang": batch.language,
        "title": _("Your code for “{title}”").format(title=process.title),
        "sender": _("City of {city}").format(city=settings.CITY_NAME),
        "office": process.office.name,
        "desk": settings.CITY_DESK.get(batch.language, ""),
        "phone": settings.CITY_PHONE,
        "email": settings.CITY_EMAIL,
        "date": date_format(localdate(batch.made_at), "j. F Y" if batch.language == "de" else "j F Y"),
        "greeting": _("Good day,"),
        "question": process.question or process.title,
        "lead": process.lead,
        "invitation": _("You are invited to take part. With this code you can:")
        if invited
        else _("You can take part. With this code you show who you are:"),
        "code_label": _("Your code"),
        "serial_label": _("Number of this letter"),
        "how": [
            _("Open {address} or scan the picture.").format(address=address.split("://")[-1]),
            _("Type in the code. Capital letters and hyphens do not matter."),
            _("Take part, with an account or, where the page offers it, without one."),
        ],
        "once": _("The code is for you alone and can be used by one person. Please do not pass it on."),
        "until": _("You can use it until {day}.").format(day=say.day(last)) if last else "",
        "help": _("You have no internet or need help? Call {phone} or come to us: {desk}.").format(
            phone=settings.CITY_PHONE, desk=settings.CITY_DESK.get(batch.language, "")
        ),
        "alt": _("QR code with the address {address}").format(address=address),
        "kept": _(
            "The city keeps no copy of this code. If the letter is lost, the citizens' office gives you a new one."
        ),
        "qr": typesetting.qr(address),
    }
