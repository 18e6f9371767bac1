"""Tables people export from other programs: encoding, separator and headers are found out, rows are read one at a time."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

from cocreation.peppers import plain

SHOWN = 5
_SAMPLE = 64 * 1024
_WIDEST, _LONGEST = 60, 40
# Without a byte order mark and not UTF-8, it is one of these; Windows-1252 is what Latin-1 is in practice.
_OTHERS = ["cp1252", "utf_16_le", "utf_16_be"]
SEPARATORS = ";,\t|"
_NAMES = {"utf-8-sig": "UTF-8", "cp1252": "Latin-1 (Windows-1252)"}

# What programs call the columns, in one spelling (`plain`), German first.
HEADERS: dict[str, frozenset[str]] = {
    "number": frozenset(
        [
            "ordnungsmerkmal",
            "om",
            "pin",
            "personennummer",
            "personenid",
            "registernummer",
            "melderegisternummer",
            "melderegisterid",
            "lfdnr",
            "laufendenummer",
            "kennung",
            "nummer",
            "nr",
            "id",
            "number",
            "registernumber",
            "personid",
            "residentid",
        ]
    ),
    "postal": frozenset("plz postleitzahl postalcode postcode zip zipcode".split()),  # noqa: SIM905
    "place": frozenset(
        "ortsteil stadtteil gemeindeteil bezirk quartier wohnort ort gemeinde stadt place district city town".split()  # noqa: SIM905
    ),
    "born": frozenset(
        "geburtsdatum geburtstag gebdatum gebdat geborenam geboren dateofbirth birthdate birthday dob born".split()  # noqa: SIM905
    ),
    "name": frozenset("familienname nachname zuname name familyname lastname surname".split()),  # noqa: SIM905
    "first": frozenset("vorname vornamen rufname firstname givenname".split()),  # noqa: SIM905
    "street": frozenset(
        ["strasse", "strassehausnummer", "strasseundhausnummer", "anschrift", "adresse", "street", "address"]
    ),
    "city": frozenset("ort wohnort stadt gemeinde city town place".split()),  # noqa: SIM905
}


class NotATable(ValueError):
    """This file is not a table of text with at least two columns."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is read; `names` are its headers (or numbers of columns), `rows` its first rows, masked."""

    encoding: str
    separator: str
    header: bool
    names: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def encoding_name(self) -> str:
        return _NAMES.get(self.encoding, self.encoding.upper().replace("_", "-"))

    def store(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Layout:
        return cls(**stored)

    def guess(self, wanted: tuple[str, ...]) -> dict[str, int | None]:
        """meaning -> column, as far as the headers say it; the first header that fits wins."""
        found: dict[str, int | None] = {}
        for meaning in wanted:
            hits = (
                n
                for n, name in enumerate(self.names)
                if plain(name) in HEADERS[meaning] and n not in found.values()
            )
            found[meaning] = next(hits, None) if self.header else None
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the number of the line it begins in; `cells` is None where the line cannot be read."""

    line: int
    cells: list[str] | None


def detect(path: Path) -> Layout:
    """Look at the whole file once for its encoding and at its beginning for the rest. Raises NotATable."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        sample = text.read(_SAMPLE)
    if "\0" in sample or not sample.strip():
        raise NotATable
    separator = _separator(sample)
    first = [row.cells for row in _first(path, encoding, separator, SHOWN + 1) if row.cells]
    if not first or len(first[0]) < 2:
        raise NotATable
    header = _is_header(first[0])
    names = [cell.strip()[:_LONGEST] for cell in first[0]] if header else [""] * len(first[0])
    rows = [[mask(cell) for cell in cells[:_WIDEST]] for cells in first[int(header) :][:SHOWN]]
    return Layout(encoding, separator, header, names[:_WIDEST], rows)


def _encoding(path: Path) -> str:
    with path.open("rb") as raw:
        start = raw.read(_SAMPLE)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        raw.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := raw.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
            if b"\0" not in start:
                return "utf-8-sig"
        except UnicodeDecodeError:
            pass
    best = from_bytes(start[: _SAMPLE - _SAMPLE % 2], cp_isolation=_OTHERS, preemptive_behaviour=False).best()
    return best.encoding if best else "cp1252"


def _separator(sample: str) -> str:
    try:
        return csv.Sniffer().sniff(sample[:8192], SEPARATORS).delimiter
    except csv.Error:
        first = sample.splitlines()[0]
        return max(SEPARATORS, key=first.count)


def _is_header(cells: list[str]) -> bool:
    """A header has a name we know, or no digit anywhere: a row of data has at least a number."""
    known = {plain(cell) for cell in cells} & frozenset().union(*HEADERS.values())
    return bool(known) or not any(re.search(r"\d", cell) for cell in cells)


def mask(cell: str) -> str:
    """The shape of a value without the value: "86150" is "00000", "Müller" is "Xxxxxx"."""
    shape = re.sub(r"\d", "0", cell.strip()[:_LONGEST])
    return "".join("X" if c.isupper() else "x" if c.isalpha() else c for c in shape)


class Reading:
    """An open table: iterate over its rows; `at` says how many bytes are behind us."""

    def __init__(self, path: Path, encoding: str, separator: str, header: bool = False) -> None:
        self._raw = path.open("rb")
        self._text = io.TextIOWrapper(self._raw, encoding, "replace", newline="")
        # Not strict: exports of other programs are not either.
        self._reader = csv.reader(self._text, delimiter=separator)
        self._header = header

    @classmethod
    def of(cls, path: Path, layout: Layout) -> Reading:
        return cls(path, layout.encoding, layout.separator, layout.header)

    @property
    def at(self) -> int:
        return self._raw.tell()

    def __iter__(self) -> Iterator[Row]:
        if self._header:
            next(self._reader, None)
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(line, None)
                continue
            if any(cell.strip() for cell in cells):
                yield Row(line, cells)

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *_about: object) -> None:
        self._text.close()


def _first(path: Path, encoding: str, separator: str, count: int) -> list[Row]:
    with Reading(path, encoding, separator) as reading:
        return [row for row, _number in zip(reading, range(count), strict=False)]
