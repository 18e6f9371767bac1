"""One value, once as a cell of a table and once as JSON: the same in every version, so that files can be compared."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, Any

from groundwork.datasets import NUMBER, STRING, Column
from proposals.export import harmless


def plain(value: Any) -> Any:
    """The value as JSON holds it: moments in universal time, amounts as numbers without a trailing exponent."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value) if not isinstance(value, str | int | float | bool | None) else value


def cell(value: Any, column: Column) -> str:
    """The value as a cell. Text a table program would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    found = str(plain(value))
    return str(harmless(found)) if column.type == STRING else found


class Tables:
    """Writes the rows into a table and into lines of JSON at the same time; nothing is kept but the line at hand."""

    def __init__(self, columns: Sequence[Column], table: IO[str], lines: IO[str]) -> None:
        self.columns, self.lines = columns, lines
        self.csv = csv.writer(table)
        self.csv.writerow([column.name for column in columns])

    def write(self, row: Iterable[Any]) -> None:
        values = list(row)
        self.csv.writerow([cell(value, column) for value, column in zip(values, self.columns, strict=True)])
        named = {
            column.name: _json(value, column) for value, column in zip(values, self.columns, strict=True)
        }
        self.lines.write(json.dumps(named, ensure_ascii=False, separators=(",", ":")) + "\n")


def _json(value: Any, column: Column) -> Any:
    found = plain(value)
    # An empty text says nothing: null, as the empty cell does.
    return None if found == "" and column.type != NUMBER else found
