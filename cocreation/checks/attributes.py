"""From what a document or a register says to attributes: postal codes to places, dates of birth to age bands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.ages import band_of
from cocreation.checks.base import Attributes, age_day, options_of
from cocreation.models import Place
from cocreation.peppers import keyed, plain
from groundwork.answer import Words

if TYPE_CHECKING:
    from cocreation.models import Process

# What can be wrong with a row or an answer, in words that quote nothing of it.
PROBLEMS: dict[str, Words] = {
    "no_number": _("There is no register number."),
    "long_number": _("The register number is longer than 100 characters."),
    "no_place": _("There is neither a place nor a postal code."),
    "unknown_place": _("This city has no place of this name."),
    "unknown_postal": _("The postal code is not in the table of this process."),
    "no_date": _("The date of birth is missing."),
    "bad_date": _("The date of birth cannot be read."),
    "impossible_date": _("Nobody born on this day is alive today."),
    "few_columns": _("The line has fewer columns than the first one."),
    "unreadable": _("The line cannot be read as a line of a table."),
    "duplicate": _("The register number stood in an earlier line; that one counts."),
    "not_in_register": _("The register has no entry of this number."),
    "no_address": _("There is no name or no address for the letter."),
}


class Problem(Exception):
    """Something is wrong with what was given; `slug` names it in PROBLEMS."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(slug)

    @property
    def words(self) -> Words:
        return PROBLEMS[self.slug]


@dataclass(frozen=True, slots=True)
class Born:
    """A date of birth as registers have it: the day may be unknown (00.00.1950), then only the year is."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def plain(self) -> str:
        return f"{self.year:04}-{self.month:02}-{self.day:02}"

    def band(self, on: date) -> str:
        """The age band on this day; "" where the day of birth is unknown and would decide. Raises Problem."""
        earliest = date(self.year, self.month or 1, self.day or 1)
        latest = earliest if self.month and self.day else date(self.year, 12, 31)
        try:
            oldest, youngest = band_of(earliest, on), band_of(min(latest, on), on)
        except ValueError:
            raise Problem("impossible_date") from None
        return oldest if oldest == youngest else ""


_DATES = (
    re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ].*)?"),
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
)


def read_born(text: str) -> Born:
    """17.5.1988, 1988-05-17, 17/05/1988 or 19880517. Raises Problem."""
    text = text.strip()
    if not text:
        raise Problem("no_date")
    for form in _DATES:
        if found := form.fullmatch(text):
            born = Born(int(found["y"]), int(found["m"]), int(found["d"]))
            try:
                date(born.year, born.month or 1, born.day or 1)
            except ValueError:
                break
            return born
    raise Problem("bad_date")


@dataclass
class Reader:
    """Reads attributes for one process: its postal codes, its places and the day on which age counts, looked up once."""

    process: Process
    at: datetime
    postal: dict[str, str] = field(init=False)
    places: dict[str, str] = field(init=False)
    on: date = field(init=False)

    def __post_init__(self) -> None:
        self.postal = {
            plain(code): place
            for code, place in options_of(self.process, "register").get("postal", {}).items()
        }
        self.places = {}
        for place in Place.objects.all():
            for name in (place.slug, place.name_de, place.name_en):  # type: ignore[attr-defined]
                if name:
                    self.places[plain(name)] = place.slug
        self.on = age_day(self.process, self.at)

    def residence(self, *, place: str = "", postal: str = "") -> str:
        """The slug of the place, which the place itself says before the postal code does. Raises Problem."""
        if place.strip():
            if found := self.places.get(plain(place)):
                return found
            if not postal.strip():
                raise Problem("unknown_place")
        if not postal.strip():
            raise Problem("no_place")
        if found := self.postal.get(plain(postal)):
            return found
        raise Problem("unknown_postal")

    def attributes(self, *, place: str = "", postal: str = "", born: str = "") -> Attributes:
        """What would be kept. Raises Problem."""
        residence = self.residence(place=place, postal=postal)
        return Attributes(residence, read_born(born).band(self.on) if born.strip() else "")


def lookup_of(process: Process, postal: str, born: Born) -> bytes | None:
    """The hash by which somebody without a number is found; None where the day of birth is unknown."""
    if not plain(postal) or not born.month or not born.day:
        return None
    return keyed(process, "lookup", plain(postal), born.plain)


def lookup_name_of(process: Process, postal: str, born: Born, name: str) -> bytes | None:
    if not plain(postal) or not plain(name) or not born.month or not born.day:
        return None
    return keyed(process, "lookup-name", plain(postal), born.plain, plain(name))
