"""What the test and the bench of killed workers share: a mail server as a process, and what must be true in the end."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from devtools.paths import ROOT
from devtools.processes import Child


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SinkProcess:
    """smtp_sink.py on one port for its whole life, killed and started again."""

    def __init__(self, where: Path, die: float = 0, drop: float = 0, refuse: float = 0) -> None:
        self.port, self.log = free_port(), where / "taken"
        self.chances = [str(die), str(drop), str(refuse)]
        self.deaths = 0
        self._out = where / "sink.log"
        self._child: Child | None = None

    def start(self) -> SinkProcess:
        command = [
            sys.executable, "-m", "tests.feedback.notices.smtp_sink", str(self.port), str(self.log), *self.chances,
        ]  # fmt: skip
        environ = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
        self._child = Child("The mail server", command, self._out, environ, ROOT).start()
        self._child.wait_until(self._answers, 30)
        return self

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def alive(self) -> bool:
        return bool(self._child and self._child.alive)

    def revive(self) -> None:
        """Start it again if it died by itself."""
        if not self.alive:
            self.deaths += 1
            self.start()

    def kill(self) -> None:
        if self._child:
            self._child.kill()

    def taken(self) -> list[str]:
        """The Message-IDs it took, in their order, doubles included."""
        return [line.split()[0] for line in self.log.read_text().splitlines()] if self.log.exists() else []


def wait_for(
    true: Callable[[], bool], what: str, seconds: float = 60, often: Callable[[], object] = lambda: None
) -> None:
    end, again = time.monotonic() + seconds, 0.0
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        if time.monotonic() >= again:
            often()
            again = time.monotonic() + 0.3
        time.sleep(0.02)


def judge(entry: int, people: int, taken: list[str], kills: int) -> int:
    """Every notice once, every mail at least once and recorded; twice only where the server took it and somebody died
    before we could write that down: at most once a kill. Returns how many were doubled."""
    from feedback.notices.models import Mail, Notice

    notices = Notice.objects.filter(entry_id=entry)
    told = notices.values("person").distinct().count()
    assert notices.count() == told == people, f"{notices.count()} notices for {told} of {people} people"
    assert not notices.filter(sent_at=None).exists(), "a notice is not marked as sent"
    recorded = set(Mail.objects.filter(entry_id=entry, number__gt=0).values_list("identity", flat=True))
    counted = Counter(name.strip("<>").partition("@")[0] for name in taken)
    assert recorded <= counted.keys(), f"{len(recorded - counted.keys())} mails recorded and never taken"
    assert len(recorded) == people, f"{len(recorded)} of {people} mails recorded"
    doubled = sum(counted[name] - 1 for name in recorded)
    assert doubled <= kills, f"{doubled} doubled mails for {kills} kills"
    return doubled
