"""What `bench faults` has beside a cluster: a mail server, a storage of files, and a small disk that can be filled."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from devtools import cluster as nodes
from devtools.paths import ROOT
from devtools.processes import Child
from tests.bench import bucket

# Set in the process that has its own list of mounts: nobody else sees the small disk.
OWN_MOUNTS = "QUARTIER_BENCH_OWN_MOUNTS"
DISK_MEGABYTES = 24


def with_own_mounts(module: str, args: list[str]) -> None:
    """Start this bench again in a mount namespace of its own, where that is allowed; then the small disk can be mounted."""
    if os.environ.get(OWN_MOUNTS) or os.geteuid() != 0 or not shutil.which("unshare"):
        return
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        return
    os.environ[OWN_MOUNTS] = "1"
    os.execvp("unshare", ["unshare", "-m", sys.executable, "-m", "tests.bench", module, *args])


class Disk(nodes.Part):
    """A file system in memory with room for a few hundred pictures. Full means full: the kernel says so."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__("disk", None)  # type: ignore[arg-type]
        self.folder, self._ballast = folder, folder / "ballast"
        options = f"size={DISK_MEGABYTES}m,mode=755"
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "quartier-bench", folder])
        self.is_small = os.environ.get(OWN_MOUNTS) == "1" and done.returncode == 0

    def fill(self) -> None:
        with self._ballast.open("ab", buffering=0) as file:
            for size in (65_536, 4096):
                with contextlib.suppress(OSError):
                    while file.write(b"\0" * size) == size:
                        pass

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def remove(self) -> None:
        subprocess.run(["umount", "-l", self.folder], capture_output=True)


def disk(folder: Path) -> Disk | None:
    """None where this process may mount nothing of its own."""
    if os.environ.get(OWN_MOUNTS) != "1":
        return None
    made = Disk(folder)
    return made if made.is_small else None


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _environ() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")])}


def add_mail_server(cluster: nodes.Cluster) -> Path:
    """Returns the file in which it notes every mail it takes."""
    port, taken = nodes.free_port(), cluster.home / "mails"
    command = [sys.executable, "-m", "tests.feedback.notices.smtp_sink", str(port), str(taken)]
    child = Child("mail", command, cluster.home / "mail.log", _environ(), ROOT)
    cluster.parts["mail"] = nodes.Part("mail", child, lambda: _listens(port)).start()
    cluster.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    return taken


def add_bucket(cluster: nodes.Cluster, folder: Path) -> dict[str, str]:
    """Returns the settings with which the application keeps its files there."""
    port = nodes.free_port()
    command = [sys.executable, "-m", "tests.bench.bucket", str(port), str(folder)]
    child = Child("storage", command, cluster.home / "storage.log", _environ(), ROOT)
    cluster.parts["storage"] = nodes.Part("storage", child, lambda: _listens(port)).start()
    return {
        "MEDIA_STORAGE": "s3", "S3_ENDPOINT": f"http://127.0.0.1:{port}", "S3_BUCKET": bucket.BUCKET,
        "S3_REGION": bucket.REGION, "S3_KEY": bucket.KEY, "S3_SECRET": bucket.SECRET,
    }  # fmt: skip


def mails(taken: Path) -> list[str]:
    """The Message-IDs the mail server took, in their order, doubles included."""
    return [line.split()[0] for line in taken.read_text().splitlines()] if taken.exists() else []
