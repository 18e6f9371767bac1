"""`bench similar`: 30,000 titles, thousands of them real, in one process; what it costs to find the like of one, and a word mistyped.

The titles are those of published elections (`PABULIB_DATA`, else the shared folder); nothing of them is kept: everything
happens in one transaction that is rolled back. CPU is this process and all of PostgreSQL, per call, warm.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import dropwhile, takewhile
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from devtools.console import Trouble
from tests.bench.elections import FOLDER

MOST_MS = 50.0
ASKED = 200


def titles(most: int) -> list[str]:
    """So many different titles, of real projects as far as they go, in a settled order."""
    found: dict[str, None] = {}
    for path in sorted(FOLDER.glob("*.pb*")):
        found |= dict.fromkeys(_names(path))
    real, dice = list(found), random.Random(7)
    if not real:
        raise Trouble(f"There are no titles in {FOLDER}.")
    # Where there are not enough, the beginning of one and the end of another: real words in real shares.
    while len(found) < most:
        one, other = dice.choice(real).split(), dice.choice(real).split()
        found[" ".join([*one[: max(1, len(one) // 2)], *other[len(other) // 2 :]])[:120]] = None
    chosen = list(found)
    dice.shuffle(chosen)
    return chosen[:most]


def _names(path: Path) -> Iterator[str]:
    """The names in the list of projects; the votes after it are not read."""
    with (gzip.open if path.suffix == ".gz" else open)(
        path, "rt", encoding="utf-8-sig", errors="replace"
    ) as lines:
        until = takewhile(
            lambda line: line.strip() != "VOTES", dropwhile(lambda line: line.strip() != "PROJECTS", lines)
        )
        next(until, None)
        for row in csv.DictReader(until, delimiter=";"):
            if name := " ".join((row.get("name") or "").split())[:120]:
                yield name


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench similar")
    parser.add_argument("--titles", type=int, default=30_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(args)
    if not FOLDER.is_dir():
        raise Trouble(f"There are no published elections in {FOLDER}; PABULIB_DATA names their folder.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.settings.dev")
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        figures = _measure(titles(asked.titles))
        transaction.set_rollback(True)
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:>34}: {figure}" for name, figure in figures.items()))
    if figures["similar, CPU ms, 95 of 100 below"] > MOST_MS:
        raise Trouble(f"Finding similar proposals takes more than {MOST_MS:.0f} ms of CPU.")
    return 0


def _measure(texts: list[str]) -> dict[str, Any]:
    from proposals import memory
    from proposals.queries import search
    from proposals.similar import similar
    from proposals.vocabulary import vocabulary_of

    process = _insert(texts)
    memory.forget()
    began = process_time()
    known = vocabulary_of(process)
    loading = 1000 * (process_time() - began)
    dice = random.Random(11)
    some = dice.sample(texts, min(ASKED, len(texts)))
    words = [word for word in dice.sample(known.ordered, ASKED) if len(word) > 5]
    slips = [word[:3] + word[4:] for word in words]
    like = _costs(lambda title: similar(_changed(title, dice), "de", process=process), some)
    found = _costs(lambda word: search(word, "de", process=process), words)
    alike = _costs(known.alike, slips)
    hit = sum(word in known.alike(slip) for word, slip in zip(words, slips, strict=True))
    again = sum(
        any(p.title == title for p in similar(_changed(title, dice), "de", process=process)) for title in some
    )
    return {
        "titles": len(texts),
        "words known": len(known.ordered),
        "reading the words, CPU ms": round(loading, 1),
        "similar, CPU ms, median": round(median(like), 2),
        "similar, CPU ms, 95 of 100 below": round(sorted(like)[int(len(like) * 0.95)], 2),
        "a changed title finds its own": f"{again} of {len(some)}",
        "search of one word, CPU ms": round(median(found), 2),
        "the like of a mistyped word, CPU ms": round(median(alike), 2),
        "a mistyped word finds its own": f"{hit} of {len(words)}",
    }


def _changed(title: str, dice: random.Random) -> str:
    """As somebody else would put it: a word less, the others in another order."""
    words = title.split()
    if len(words) > 3:
        words.pop(dice.randrange(len(words)))
    dice.shuffle(words)
    return " ".join(words)


def _costs(act: Callable[[Any], Any], things: list[Any]) -> list[float]:
    from django.db import connection

    from tests.bench.servers import cpu_seconds

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (backend,) = cursor.fetchone()
    for thing in things[:20]:
        act(thing)
    costs = []
    for thing in things:
        before, served = process_time(), cpu_seconds(backend)
        for _time in range(3):
            act(thing)
        costs.append(1000 * (process_time() - before + cpu_seconds(backend) - served) / 3)
    return costs


def _insert(texts: list[str]) -> Any:
    from django.db import connection
    from django.utils import timezone

    from cocreation.models import Contribution, Office, Place, Process
    from proposals.models import Proposal, Revision

    now = timezone.now()
    place = Place.objects.create(slug="bench-similar", name_de="Prüfstadt", kind="municipality")
    office = Office.objects.create(slug="bench-similar", name_de="Amt", short="A")
    process = Process.objects.create(slug="bench-similar", title_de="Titel", office=office, published_at=now)
    rows = [
        Contribution(kind="proposal", process=process, created_at=now, published_at=now, is_public=True)
        for _text in texts
    ]
    made = Contribution.objects.bulk_create(rows, batch_size=2000)
    receipts = dict(Contribution.objects.filter(process=process).values_list("pk", "receipt"))
    themes = ("green", "mobility", "meeting", "youth")
    Proposal.objects.bulk_create(
        [
            Proposal(
                contribution=each, process=process, is_public=True, receipt=receipts[each.pk], title=title, summary=title,
                place=place, theme=themes[n % 4], stage="received",
            )
            for n, (each, title) in enumerate(zip(made, texts, strict=True))
        ],
        batch_size=2000,
    )  # fmt: skip
    Revision.objects.bulk_create(
        [
            Revision(proposal_id=e.pk, title=t, summary=t, body=t, at=now)
            for e, t in zip(made, texts, strict=True)
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("select proposals_index(%s::bigint[])", [[each.pk for each in made]])
        cursor.execute("analyze proposals_proposal")
    return process
