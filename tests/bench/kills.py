"""`bench kills`: kill -9 of the worker, Redis, PostgreSQL and the mail server, at random points, round after round.

All four are this bench's own: real Celery workers and beats' tasks, a PostgreSQL that commits for good, a mail server that
takes mail and dies without saying so, hangs up, says "not now". Every round is one event to a crowd, with one kill or two in
the middle of it; at its end every notice stands once, every mail was taken at least once and is recorded, and no more were
taken twice than something was killed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from devtools.console import Trouble, say
from devtools.services import Postgres, Redis, Storage, socket_folder


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench kills")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0, help="0: another one every time")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(args)
    seed = asked.seed or random.SystemRandom().randrange(1, 1 << 30)
    with ExitStack() as stack:
        town = Town(stack, asked.people)
        try:
            figures = town.live(asked.rounds, random.Random(seed))
        except AssertionError as wrong:
            raise Trouble(f"{wrong} (seed {seed}, round {town.round})") from wrong
    figures |= {"seed": seed}
    print(json.dumps(figures) if asked.json else "\n".join(f"{k:>26}: {v}" for k, v in figures.items()))
    return 0


class Town:
    """The servers, and one city on them."""

    def __init__(self, stack: ExitStack, people: int) -> None:
        self.round, self.people = 0, people
        storage = stack.enter_context(Storage.passing())
        sockets = stack.enter_context(socket_folder())
        where = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quartier-kills-")))
        # What was committed must be there after a kill; the machine itself stays up, so nothing needs to reach a disk.
        self.postgres = Postgres(
            storage, sockets, {"synchronous_commit": "on", "full_page_writes": "on"}
        ).start()
        stack.callback(lambda: self.postgres.stop())
        self.redis = Redis(storage, sockets, name="kills")
        self.redis.start()
        stack.callback(self.redis.kill)
        from tests.feedback.notices.killing import SinkProcess

        self.sink = SinkProcess(where, die=0.01, drop=0.02, refuse=0.02).start()
        stack.callback(self.sink.kill)
        os.environ |= {
            "DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.url, "QUARTIER_VAR": str(where),
            "QUARTIER_QUEUE": f"kills-{os.getpid()}", "SINK_PORT": str(self.sink.port),
            "DJANGO_SETTINGS_MODULE": "tests.feedback.notices.smtp_settings", "C_FORCE_ROOT": "1",
        }  # fmt: skip
        self._build()
        from devtools.paths import ROOT
        from tests.services import WorkerProcess

        environ = dict(os.environ) | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")])}
        self.worker = WorkerProcess(environ, where / "worker.log")
        self.worker.start()
        stack.callback(self.worker.stop)

    def _build(self) -> None:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        import tests.world
        from accounts.models import Person
        from feedback.notices.models import FanOut, Newsletter, Notice
        from groundwork.journal.follow import follow_all
        from quartier.builders import make_supports

        tests.world.build_votes = tests.world.build_feedback = lambda world: None
        self.world = tests.world.build_world()
        follow_all()
        FanOut.objects.all().delete()
        Newsletter.objects.all().delete()
        Notice.objects.update(due_at=None)
        crowd = [
            Person(email=f"p{n}@example.org", public_name=f"P{n}", password="!") for n in range(self.people)
        ]
        make_supports(
            self.world.answering0, [(each, self.world.now) for each in Person.objects.bulk_create(crowd)]
        )

    def live(self, rounds: int, dice: random.Random) -> dict[str, Any]:
        started, killed, doubled = time.monotonic(), Counter[str](), 0
        for self.round in range(1, rounds + 1):
            doubled += self._round(dice, killed)
            if sys.stderr.isatty() or self.round % 10 == 0:
                say(f"    round {self.round}: {dict(killed)}, {doubled} doubled")
        return {
            "rounds": rounds, "people a round": self.people + 1, "killed": dict(killed),
            "mail server died by itself": self.sink.deaths, "mails taken twice": doubled,
            "seconds": round(time.monotonic() - started, 1),
        }  # fmt: skip

    def _round(self, dice: random.Random, killed: Counter[str]) -> int:
        from feedback.notices.models import FanOut, Notice
        from groundwork.journal.models import Entry
        from tests.feedback.notices.killing import judge, wait_for
        from tests.feedback.test_rules_and_actions import answer

        taken, deaths = len(self.sink.taken()), self.sink.deaths
        _patient(lambda: answer(self.world, self.world.answering0, at=_now()))
        entry = _patient(lambda: Entry.objects.filter(verb="contribution.answered").latest("pk").pk)
        kills = 0
        for _kill in range(dice.choice([1, 1, 2])):
            _quietly(_sweep)
            time.sleep(dice.uniform(0.0, 0.8))
            what = dice.choice(["worker", "redis", "postgres", "mail server"])
            killed[what] += 1
            kills += 1
            getattr(self, f"_kill_{what.replace(' ', '_')}")()

        def over() -> bool:
            return bool(
                _patient(
                    lambda: (
                        not Notice.objects.waiting().exists()
                        and not FanOut.objects.exists()
                        and Notice.objects.filter(entry_id=entry).exists()
                    )
                )
            )

        def often() -> None:
            self.sink.revive()
            _quietly(_sweep)

        wait_for(over, "everybody", seconds=120, often=often)
        return _patient(
            lambda: judge(
                entry, self.people + 1, self.sink.taken()[taken:], kills + self.sink.deaths - deaths
            )
        )

    def _kill_worker(self) -> None:
        self.worker.kill()
        self.worker.start()

    def _kill_redis(self) -> None:
        self.redis.kill()
        self.redis.start()

    def _kill_postgres(self) -> None:
        import signal

        child = self.postgres.child
        assert child and child.process
        # Its children go with it: they see that the postmaster is gone.
        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait()
        for _try in range(100):
            try:
                self.postgres.start()
                return
            except Trouble:  # a child of the old one still holds the memory
                time.sleep(0.1)
        raise Trouble("PostgreSQL did not come back.")

    def _kill_mail_server(self) -> None:
        self.sink.kill()
        self.sink.start()


def _now() -> Any:
    from groundwork import clock

    return clock.now()


def _sweep() -> None:
    """What beat does every few seconds."""
    from feedback.notices import tasks
    from groundwork.journal.tasks import follow

    for task in (follow, tasks.spread, tasks.send):
        task.apply_async(retry=False)


def _quietly(do: Callable[[], object]) -> None:
    try:
        do()
    except Exception:  # the broker is being killed: the next sweep asks again
        return


def _patient(ask: Callable[[], Any]) -> Any:
    """Ask the database until it is back."""
    from django.db import InterfaceError, OperationalError, connection

    for _try in range(200):
        try:
            return ask()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.05)
    return ask()
