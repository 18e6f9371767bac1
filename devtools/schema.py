"""Write down the tables of a new city, or compare what is written with the migrations.

    python3 dev.py schema             platform/quartier/schema.sql anew
    python3 dev.py schema --check     1 when a city made from the file differs from one made by every migration

The file may lag behind: `migrate` runs newer migrations after it. What it holds must be true.
"""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from devtools.console import say
from devtools.paths import ROOT
from devtools.services import passing_services

FILE = ROOT / "platform" / "quartier" / "schema.sql"
# Made by the migrations, and from a file; both write down what the database then says of itself.
MIGRATE = """
call_command("migrate", verbosity=0, from_nothing=True)
"""
READ = """
assert schema.load(connection, Path(sys.argv[2])), "the file does not fit an empty database"
call_command("migrate", verbosity=0)
"""
SCRIPT = """
import sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from quartier import schema
{make}
Path(sys.argv[1]).write_text(schema.text(connection), encoding="utf-8")
"""


def run(args: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="quartier-schema-") as folder:
        migrated, read = Path(folder, "migrated.sql"), Path(folder, "read.sql")
        made(MIGRATE, migrated)
        # PostgreSQL words some rules anew when it reads its own words, once: only what was read can be compared.
        made(READ, read, migrated)
        every = read.read_text(encoding="utf-8")
        if "--check" not in args:
            FILE.write_text(every, encoding="utf-8")
            say(f"{FILE.name}: {every.count('-- migration ')} migrations in one step.")
            return 0
        made(READ, migrated, FILE)
        now = migrated.read_text(encoding="utf-8")
    differences = list(
        difflib.unified_diff(
            now.splitlines(), every.splitlines(), "a new city", "every migration", lineterm=""
        )
    )
    for line in differences[:80]:
        say(line)
    say(
        f"{len(differences)} lines differ: `python3 dev.py schema` writes the file anew."
        if differences
        else "A new city has the tables that the migrations make."
    )
    return 1 if differences else 0


def made(how: str, result: Path, *files: Path) -> None:
    """The tables of an empty database after this, in a file."""
    with passing_services() as urls, tempfile.TemporaryDirectory(prefix="quartier-schema-") as var:
        environ = os.environ | urls | {
            "DJANGO_SETTINGS_MODULE": "quartier.settings.test", "QUARTIER_VAR": var,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        }  # fmt: skip
        script = SCRIPT.format(make=how)
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script, str(result), *map(str, files)],
            cwd=ROOT, env=environ, check=True,
        )  # fmt: skip
