"""Words everybody tries first in this city: its name and what the platform is called."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What has to be left of a password when such words are taken out.
LEFT = 8
COMMON_HERE = (
    "quartier",
    "beteiligung",
    "buergerhaushalt",
    "rathaus",
    "stadt",
    "city",
    "passwort",
    "password",
)


def words() -> tuple[str, ...]:
    """The longest first, so that a word inside another one is no remainder. docs/security/access.md lists them."""
    return tuple(sorted({*COMMON_HERE, *_plain(settings.CITY_NAME).split()}, key=len, reverse=True))


def _plain(text: str) -> str:
    text = text.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


class NoWordsOfTheCity:
    """Refuses passwords that are little more than such words and a number."""

    def validate(self, password: str, user: object = None) -> None:
        left = _plain(password)
        for word in words():
            left = left.replace(word, "")
        if len(left) < LEFT and left != _plain(password) and len(re.sub(r"[\W\d_]", "", left)) < LEFT:
            raise ValidationError(_("This password is made of words everybody tries first here."))

    def get_help_text(self) -> str:
        return _("Not only the name of the city or of this platform.")
