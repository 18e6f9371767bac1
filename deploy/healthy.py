"""Health of one container: `python deploy/healthy.py web|live|worker|beat`. Exit code 0 means healthy."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

BEAT_SCHEDULE = Path("/tmp/celerybeat-schedule")  # noqa: S108 (a tmpfs of this container alone)


def web(port: int = 8000) -> bool:
    # By a name the site answers to: Django refuses other hosts.
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
        return bool(answer.status == 200)


def live() -> bool:
    return web(8001)


def worker() -> bool:
    ping = [
        "celery",
        "-A",
        "quartier",
        "inspect",
        "ping",
        "--timeout",
        "5",
        "-d",
        f"celery@{os.uname().nodename}",
    ]
    return subprocess.run(ping, stdout=subprocess.DEVNULL).returncode == 0  # noqa: S603


def beat() -> bool:
    """Beat writes its schedule every three minutes."""
    return time.time() - BEAT_SCHEDULE.stat().st_mtime < 600


if __name__ == "__main__":
    try:
        healthy = {"web": web, "live": live, "worker": worker, "beat": beat}[sys.argv[1]]()
    except OSError:
        healthy = False
    sys.exit(not healthy)
