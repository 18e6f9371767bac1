"""`bench faults`: each part of a cluster is killed, stalled or restarted while people read, support and vote.

For every fault a crowd works for some twenty seconds; after five of them the fault happens, after five more the part comes back (as a
supervisor would start it again). Told: what people saw, how long from the fault's end until the last wrong answer, and
whether everything that was accepted is there, once. No person does anything in between.

    python3 dev.py bench faults [--only NAME] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from devtools import cluster as nodes
from devtools.console import Trouble
from devtools.paths import ROOT
from tests.bench import scenario, servers
from tests.bench.servers import HOST

USERS, THINK = 40, 0.8
BEFORE, DURING, AFTER = 5.0, 5.0, 10.0
PART = "0.02"


@dataclass(frozen=True)
class Fault:
    """What happens to a part, and how it ends."""

    name: str
    part: str
    begin: Callable[[nodes.Part], None]
    end: Callable[[nodes.Part], Any]


def _kill(part: nodes.Part) -> None:
    part.kill()


def _stall(part: nodes.Part) -> None:
    part.stall()


def _nothing(part: nodes.Part) -> None:
    pass


def _start(part: nodes.Part) -> None:
    part.start()


def _go_on(part: nodes.Part) -> None:
    part.go_on()


def _restart(part: nodes.Part) -> None:
    part.stop()
    part.start()


FAULTS = [
    Fault("a web server is killed", "web-1", _kill, _start),
    Fault("a web server is replaced (graceful)", "web-2", _restart, _nothing),
    Fault("a web server stalls", "web-1", _stall, _go_on),
    Fault("a worker is killed", "worker-1", _kill, _start),
    Fault("the clock is killed", "beat", _kill, _start),
    Fault("Redis is killed", "redis", _kill, _start),
    Fault("Redis stalls", "redis", _stall, _go_on),
    Fault("the replica is killed", "replica", _kill, _start),
    Fault("the replica stalls", "replica", _stall, _go_on),
    Fault("the pooler is killed", "pooler", _kill, _start),
    Fault("the primary is restarted", "primary", _restart, _nothing),
    Fault("the primary stalls", "primary", _stall, _go_on),
    Fault("the primary is killed", "primary", _kill, _start),
]


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py bench faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", help="a fault or a part; may be repeated")
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument(
        "--soak", type=float, default=0, help="instead: so many minutes of load, and the slope of memory"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(args)
    chosen = [f for f in FAULTS if not asked.only or f.name in asked.only or f.part in asked.only]
    if not chosen:
        raise Trouble(f"There is no such fault; there are: {', '.join(f.name for f in FAULTS)}.")
    with (
        tempfile.TemporaryDirectory(prefix="quartier-faults-") as var,
        nodes.running(_settings(var)) as cluster,
    ):
        city = _fill(cluster, asked.users)
        nodes.start_application(cluster, HOST)
        if asked.soak:
            return _soak(cluster, city, asked)
        rows = []
        for fault in chosen:
            if fault.part in cluster.parts:
                rows.append(_happen(cluster, city, fault, asked.users))
                print(_line(rows[-1]), file=sys.stderr, flush=True)
        behind = _catch_up(cluster)
    if asked.json:
        print(json.dumps({"faults": rows, "journal_left": behind}, ensure_ascii=False))
    else:
        print(_table(rows))
        print(
            f"Afterwards the journal's readers were up to date: {'yes' if not behind else f'{behind} entries left'}."
        )
    return 0 if not behind and not any(row["lost"] or row["doubled"] for row in rows) else 1


def _settings(var: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "quartier.settings.prod", "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": HOST, "SITE_URL": f"https://{HOST}", "TRUST_PROXY": "1", "QUARTIER_VAR": var,
        "VOTE_KEYS_DIR": f"{var}/vote-keys", "MEDIA_ROOT": f"{var}/media", "PRIVATE_DIR": f"{var}/private",
        # Nobody listens there: a mail server that is away. What is due waits in the table.
        "EMAIL_URL": "smtp://127.0.0.1:9",
    }  # fmt: skip


def _fill(cluster: nodes.Cluster, users: int) -> scenario.City:
    direct = cluster.environ | {
        "DATABASE_URL": cluster.database_url,
        "DATABASE_POOLER": "",
        "DATABASE_REPLICA_URL": "",
    }
    if subprocess.run([sys.executable, "-m", "tests.bench.seed", PART], cwd=ROOT, env=direct).returncode:
        raise Trouble("The city of the bench could not be built.")
    os.environ.update(direct)
    sys.path[:0] = [path for path in servers.python_path().split(os.pathsep) if path not in sys.path]
    import django

    django.setup()
    from devtools.prepare import collect_static

    collect_static()
    return scenario.prepare(users)


def _happen(cluster: nodes.Cluster, city: scenario.City, fault: Fault, users: int) -> dict[str, Any]:
    part = cluster[fault.part]
    began = time.monotonic()
    crowd = scenario.Running(city.fresh(users), cluster.ports, BEFORE + DURING + AFTER, THINK)
    time.sleep(BEFORE)
    fault_at = time.monotonic() - began
    fault.begin(part)
    time.sleep(max(0.0, fault_at + DURING - (time.monotonic() - began)))
    fault.end(part)
    ended = time.monotonic() - began
    told = crowd.result()
    city.accepted.update(told["accepted"])
    wrong = told["wrong"]
    after = [at for at, _kind, _words in wrong if at > ended]
    return {
        "fault": fault.name, "requests": sum(k["n"] for k in told["kinds"].values()), "wrong": told["wrong_count"],
        "saw": dict(Counter(f"{_sort(kind)}: {words}" for _at, kind, words in wrong).most_common(4)),
        "sent_again": told["sent_again"], "recovered_after": round(max(after) - ended, 1) if after else 0.0,
        "p95": max((k["p95"] for k in told["kinds"].values()), default=0), "accepted": len(told["accepted"]),
        **_settled(city),
    }  # fmt: skip


def _sort(kind: str) -> str:
    if kind in ("support", "vote"):
        return kind
    return "reading, signed in" if kind == "ballot" or "signed in" in kind else "reading"


def _settled(city: scenario.City) -> dict[str, int]:
    for _ in range(20):
        try:
            return scenario.wrongs(city)
        except Exception:  # the database may still be coming back
            time.sleep(1)
    return scenario.wrongs(city)


def _catch_up(cluster: nodes.Cluster) -> int:
    """Entries that some reader of the journal has not seen, after everything has run again for a while."""
    from django.utils import timezone

    from groundwork.journal.manifest import unread, unsealed

    left = 0
    for _ in range(45):
        now = timezone.now()
        left = unread(now)[0] + unsealed(now)[0]
        if not left:
            return 0
        time.sleep(1)
    return left


# --- a long time ---


def _soak(cluster: nodes.Cluster, city: scenario.City, asked: argparse.Namespace) -> int:
    """Memory of every process of web servers and workers while the crowd goes on; megabytes an hour, by least squares,
    over what comes after the first fifth."""
    seconds = 60 * asked.soak
    crowd = scenario.Running(city.people(asked.users), cluster.ports, seconds, THINK)
    names = [name for name in cluster.parts if name.startswith(("web", "worker"))]
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    began = time.monotonic()
    while (spent := time.monotonic() - began) < seconds:
        for name in names:
            process = cluster[name].child.process
            if process is not None:
                pids = [process.pid, *servers.children(process.pid)]
                samples[name].append((spent, sum(_megabytes(pid) for pid in pids)))
        time.sleep(min(5.0, seconds / 60))
    told = crowd.result()
    city.accepted.update(told["accepted"])
    slopes = {name: _slope(found[len(found) // 5 :]) for name, found in samples.items()}
    result = {
        "minutes": asked.soak, "requests": sum(k["n"] for k in told["kinds"].values()), "errors": told["wrong_count"],
        "memory": {
            name: {"first_mb": round(found[0][1], 1), "last_mb": round(found[-1][1], 1), "mb_an_hour": round(slopes[name], 1)}
            for name, found in samples.items()
        }, **_settled(city),
    }  # fmt: skip
    print(json.dumps(result) if asked.json else "\n".join(f"{key}: {value}" for key, value in result.items()))
    return 0


def _megabytes(pid: int) -> float:
    """Memory of this process alone, shared pages divided among those who share them."""
    from pathlib import Path

    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _slope(points: list[tuple[float, float]]) -> float:
    n = len(points)
    if n < 2:
        return 0.0
    x, y = sum(p[0] for p in points) / n, sum(p[1] for p in points) / n
    below = sum((p[0] - x) ** 2 for p in points)
    return 3600 * sum((p[0] - x) * (p[1] - y) for p in points) / below if below else 0.0


# --- words ---


def _line(row: dict[str, Any]) -> str:
    saw = "; ".join(f"{n} × {words}" for words, n in row["saw"].items()) or "nothing"
    return (
        f"{row['fault']}: {row['requests']} right, {row['wrong']} wrong ({saw}); {row['lost']} lost, {row['doubled']}"
        f" doubled; last wrong answer {row['recovered_after']} s after it was over"
    )


def _table(rows: list[dict[str, Any]]) -> str:
    head = "| fault | answered | what people saw | accepted writes | lost | doubled | wrong until, s after its end |\n|---|---|---|---|---|---|---|"
    lines = [
        f"| {row['fault']} | {row['requests']} | "
        + ("; ".join(f"{n} × {words}" for words, n in row["saw"].items()) or "nothing")
        + f" | {row['accepted']} | {row['lost']} | {row['doubled']} | {row['recovered_after']} |"
        for row in rows
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
