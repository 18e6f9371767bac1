"""How many queries a page takes: a reviewed baseline, the same for a small city and for one three times as large.

"warm" is what a reader waits for: small tables and cards are in memory. "cold" is the first visit after a start; it may take
more, but never more for a larger city, or the pages ask once per thing.

`UPDATE_QUERY_COUNTS=1 python3 dev.py test tests/crawl/test_query_counts.py` writes what is true now; the diff is reviewed.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from tests import keepsake
from tests.matrix.expectations import ALLAUTH
from tests.routes import LANGUAGES
from tests.visits import (
    COUNTED,
    Sights,
    Visit,
    addresses,
    client_of,
    forget_but_the_menu,
    nobody_looks_into_templates,
    none_of,
    quiet,
    undone,
    visit,
)
from tests.world import grow

BASELINE = Path(__file__).with_name("query_counts.json")
AT_MOST = 9
# Pages that take more, and why that is right.
MORE = {
    "accounts:close": "what stays when somebody leaves: one query for each reason",
    "accounts:me": "a section of every room, one query each",
    "proposals:proposal": "signed in; two of them say who is asking (session, person)",
    "proposals:receipt": "signed in; two of them say who is asking",
    "cocreation:record": "what every room knows of a life, one query each",
    "merging:merge": "signed in; two of them say who is asking, and the seats at the table",
    "merging:changed": "signed in; two of them say who is asking",
    "moderation:process_log": "signed in; two of them say who is asking, and the sums beside the lines",
    "moderation:report": "signed in; two of them say who is asking",
    "variants:variants": "signed in; two of them say who is asking, one for each kind of what stands beside a drawing",
    "cowriting:draft": "signed in; two of them say who is asking, one that they write the proposal",
    "cowriting:publish": "signed in; two of them say who is asking, one that they write the proposal",
    "proposals:assessments": "signed in; two of them say who is asking",
    "proposals:answer_office": "signed in; two of them say who is asking, one whether they may answer",
    "ballots:ballot": "signed in; two of them say who is asking",
    "conversation:debate": "signed in; two of them say who is asking, one for whom they may write",
    "conversation:comment": "signed in; two of them say who is asking, one for whom they may write",
    "amendments:amendment": "signed in; two of them say who is asking, one for whom they may write",
    "cocreation:record_feed": "what every room knows of a life, one query each",
    "feedback:commitment": "one for each kind of what happened on the way: news, money, tasks, questions, dates",
    "notices:settings": "signed in; two of them say who is asking, the rest what is followed and how",
    "defects:defect": "signed in; two of them say who is asking, two what they may do with it",
    "conversation:on": "signed in; two of them say who is asking, one for whom they may write",
}

# Pages for everybody that hold something of every room: they may take more even for visitors.
OF_EVERY_ROOM = {"cocreation:record", "cocreation:record_feed", "proposals:receipt", "feedback:commitment"}

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("role", COUNTED, indirect=True)]


@pytest.fixture
def reviewed(role: str) -> dict[str, int]:
    """Address -> queries of a warm visit of this role."""
    return {name: counts[role] for name, counts in json.loads(BASELINE.read_text()).items() if role in counts}


def _numbers(found: Mapping[str, Visit]) -> dict[str, int]:
    return {name: len(seen.queries) for name, seen in found.items() if not ALLAUTH.match(name)}


def test_a_page_takes_the_queries_that_were_reviewed(
    visits: Sights, role: str, reviewed: dict[str, int]
) -> None:
    now = _numbers(visits.warm)
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        _write_down(role, now)
        return
    none_of(
        f"{name} as {role}: {now.get(name)} now, {reviewed.get(name)} reviewed"
        for name in now.keys() | reviewed.keys()
        if now.get(name) != reviewed.get(name)
    )


def _write_down(role: str, now: dict[str, int]) -> None:
    """The numbers of one role; another process may write those of another."""
    with BASELINE.open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = json.load(file)
        for name in known.keys() | now.keys():
            others = {who: count for who, count in known.get(name, {}).items() if who != role}
            known[name] = others | ({role: now[name]} if name in now else {})
        file.seek(0)
        file.truncate()
        file.write(
            json.dumps(
                {name: dict(sorted(counts.items())) for name, counts in sorted(known.items()) if counts},
                indent=1,
            )
            + "\n"
        )


@pytest.fixture
def grown(visits: Sights, role: str) -> Iterator[dict[str, Visit]]:
    """The dearest visits once more, in a city with three times as much in it: first visits again."""
    standing = time_machine.travel(datetime.now(UTC), tick=False)
    with standing, nobody_looks_into_templates(), quiet(), undone():
        world = keepsake.world()
        known = {(to.route.name, to.state): to for to in addresses(world, LANGUAGES[0])}
        grow(world)
        client = client_of(world, role)
        large = {}
        for name, seen in visits.dearest.items():
            if not ALLAUTH.match(name):
                forget_but_the_menu(world.people.get(role))
                large[name] = visit(client, role, known[name, seen.state])
        yield large


def test_three_times_the_city_takes_no_more_queries(
    visits: Sights, role: str, grown: dict[str, Visit]
) -> None:
    none_of(
        f"{seen.url} as {role}: {len(visits.dearest[name].queries)} → {len(seen.queries)}\n  "
        + "\n  ".join(_news(visits.dearest[name], seen))
        for name, seen in grown.items()
        if len(seen.queries) > len(visits.dearest[name].queries)
    )


def _news(small: Visit, large: Visit) -> list[str]:
    """The statements that came more often."""
    import re
    from collections import Counter

    def shape(sql: str) -> str:
        return re.sub(r"\d+|'[^']*'", "?", sql)[:160]

    more = Counter(map(shape, large.queries)) - Counter(map(shape, small.queries))
    return [f"{times}x {sql}" for sql, times in more.most_common(3)]


def test_a_page_for_everybody_takes_few_queries(visits: Sights, role: str) -> None:
    none_of(
        f"{name} as {role}: {count}"
        for name, count in _numbers(visits.warm).items()
        if role != "ada"
        and count > AT_MOST
        and (name not in MORE or (role == "visitor" and name not in OF_EVERY_ROOM))
    )
