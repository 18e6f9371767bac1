"""The upgrade drill: an older program makes a city and fills it, today's migrations bring it here, and nothing is lost. (REQ-128)

    python3 dev.py upgrade            from the commit that devtools/upgrade-from.txt names
    python3 dev.py upgrade COMMIT     from any other one

The old program runs from its own commit (`git archive`), on an empty database of embedded or given servers, with the world of its own
tests. Then: rows of every table that is still there, results of votes, receipts, roles and the journal's chain are compared,
and every public address of the old city is opened with the new program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from devtools.console import Trouble, say
from devtools.paths import ROOT
from devtools.services import passing_services

FROM = Path(__file__).with_name("upgrade-from.txt")

# With the old program: its world, and the addresses people have noted down.
FILL = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.world import build_world
from groundwork.journal.follow import follow_all
build_world()
follow_all()
"""

# With either program: what must be the same before and after.
FACTS = """
import django, hashlib, json, sys
django.setup()
from django.apps import apps
from django.db import connection
def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [[str(value) for value in row] for row in cursor.fetchall()]
tables = [name for (name,) in rows("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1")]
facts = {"rows": {name: int(rows(f'select count(*) from "{name}"')[0][0]) for name in tables if name not in ("django_migrations", "django_content_type", "auth_permission")}}
facts["results"] = rows("select vote_id, md5(result::text) from ballots_tally order by 1")
facts["receipts"] = rows("select id, receipt from cocreation_contribution order by 1")
facts["journal"] = rows("select seq, encode(hash, 'hex') from journal_seal")
facts["people"] = rows("select id, email from accounts_person order by 1")
print(json.dumps(facts))
"""

# With the new program: the chain, and every address that was public.
LOOK = """
import django, json, sys
django.setup()
from django.test import Client
from groundwork.journal import sealer
from cocreation.models import Contribution, Process
wrong = []
if (at := sealer.verify()) is not None:
    wrong.append(f"the chain of the journal does not fit from entry {at} on")
client = Client()
looked = 0
pages = ["/de/", "/de/proposals/", "/de/processes/", "/de/commitments/", "/de/results/"]
pages += [f"/de/processes/{process.slug}/" for process in Process.objects.visible_to(None)]
pages += [f"/r/{each.receipt}" for each in Contribution.objects.visible_to(None)]
for page in pages:
    answer = client.get(page, follow=True)
    looked += 1
    if answer.status_code != 200:
        wrong.append(f"{page} answers {answer.status_code}")
print(json.dumps({"wrong": wrong, "looked": looked}))
"""


def run(args: list[str]) -> int:
    commit = args[0] if args else FROM.read_text().split()[0]
    with passing_services() as urls, tempfile.TemporaryDirectory(prefix="quartier-old-") as folder:
        try:
            found = drill(commit, urls, Path(folder))
        except subprocess.CalledProcessError as error:
            raise Trouble(
                f"A step of the drill ended with {error.returncode}: {(error.stderr or '').strip()[-1500:]}"
            ) from None
    for line in found:
        say(f"FAIL {line}")
    say("The upgrade lost nothing." if not found else f"{len(found)} things are wrong.")
    return 1 if found else 0


def drill(commit: str, urls: dict[str, str], folder: Path) -> list[str]:
    """What is wrong after the upgrade, in sentences; nothing when all is well."""
    old, var = folder / "old", folder / "var"
    unpack(commit, old)
    var.mkdir()
    started = time.monotonic()
    _python(old, FILL, urls, var)
    before = json.loads(_python(old, FACTS, urls, var))
    _told(f"The program of {commit[:9]} has filled its city: {sum(before['rows'].values())} rows", started)
    started = time.monotonic()
    _python(
        ROOT,
        "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)",
        urls,
        var,
    )
    _told("Today's migrations are through", started)
    started = time.monotonic()
    after = json.loads(_python(ROOT, FACTS, urls, var))
    seen = json.loads(_python(ROOT, LOOK, urls, var))
    _told(f"{seen['looked']} addresses opened", started)
    return compare(before, after) + seen["wrong"]


def compare(before: dict, after: dict) -> list[str]:
    """Rows may be added by a migration, never lost; everything else is the same."""
    found = []
    for table, number in before["rows"].items():
        if table not in after["rows"]:
            if number:
                found.append(f"the table {table} with {number} rows is gone")
        elif after["rows"][table] < number:
            found.append(f"{table} has {after['rows'][table]} rows instead of {number}")
    words = {
        "results": "results of votes",
        "receipts": "receipts",
        "journal": "entries of the journal",
        "people": "people",
    }
    found += [f"{name} are not what they were" for fact, name in words.items() if before[fact] != after[fact]]
    return found


def unpack(commit: str, target: Path) -> None:
    target.mkdir()
    archive = subprocess.run(["git", "archive", "--format=tar", commit], cwd=ROOT, capture_output=True)
    if archive.returncode:
        raise Trouble(f"The commit {commit} is not in this checkout: {archive.stderr.decode().strip()}")
    subprocess.run(["tar", "-x", "-C", str(target)], input=archive.stdout, check=True)


def _python(folder: Path, script: str, urls: dict[str, str], var: Path) -> str:
    """A script with the program in a folder, its last line of output."""
    environ = os.environ | urls | {
        "DJANGO_SETTINGS_MODULE": "quartier.settings.test", "QUARTIER_VAR": str(var), "MEDIA_ROOT": str(var / "media"),
        "VOTE_KEYS_DIR": str(var / "vote-keys"), "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'platform'}", "LANGUAGE": "de",
    }  # fmt: skip
    command = [sys.executable, "-W", "ignore", "-c", script]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def _told(words: str, started: float) -> None:
    say(f"{words}  ({time.monotonic() - started:.0f} s)")
