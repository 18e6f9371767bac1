"""`dev.py demo` as a person uses it: start, look, stop, start again; and nothing is left running."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from devtools.paths import ROOT
from tests.devtools.test_trouble import PYTHON, dev, free_port

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]


@dataclass
class Demo:
    """A demo with a `var` of its own."""

    var: Path
    port: str
    process: subprocess.Popen[str] | None = None
    known: set[int] = field(default_factory=set)

    def start(self, *args: str) -> str:
        """What it printed until the city was open."""
        dropped = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH", "QUARTIER_QUEUE"}
        environ = {name: value for name, value in os.environ.items() if name not in dropped}
        self.process = subprocess.Popen(
            [PYTHON, "dev.py", "demo", "--port", self.port, *args],
            cwd=ROOT,
            env=environ | {"QUARTIER_VAR": str(self.var)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl-C stops everything" in line:
                return said
        pytest.fail(f"the demo ended: {said}")

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()

    def children(self) -> set[int]:
        """Every living process below this demo, remembered for the time after its end."""
        assert self.process
        below = {self.process.pid}
        parents = dict(processes())
        while more := {pid for pid, parent in parents.items() if parent in below} - below:
            below |= more
        self.known |= below - {self.process.pid}
        return {pid for pid in self.known if pid in parents}

    def end(self, signal_number: int) -> int:
        assert self.process
        self.process.send_signal(signal_number)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """One city for all of this file: founding it takes longer than everything else."""
    folder = Path(tempfile.mkdtemp(prefix="quartier-demo-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def demo(var: Path) -> Iterator[Demo]:
    demo = Demo(var, free_port())
    yield demo
    if demo.process and demo.process.poll() is None:
        demo.end(signal.SIGTERM)


def processes() -> Iterator[tuple[int, int]]:
    """(process, its parent), of all that live; a dead one nobody has asked about yet does not count."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    yield int(folder.name), int(parent)


def gone(demo: Demo, patience: float = 15) -> bool:
    deadline = time.monotonic() + patience
    while demo.children() and time.monotonic() < deadline:
        time.sleep(0.1)
    return not demo.children()


def test_start_look_stop_and_start_again(demo):
    said = demo.start()
    assert f"Quartier is open at http://localhost:{demo.port}" in said
    assert re.findall(r"^(\d)/6", said, re.M) == ["1", "2", "3", "4", "5", "6"]
    status, page = demo.get("/")
    assert status == 200
    assert "<h1" in page
    assert len(demo.children()) >= 6  # database, queue, web server, live server, worker, beat

    # A second one on the same data is refused; commands join the running one.
    other = dev("demo", "--port", free_port(), QUARTIER_VAR=str(demo.var))
    assert other.returncode == 1
    assert "The demo runs already" in other.stderr
    counted = dev("manage", "shell", "-v", "0", "-c", COUNT, QUARTIER_VAR=str(demo.var))
    assert int(counted.stdout) > 0, counted.stderr

    assert demo.end(signal.SIGINT) == 0
    assert gone(demo)

    # The data stayed: nobody is founded twice. Then the hard end, and still no orphans.
    demo.start()
    demo.children()
    again = dev("manage", "shell", "-v", "0", "-c", COUNT, QUARTIER_VAR=str(demo.var))
    assert again.stdout == counted.stdout
    demo.end(signal.SIGKILL)
    assert gone(demo)


COUNT = "from accounts.models import Person; print(Person.objects.count())"


def test_a_child_that_dies_is_named(demo):
    demo.start()
    assert demo.process
    (worker,) = (
        pid
        for pid, parent in processes()
        if parent == demo.process.pid and b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    demo.children()
    os.kill(worker, signal.SIGKILL)
    assert demo.process.stdout
    said = demo.process.stdout.read()
    assert demo.process.wait(30) == 1
    assert "Stopped: The worker ended by itself" in said
    assert "Traceback" not in said.split("Stopped:")[0]
    assert gone(demo)
