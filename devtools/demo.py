"""The demo city: database and queue, web server, worker and beat as real processes, stopped together."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from devtools.bootstrap import STEPS
from devtools.console import Trouble, paint, say, step
from devtools.paths import ROOT, VAR
from devtools.ports import a_free_port
from devtools.processes import Child, die_with_parent
from devtools.services import Storage, services

RUNNING = VAR / "running.json"
LOGINS = VAR / "demo-logins.txt"
MADE_BY_THE_DEMO = ("media", "outbox", "vote-keys", "celerybeat-schedule")

# Commands of Django that read no database: they start at once and run beside anything.
WITHOUT_DATABASE = {
    *("pb", "makemigrations", "makemessages", "compilemessages", "check", "collectstatic", "findstatic"),
    *("diffsettings", "startapp", "help", "version", "--help", "-h", "--version"),
}


def run(options: argparse.Namespace) -> int:
    started = time.monotonic()
    if other := running():
        raise Trouble(f"The demo runs already, as process {other['pid']}; stop it first.")
    storage = Storage.lasting()
    if options.reset:
        reset(storage)
    step(2, STEPS, "Starting PostgreSQL and Redis ...")
    children: list[Child] = []
    with services(storage) as urls:
        environ = _environ(urls, options.host, options.port)
        environ["LIVE_PORT"] = str(a_free_port(options.host, options.port + 1))
        RUNNING.write_text(json.dumps({"pid": os.getpid(), "urls": urls}))
        try:
            _prepare(environ)
            step(5, STEPS, "Opening the web server ...")
            address = environ["SITE_URL"]
            web = _web(environ, options.host, options.port)
            children.append(web.start())
            live = _live(environ, options.host)
            children.append(live.start())
            web.wait_until(lambda: _answers(options.host, options.port), seconds=60, pause=0.1)
            step(6, STEPS, "Starting the worker and the clock ...")
            children += [child.start() for child in _background(environ)]
            _welcome(address, time.monotonic() - started)
            _watch(children)
        except KeyboardInterrupt:
            say("\nStopping ...")
        finally:
            for child in children:
                child.send_stop()
            for child in children:
                child.stop()
            RUNNING.unlink(missing_ok=True)
    return 0


def reset(storage: Storage) -> None:
    """Forget the embedded servers' data and the demo's files. No other database is ours."""
    if os.environ.get("DATABASE_URL"):
        raise Trouble("--reset empties only the embedded database; empty the one of DATABASE_URL yourself.")
    storage.remove()
    for name in MADE_BY_THE_DEMO:
        path = VAR / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def manage(args: list[str]) -> int:
    """Django's command line: on the running demo, else on servers started for this one command."""
    if not args or args[0] in WITHOUT_DATABASE:
        quiet = {
            "PYTHONWARNINGS": "ignore:Got an error checking a consistent migration history:RuntimeWarning"
        }
        return _manage(args, _environ({}) | quiet)
    if other := running():
        return _manage(args, _environ(other["urls"]))
    with services(Storage.lasting()) as urls:
        environ = _environ(urls)
        if args[0] != "migrate" and not os.environ.get("DATABASE_URL") and _empty(urls["DATABASE_URL"]):
            _manage(["migrate", "--verbosity", "0"], environ)
        return _manage(args, environ)


def with_data(args: list[str]) -> int:
    """A Python program on the running demo's services, else on servers started for it."""
    if other := running():
        return subprocess.run([sys.executable, *args], cwd=ROOT, env=_environ(other["urls"])).returncode
    with services(Storage.lasting()) as urls:
        return subprocess.run([sys.executable, *args], cwd=ROOT, env=_environ(urls)).returncode


def running() -> dict | None:
    """The demo of this checkout, if it is alive."""
    try:
        noted = json.loads(RUNNING.read_text())
        command = Path(f"/proc/{noted['pid']}/cmdline").read_bytes()
        return noted if b"devtools" in command and noted["pid"] != os.getpid() else None
    except (OSError, ValueError, KeyError):
        return None


def _environ(urls: dict[str, str], host: str = "127.0.0.1", port: int = 8000) -> dict[str, str]:
    named = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "localhost") else host
    return (
        {"DJANGO_SETTINGS_MODULE": "quartier.settings.dev", "SITE_URL": f"http://{named}:{port}"}
        | os.environ
        | urls
        | {
            "QUARTIER_VAR": str(VAR),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            "C_FORCE_ROOT": "1",  # Celery refuses the superuser otherwise
        }
    )


def _manage(args: list[str], environ: dict[str, str]) -> int:
    return subprocess.run([sys.executable, "manage.py", *args], cwd=ROOT, env=environ).returncode


def _empty(database_url: str) -> bool:
    import psycopg

    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
        return bool(row and row[0])


def _prepare(environ: dict[str, str]) -> None:
    log = VAR / "log" / "prepare.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as errors:
        done = subprocess.run(
            [sys.executable, "-m", "devtools.prepare", str(LOGINS)],
            cwd=ROOT,
            env=environ,
            stderr=errors,
            preexec_fn=die_with_parent(15),
        )
    if done.returncode:
        words = log.read_text(errors="replace").strip().splitlines()
        reason = words[-1] if words else f"exit code {done.returncode}"
        raise Trouble(f"The database could not be prepared ({reason}); the whole story is in {log}.")


def _web(environ: dict[str, str], host: str, port: int) -> Child:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [
        *(sys.executable, "-m", "gunicorn", "quartier.wsgi", "--bind", bind),
        *(
            "--worker-class",
            "gthread",
            "--workers",
            "2",
            "--threads",
            "4",
            "--preload",
            "--no-control-socket",
        ),
    ]
    return Child("The web server", command, VAR / "log" / "web.log", environ, ROOT)


def _live(environ: dict[str, str], host: str) -> Child:
    """Web sockets: in production a proxy puts them on the port of the pages, here they have the one beside it."""
    command = [
        *(sys.executable, "-m", "uvicorn", "quartier.asgi:application", "--host", host),
        *("--port", environ["LIVE_PORT"], "--ws", "websockets-sansio", "--ws-max-size", "300000"),
        *("--lifespan", "off", "--no-access-log"),
    ]
    return Child("The live server", command, VAR / "log" / "live.log", environ, ROOT)


def _background(environ: dict[str, str]) -> list[Child]:
    celery = [sys.executable, "-m", "celery", "-A", "quartier"]
    worker = [*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    beat = [*celery, "beat", "--pidfile=", f"--schedule={VAR / 'celerybeat-schedule'}", "--loglevel=INFO"]
    return [
        Child("The worker", worker, VAR / "log" / "worker.log", environ, ROOT),
        Child("The clock (Celery beat)", beat, VAR / "log" / "beat.log", environ, ROOT),
    ]


def _answers(host: str, port: int) -> bool:
    target = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    try:
        with urllib.request.urlopen(f"http://{target}:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _welcome(address: str, seconds: float) -> None:
    say(f"\n{paint(f'Quartier is open at {address}', '1;32')}  ({seconds:.1f} s)\n")
    if LOGINS.exists():
        say(LOGINS.read_text().rstrip() + "\n")
    say(f"Ctrl-C stops everything and keeps the data; --reset starts anew. Logs: {VAR / 'log'}")


def _watch(children: list[Child]) -> None:
    while True:
        for child in children:
            if not child.alive:
                raise Trouble(
                    f"{child.name} ended by itself; its last words ({child.log}):\n{child.last_words()}"
                )
        time.sleep(0.5)
