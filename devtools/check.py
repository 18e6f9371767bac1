"""Everything a machine can say about the code without running the product: one line each, one exit code."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from devtools.console import paint, say
from devtools.paths import ROOT

# What production asks for, so that `check --deploy` judges the settings and not the shell it runs in.
SAFE = {
    "DJANGO_SETTINGS_MODULE": "quartier.settings.prod",
    "SECRET_KEY": "checked-not-served-" + "qT7mZ2vL9xB4nR6k" * 3,
    "DATABASE_URL": "postgres://quartier@db/quartier",
    "REDIS_URL": "redis://redis:6379/0",
    "ALLOWED_HOSTS": "beteiligung.example.org",
    "SITE_URL": "https://beteiligung.example.org",
    "VOTE_KEYS_DIR": "/run/vote-keys",
    "EMAIL_URL": "smtp://mail.example.org:25",
}
PLAIN = {"DJANGO_SETTINGS_MODULE": "quartier.settings.test"}
LINT_IMPORTS = str(Path(sys.executable).parent / "lint-imports")  # it has no `python -m`
LONGEST = 60
OFFLINE = "ignore:Got an error checking a consistent migration history:RuntimeWarning"


@dataclass(frozen=True)
class Result:
    name: str
    ok: bool
    words: str
    seconds: float


def run(args: list[str]) -> int:
    """Every check, or those whose name contains one of the given words."""
    chosen = [(name, work) for name, work in CHECKS if not args or any(word in name for word in args)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = []
        for result in pool.map(lambda pair: _timed(*pair), chosen):
            mark = paint("ok  ", "32") if result.ok else paint("FAIL", "31")
            say(f"{mark} {result.name}  ({result.seconds:.1f} s)")
            if not result.ok:
                say(_indented(result.words))
            results.append(result)
    failed = [result.name for result in results if not result.ok]
    say(f"\n{len(results) - len(failed)} of {len(results)} checks passed.")
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


def _indented(words: str) -> str:
    lines = words.strip().splitlines()
    more = [f"... and {len(lines) - LONGEST} more lines"] if len(lines) > LONGEST else []
    return "\n".join(f"     {line}" for line in [*lines[:LONGEST], *more])


def _timed(name: str, work: Callable[[], tuple[bool, str]]) -> Result:
    started = time.monotonic()
    ok, words = work()
    return Result(name, ok, words, time.monotonic() - started)


def _command(*command: str, **environ: str) -> Callable[[], tuple[bool, str]]:
    def work() -> tuple[bool, str]:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode == 0, done.stdout

    return work


def _translations() -> tuple[bool, str]:
    from devtools import messages

    found = messages.problems()
    more = [f"... and {len(found) - 40} more"] if len(found) > 40 else []
    return not found, "\n".join(
        [*found[:40], *more, "`python3 dev.py messages` collects; translate in locale/."]
    )


CHECKS: list[tuple[str, Callable[[], tuple[bool, str]]]] = [
    ("lint (ruff)", _command("-m", "ruff", "check", "--quiet", "--output-format=concise", ".")),
    ("format (ruff)", _command("-m", "ruff", "format", "--check", "--quiet", "--output-format=concise", ".")),
    ("types (mypy)", _command("-m", "mypy", "--no-error-summary", ".")),
    ("arrows of the house (import-linter)", _command(LINT_IMPORTS, "--no-logo", "--no-cache")),
    ("templates (djlint)", _command("-m", "djlint", "--lint", "--quiet", "templates")),
    ("system check (Django)", _command("manage.py", "check", "--fail-level", "WARNING", **PLAIN)),
    (
        "system check for production (Django)",
        _command("manage.py", "check", "--deploy", "--fail-level", "WARNING", **SAFE),
    ),
    (
        "migrations complete (Django)",
        _command("-W", OFFLINE, "manage.py", "makemigrations", "--check", "--dry-run", **PLAIN),
    ),
    ("migrations old programs survive", _command("-m", "devtools.migrations")),
    ("list of components (SBOM)", _command("-m", "devtools.sbom", "--check")),
    ("translations complete", _translations),
    ("vendored files match their lock", _command("-m", "devtools.vendor", "--check")),
]
