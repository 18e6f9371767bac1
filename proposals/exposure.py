"""Fair exposure: the default order of lists, drawn anew every day by a formula anybody can repeat.

    place of a proposal on a day = how often lists showed it lately + a number drawn for the day

    how often   = the binary digits of (1 + times shown in the fourteen days before), less one: never shown is 0, once or
                  twice is 1, up to six times 2, up to fourteen times 3, and so on
    the draw    = the first 13 hexadecimal digits of md5("<day>:<number>"), as a fraction between 0 and 1

The day is written 2027-05-23 and is the city's; the number is the proposal's ("2027-0113"). Smaller comes first: what was
shown less comes before what was shown more, and among equals chance decides. All readers of a day see the same order.

What was shown is counted without anybody: a process adds up numbers of proposals in memory and hands them on through the
queue after half a minute. No person, session, address or moment is in it, and reading a page writes nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import md5
from threading import Lock
from time import monotonic

from django.conf import settings
from django.db import connection
from django.db.models import Avg, Count, Max, Min, Sum
from django.utils import timezone

from proposals.models import Proposal, Shown

log = logging.getLogger("quartier.exposure")

DIGITS = 13
WHOLE = float(16**DIGITS)
CHUNK = 2000
DAYS = 14


def draw_of(receipt: str, day: date) -> float:
    """The fraction for one proposal on one day, in [0, 1)."""
    return (
        int(md5(f"{day.isoformat()}:{receipt}".encode(), usedforsecurity=False).hexdigest()[:DIGITS], 16)
        / WHOLE
    )


def step_of(shown: int) -> int:
    """0 for never, then a step further with every doubling."""
    return (shown + 1).bit_length() - 1


def exposure_of(receipt: str, day: date, shown: int = 0) -> float:
    return step_of(shown) + draw_of(receipt, day)


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date()


def redraw(at: datetime) -> int:
    """Bring every proposal to its place of today, in chunks; running again changes nothing. Returns how many moved.

    A proposal somebody supports at this moment is skipped and moved by the next run.
    """
    day, moved = day_of(at), 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                update proposals_proposal p set exposure = due.place, shown = due.shown
                from (
                  select contribution_id, shown, place from (
                    select p.contribution_id, p.exposure, p.shown before, coalesce(s.n, 0) shown,
                      length(ltrim((coalesce(s.n, 0) + 1)::bit(31)::text, '0')) - 1
                      + ('x' || substr(md5(%s::text || ':' || receipt), 1, 13))::bit(52)::bigint / %s::float8 as place
                    from proposals_proposal p
                    left join (select proposal_id, sum(n)::int n from proposals_shown
                               where day >= %s and day < %s group by proposal_id) s on s.proposal_id = p.contribution_id
                  ) drawn
                  where exposure <> place or before <> shown limit %s
                ) due
                where p.contribution_id = due.contribution_id
                """,
                [day.isoformat(), WHOLE, day - timedelta(days=DAYS), day, CHUNK],
            )
            moved += cursor.rowcount
            if cursor.rowcount < CHUNK:
                return moved


# --- what lists showed ---

SECONDS = 30.0
MOST = 5_000
_shown: Counter[tuple[date, int]] = Counter()
_since = monotonic()
_lock = Lock()


def note(proposals: Iterable[Proposal], at: datetime) -> None:
    """These were shown on a list. Adds numbers in memory; now and then it hands them to the queue."""
    note_keys([proposal.pk for proposal in proposals], at)


def note_keys(keys: Iterable[int], at: datetime) -> None:
    if not settings.LISTS_COUNT_SHOWN:
        return
    day = day_of(at)
    with _lock:
        _shown.update((day, key) for key in keys)
        full = monotonic() - _since > SECONDS or len(_shown) > MOST
    if full:
        hand_on()


def hand_on() -> None:
    """Give what was counted here to the queue. Without a queue it is forgotten: an order is not worth waiting for."""
    global _since
    with _lock:
        counted = [(day.isoformat(), key, n) for (day, key), n in _shown.items()]
        _shown.clear()
        _since = monotonic()
    if not counted:
        return
    from proposals.tasks import keep_shown

    try:
        keep_shown.apply_async([counted], retry=False)
    except Exception as error:  # whatever the broker raises, the page is drawn already
        log.warning("exposure.not_handed_on %s", error)


def keep(counted: Iterable[tuple[str, int, int]]) -> None:
    """Add numbers of times shown to those of the day. One statement, however many; what is gone is left out."""
    days, keys, times = zip(*counted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into proposals_shown (proposal_id, day, n)"
            " select c.key, c.day, sum(c.n) from unnest(%s::bigint[], %s::date[], %s::int[]) c (key, day, n)"
            " join proposals_proposal p on p.contribution_id = c.key group by c.key, c.day order by c.key, c.day"
            " on conflict (proposal_id, day) do update set n = proposals_shown.n + excluded.n",
            [list(keys), list(days), list(times)],
        )


def forget_old(at: datetime) -> int:
    """Days no order looks back on any more are not kept."""
    return Shown.objects.filter(day__lt=day_of(at) - timedelta(days=2 * DAYS)).delete()[0]


def figures(at: datetime) -> dict[str, object]:
    """Today's numbers behind the order, over all public proposals: two queries, for a page that is kept."""
    public = Proposal.objects.public()
    steps: Counter[int] = Counter()
    for shown, n in public.values_list("shown").annotate(n=Count("pk")).order_by():
        steps[step_of(shown)] += n
    return {
        "day": day_of(at),
        "days": DAYS,
        "steps": [(2**step - 1, 2 ** (step + 1) - 2, n) for step, n in sorted(steps.items())],
        **public.aggregate(
            proposals=Count("pk"),
            times=Sum("shown"),
            least=Min("shown"),
            most=Max("shown"),
            mean=Avg("shown"),
        ),
    }


def first_today() -> list[Proposal]:
    """Who stands in front now. Never kept: what moderation takes off the pages leaves this one with them."""
    return list(Proposal.objects.public().order_by("exposure", "pk").only(*_NAMED)[:3])


_NAMED = ("receipt", "title", "language", "translations", "shown", "exposure")
