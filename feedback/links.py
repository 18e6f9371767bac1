"""Ways to the question "does it work?" without logging in: a signed link for each person concerned, a poster for everybody."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from feedback.models import Commitment
from groundwork import typesetting
from groundwork.answer import Answer, No, Yes
from groundwork.html import say

if TYPE_CHECKING:
    from accounts.models import Person

SALT = "feedback.works"
POSTER = Path(__file__).with_name("poster.typ")
# An address may stand for a whole school: so many answers a day for one promise.
MOST = 30
A_DAY = 24 * 3600


def token(commitment: int, person: int) -> str:
    """Says who is asked about what, signed. It ends with the question, not by itself."""
    return signing.dumps([commitment, person], salt=SALT, compress=True)


def link_for(commitment: int, person: int) -> str:
    return reverse("feedback:ask", args=[token(commitment, person)])


def read_token(value: str) -> tuple[Commitment, Person] | None:
    """The promise and the person, or None for anything we did not sign or that is not public any more."""
    from accounts.models import Person

    try:
        commitment, person = signing.loads(value, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Commitment.objects.public().for_board().filter(pk=commitment).first()
    asked = Person.objects.filter(pk=person, is_active=True).first()
    return (found, asked) if found and asked else None


# --- the poster ---


def poster(commitment: Commitment) -> bytes:
    """A sheet of A4 to hang up where it was built, with the address as a picture."""
    address = settings.SITE_URL + reverse("feedback:poster_ask", args=[commitment.pk])
    assert commitment.evaluate_by
    return typesetting.pdf(
        POSTER,
        {
            "lang": get_language() or "de",
            "title": _("Does it work?"),
            "what": commitment.title,
            "invite": _("Three questions, one minute, no account. Point your phone at the picture."),
            "until": _("We ask until %(day)s.") % {"day": say.day(commitment.evaluate_by)},
            "address": address,
            "picture": typesetting.qr(address),
            "picture_label": _("QR code with the address of the question"),
            "office": commitment.office.name,
            "small": _(
                "Only numbers are shown, from ten answers on. Nobody asks who you are, and nothing about your device is kept."
            ),
        },
    )


def _key(commitment: int, address: str, at: datetime) -> str:
    message = f"{at.date().isoformat()}:{commitment}:{address}".encode()
    return f"feedback:poster:{hmac.digest(settings.SECRET_KEY.encode(), message, sha256).hex()}"


def may_answer_from(commitment: int, address: str, at: datetime) -> Answer:
    """Counted in the cache under a keyed hash of address and day: no address is written anywhere."""
    if address and cache.get(_key(commitment, address, at), 0) >= MOST:
        return No(
            gettext_lazy(
                "Many answers came from your network today. Please try again tomorrow, or sign in to answer."
            )
        )
    return Yes()


def answered_from(commitment: int, address: str, at: datetime) -> None:
    if not address:
        return
    key = _key(commitment, address, at)
    cache.add(key, 0, A_DAY)
    try:
        cache.incr(key)
    except ValueError:  # it ended between the two
        cache.set(key, 1, A_DAY)
