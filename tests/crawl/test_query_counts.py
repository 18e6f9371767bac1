"""How many queries a page takes: a reviewed baseline, the same for a small city and for one three times as large.

"warm" is what a reader waits for: small tables and cards are in memory. "cold" is the first visit after a start; it may take
more, but never more for a larger city, or the pages ask once per thing.

`UPDATE_QUERY_COUNTS=1 python3 dev.py test tests/crawl/test_query_counts.py` writes what is true now; the diff is reviewed.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from pytest_django import DjangoDbBlocker

from tests.matrix.expectations import ALLAUTH
from tests.visits import Address, Visit, addresses, client_of, forget, none_of, quiet, undone, visit
from tests.world import World, build_world, grow

BASELINE = Path(__file__).with_name("query_counts.json")
AT_MOST = 9
# Pages that take more, and why that is right.
MORE = {
    "accounts:export": "everything a person left anywhere: one query for each table",
    "accounts:me": "a section of every room, one query each",
    "proposals:proposal": "signed in; four of them say who is asking (session, person, roles, new messages)",
    "proposals:receipt": "signed in; four of them say who is asking",
    "cocreation:record": "what every room knows of a life, one query each",
    "merging:merge": "signed in; four of them say who is asking, and the seats at the table",
    "merging:changed": "signed in; four of them say who is asking",
    "moderation:process_log": "signed in; four of them say who is asking, and the sums beside the lines",
    "moderation:report": "signed in; four of them say who is asking",
    "variants:variants": "signed in; four of them say who is asking, one for each kind of what stands beside a drawing",
    "cowriting:draft": "signed in; four of them say who is asking, one that they write the proposal",
    "cowriting:publish": "signed in; four of them say who is asking, one that they write the proposal",
    "proposals:assessments": "signed in; four of them say who is asking",
    "proposals:answer_office": "signed in; four of them say who is asking, one whether they may answer",
    "ballots:ballot": "signed in; four of them say who is asking",
    "conversation:debate": "signed in; four of them say who is asking, one for whom they may write",
    "conversation:comment": "signed in; four of them say who is asking, one for whom they may write",
    "amendments:amendment": "signed in; four of them say who is asking, one for whom they may write",
    "cocreation:record_feed": "what every room knows of a life, one query each",
    "feedback:commitment": "one for each kind of what happened on the way: news, money, tasks, questions, dates",
    "notices:settings": "signed in; four of them say who is asking, the rest what is followed and how",
    "conversation:on": "signed in; four of them say who is asking, one for whom they may write",
}

WHO = ("visitor", "amina", "ada")
Counts = dict[str, dict[str, int]]


Dearest = dict[str, dict[str, Visit]]


def _counts(world: World) -> tuple[Dearest, Dearest]:
    """Address -> role -> the dearest visit over all states: of the first visits, and of second ones that follow."""
    cold: Dearest = {}
    warm: Dearest = {}
    for role in WHO:
        client = client_of(world, role)
        for to in addresses(world, "de"):
            if ALLAUTH.match(to.route.name):
                continue
            forget()
            first = visit(client, role, to)
            _keep(cold, role, first)
            if first.status < 300:
                _keep(warm, role, visit(client, role, to))
    return cold, warm


def _again(world: World, small: Dearest) -> Dearest:
    """The dearest visits once more, in the city as it is now: first visits."""
    large: Dearest = {}
    for role in WHO:
        client = client_of(world, role)
        for roles in small.values():
            if role in roles:
                forget()
                seen = roles[role]
                _keep(large, role, visit(client, role, Address(seen.route, seen.state, "de", seen.url)))
    return large


def _keep(found: Dearest, role: str, seen: Visit) -> None:
    if seen.status < 300:
        dearest = found.setdefault(seen.route.name, {}).get(role)
        if dearest is None or len(seen.queries) > len(dearest.queries):
            found[seen.route.name][role] = seen


# Pages for everybody that hold something of every room: they may take more even for visitors.
OF_EVERY_ROOM = {"cocreation:record", "cocreation:record_feed", "proposals:receipt", "feedback:commitment"}


@pytest.fixture(scope="module")
def small_and_large(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> tuple[dict[str, dict[str, Visit]], ...]:
    # Time stands still: what is kept in memory is kept for a stretch, and one that ends between two visits makes a warm
    # page cold.
    standing = time_machine.travel(datetime.now(UTC), tick=False)
    with standing, django_db_blocker.unblock(), quiet(), undone():
        world = build_world()
        cold, warm = _counts(world)
        grow(world)
        return warm, cold, _again(world, cold)


pytestmark = pytest.mark.django_db


def _numbers(found: dict[str, dict[str, Visit]]) -> Counts:
    return {
        name: {role: len(seen.queries) for role, seen in sorted(roles.items())}
        for name, roles in sorted(found.items())
    }


def test_a_page_takes_the_queries_that_were_reviewed(
    small_and_large: tuple[dict[str, dict[str, Visit]], ...],
) -> None:
    now = _numbers(small_and_large[0])
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        BASELINE.write_text(json.dumps(now, indent=1) + "\n")
    reviewed = json.loads(BASELINE.read_text())
    none_of(
        f"{name} as {role}: {now.get(name, {}).get(role)} now, {reviewed.get(name, {}).get(role)} reviewed"
        for name in now.keys() | reviewed.keys()
        for role in WHO
        if now.get(name, {}).get(role) != reviewed.get(name, {}).get(role)
    )


def test_three_times_the_city_takes_no_more_queries(
    small_and_large: tuple[dict[str, dict[str, Visit]], ...],
) -> None:
    _warm, small, large = small_and_large
    none_of(
        f"{seen.url} as {role}: {len(small[name][role].queries)} → {len(seen.queries)}\n  "
        + "\n  ".join(_news(small[name][role], seen))
        for name, roles in large.items()
        for role, seen in roles.items()
        if name in small and role in small[name] and len(seen.queries) > len(small[name][role].queries)
    )


def _news(small: Visit, large: Visit) -> list[str]:
    """The statements that came more often."""
    import re
    from collections import Counter

    def shape(sql: str) -> str:
        return re.sub(r"\d+|'[^']*'", "?", sql)[:160]

    more = Counter(map(shape, large.queries)) - Counter(map(shape, small.queries))
    return [f"{times}x {sql}" for sql, times in more.most_common(3)]


def test_a_page_for_everybody_takes_few_queries(
    small_and_large: tuple[dict[str, dict[str, Visit]], ...],
) -> None:
    none_of(
        f"{name} as {role}: {len(seen.queries)}"
        for name, roles in small_and_large[0].items()
        for role, seen in roles.items()
        if role != "ada"
        and len(seen.queries) > AT_MOST
        and (name not in MORE or (role == "visitor" and name not in OF_EVERY_ROOM))
    )
