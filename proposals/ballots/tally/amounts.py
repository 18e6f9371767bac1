"""Money and points without rounding: read exactly, kept exactly, written exactly."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

Amount = int | Fraction

# Digits with a point, or with a comma and one or two digits: "1,000" could be one or a thousand, so it is
# refused. No exponents, and an end to the digits: nobody's budget needs more, and a hostile file shall not
# keep us computing.
_WRITTEN = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40}|,[0-9]{1,2})?")


class NotAnAmount(ValueError):
    """The text is not one plain decimal number."""


def parse_amount(text: str) -> Amount:
    """The exact value of a plain decimal: `"12"`, `"12.50"`, `"12,5"`; an int whenever it is whole.

    Raises NotAnAmount for everything else, also for exponents, thousands separators, `nan` and `inf`.
    """
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 40:
        return int(text)
    if not _WRITTEN.fullmatch(text):
        raise NotAnAmount(f"{text[:60]!r} is not a plain decimal number.")
    return whole_if_possible(Fraction(Decimal(text.replace(",", "."))))


def whole_if_possible(amount: Amount) -> Amount:
    """The same value, as an int when it is whole."""
    return amount.numerator if amount.denominator == 1 else amount


def amount_text(amount: Amount) -> str:
    """The exact value as text: an integer, else the shortest decimal, else (a third) a fraction `p/q`."""
    places = _decimal_places(amount.denominator)
    if places is None:
        return f"{amount.numerator}/{amount.denominator}"
    digits = str(abs(amount.numerator) * 10**places // amount.denominator).zfill(places + 1)
    sign = "-" if amount < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _decimal_places(denominator: int) -> int | None:
    """How many decimal places write 1/denominator exactly; None if no number of places does."""
    powers = []
    for prime in (2, 5):
        power = 0
        while denominator % prime == 0:
            denominator //= prime
            power += 1
        powers.append(power)
    return max(powers) if denominator == 1 else None
