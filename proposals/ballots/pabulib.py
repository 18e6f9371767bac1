"""Reading real elections: the .pb format of Pabulib (https://pabulib.org/format), plain or gzipped.

    election = pabulib.read("wieliczka.pb.gz")      # everything, equal ballots grouped, ready to count
    for vote in pabulib.iter_votes("wieliczka.pb"): # one ballot after the other, for an importer
        ...

A .pb file is three tables in a row, META, PROJECTS and VOTES, each with a header line and columns parted by
`;`. The reader forgives what does no harm (a byte order mark, Windows line ends, blank lines, padding,
columns it does not know) and refuses what could change a count, with the line and a sentence a person can act
on. It checks the form of the file, not the city's voting rules: how many projects a voter may name is not its
business.

The file is streamed. Memory grows with the distinct ballots and with the voter ids (none may come twice).
"""

from __future__ import annotations

import csv
import gc
import gzip
import hashlib
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import NamedTuple

from proposals.ballots.tally import (
    Amount,
    Ballot,
    BallotKind,
    NotAnAmount,
    Profile,
    Project,
    Reserve,
    amount_text,
    parse_amount,
)

_KINDS = {"choose-1": BallotKind.APPROVAL} | {kind.value: kind for kind in BallotKind}
_WITH_POINTS = (BallotKind.CUMULATIVE, BallotKind.SCORING)
_SECTIONS = ("META", "PROJECTS", "VOTES")
_BLOCK = 1 << 16
_LONGEST_LINE = 1 << 20

# Line number and cells. A row without cells ends a section or the file, so that this line is known too.
_Row = tuple[int, list[str]]
# The vote of one ballot as it is written, and the points if the file has any.
_Cells = str | tuple[str, str]


class MalformedFile(Exception):
    """The file cannot be counted as it is: `line` (from 1) says where and `reason`, one sentence, why.

    `template` and `values` are the sentence and what fills it, so that the sentence can be translated.
    """

    def __init__(self, line: int, reason: str, **values: object) -> None:
        self.line, self.template, self.values = line, reason, values
        self.reason = reason.format(**values) if values else reason
        super().__init__(line, self.reason)

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A row of PROJECTS, with the city's own figures: `votes`, `score`, `selected` (None if it gives none).

    `selected` is 1 for a winner and 0 for the others; cities use further numbers for their own reasons.
    `more` holds the columns without a place of their own (a district, coordinates, ...), as text.
    """

    project: Project
    name: str
    categories: tuple[str, ...]
    targets: tuple[str, ...]
    votes: Amount | None
    score: Amount | None
    selected: Amount | None
    more: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.project.id


@dataclass(frozen=True, slots=True)
class Election:
    """A whole file: META as text, the rows of PROJECTS in order, the budget, the ballots grouped.

    `reserves` are the parts of the budget that META keeps for a category of projects: `reserves;youth=10000,green=5000`.
    """

    meta: Mapping[str, str]
    projects: tuple[ListedProject, ...]
    budget: Amount
    profile: Profile
    reserves: tuple[Reserve, ...] = ()

    @property
    def official(self) -> tuple[str, ...] | None:
        """The ids the city marked as winners, in file order; None when the file does not say."""
        if all(listed.selected is None for listed in self.projects):
            return None
        return tuple(listed.id for listed in self.projects if listed.selected == 1)


class Vote(NamedTuple):
    """One ballot as the voter cast it: project ids in the voter's order (a repeated id stays), points if any.

    `voting_method` is the file's word (`internet`, `paper`), None without such a column.
    """

    voter: str
    choices: tuple[str, ...]
    points: tuple[Amount, ...] | None
    voting_method: str | None
    line: int


def read(path: str | Path) -> Election:
    """The election in this file. Raises MalformedFile, or OSError when there is no such file."""
    lines = _Lines(path)
    rows = _rows(lines)
    head = _head(rows)
    votes = _Votes(rows, head)
    # Counting equal cells first is what makes this fast: each distinct ballot is taken apart only once.
    weights: Counter[_Cells] = Counter()
    apart: dict[_Cells, Ballot] = {}
    with _not_collecting():
        while lines.more():
            many = votes.of_plain_lines(lines.ahead, apart) if lines.plain else None
            if many is not None:
                lines.passed()
            weights.update(votes.one_by_one(rows, lines, apart) if many is None else many)
        votes.agree()
        counted: dict[Ballot, int] = {}
        for cells, weight in weights.items():
            ballot = apart.pop(cells)
            counted[ballot] = counted.get(ballot, 0) + weight
        profile = Profile(tuple(listed.project for listed in head.projects), counted, head.kind)
    return Election(head.meta, head.projects, head.budget, profile, head.reserves)


def iter_votes(path: str | Path) -> Iterator[Vote]:
    """Every ballot in file order, read as it is asked for.

    MalformedFile may come after thousands of good votes (a wrong `num_votes` shows only at the end), so an
    importer reads the file once before, or takes everything back.
    """
    rows = _rows(_Lines(path))
    head = _head(rows)
    votes = _Votes(rows, head)
    for line, cells in rows:
        if not cells:
            break
        voter, (vote, points), method = votes.one(line, cells)
        ballot = _ballot(line, vote, points, head)
        yield Vote(voter, ballot.choices, ballot.points, method, line)
    votes.agree()


def content_hash(path: str | Path) -> str:
    """SHA-256 of the uncompressed bytes, in hex: the same for `x.pb` and `x.pb.gz`."""
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest()


# --- the three tables -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Head:
    """META and PROJECTS, and what the rows of VOTES are checked against."""

    meta: dict[str, str]
    meta_lines: dict[str, int]
    budget: Amount
    kind: BallotKind
    projects: tuple[ListedProject, ...]
    ids: Mapping[str, str]  # every id to itself: ballots share one text for each project
    reserves: tuple[Reserve, ...]

    @property
    def approval(self) -> bool:
        return self.kind is BallotKind.APPROVAL


def _head(rows: Iterator[_Row]) -> _Head:
    line, cells = next(_until("META", rows))
    if cells:
        raise MalformedFile(line, "The file must begin with the section META.")
    meta, lines, end = _meta(_until("PROJECTS", rows))
    if "budget" not in meta:
        raise MalformedFile(end, "META names no budget.")
    budget = _number(lines["budget"], "budget", meta["budget"])
    if budget < 0:
        raise MalformedFile(lines["budget"], "The budget is negative.")
    kind = _KINDS.get(meta.get("vote_type", "").lower())
    if kind is None:
        raise MalformedFile(
            lines.get("vote_type", end),
            "META must name a vote_type out of {known}.",
            known=", ".join(_KINDS),
        )
    projects = {listed.id: listed for listed in _projects(_until("VOTES", rows))}
    _agree("num_projects", len(projects), meta, lines)
    reserves = _reserves(meta, lines, budget, projects.values())
    return _Head(meta, lines, budget, kind, tuple(projects.values()), {id: id for id in projects}, reserves)


def _reserves(
    meta: Mapping[str, str], lines: Mapping[str, int], budget: Amount, projects: Collection[ListedProject]
) -> tuple[Reserve, ...]:
    """The reserved parts of the budget, in order."""
    if not meta.get("reserves"):
        return ()
    line = lines["reserves"]
    found: dict[str, Reserve] = {}
    for part in _listed(meta["reserves"]):
        key, equals, amount = (piece.strip() for piece in part.partition("="))
        if not key or not equals or key in found:
            raise MalformedFile(
                line, "{part!r:.60} is not a reserve of its own, as in youth=10000.", part=part
            )
        kept = _number(line, "reserves", amount)
        if kept < 0:
            raise MalformedFile(line, "A reserve is negative.")
        found[key] = Reserve(key, kept, frozenset(p.id for p in projects if key in p.categories))
    if sum(reserve.amount for reserve in found.values()) > budget:
        raise MalformedFile(line, "The reserves are more than the budget.")
    return tuple(found.values())


def reserves_text(reserves: Iterable[Reserve]) -> str:
    """Reserves as META names them."""
    return ",".join(f"{reserve.key}={amount_text(reserve.amount)}" for reserve in reserves)


def _meta(rows: Iterator[_Row]) -> tuple[dict[str, str], dict[str, int], int]:
    """Keys with their values, keys with their lines, and the line after."""
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    line, header = _header(rows, "META", "key", "value")
    for line, cells in rows:
        if not cells:
            break
        key, value = _fitted(line, cells, header)[:2]
        if key in meta:
            raise MalformedFile(line, "META names {key!r:.60} twice.", key=key)
        meta[key], lines[key] = value, line
    return meta, lines, line


def _projects(rows: Iterator[_Row]) -> Iterator[ListedProject]:
    _, header = _header(rows, "PROJECTS", "project_id", "cost")
    seen: set[str] = set()
    for line, cells in rows:
        if not cells:
            break
        row = dict(zip(header, _fitted(line, cells, header), strict=True))
        id, cost = row.pop("project_id"), row.pop("cost")
        if not id:
            raise MalformedFile(line, "A project has no id.")
        if id in seen:
            raise MalformedFile(line, "The project {id!r:.60} is listed twice.", id=id)
        seen.add(id)
        if not cost:
            raise MalformedFile(line, "The project {id!r:.60} has no cost.", id=id)
        price = _number(line, "cost", cost)
        if price < 0:
            raise MalformedFile(line, "The project {id!r:.60} has a negative cost.", id=id)
        votes, score, selected = (
            _number(line, key, text) if (text := row.pop(key, "")) else None
            for key in ("votes", "score", "selected")
        )
        yield ListedProject(
            project=Project(id, price),
            name=row.pop("name", ""),
            categories=_listed(row.pop("category", "")),
            # `target` is called `beneficiaries` in newer files.
            targets=_listed(row.pop("target", "") or row.pop("beneficiaries", "")),
            votes=votes,
            score=score,
            selected=selected,
            more=row,
        )


class _Votes:
    """The rows of VOTES: where its columns are, and who voted so far."""

    def __init__(self, rows: Iterator[_Row], head: _Head) -> None:
        line, header = _header(rows, "VOTES", "voter_id", "vote")
        if head.kind in _WITH_POINTS and "points" not in header:
            raise MalformedFile(line, "A file of {kind} votes needs the column points.", kind=head.kind.value)
        self.head, self.header = head, header
        self.voter_at, self.vote_at = header.index("voter_id"), header.index("vote")
        self.points_at = header.index("points") if "points" in header and not head.approval else None
        self.method_at = header.index("voting_method") if "voting_method" in header else None
        self.voters: set[str] = set()

    def one(self, line: int, cells: list[str]) -> tuple[str, tuple[str, str], str | None]:
        """Voter, vote and points, and voting method of one row."""
        if len(cells) != len(self.header):
            if title := _title(cells):
                raise MalformedFile(line, "The section {title} comes twice.", title=title)
            cells = _fitted(line, cells, self.header)
        voter = cells[self.voter_at].strip()
        if voter in self.voters:
            raise MalformedFile(line, "The voter {voter!r:.60} votes twice.", voter=voter)
        if not voter:
            raise MalformedFile(line, "A vote has no voter id.")
        self.voters.add(voter)
        points = "" if self.points_at is None else cells[self.points_at].strip()
        method = None if self.method_at is None else cells[self.method_at].strip()
        return voter, (cells[self.vote_at].strip(), points), method

    def of_plain_lines(self, lines: list[str], apart: dict[_Cells, Ballot]) -> list[_Cells] | None:
        """What these lines without quotes vote; None if one of them is not as most are, and has to be looked at by itself."""
        rows = [line.split(";") for line in lines]
        width, at = len(self.header), self.voter_at
        voters = {row[at].strip() for row in rows if len(row) == width}
        if len(voters) != len(rows) or "" in voters or not self.voters.isdisjoint(voters):
            return None
        at = self.vote_at
        points_at = self.points_at
        ballots: list[_Cells] = (
            [row[at].strip() for row in rows]
            if points_at is None
            else [(row[at].strip(), row[points_at].strip()) for row in rows]
        )
        try:
            for cells in ballots:
                if cells not in apart:
                    apart[cells] = _alike(0, cells, self.head)
        except MalformedFile:
            return None
        self.voters |= voters
        return ballots

    def one_by_one(
        self, rows: Iterator[_Row], lines: _Lines, apart: dict[_Cells, Ballot]
    ) -> Iterator[_Cells]:
        """What the rows vote that begin in the lines which are read already."""
        while lines.some_ahead:
            line, row = next(rows)
            if not row:
                return
            _, (vote, points), _ = self.one(line, row)
            cells = vote if self.points_at is None else (vote, points)
            if cells not in apart:
                apart[cells] = _alike(line, cells, self.head)
            yield cells

    def agree(self) -> None:
        """Every vote was there that META announced."""
        _agree("num_votes", len(self.voters), self.head.meta, self.head.meta_lines)


def _alike(line: int, cells: _Cells, head: _Head) -> Ballot:
    """The ballot in the form in which equal ones meet."""
    vote, points = (cells, "") if isinstance(cells, str) else cells
    if not head.approval:
        return _ballot(line, vote, points, head)
    try:
        return Ballot(tuple(sorted({*map(head.ids.__getitem__, vote.split(","))})))
    except KeyError:
        return Ballot.approving(_ballot(line, vote, points, head).choices)


def _ballot(line: int, vote: str, points: str, head: _Head) -> Ballot:
    """The two cells of one ballot as ids and points. An empty vote is a blank ballot."""
    try:
        choices = tuple(map(head.ids.__getitem__, vote.split(",")))
    except KeyError:
        choices = _listed(vote)  # stripped, and only where it is needed: most files have no spaces here
        for id in choices:
            if id not in head.ids:
                reason = "The vote names the project {id!r:.60}, which is not listed."
                raise MalformedFile(line, reason, id=id)
    if not points and head.kind not in _WITH_POINTS:
        return Ballot(choices)
    given = tuple(_number(line, "points", text) for text in _listed(points))
    if len(given) != len(choices):
        raise MalformedFile(
            line,
            "The vote names {choices} projects but gives points to {points}.",
            choices=len(choices),
            points=len(given),
        )
    return Ballot(choices, given)


# --- rows and cells ---------------------------------------------------------------------------------------


def _until(section: str, rows: Iterator[_Row]) -> Iterator[_Row]:
    """The rows before the title of this section, and a row without cells for the title itself."""
    for line, cells in rows:
        if not cells:
            raise MalformedFile(line, "The section {section} is missing.", section=section)
        title = _title(cells)
        if title == section:
            yield line, []
            return
        if title:
            reason = "The section {title} stands where {section} should."
            raise MalformedFile(line, reason, title=title, section=section)
        yield line, cells


def _title(cells: list[str]) -> str | None:
    """META, PROJECTS or VOTES if the row is such a title line (spreadsheets pad it with empty cells)."""
    title = cells[0].strip().upper()
    return title if title in _SECTIONS and not any(cell.strip() for cell in cells[1:]) else None


def _header(rows: Iterator[_Row], section: str, *needed: str) -> _Row:
    """The line and the column names of a section, padding cut off."""
    line, cells = next(rows)
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    for name in needed:
        if name not in names:
            reason = "The header of {section} lacks the column {name}."
            raise MalformedFile(line, reason, section=section, name=name)
    if len(set(names)) != len(names):
        raise MalformedFile(line, "The header of {section} names a column twice.", section=section)
    return line, names


def _fitted(line: int, cells: list[str], header: list[str]) -> list[str]:
    """The row's cells, stripped, exactly as many as the header names; only empty cells may be too many."""
    cells = [cell.strip() for cell in cells]
    if len(cells) < len(header) or any(cells[len(header) :]):
        raise MalformedFile(
            line,
            "This row has {found} columns where the header names {named}.",
            found=len(cells),
            named=len(header),
        )
    return cells[: len(header)]


def _agree(key: str, found: int, meta: Mapping[str, str], lines: Mapping[str, int]) -> None:
    """META's own count, where it gives one, must be what was found."""
    if key in meta and _number(lines[key], key, meta[key]) != found:
        said = meta[key]
        reason = "META says {key} is {said:.60}, but the file has {found}."
        raise MalformedFile(lines[key], reason, key=key, said=said, found=found)


def _number(line: int, key: str, text: str) -> Amount:
    try:
        return parse_amount(text)
    except NotAnAmount:
        raise MalformedFile(line, "{text!r:.60} ({key}) is not a plain number.", text=text, key=key) from None


def _listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell that lists things with commas."""
    return tuple(part.strip() for part in cell.split(",")) if cell else ()


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Without looks for garbage in between: they would go through all these ballots, which are in no circles, again and again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


# --- bytes to rows ----------------------------------------------------------------------------------------


class _Lines:
    """The lines as text without their ends, read in blocks: line by line takes twice the time."""

    def __init__(self, path: str | Path) -> None:
        self._read = _lines(path)
        self._lines: list[str] = []
        self._at = 0
        self.number = 0  # of the line before
        self.plain = True  # none of the lines of this block has quotes

    @property
    def ahead(self) -> list[str]:
        """What has been read already and not passed."""
        return self._lines[self._at :]

    @property
    def some_ahead(self) -> bool:
        return self._at < len(self._lines)

    def more(self) -> bool:
        """Whether there are lines ahead, reading more if none are."""
        while not self.some_ahead:
            block = next(self._read, None)
            if block is None:
                return False
            self._lines, self._at, self.plain = block, 0, not any('"' in line for line in block)
        return True

    def passed(self) -> None:
        """All that is ahead."""
        self.number += len(self._lines) - self._at
        self._at = len(self._lines)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Number and text of one line after the other."""
        while self.more():
            line = self._lines[self._at]
            self._at += 1
            self.number += 1
            yield self.number, line


def _rows(lines: _Lines) -> Iterator[_Row]:
    """Line number and cells of every row that is not blank. Only quotes need the slower csv module."""
    each = iter(lines)
    for number, line in each:
        if '"' in line:
            yield number, _quoted(number, line, each)
        elif line and not line.isspace():
            yield number, line.split(";")
    yield max(lines.number, 1), []


def _quoted(number: int, line: str, lines: Iterator[tuple[int, str]]) -> list[str]:
    """The cells of a row with quotes, which may go on over the next lines."""

    def supply() -> Iterator[str]:
        yield line + "\n"
        for _, following in lines:
            yield following + "\n"
        raise MalformedFile(number, "A quoted text begins here and never ends.")

    try:
        return next(csv.reader(supply(), delimiter=";"))
    except csv.Error as error:
        raise MalformedFile(number, "The quotes in this row cannot be read ({error}).", error=error) from None


def _lines(path: str | Path) -> Iterator[list[str]]:
    """The lines of one block after the other."""
    number, rest = 1, b""
    for block in _blocks(path):
        block = rest + block
        cut = block.rfind(b"\n") + 1
        rest = block[cut:]
        if len(rest) > _LONGEST_LINE:
            raise MalformedFile(number + block.count(b"\n"), "The line is too long to be part of a .pb file.")
        if cut:
            lines = _decoded(number, block[:cut]).split("\n")
            lines.pop()
            yield lines
            number += len(lines)
    if rest:
        yield [_decoded(number, rest)]


def _decoded(number: int, block: bytes) -> str:
    """The text of whole lines that begin at this line number."""
    try:
        text = block.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        number += block.count(b"\n", 0, error.start)
        raise MalformedFile(number, "The file is not written in UTF-8.") from None
    return text.replace("\r\n", "\n")


def _blocks(path: str | Path) -> Iterator[bytes]:
    """The uncompressed bytes of the file, in pieces."""
    line = 1
    with open(path, "rb") as file, _plain(file, str(path)) as stream:
        while True:
            try:
                block = stream.read(_BLOCK)
            except (gzip.BadGzipFile, EOFError, zlib.error):
                raise MalformedFile(line, "The gzip file is damaged or cut off here.") from None
            if not block:
                return
            line += block.count(b"\n")
            yield block


def _plain(file: BufferedIOBase, name: str) -> BufferedIOBase:
    """The file, unzipped if it is called or begins like a gzip file."""
    magic = file.read(2)
    file.seek(0)
    if name.endswith(".gz") or magic == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=file, mode="rb")
    return file
