"""The queue as a workbook, for offices that live in spreadsheets; and back.

Writing streams row by row. Reading believes nothing: the archive is measured before it is opened, formulas are words,
and every row is compared with what stands in the database now. Nothing here stores anything.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from groundwork.answer import No, Refused, Words
from groundwork.html.forms import EuroField
from proposals import memory
from proposals.assess_forms import AssessmentForm, typed
from proposals.findings import FIELDS, LONGEST, plain
from proposals.models import Assessment, Assignment, Competence, ReasonCode
from proposals.neutral import neutral, restored

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 5 * 2**20
MOST_UNPACKED = 40 * 2**20
MOST_PARTS = 100
MOST_ROWS = 2000
HEAD = 4  # the row of the column names; what stands above explains
SHEET = "Quartier"

# What identifies a row: locked, and read back.
LOCKED: list[tuple[str, Words, int]] = [
    ("id", gettext_lazy("Key (do not change)"), 10),
    ("version", gettext_lazy("Version (do not change)"), 10),
    ("receipt", gettext_lazy("Number"), 12),
    ("title", gettext_lazy("Title"), 40),
    ("summary", gettext_lazy("In one sentence"), 50),
    ("office", gettext_lazy("Office"), 22),
    ("due", gettext_lazy("Due"), 12),
]
WIDE = {"reason_de", "reason_en", "way_on_de", "way_on_en", "estimate", "permit"}
MONEY = {"cost_from", "cost", "ballot_cost", "yearly_cost"}
COLUMNS = [name for name, _words, _width in LOCKED] + list(FIELDS)


def labels() -> dict[str, str]:
    named = {name: str(words) for name, words, _width in LOCKED}
    return named | {name: str(AssessmentForm.base_fields[name].label) for name in FIELDS}


def choices() -> dict[str, dict[str, str]]:
    """Columns with a list: value → word in the reader's language."""
    return {
        "verdict": {
            Assessment.Verdict.FEASIBLE.value: _("Yes"),
            Assessment.Verdict.WITH_CHANGE.value: _("With a change"),
            Assessment.Verdict.NOT_FEASIBLE.value: _("No"),
        },
        "reason_code": {value: str(label) for value, label in ReasonCode.choices},
        "competence": {value: str(label) for value, label in Competence.choices},
        "implementer": {office.slug: office.name for office in memory.offices.all().values()},
    }


# --- out ---


def write(assignments: Iterable[Assignment], to: IO[bytes]) -> int:
    """One row for each proposal and office. `assignments` with their proposals; returns how many rows were written."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    words, lists = labels(), choices()
    widths = {name: width for name, _label, width in LOCKED}
    for number, name in enumerate(COLUMNS, 1):
        width = widths.get(name, 48 if name in WIDE else 18)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"E{HEAD + 1}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.sort = False
    sheet.protection.autoFilter = False
    last = HEAD + MOST_ROWS
    hidden = book.create_sheet("Lists")
    hidden.sheet_state = "hidden"
    columns = list(lists)
    for number, name in enumerate(columns, 1):
        letter, shown = get_column_letter(number), get_column_letter(COLUMNS.index(name) + 1)
        rule = DataValidation(
            type="list", formula1=f"Lists!${letter}$1:${letter}${len(lists[name])}", allow_blank=True,
            showErrorMessage=True, errorTitle=SHEET, error=_("Please choose from the list."),
        )  # fmt: skip
        rule.add(f"{shown}{HEAD + 1}:{shown}{last}")
        sheet.data_validations.append(rule)
    _lines(
        hidden,
        [
            [list(lists[name].values())[n] if n < len(lists[name]) else None for name in columns]
            for n in range(max(map(len, lists.values())))
        ],
    )
    for sentence in (
        _("Assessments of the offices, %(day)s") % {"day": timezone.localdate().isoformat()},
        _(
            "Fill in the white columns and upload the file on the desk. You see every change before anything is stored."
        ),
        _(
            "Grey columns say which proposal it is; they are locked. Costs in euros. A no needs a reason in one word and a way on."
        ),
    ):
        cell = _cell(sheet, sentence)
        cell.font = Font(bold=True)
        sheet.append([cell])
    heads = []
    for name in COLUMNS:
        cell = _cell(sheet, words[name])
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E4A")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        heads.append(cell)
    sheet.append(heads)
    written = 0
    for assignment in assignments:
        sheet.append(list(_row(sheet, assignment, lists)))
        written += 1
    book.save(to)
    return written


def _lines(sheet: Any, rows: Sequence[Sequence[str | None]]) -> None:
    for row in rows:
        sheet.append([_cell(sheet, value) if value else None for value in row])


def _cell(sheet: Any, words: str, *, open_to_change: bool = False) -> WriteOnlyCell:
    """Words, never a formula, whatever they begin with."""
    cell = WriteOnlyCell(sheet, value=neutral(plain(words))[:32_000])
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if open_to_change:
        cell.protection = Protection(locked=False)
    return cell


_GREY = PatternFill("solid", fgColor="ECECE6")


def _row(
    sheet: Any, assignment: Assignment, lists: Mapping[str, Mapping[str, str]]
) -> Iterator[WriteOnlyCell]:
    proposal = assignment.proposal
    office = memory.offices.get(assignment.office_id)
    fixed: dict[str, Any] = {
        "id": assignment.pk, "version": assignment.version, "receipt": proposal.receipt, "title": proposal.title,
        "summary": proposal.summary, "office": office.name if office else "",
        "due": timezone.localdate(assignment.due) if assignment.due else None,
    }  # fmt: skip
    for name, _words, _width in LOCKED:
        value = fixed[name]
        if isinstance(value, str):
            cell = _cell(sheet, value)
        else:
            cell = WriteOnlyCell(sheet, value=value)
            cell.alignment = Alignment(vertical="top")
        cell.fill = _GREY
        yield cell
    for name in FIELDS:
        words = assignment.content.get(name, "")
        amount = _amount(words) if name in MONEY else None
        if amount is not None:
            cell = WriteOnlyCell(sheet, value=amount)
            cell.number_format = "#,##0.00"
            cell.alignment = Alignment(vertical="top")
            cell.protection = Protection(locked=False)
            yield cell
        else:
            yield _cell(sheet, lists.get(name, {}).get(words, words), open_to_change=True)


def _amount(words: str) -> Decimal | None:
    """The number somebody typed, where it comes back from a spreadsheet as the same."""
    try:
        amount = EuroField(required=False).clean(words)
    except Exception:  # what is no number stays words
        return None
    return amount if amount is not None and amount < 10**12 else None


def same_content(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two drafts say the same: amounts count by their value."""
    return all(_worth(name, one.get(name, "")) == _worth(name, other.get(name, "")) for name in FIELDS)


def _worth(name: str, words: str) -> object:
    amount = _amount(words) if name in MONEY else None
    return amount if amount is not None else words


# --- in ---


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that is different: where, of what, from, to."""

    cell: str
    label: str
    before: str
    after: str


@dataclass(slots=True)
class Line:
    """One row of an upload and what would come of it: ok, warning (stays a draft), error, conflict, same."""

    number: int
    state: str
    title: str = ""
    receipt: str = ""
    assignment: Assignment | None = None
    content: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(file: bytes, name: str) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a workbook by column name, with their numbers. Refuses in plain words what it cannot trust."""
    _measure(file, name)
    try:
        book = load_workbook(io.BytesIO(file), read_only=True, data_only=True, keep_links=False)
        try:
            return _rows_of(book)
        finally:
            book.close()
    except Refused:
        raise
    except Exception:  # a library for a format of forty parts raises whatever it likes
        raise Refused(
            No(_("This file cannot be read as a workbook. Save it as .xlsx and try again."))
        ) from None


def _measure(file: bytes, name: str) -> None:
    """What is no plain workbook of a sensible size is not opened."""
    if not name.lower().endswith(".xlsx"):
        raise Refused(No(_("Please upload an Excel workbook (.xlsx), the file you downloaded here.")))
    if len(file) > MOST_BYTES:
        raise Refused(No(_("The file is larger than 5 MB. Split it.")))
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                raise zipfile.BadZipFile
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Refused(No(_("The file unpacks to far more than a queue. It was not opened.")))
            if any(
                "vbaproject" in part.lower() or part.lower().startswith("xl/externallinks/") for part in names
            ):
                raise Refused(No(_("The file holds macros or links to other files. Save it without them.")))
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _plain_xml(archive, part)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ):
        raise Refused(
            No(_("This file cannot be read as a workbook. Save it as .xlsx and try again."))
        ) from None
    except Exception as trouble:
        if isinstance(trouble, Refused):
            raise
        raise Refused(
            No(_("This file cannot be read as a workbook. Save it as .xlsx and try again."))
        ) from None


def _plain_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No declarations of entities, which could grow without end, and only the encoding in which they would be seen."""
    with archive.open(part) as opened:
        tail = b""
        first = True
        while chunk := opened.read(2**16):
            if first and (chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in chunk[:64]):
                raise Refused(No(_("The file is written in an unusual way. Save it as .xlsx and try again.")))
            first = False
            if b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
                raise Refused(No(_("The file is written in an unusual way. Save it as .xlsx and try again.")))
            tail = chunk[-16:]


def _rows_of(book: Any) -> list[tuple[int, dict[str, Any]]]:
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    found: list[tuple[int, dict[str, Any]]] = []
    rows = sheet.iter_rows(min_row=HEAD + 1, max_col=len(COLUMNS), values_only=True)
    for number, row in enumerate(rows, HEAD + 1):
        if number > HEAD + MOST_ROWS:
            if any(value not in (None, "") for value in row):
                raise Refused(
                    No(
                        ngettext(
                            "The sheet has more than %(n)s row. Split it.",
                            "The sheet has more than %(n)s rows. Split it.",
                            MOST_ROWS,
                        )
                        % {"n": MOST_ROWS}
                    )
                )
            if number > HEAD + 3 * MOST_ROWS:
                break
            continue
        if any(value not in (None, "") for value in row):
            found.append((number, dict(zip(COLUMNS, row, strict=False))))
    return found


def content_in(row: Mapping[str, Any], lists: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The cells of a row as a draft keeps them."""
    content = {}
    for name in FIELDS:
        words = _words_of(row.get(name), name)
        back = {word.casefold(): value for value, word in lists.get(name, {}).items()}
        words = back.get(words.casefold(), words)
        if words:
            content[name] = words
    return content


def _words_of(value: Any, name: str) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, int | float | Decimal):
        amount = Decimal(str(value))
        if name in MONEY:
            amount = amount.quantize(Decimal("0.01")) if abs(amount) < 10**15 else amount
        return f"{amount.normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return plain(restored(str(value)))[:LONGEST]


def compare(rows: Sequence[tuple[int, Mapping[str, Any]]], known: Mapping[int, Assignment]) -> list[Line]:
    """What an upload would change. `known`: the assignments this person may write at, by key."""
    lists, words = choices(), labels()
    seen: set[int] = set()
    lines = []
    for number, row in rows:
        line = Line(number, "error", title=plain(restored(str(row.get("title") or "")))[:120])
        lines.append(line)
        key = row.get("id")
        assignment = known.get(key) if isinstance(key, int) and not isinstance(key, bool) else None
        if assignment is None:
            line.notes.append(
                _("Cell %(cell)s: your office has no proposal with this key.") % {"cell": f"A{number}"}
            )
            continue
        if assignment.pk in seen:
            line.notes.append(
                _("Cell %(cell)s: this row stands twice in the sheet.") % {"cell": f"A{number}"}
            )
            continue
        seen.add(assignment.pk)
        line.assignment = assignment
        line.title, line.receipt = assignment.proposal.title, assignment.proposal.receipt
        line.content = content_in(row, lists)
        _judge(line, row.get("version"), words, lists)
    return lines


def _judge(
    line: Line, version: Any, words: Mapping[str, str], lists: Mapping[str, Mapping[str, str]]
) -> None:
    assignment = line.assignment
    assert assignment is not None
    before = assignment.content
    for name in FIELDS:
        old, new = before.get(name, ""), line.content.get(name, "")
        if _worth(name, old) != _worth(name, new):
            shown = lists.get(name, {})
            line.changes.append(
                Change(_place(name, line.number), words[name], shown.get(old, old), shown.get(new, new))
            )
    if not line.changes:
        line.state = "same"
        return
    if version != assignment.version:
        line.state = "conflict"
        who = assignment.changed_by.public_name if assignment.changed_by else ""
        line.notes.append(
            _("Somebody has changed this since you downloaded it (%(name)s). The row is left out.")
            % {"name": who}
        )
        return
    if assignment.done_at is not None:
        line.state = "error"
        line.notes.append(_("This is published already. Correct it on its page, with a reason."))
        return
    form = AssessmentForm(typed(line.content), own=assignment.proposal_id)
    if form.is_valid():
        line.state = "ok"
        return
    empty = [name for name, errors in form.errors.items() if not line.content.get(name)]
    line.state = "warning" if len(empty) == len(form.errors) else "error"
    for name, errors in form.errors.items():
        for error in errors:
            where = _place(name, line.number) if name in COLUMNS else ""
            line.notes.append(
                _("Cell %(cell)s, %(label)s: %(error)s")
                % {"cell": where, "label": words.get(name, name), "error": error}
            )


def _place(name: str, number: int) -> str:
    return f"{get_column_letter(COLUMNS.index(name) + 1)}{number}"
