"""The test of the house: take a room's folder and its line in INSTALLED_APPS away, and the city still stands.

In a copy of the tree, in processes of their own, on an empty database.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.paths import ROOT
from tests.template import with_database

# All at once: rooms do not know each other (tests/quartier/test_contracts.py), so what stands without all stands without each.
ROOMS = [
    "feedback.notices",
    "feedback.webhooks",
    "cocreation.conversation",
    "cocreation.moderation",
    "proposals.amendments",
    "proposals.cowriting",
    "proposals.merging",
    "proposals.searches",
    "proposals.variants",
    "feedback.opendata",
    "feedback.council",
    "feedback.reach",
    "feedback.defects",
]
SKIPPED = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "bench", "data", "seed", "build")

SMOKE = """
import sys
import django
django.setup()
from django.apps import apps
assert not any(apps.is_installed(room) for room in sys.argv[1:])
from django.core.management import call_command
call_command("check")
call_command("migrate", verbosity=0)
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
from tests.visits import client_of
from tests.world import build_world
world = build_world()
for role in ("visitor", "amina", "ada"):
    client = client_of(world, role)
    addresses = ["/de/", "/en/", "/de/processes/", "/de/processes/collecting/", "/de/processes/collecting/proposals/",
                 f"/de/proposals/{world.fountain.receipt}/", f"/de/r/{world.fountain.receipt}/", "/de/commitments/", "/de/search/?q=Brunnen"]
    addresses += [] if role == "visitor" else ["/de/me/", "/de/me/data/"]
    addresses += ["/de/desk/", "/de/desk/answers/", "/de/studio/"] if role == "ada" else []
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, (role, address, response.status_code, getattr(response, "exc_info", None))
    if role != "visitor":
        response = client.post(f"/de/proposals/{world.trees.receipt}/support/", headers={"Sec-Fetch-Site": "same-origin"})
        assert response.status_code == 302, response.status_code
print("the city stands")
"""


@pytest.fixture
def database(db: None) -> Iterator[str]:
    """The address of an empty database on the same server."""
    import psycopg

    name = f"quartier_without_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(_plain(os.environ["DATABASE_URL"]), autocommit=True) as server:
        server.execute(f'create database "{name}"')
        try:
            yield with_database(os.environ["DATABASE_URL"], name)
        finally:
            server.execute(f'drop database if exists "{name}" with (force)')


def _plain(url: str) -> str:
    return url.replace("postgres://", "postgresql://", 1)


def city_without(rooms: list[str], tmp_path: Path) -> Path:
    copy = tmp_path / "city"
    shutil.copytree(ROOT, copy, ignore=SKIPPED, symlinks=True)
    settings = copy / "platform" / "quartier" / "settings" / "base.py"
    for room in rooms:
        shutil.rmtree(copy.joinpath(*room.split(".")))
        line = f'    "{room}",\n'
        assert settings.read_text().count(line) == 1
        settings.write_text(settings.read_text().replace(line, ""))
    return copy


@pytest.mark.timeout(600)
def test_the_city_stands_without_the_rooms_it_can_do_without(database: str, tmp_path: Path) -> None:
    city = city_without(ROOMS, tmp_path)
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "PYTHONPATH", "DJANGO"))
    } | {
        "DJANGO_SETTINGS_MODULE": "quartier.settings.test",
        "DATABASE_URL": database,
        "QUARTIER_VAR": str(tmp_path / "var"),
        "PYTHONPATH": os.pathsep.join([str(city), str(city / "platform")]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SMOKE, *ROOMS],
        cwd=city,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0 and "the city stands" in done.stdout, done.stdout[-4000:]
