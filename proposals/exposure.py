"""Fair exposure: the default order of lists, drawn anew every day by a formula anybody can repeat.

    place of a proposal on a day = the first 13 hexadecimal digits of md5("<day>:<number>"), as a fraction between 0 and 1

The day is written 2027-05-23 and is the city's; the number is the proposal's ("2027-0113"). Smaller comes first. Every
proposal has the same chance of every place, nobody can choose theirs, and all readers of a day see the same order.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import md5

from django.db import connection
from django.utils import timezone

DIGITS = 13
WHOLE = float(16**DIGITS)
CHUNK = 2000


def exposure_of(receipt: str, day: date) -> float:
    """The fraction for one proposal on one day, in [0, 1)."""
    return (
        int(md5(f"{day.isoformat()}:{receipt}".encode(), usedforsecurity=False).hexdigest()[:DIGITS], 16)
        / WHOLE
    )


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def redraw(at: datetime) -> int:
    """Bring every proposal to its place of today, in chunks; running again changes nothing. Returns how many moved.

    A proposal somebody supports at this moment is skipped and moved by the next run.
    """
    day, moved = day_of(at).isoformat(), 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                update proposals_proposal p set exposure = due.place
                from (
                  select contribution_id, place from (
                    select contribution_id, exposure,
                      ('x' || substr(md5(%s::text || ':' || receipt), 1, 13))::bit(52)::bigint / %s::float8 as place
                    from proposals_proposal) drawn
                  where exposure <> place limit %s
                ) due
                where p.contribution_id = due.contribution_id
                """,
                [day, WHOLE, CHUNK],
            )
            moved += cursor.rowcount
            if cursor.rowcount < CHUNK:
                return moved
