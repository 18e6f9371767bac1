"""`bench recovery`: a city brought back to the minute before an accident, from a base copy and PostgreSQL's archived log.

The demo city is founded on a server that archives its log, and copied while it runs. People support proposals; at a moment
that is noted somebody looks at the clock; then more happens: more supports, one person is forgotten, and a careless
statement drops the table of supports. The server is killed. A new one starts from the base copy and the archive with that
moment as its target. There every support accepted before it must stand and none from after it, the journal's chain must
verify, and whoever was forgotten afterwards is forgotten again. It ends with status 1 where one of these fails.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from devtools.console import Trouble, say
from devtools.paths import ROOT
from devtools.services import ROLE, Postgres, Storage, run_as, socket_folder

# In the recovered city: who stands in the table of supports, who has to be forgotten again, whether the chain holds.
AFTERWARDS = """
import json, django
django.setup()
from accounts.privacy import forgetting
from django.utils import timezone
from groundwork.journal.sealer import verify
from proposals.models import Support
known = [list(pair) for pair in Support.objects.values_list("person_id", "proposal_id")]
before = verify()
waiting = len(forgetting.outstanding())
again = forgetting.replay(timezone.now())
print(json.dumps({"supports": known, "chain": before, "waiting": waiting, "again": again,
                  "left": len(forgetting.outstanding())}))
"""


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench recovery")
    parser.add_argument("--supports", type=int, default=300, help="before the moment, and as many after it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(args)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quartier-recovery-")))
        home.chmod(0o711)
        figures = _figures(stack, home, asked.supports, random.Random(asked.seed))
    print(json.dumps(figures) if asked.json else "\n".join(f"{k:>40}: {v}" for k, v in figures.items()))
    expected = {
        "supports missing": 0, "supports from after the moment": 0, "forgotten again": 1, "left to forget": 0,
        "chain": "verifies",
    }  # fmt: skip
    if wrong := [name for name, value in expected.items() if figures[name] != value]:
        raise Trouble(f"The city did not come back as it was: {', '.join(wrong)}.")
    return 0


def _figures(stack: ExitStack, home: Path, supports: int, chance: random.Random) -> dict[str, Any]:
    archive = home / "archive"
    keeps = {
        "wal_level": "replica", "max_wal_senders": "2", "archive_mode": "on", "archive_timeout": "60",
        "archive_command": f"test ! -f {archive}/%f && cp %p {archive}/%f",
        "synchronous_commit": "on",
    }  # fmt: skip
    first = Postgres(
        Storage(_folder(home / "first"), durable=True), stack.enter_context(socket_folder()), keeps
    )
    _for_the_server(first, archive)
    stack.callback(first.stop)
    first.start()
    os.environ |= {
        "DATABASE_URL": first.url, "DJANGO_SETTINGS_MODULE": "quartier.settings.dev",
        "TOMBSTONES_FILE": str(home / "forgotten"), "MEDIA_ROOT": str(_folder(home / "media")),
        "VOTE_KEYS_DIR": str(_folder(home / "keys")), "PRIVATE_DIR": str(_folder(home / "private")),
    }  # fmt: skip
    _found_the_city()
    base = home / "base"
    _for_the_server(first, base)
    begun = time.monotonic()
    _base_copy(first, base)
    copied, size = time.monotonic() - begun, _size(base)
    before = _support(supports, chance)
    moment = _look_at_the_clock()
    after = _support(supports, chance)
    _forget_somebody()
    _accident()
    _archived(first)
    megabytes = sum(file.stat().st_size for file in archive.iterdir()) / 1e6
    assert first.child is not None
    first.child.kill()
    say("  recovering")
    begun = time.monotonic()
    second = _recovered(stack, home, base, archive, moment)
    seconds = time.monotonic() - begun
    found = _asked(second)
    standing = {tuple(pair) for pair in found["supports"]}
    return {
        "base copy, MB": round(size / 1e6, 1), "base copy, seconds": round(copied, 1),
        "archived log, MB": round(megabytes, 1), "recovery, seconds": round(seconds, 1),
        "supports before the moment": len(before), "supports missing": len(before - standing),
        "supports from after the moment": len(after & standing), "forgotten again": found["again"],
        "left to forget": found["left"],
        "chain": "verifies" if found["chain"] is None else f"breaks at {found['chain']}",
    }  # fmt: skip


# --- the city and what happens in it ---


def _found_the_city() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from groundwork.journal import api as journal
    from quartier.demo import seed

    journal.wake = lambda: None  # type: ignore[assignment]  # no broker here
    call_command("migrate", verbosity=0)
    seed.build(say=lambda words: say(f"  {words}"))
    _seal()


def _seal() -> None:
    from groundwork.journal.sealer import seal

    while seal():
        pass


def _support(times: int, chance: random.Random) -> set[tuple[int, int]]:
    """So many supports that were accepted: (person, proposal)."""
    from django.utils import timezone

    from accounts.models import Person
    from groundwork.answer import Refused
    from proposals.actions import support_proposal
    from proposals.models import Proposal

    people, proposals = list(Person.objects.order_by("pk")), list(Proposal.objects.public().order_by("pk"))
    accepted: set[tuple[int, int]] = set()
    for _try in range(times * 50):
        person, proposal = chance.choice(people), chance.choice(proposals)
        try:
            answer = support_proposal(proposal=proposal, by=person, at=timezone.now())
        except Refused:
            continue
        if answer:
            accepted.add((person.pk, proposal.pk))
        if len(accepted) == times:
            break
    _seal()
    return accepted


def _look_at_the_clock() -> datetime:
    """A moment of the database at which nothing is under way."""
    from django.db import connection

    time.sleep(0.2)
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (moment,) = cursor.fetchone()
    time.sleep(0.2)
    return datetime.fromisoformat(str(moment))


def _forget_somebody() -> None:
    from django.utils import timezone

    from accounts.models import Person
    from accounts.privacy import forgetting

    person = Person.objects.filter(supports__isnull=False, grants__isnull=True).order_by("-pk")[0]
    erasure = forgetting.ask(person=person, way="remove", at=timezone.now())
    forgetting.run(erasure.pk)


def _accident() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("drop table proposals_support cascade")


# --- PostgreSQL's part ---


def _base_copy(server: Postgres, target: Path) -> None:
    done = run_as(
        server.user, server.binaries / "pg_basebackup", "-h", server.sockets / "pg", "-U", ROLE,
        "-D", target, "-X", "none", "--checkpoint=fast", "--no-sync",
    )  # fmt: skip
    if done.returncode:
        raise Trouble(f"The base copy could not be made: {done.stderr.strip()}")


def _archived(server: Postgres) -> None:
    """Wait until the log of everything so far lies in the archive."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_walfile_name(pg_switch_wal())")
        (last,) = cursor.fetchone()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            cursor.execute("select coalesce(last_archived_wal, '') >= %s from pg_stat_archiver", [last])
            if cursor.fetchone()[0]:
                break
            time.sleep(0.1)
        else:
            raise Trouble("The log was not archived.")
    connection.close()


def _recovered(stack: ExitStack, home: Path, base: Path, archive: Path, moment: datetime) -> Postgres:
    """A new server from the base copy, brought to the moment; returns when it takes writes."""
    import psycopg

    wanted = {
        "wal_level": "replica", "restore_command": f"cp {archive}/%f %p",
        "recovery_target_time": moment.isoformat(sep=" "), "recovery_target_action": "promote",
    }  # fmt: skip
    second = Postgres(
        Storage(_folder(home / "second"), durable=True), stack.enter_context(socket_folder()), wanted
    )
    if second.user:
        os.chown(second.data.parent, *second.user)
    shutil.move(base, second.data)
    signal = second.data / "recovery.signal"
    signal.touch()
    if second.user:
        os.chown(signal, *second.user)
    stack.callback(second.stop)
    second.start()
    with psycopg.connect(second.url, autocommit=True) as connection:
        until = time.monotonic() + 300
        while time.monotonic() < until:
            row = connection.execute("select pg_is_in_recovery()").fetchone()
            if row is not None and not row[0]:
                return second
            time.sleep(0.05)
    raise Trouble("The new server did not come out of recovery.")


def _asked(server: Postgres) -> dict[str, Any]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    asked = subprocess.run(
        [sys.executable, "-c", AFTERWARDS], env=os.environ | {"DATABASE_URL": server.url, "PYTHONPATH": path},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode:
        raise Trouble(f"The recovered city did not answer: {asked.stderr.strip()[-400:]}")
    return dict(json.loads(asked.stdout.splitlines()[-1]))


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o711, parents=True, exist_ok=True)
    return path


def _for_the_server(server: Postgres, path: Path) -> None:
    path.mkdir(mode=0o700)
    if server.user:
        os.chown(path, *server.user)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
