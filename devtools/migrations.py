"""Migrations that old and new program can both live with: expand first, contract a release later.

While a city is updated, machines with the old program still serve on the new tables. A migration that takes away, renames or
demands what the old program does not give breaks them. `python3 dev.py check` refuses such operations in every migration that is not
older than the rule (devtools/migrations-before.txt), unless the file says in a line why it is safe:

    # contract: no released version reads this column since 0.2
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from devtools.paths import ROOT

BEFORE = Path(__file__).with_name("migrations-before.txt")
NOTE = re.compile(r"^\s*# contract: \S.{14,}$", re.M)
GONE = {
    "RemoveField": "takes a column away that the old program still reads",
    "DeleteModel": "takes a table away that the old program still reads",
    "RenameField": "renames a column under the old program",
    "RenameModel": "renames a table under the old program",
    "AlterModelTable": "renames a table under the old program",
    "AlterField": "may demand what the old program does not give",
    "AlterUniqueTogether": "may refuse what the old program writes",
}


def every_migration(root: Path = ROOT) -> list[Path]:
    houses = ("accounts", "cocreation", "proposals", "feedback", "platform")
    found = [path for house in houses for path in (root / house).rglob("migrations/[0-9]*.py")]
    return sorted(found)


def problems(root: Path = ROOT, before: set[str] | None = None) -> list[str]:
    """`path: sentence` for every operation that old programs would not survive."""
    old = set(BEFORE.read_text().split()) if before is None else before
    found = []
    for path in every_migration(root):
        name = path.relative_to(root).as_posix()
        if name not in old:
            found += [f"{name}:{line}: {words}" for line, words in of_file(path.read_text())]
    return found


def of_file(source: str) -> list[tuple[int, str]]:
    """Line and sentence of every unsafe operation; none when the file says why it is safe."""
    if NOTE.search(source):
        return []
    return list(_unsafe(ast.parse(source)))


def _unsafe(tree: ast.AST) -> Iterator[tuple[int, str]]:
    new_tables = {
        _word(call, "name").lower()
        for call in _calls(tree)
        if _name(call) == "CreateModel" and _word(call, "name")
    }
    for call in _calls(tree):
        kind = _name(call)
        if _word(call, "model_name").lower() in new_tables:
            continue  # the table came with this file: no old program knows it
        if kind in GONE and not (kind == "AlterField" and _may_be_empty(_given(call, "field"))):
            yield call.lineno, f"{kind} {GONE[kind]}; expand first, or say why it is safe (# contract: ...)."
        if kind == "AddField" and not _old_program_can_leave_it_out(_given(call, "field")):
            yield (
                call.lineno,
                "AddField demands a value the old program does not give; make it null, give it db_default, or say why"
                " it is safe (# contract: ...).",
            )


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.AST | None) -> str:
    function = call.func if isinstance(call, ast.Call) else None
    return (
        function.attr
        if isinstance(function, ast.Attribute)
        else function.id
        if isinstance(function, ast.Name)
        else ""
    )


def _given(call: ast.AST | None, name: str) -> ast.AST | None:
    if not isinstance(call, ast.Call):
        return None
    return next((each.value for each in call.keywords if each.arg == name), None)


def _word(call: ast.AST | None, name: str) -> str:
    value = _given(call, name)
    return str(value.value) if isinstance(value, ast.Constant) else ""


def _is_true(value: ast.AST | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is True


def _may_be_empty(field: ast.AST | None) -> bool:
    """A column that may be null, or a field that has none, demands nothing."""
    return _is_true(_given(field, "null")) or _name(field) == "ManyToManyField"


def _old_program_can_leave_it_out(field: ast.AST | None) -> bool:
    return _may_be_empty(field) or _given(field, "db_default") is not None or _name(field) == "GeneratedField"


def main() -> int:
    found = problems()
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
