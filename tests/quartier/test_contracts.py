"""The arrows of the house hold, and the machine that watches them would notice."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from devtools.paths import ROOT

LINT = Path(sys.executable).parent / "lint-imports"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
HALLS = ("cocreation", "proposals", "feedback")
HOUSES = ("accounts", "cocreation", "proposals", "feedback")
GROUND_AND_ROOF = ("quartier", "groundwork")


def lint(folder: Path) -> tuple[int, str]:
    path = os.pathsep.join([str(folder), str(folder / "platform")])
    run = subprocess.run(
        [LINT, "--no-logo", "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    return run.returncode, run.stdout + run.stderr


def test_every_contract_is_kept():
    code, words = lint(ROOT)
    assert code == 0, words
    assert f"{len(CONTRACTS)} kept, 0 broken" in words


@pytest.mark.parametrize("hall", HALLS)
def test_no_module_of_a_hall_escapes_its_contract(hall):
    """Import-linter wants every module by name; a new one has to be named too, and so has a new room."""
    (contract,) = [each for each in CONTRACTS if each["name"] == f"The hall of {hall} does not see its rooms"]
    inside = {path for path in (ROOT / hall).iterdir() if path.suffix == ".py" or any(path.glob("**/*.py"))}
    rooms = {path for path in inside if (path / "apps.py").exists()}
    modules = {path for path in inside - rooms if path.name != "__init__.py"}
    assert {f"{hall}.{path.stem}" for path in rooms} == set(contract["forbidden_modules"])
    assert {f"{hall}.{path.stem}" for path in modules} == set(contract["source_modules"])


def test_each_contract_notices_the_import_it_forbids(tmp_path):
    skip = shutil.ignore_patterns("__pycache__", "*.json", "*.toml", "templates", "static")
    for name in HOUSES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip)
    for name in GROUND_AND_ROOF:
        shutil.copytree(ROOT / "platform" / name, tmp_path / "platform" / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def add(file: str, line: str) -> None:
        with (tmp_path / file).open("a") as source:
            source.write(f"\n{line}\n")

    add("platform/groundwork/answer.py", "import proposals")
    add("accounts/models.py", "import cocreation.models")
    add("proposals/models/proposals.py", "import proposals.ballots.models")
    add("proposals/budgets/models.py", "import proposals.ballots.models")
    add("feedback/models/answers.py", "import feedback.notices")
    add("cocreation/models/places.py", "import cocreation.conversation.models")
    add("proposals/models/proposals.py", "import cocreation.conversation.models")
    add("cocreation/moderation/models.py", "import cocreation.conversation.models")
    add("proposals/amendments/rebase.py", "import django")
    add("proposals/ballots/rules.py", "import proposals.ballots.paperwork.models")
    add("proposals/ballots/tally/__init__.py", "import django")
    add("cocreation/actions.py", "import cocreation.views")
    add("feedback/opendata/models.py", "import feedback.notices.models")
    add("feedback/reach/views.py", "import feedback.reach.sealed")

    code, words = lint(tmp_path)
    assert code == 1
    # A new contract needs a line above that breaks it.
    assert f"0 kept, {len(CONTRACTS)} broken" in words
    for arrow in (
        "groundwork is not allowed to import proposals",
        "accounts is not allowed to import cocreation",
        "proposals.models is not allowed to import proposals.ballots",
        "proposals.budgets is not allowed to import proposals.ballots",
        "feedback.models is not allowed to import feedback.notices",
        "proposals.ballots.tally is not allowed to import django",
        "proposals.ballots.rules is not allowed to import proposals.ballots.paperwork",
        "cocreation.models is not allowed to import cocreation.conversation",
        "proposals is not allowed to import cocreation.conversation",
        "cocreation.actions is not allowed to import cocreation.views",
        "feedback.reach.sealed",
    ):
        assert arrow in words
