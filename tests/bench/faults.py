"""`bench faults`: each part of a cluster is killed, stalled, restarted or filled up while people read, support, vote and add pictures.

For every fault a crowd works for some twenty seconds; after five of them the fault happens, after five more the part comes back (as a
supervisor would start it again). Told: what people saw, how long from the fault's end until the last wrong answer, and
whether everything that was accepted is there, once. No person does anything in between.

Mails: the city answers two proposals with many supporters, one a moment before the mail server goes and one while it is away.
Every mail has to be taken once it is back; the time until the last one is told. Files lie on a disk of a few megabytes, then
in a storage that speaks S3; the disk is really full (a file system in memory, mounted for this bench alone; where that is not
allowed these faults are left out and the table says so). Clock: one web server's is two minutes ahead while a vote closes.

    python3 dev.py bench faults [--only NAME] [--json]
"""

from __future__ import annotations

import argparse
import contextlib
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
from pathlib import Path
from typing import Any

from devtools import cluster as nodes
from devtools.console import Trouble
from devtools.paths import ROOT
from tests.bench import mail, parts, scenario, servers, skew
from tests.bench.servers import HOST

USERS, THINK = 40, 0.8
BEFORE, DURING, AFTER = 5.0, 5.0, 10.0
PART = "0.02"
# Of memory in a long run: megabytes an hour, minutes.
MOST_GROWTH, LONG_ENOUGH = 12, 10
# Why a part may not be there.
LEFT_OUT = {
    "pooler": "pgbouncer is not installed", "disk": "this user may not mount a small disk of their own",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What happens to a part, and how it ends."""

    name: str
    part: str
    begin: Callable[[nodes.Part], None]
    end: Callable[[nodes.Part], Any]
    # Where the application keeps files meanwhile: in a folder of a small disk, or in a storage that speaks S3.
    files: str = "folder"


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


def _fill_up(part: nodes.Part) -> None:
    assert isinstance(part, parts.Disk)
    part.fill()


def _make_room(part: nodes.Part) -> None:
    assert isinstance(part, parts.Disk)
    part.empty()


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
    Fault("the mail server is killed", "mail", _kill, _start),
    Fault("the mail server stalls", "mail", _stall, _go_on),
    Fault("the disk of files is full", "disk", _fill_up, _make_room),
    Fault("the storage of files is killed", "storage", _kill, _start, "s3"),
    Fault("the storage of files stalls", "storage", _stall, _go_on, "s3"),
    Fault("the storage's disk is full", "disk", _fill_up, _make_room, "s3"),
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
    skewed = not asked.only or skew.NAME in asked.only or "skew" in asked.only
    if not chosen and not skewed:
        raise Trouble(
            f"There is no such fault; there are: {', '.join([*(f.name for f in FAULTS), skew.NAME])}."
        )
    parts.with_own_mounts("faults", args)
    load = os.getloadavg()
    with contextlib.ExitStack() as stack:
        var = stack.enter_context(tempfile.TemporaryDirectory(prefix="quartier-faults-"))
        disk = parts.disk(Path(var) / "disk")
        if disk:
            stack.callback(disk.remove)
        cluster = stack.enter_context(nodes.running(_settings(var)))
        if disk:
            cluster.parts["disk"] = disk
        taken = parts.add_mail_server(cluster)
        in_s3 = parts.add_bucket(cluster, Path(var) / "disk" / "store")
        city = _fill(cluster, asked.users)
        nodes.start_application(cluster, HOST)
        if asked.soak:
            return _soak(cluster, city, asked)
        # Templates are compiled and plans made by the first people of a day; their patience is not what is measured.
        warm = scenario.Running(city.fresh(asked.users), cluster.ports, 10, 0.4).result()
        city.heard(warm["accepted"])
        post = mail.Post(taken)
        rows, left_out, where = [], [], "folder"
        for fault in chosen:
            if fault.part not in cluster.parts:
                left_out.append(f"{fault.name} ({LEFT_OUT[fault.part]})")
                continue
            if fault.files != where:
                where = fault.files
                _move_files(cluster, in_s3)
            rows.append(_happen(cluster, city, fault, asked.users, post))
            print(_line(rows[-1]), file=sys.stderr, flush=True)
        if skewed:
            rows.append(skew.happen(cluster, asked.users))
            print(_line(rows[-1]), file=sys.stderr, flush=True)
        behind = _catch_up(cluster)
    if asked.json:
        print(
            json.dumps(
                {"faults": rows, "journal_left": behind, "left_out": left_out, "load_before": load},
                ensure_ascii=False,
            )
        )
    else:
        print(_table(rows))
        print(f"Load before: {load[0]:.1f}." + (f" Left out: {'; '.join(left_out)}." if left_out else ""))
        print(
            f"Afterwards the journal's readers were up to date: {'yes' if not behind else f'{behind} entries left'}."
        )
    return 0 if not behind and not any(row["lost"] or row["doubled"] for row in rows) else 1


def _settings(var: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "quartier.settings.prod", "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": HOST, "SITE_URL": f"https://{HOST}", "TRUST_PROXY": "1", "QUARTIER_VAR": var,
        "VOTE_KEYS_DIR": f"{var}/vote-keys", "MEDIA_ROOT": f"{var}/disk/media", "PRIVATE_DIR": f"{var}/private",
        "NOTICES_MOST_A_WEEK": "1000",
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
    return scenario.prepare(users, pictures=True)


def _move_files(cluster: nodes.Cluster, in_s3: dict[str, str]) -> None:
    """From the folder into the storage, as an operator would: copy everything, then start again with other settings."""
    from django.conf import settings
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.test.utils import override_settings

    folder = Path(settings.MEDIA_ROOT)
    s3 = {
        "BACKEND": "groundwork.s3.S3Storage",
        "OPTIONS": {name.removeprefix("S3_").lower(): value for name, value in in_s3.items() if name.startswith("S3_")},
    }  # fmt: skip
    override_settings(STORAGES=settings.STORAGES | {"default": s3}).enable()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            default_storage.save(str(path.relative_to(folder)), ContentFile(path.read_bytes()))
    for name, part in cluster.parts.items():
        if name.startswith(("web", "worker", "beat")):
            part.stop()
            part.child.environ = dict(part.child.environ or {}) | in_s3
            part.start()


def _happen(
    cluster: nodes.Cluster, city: scenario.City, fault: Fault, users: int, post: mail.Post
) -> dict[str, Any]:
    part = cluster[fault.part]
    began = time.monotonic()
    crowd = scenario.Running(city.fresh(users), cluster.ports, BEFORE + DURING + AFTER, THINK)
    time.sleep(BEFORE - 1)
    if fault.part == "mail":
        post.answer()
    time.sleep(max(0.0, BEFORE - (time.monotonic() - began)))
    fault_at = time.monotonic() - began
    fault.begin(part)
    if fault.part == "mail":
        post.answer()
    time.sleep(max(0.0, fault_at + DURING - (time.monotonic() - began)))
    fault.end(part)
    ended, ended_at = time.monotonic() - began, time.time()
    told = crowd.result()
    city.heard(told["accepted"])
    mails = post.settled(ended_at) if fault.part == "mail" else {}
    wrong = told["wrong"]
    after = [at for at, _kind, _words in wrong if at > ended]
    return {
        "fault": fault.name, "requests": sum(k["n"] for k in told["kinds"].values()), "wrong": told["wrong_count"],
        "saw": dict(Counter(f"{_sort(kind)}: {words}" for _at, kind, words in wrong).most_common(4)),
        "sent_again": told["sent_again"], "recovered_after": round(max(after) - ended, 1) if after else 0.0,
        "p95": max((k["p95"] for k in told["kinds"].values()), default=0), "accepted": len(told["accepted"]),
        **_added(_settled(city), mails), "mails": mails,
    }  # fmt: skip


def _added(found: dict[str, int], mails: dict[str, Any]) -> dict[str, int]:
    """Mails that are lost or recorded twice count like everything else; a mail taken twice by a server that died is told apart."""
    return {name: n + int(mails.get(name, 0)) for name, n in found.items()}


def _sort(kind: str) -> str:
    if kind in ("support", "vote", "picture", "picture added"):
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
    """Memory of every web server, worker and the clock while the crowd goes on.

    The rule: what comes after the first fifth of the time is laid on a line by least squares. A part *grows* when its line
    rises by more than MOST_GROWTH megabytes an hour and by more than twice the standard error of that; else it is *flat*.
    Below LONG_ENOUGH minutes nothing is said but "too short": caches and pools are still filling.
    """
    seconds = 60 * asked.soak
    crowd = scenario.Running(city.people(asked.users), cluster.ports, seconds, THINK)
    names = [name for name in cluster.parts if name.startswith(("web", "worker", "beat"))]
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
    city.heard(told["accepted"])
    memory = {name: _judged(found, asked.soak) for name, found in samples.items()}
    found = _settled(city)
    result = {
        "minutes": asked.soak, "requests": sum(k["n"] for k in told["kinds"].values()), "errors": told["wrong_count"],
        "examples": told["wrong"][:5], "accepted": len(told["accepted"]), "load": round(os.getloadavg()[0], 1), "memory": memory, **found,
    }  # fmt: skip
    if asked.json:
        print(json.dumps(result))
    else:
        print("| part | first MB | last MB | MB an hour | ± | verdict |\n|---|---|---|---|---|---|")
        for name, row in memory.items():
            print(f"| {name} | " + " | ".join(str(value) for value in row.values()) + " |")
        print("; ".join(f"{key}: {value}" for key, value in result.items() if key != "memory"))
        print(
            f"Rule: grows = more than {MOST_GROWTH} MB an hour and more than twice the standard error, over the last"
            f" four fifths; below {LONG_ENOUGH} minutes nothing is judged."
        )
    fine = not any(found.values()) and not any(row["verdict"] == "grows" for row in memory.values())
    return 0 if fine else 1


def _judged(found: list[tuple[float, float]], minutes: float) -> dict[str, Any]:
    slope, error = slope_of(found[len(found) // 5 :])
    grows = slope > MOST_GROWTH and slope > 2 * error
    return {
        "first_mb": round(found[0][1], 1), "last_mb": round(found[-1][1], 1), "mb_an_hour": round(slope, 1),
        "error": round(error, 1), "verdict": "too short" if minutes < LONG_ENOUGH else "grows" if grows else "flat",
    }  # fmt: skip


def _megabytes(pid: int) -> float:
    """Memory of this process alone, shared pages divided among those who share them."""
    from pathlib import Path

    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def slope_of(points: list[tuple[float, float]]) -> tuple[float, float]:
    """(how much the second number of a point rises in an hour of the first, which is seconds; the standard error of that)."""
    n = len(points)
    if n < 3:
        return 0.0, 0.0
    x, y = sum(p[0] for p in points) / n, sum(p[1] for p in points) / n
    below = sum((p[0] - x) ** 2 for p in points)
    if not below:
        return 0.0, 0.0
    slope = sum((p[0] - x) * (p[1] - y) for p in points) / below
    left = sum((p[1] - y - slope * (p[0] - x)) ** 2 for p in points)
    return 3600 * slope, 3600 * (left / (n - 2) / below) ** 0.5


# --- words ---


def _saw(row: dict[str, Any]) -> str:
    words = [f"{n} × {words}" for words, n in row["saw"].items()] or ["nothing"]
    if mails := row["mails"]:
        words.append(
            f"{mails['mails']} mails due, {mails['lost']} lost, {mails['taken_twice']} taken twice, the last"
            f" {mails['last_after']} s after the server was back"
        )
    if "accepted_before" in row:
        words.append(
            f'{row["accepted_before"]} ballots saved before the close, {row["refused_after"]} answers "over" after it'
        )
    return "; ".join(words)


def _line(row: dict[str, Any]) -> str:
    saw = _saw(row)
    return (
        f"{row['fault']}: {row['requests']} right, {row['wrong']} wrong ({saw}); {row['lost']} lost, {row['doubled']}"
        f" doubled; last wrong answer {row['recovered_after']} s after it was over"
    )


def _table(rows: list[dict[str, Any]]) -> str:
    head = "| fault | answered | what people saw | accepted writes | lost | doubled | wrong until, s after its end |\n|---|---|---|---|---|---|---|"
    lines = [
        f"| {row['fault']} | {row['requests']} | "
        + _saw(row)
        + f" | {row['accepted']} | {row['lost']} | {row['doubled']} | {row['recovered_after']} |"
        for row in rows
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
