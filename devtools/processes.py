"""Child processes that never outlive us, however we end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from devtools.console import Trouble

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """For `preexec_fn`. The kernel sends the signal when the starting *thread* ends: use the main thread."""
    parent = os.getpid()

    def in_child() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return in_child


@dataclass
class Child:
    """A server or worker with a log of its own, in its own session so that Ctrl-C reaches only us."""

    name: str
    command: Sequence[str | Path]
    log: Path
    environ: Mapping[str, str] | None = None
    cwd: str | Path = "/"
    stop_signal: int = signal.SIGTERM
    user: tuple[int, int] | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> "Child":
        self.log.parent.mkdir(parents=True, exist_ok=True)
        identity: dict[str, object] = {}
        if self.user:
            identity = {"user": self.user[0], "group": self.user[1], "extra_groups": []}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(  # type: ignore[call-overload]
                [str(part) for part in self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environ,
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **identity,
            )
        return self

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def last_words(self, lines: int = 6) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.rstrip().splitlines()[-lines:])

    def wait_until(self, ready: Callable[[], bool], seconds: float, pause: float = 0.02) -> None:
        """Poll until `ready()`; a dead or silent child is trouble that names its log."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                raise Trouble(
                    f"{self.name} ended while starting: {self.last_words(1)} (whole log: {self.log})"
                )
            if time.monotonic() > deadline:
                raise Trouble(f"{self.name} is not ready after {seconds:.0f} seconds; its log is {self.log}.")
            time.sleep(pause)

    def send_stop(self) -> None:
        if self.alive:
            assert self.process
            self.process.send_signal(self.stop_signal)

    def stop(self, patience: float = 10) -> None:
        """Ask, wait, then insist on the whole session (a worker's own children included)."""
        if self.process is None:
            return
        self.send_stop()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """What a power cut does: no goodbye."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
