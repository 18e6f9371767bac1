"""`bench linkage`: who voted what, asked of a stolen copy of the data folder and of a dump, without key and pepper.

A server of its own holds some votes: everybody votes through HTTP, some change their ballot, batches are mixed, the votes
are counted. Then the data folder is copied as it lies there, and the copy is attacked: every number that belongs to a
person (xmin, ctid, every time, every integer of every row that names them) is laid against every number of the rows in
which choices stand, by equality, by nearness and by order. Who knows in which order people came, from elsewhere, is
given that too. The same attack on a naive roll-and-ballot table has to find everybody, or it would prove nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from devtools.console import Trouble
from devtools.services import Postgres, Storage, run_as, socket_folder

# How often more than by chance the attack may be right.
MOST = 3
PERSON = ("person_id", "user_id", "actor_id", "author_id", "by_id", "who_id", "owner_id")
NAIVE = """
create table naive_roll (id bigserial primary key, vote_id bigint, person_id bigint, at timestamptz default clock_timestamp());
create table naive_ballot (id bigserial primary key, vote_id bigint, choice bigint[]);
"""
Numbers = dict[int, float]  # of a voter: where one of their rows (or the row of their choice) stands


@dataclass(frozen=True)
class Cast:
    """What was really cast in one vote: by voter the keys of the options, and the order in which they came last."""

    vote: int
    chosen: Mapping[int, frozenset[str]]
    arrivals: Sequence[int]


def rows_of(cursor: Any, table: str) -> Iterator[dict[str, Any]]:
    """Every row with what the server does not show: its transaction and its place in the file."""
    cursor.execute(
        f'select *, xmin::text::bigint as "xmin!", (ctid::text::point)[0] * 1000 + (ctid::text::point)[1] as "ctid!"'
        f' from "{table}"'
    )
    names = [column.name for column in cursor.description]
    for row in cursor.fetchall():
        yield dict(zip(names, row, strict=True))


def tables(cursor: Any) -> list[str]:
    cursor.execute("select tablename from pg_tables where schemaname = 'public' order by tablename")
    return [name for (name,) in cursor.fetchall()]


def number_of(value: Any) -> float | None:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and value.isdecimal() and len(value) < 19 else None


def attack(cursor: Any, casts: Sequence[Cast], options: Mapping[int, Mapping[str, str]]) -> dict[str, float]:
    """By way of attack: how many voters it finds, summed over all votes. `options`: by vote, code -> key of the option."""
    voters = {voter for cast in casts for voter in cast.chosen}
    theirs: dict[int, dict[str, Numbers]] = {vote: {} for vote in (0, *(cast.vote for cast in casts))}
    choices: dict[int, dict[str, Numbers]] = {cast.vote: defaultdict(dict) for cast in casts}
    whose = {
        cast.vote: {chosen: voter for voter, chosen in cast.chosen.items()}
        | {
            frozenset(code for code, key in options[cast.vote].items() if key in chosen): voter
            for voter, chosen in cast.chosen.items()
        }
        for cast in casts
    }
    for table in tables(cursor):
        for row in rows_of(cursor, table):
            listed = [value for value in row.values() if isinstance(value, list)]
            about = whose.get(row.get("vote_id") or 0, {})
            for voter in {about[key] for value in listed if (key := frozenset(map(str, value))) in about}:
                _note(choices[row["vote_id"]], table, row, voter, "last")
            owners = {row[name] for name in PERSON if row.get(name) in voters}
            if table == "accounts_person" and row["id"] in voters:
                owners.add(row["id"])
            for voter in owners:
                # A row that names its vote is about that one, any other about all of them.
                mine = theirs.get(row.get("vote_id") or 0, theirs[0])
                _note(mine, table, row, voter, "last")
                _note(mine, table, row, voter, "first")
    found: dict[str, float] = defaultdict(float)
    for cast in casts:
        known = (
            theirs[0]
            | theirs[cast.vote]
            | {"order in which people came": {v: float(n) for n, v in enumerate(cast.arrivals)}}
        )
        for name, numbers in known.items():
            for other, places in choices[cast.vote].items():
                for way, hits in _matches(numbers, places):
                    found[f"{name} / {other}: {way}"] += hits
    return dict(found)


def _note(into: dict[str, Numbers], table: str, row: Mapping[str, Any], voter: int, which: str) -> None:
    for name, value in row.items():
        if (number := number_of(value)) is not None:
            numbers = into.setdefault(f"{table}.{name} ({which})", {})
            if which == "last" or voter not in numbers:
                numbers[voter] = number


def _matches(numbers: Numbers, places: Numbers) -> Iterator[tuple[str, float]]:
    """How many are found by equal, nearest and equally ranked numbers; of several candidates one is guessed."""
    by_place: dict[float, list[int]] = defaultdict(list)
    for voter, place in places.items():
        by_place[place].append(voter)
    yield "equal", sum(_guess(voter, by_place.get(number, ())) for voter, number in numbers.items())
    if len(by_place) < 2 or len(set(numbers.values())) < 2:
        return
    known = sorted(by_place)
    near = 0.0
    for voter, number in numbers.items():
        closest = min(known, key=lambda place: abs(place - number))
        near += _guess(voter, by_place[closest])
    yield "nearest", near
    one = sorted((number, voter) for voter, number in numbers.items() if voter in places)
    for way, other in (("order", sorted), ("order from behind", lambda rows: sorted(rows, reverse=True))):
        rows = other((place, voter) for voter, place in places.items() if voter in numbers)
        if len({place for place, _voter in rows}) == len(rows) == len({number for number, _v in one}):
            yield way, sum(mine == yours for (_n, mine), (_p, yours) in zip(one, rows, strict=True))


def _guess(voter: int, candidates: Iterable[int]) -> float:
    among = list(candidates)
    return 1 / len(among) if voter in among else 0.0


def strongest(found: Mapping[str, float]) -> tuple[str, float]:
    return max(found.items(), key=lambda way: way[1], default=("", 0.0))


def options_of(votes: Iterable[Any]) -> dict[int, dict[str, str]]:
    return {
        vote.pk: {code: str(key) for key, code in vote.options.values_list("pk", "code")} for vote in votes
    }


def different_choices(
    options: Sequence[int], voters: Sequence[int], chance: random.Random
) -> dict[int, list[int]]:
    """For everyone another set of projects, so that a found choice is a found person."""
    subsets = [
        [key for n, key in enumerate(options) if bits >> n & 1] for bits in range(1, 2 ** len(options))
    ]
    return dict(zip(voters, chance.sample(subsets, len(voters)), strict=True))


def write_naively(cursor: Any, cast: Cast) -> None:
    """As it must not be done: who voted and what, in one transaction. The connection commits by itself."""
    for voter in cast.arrivals:
        cursor.execute(
            "with roll as (insert into naive_roll (vote_id, person_id) values (%s, %s))"
            " insert into naive_ballot (vote_id, choice) values (%s, %s)",
            [cast.vote, voter, cast.vote, [int(key) for key in cast.chosen[voter]]],
        )


# --- the bench ---


def hold(votes: int, voters: int) -> tuple[list[Cast], dict[int, dict[str, str]]]:
    """Votes from the opening to the count, everything through HTTP or by the task that does it in a city."""
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from proposals.ballots import actions
    from proposals.ballots.models import Vote
    from tests.proposals.ballots.voting import build_vote, let_it_end, people

    chance, crowd = random.Random(20261126), people(voters)
    sample = chance.sample(crowd, len(crowd))  # nobody votes in the order of their accounts
    casts, opened = [], []
    for number in range(votes):
        vote = build_vote(slug=f"wahl{number}", costs=tuple(range(1000, 8000, 1000)), within_budget=False)
        opened.append(vote)
        keys = list(vote.options.values_list("pk", flat=True))
        # Whoever changes their ballot takes something that nobody has or had.
        both = different_choices(keys, [n * pk for n in (1, -1) for pk in (p.pk for p in crowd)], chance)
        first, last = ({p.pk: both[n * p.pk] for p in crowd} for n in (1, -1))
        arrivals: list[int] = []
        path = f"/en/processes/wahl{number}/ballot/?phase=vote"
        chance.shuffle(sample)
        turns = [(person, first) for person in sample] + [(person, last) for person in sample[::2]]
        chosen = dict(first)
        for turn, (person, which) in enumerate(turns):
            client = Client(headers={"sec-fetch-site": "same-origin"})
            client.force_login(person)
            answer = client.post(path, {"choice": which[person.pk]})
            if answer.status_code != 302:
                raise Trouble(f"A ballot was not taken: {answer.status_code}.")
            chosen[person.pk] = which[person.pk]
            arrivals = [pk for pk in arrivals if pk != person.pk] + [person.pk]
            if turn % 25 == 24:
                actions.mix_and_publish(vote=vote, at=timezone.now())
        let_it_end(vote)
        actions.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())
        casts.append(Cast(vote.pk, {pk: frozenset(map(str, keys)) for pk, keys in chosen.items()}, arrivals))
        with connection.cursor() as cursor:
            write_naively(cursor, casts[-1])
    return casts, options_of(opened)


def copied(stack: ExitStack, original: Postgres, home: Path) -> Postgres:
    """A second server on a copy of the data folder, taken while the first one runs."""
    copy = Postgres(Storage(home, durable=False), stack.enter_context(socket_folder()))
    if copy.user:
        os.chown(home, *copy.user)
    done = run_as(
        copy.user, original.binaries / "pg_basebackup", "-h", original.sockets / "pg", "-U", "quartier",
        "-D", copy.data, "-X", "stream", "-c", "fast",
    )  # fmt: skip
    if done.returncode:
        raise Trouble(f"The data folder could not be copied: {done.stderr.strip()[-300:]}")
    stack.callback(copy.stop)
    return copy.start()


def secrets_in(folder: Path, secrets: Sequence[bytes]) -> int:
    """How many files below this folder hold a key or a pepper, in bytes or in hex."""
    wanted = [form for secret in secrets for form in (secret, secret.hex().encode())]
    return sum(
        any(form in content for form in wanted)
        for file in folder.rglob("*")
        if file.is_file()
        for content in [file.read_bytes()]
    )


def restored(original: Postgres, copy: Postgres) -> str:
    """A dump of the original, read back into another database of the second server: its name."""
    dump = run_as(
        original.user, original.binaries / "pg_dump", "-h", original.sockets / "pg", "-U", "quartier", "quartier"
    )  # fmt: skip
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(dump.stdout)
        file.flush()
        os.chmod(file.name, 0o644)
        about = ("-h", copy.sockets / "pg", "-U", "quartier", "-q", "-d")
        run_as(copy.user, copy.binaries / "psql", *about, "quartier", "-c", "create database dumped")
        done = run_as(copy.user, copy.binaries / "psql", *about, "dumped", "-f", file.name)
    if dump.returncode or done.returncode:
        raise Trouble(f"The dump could not be read back: {(dump.stderr + done.stderr).strip()[-300:]}")
    return "dumped"


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py bench linkage", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--votes", type=int, default=10)
    parser.add_argument("--voters", type=int, default=60, help="at most 63")
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    options = parser.parse_args(args)
    with ExitStack() as stack:
        storage = stack.enter_context(Storage.passing())
        wal = {"wal_level": "replica", "max_wal_senders": "4"}  # a base backup needs them
        original = Postgres(storage, stack.enter_context(socket_folder()), wal)
        stack.callback(original.stop)
        os.environ["DATABASE_URL"] = original.start().url
        os.environ["QUARTIER_VAR"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="quartier-var-"))
        os.environ["DJANGO_SETTINGS_MODULE"] = "quartier.settings.test"
        import django

        django.setup()
        import psycopg
        from django.core import mail
        from django.core.management import call_command
        from django.db import connection

        from proposals.ballots import keys
        from proposals.ballots.models import Vote

        call_command("migrate", verbosity=0)
        mail.outbox = []
        with connection.cursor() as cursor:
            cursor.execute(NAIVE)
        casts, known = hold(options.votes, options.voters)
        letters = len(mail.outbox)
        secrets = [
            secret
            for vote in Vote.objects.all()
            for loaded in [keys.load(vote.pk, vote.public_key)]
            for secret in (loaded.private, loaded.pepper)
        ]
        connection.close()
        home = Path(stack.enter_context(Storage.passing()).home)
        copy = copied(stack, original, home)
        found: dict[str, Any] = {}
        for what, database in (("copy", "quartier"), ("dump", restored(original, copy))):
            with psycopg.connect(copy.url_of(database)) as server, server.cursor() as cursor:
                found[what] = _told(attack(cursor, casts, known), options.votes, options.voters)
        found |= {
            "votes": options.votes, "voters": options.voters, "mails_while_voting": letters,
            "files_with_secrets": secrets_in(copy.data, secrets),
        }  # fmt: skip
    fine = not found["files_with_secrets"] and not letters
    for what in ("copy", "dump"):
        fine = fine and found[what]["ratio"] <= MOST and found[what]["naive_percent"] == 100
    print(json.dumps(found) if options.json else _said(found, fine))
    return 0 if fine else 1


def _told(ways: Mapping[str, float], votes: int, voters: int) -> dict[str, Any]:
    """The strongest way into the votes as they are, and into the naive tables; chance finds one voter in every vote.

    Who knows from elsewhere in which order people came knows the batch of each: of its own line, and told beside it."""
    naive = {
        way: hits for way, hits in ways.items() if way.startswith("naive_roll") and "naive_ballot" in way
    }
    order = {
        way: hits
        for way, hits in ways.items()
        if "naive_ballot" not in way and way.startswith(("order", "naive_roll"))
    }
    real = {way: hits for way, hits in ways.items() if "naive_ballot" not in way and way not in order}
    way, hits = strongest(real)
    by_order, hits_by_order = strongest(order)
    return {
        "ways": len(real), "strongest": way, "found_percent": round(100 * hits / votes / voters, 2),
        "chance_percent": round(100 / voters, 2), "ratio": round(hits / votes, 2),
        "knowing_the_order": by_order, "ratio_knowing_the_order": round(hits_by_order / votes, 2),
        "naive_percent": round(100 * strongest(naive)[1] / votes / voters, 1),
    }  # fmt: skip


def _said(found: Mapping[str, Any], fine: bool) -> str:
    lines = [f"{found['votes']} votes of {found['voters']} people, every choice different"]
    for what in ("copy", "dump"):
        told = found[what]
        lines.append(
            f"{what}: {told['ways']} ways; the strongest finds {told['found_percent']} %, {told['ratio']} times chance (target"
            f" {MOST}): {told['strongest']}\n      knowing the order in which people came: {told['ratio_knowing_the_order']} times"
            f" chance\n      the naive tables: {told['naive_percent']} % found (target 100)"
        )
    lines.append(
        f"{found['files_with_secrets']} files of the copy hold a key or pepper, {found['mails_while_voting']} mails while"
        f" people voted: targets {'met' if fine else 'MISSED'}"
    )
    return "\n".join(lines)
