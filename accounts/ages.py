"""Age bands: what is kept of a date of birth. The date itself is read once, at the check, and never stored.

A band is named by its first and last year, "14-15"; the last one is open, "65-". Whoever draws a line of age in a process
draws it at the border of a band, so that a band answers the question.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

# The first years of the bands: 14, 16 and 18 are where laws draw lines, 22 and 27 where youth programmes end.
STARTS = (0, 14, 16, 18, 22, 27, 65)
OLDEST = 130


def years_between(born: date, on: date) -> int:
    """Completed years. Who was born on 29 February completes a year on 1 March of other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def band_of(born: date, on: date) -> str:
    """The band of somebody born on this day. Raises ValueError for a day after `on` or more than 130 years before it."""
    years = years_between(born, on)
    if not 0 <= years <= OLDEST:
        raise ValueError(f"Nobody born on {born} is alive on {on}.")
    return next(band for band in reversed(BANDS) if years >= _first(band))


def bands(youngest: int | None, oldest: int | None) -> tuple[str, ...]:
    """The bands from one age to another, both included. Raises ValueError where a line is not drawn at a border."""
    first, last = youngest or 0, oldest
    if first not in STARTS or (last is not None and last + 1 not in STARTS):
        raise ValueError("Lines of age are drawn at the borders of the bands.")
    return tuple(band for band in BANDS if _first(band) >= first and (last is None or _first(band) <= last))


def _first(band: str) -> int:
    return int(band.split("-")[0])


def _bands() -> Iterator[str]:
    for first, following in zip(STARTS, (*STARTS[1:], None), strict=True):
        yield f"{first}-{following - 1}" if following else f"{first}-"


BANDS = tuple(_bands())
