"""The list of proposals as a table: what everybody may have, and what the offices work with."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cocreation.audit import on_data_of
from cocreation.roles import roles_of
from groundwork.answer import Answer, No, Words, Yes, require
from groundwork.journal import api as journal
from proposals import memory
from proposals.cards import author
from proposals.models import Proposal, ProposalQuerySet, Stage, Theme
from proposals.queries import AUTHORS

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

CHUNK = 500
# What a table program takes for a formula when it stands first, also behind blanks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def may_export_all(person: Person | None, process: Process) -> Answer:
    """Those who assess, moderate or set up the process, and who observes it."""
    roles = roles_of(person)
    if roles.may_assess or roles.reads_hidden.covers(process) or roles.configures.covers(process):
        return Yes()
    return No(gettext_lazy("Only the offices and the team of this process may export this."))


def harmless(value: Any) -> Any:
    """The value as a cell no program runs: text that begins like a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.lstrip(" \u00a0\ufeff").startswith(_FORMULA):
        return f"'{value}"
    return value


@dataclass(frozen=True, slots=True)
class Column:
    name: Words
    value: Callable[[Proposal], Any]


def _place(proposal: Proposal) -> str:
    place = memory.places.get(proposal.place_id)
    return place.name if place else ""


def _author(proposal: Proposal) -> str:
    written_by = author(proposal.organisation, proposal.public_name)  # type: ignore[attr-defined]
    return f"{written_by.name} · {written_by.kind}" if written_by.kind else written_by.name


def _moment(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


_THEMES, _STAGES, _KINDS = dict(Theme.choices), dict(Stage.choices), dict(AUTHORS)

PUBLIC = [
    Column(gettext_lazy("Number"), lambda p: p.receipt),
    Column(gettext_lazy("Title"), lambda p: p.in_language("title")),
    Column(gettext_lazy("In one sentence"), lambda p: p.in_language("summary")),
    Column(gettext_lazy("Theme"), lambda p: str(_THEMES.get(p.theme, ""))),
    Column(gettext_lazy("Place"), _place),
    Column(gettext_lazy("Where exactly"), lambda p: p.location),
    Column(gettext_lazy("Status"), lambda p: str(_STAGES.get(p.stage, ""))),
    Column(gettext_lazy("Proposed by"), _author),
    Column(gettext_lazy("Kind of author"), lambda p: str(_KINDS.get(p.author_kind, ""))),
    Column(gettext_lazy("Supporters"), lambda p: p.supports),
    Column(gettext_lazy("Comments"), lambda p: p.comments),
    Column(gettext_lazy("Cost in euros"), lambda p: p.cost),
    Column(gettext_lazy("The city has answered"), lambda p: _("yes") if p.is_answered else _("no")),
    Column(gettext_lazy("Looking for co-authors"), lambda p: _("yes") if p.seeks_coauthors else _("no")),
    Column(gettext_lazy("Published"), lambda p: _moment(p.published)),  # type: ignore[attr-defined]
    Column(gettext_lazy("Address"), lambda p: _address(p)),
]
STAFF = [
    *PUBLIC,
    Column(gettext_lazy("Way in"), lambda p: p.channel),  # type: ignore[attr-defined]
    Column(gettext_lazy("Language"), lambda p: p.language),
    Column(gettext_lazy("Shown on lists in 14 days"), lambda p: p.shown),
]


def _address(proposal: Proposal) -> str:
    from django.conf import settings

    return f"{settings.SITE_URL}{proposal.get_absolute_url()}"


def rows(found: ProposalQuerySet | Any, columns: list[Column]) -> Iterator[list[Any]]:
    """The head and a row for each, read in chunks; one query and no object kept."""
    from django.db.models import F

    yield [str(column.name) for column in columns]
    read = found.annotate(
        public_name=F("contribution__author__public_name"),
        organisation=F("contribution__organisation_id"),
        published=F("contribution__published_at"),
        channel=F("contribution__channel"),
    ).order_by("pk")
    for proposal in read.iterator(chunk_size=CHUNK):
        yield [column.value(proposal) for column in columns]


def csv_lines(table: Iterable[list[Any]]) -> Iterator[str]:
    """Line by line, with a mark at the start by which table programs know the letters."""
    out = io.StringIO()
    writer = csv.writer(out)
    yield "\ufeff"
    for row in table:
        writer.writerow([harmless("" if value is None else value) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def xlsx(table: Iterable[list[Any]], name: str) -> bytes:
    out = io.BytesIO()
    write_xlsx(table, name, out)
    return out.getvalue()


def write_xlsx(table: Iterable[list[Any]], name: str, out: IO[bytes]) -> None:
    """A sheet written row by row. Text is text: nothing in it is a formula."""
    # They bring numpy along: half a second of every start, for what few ask for.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(c for c in name if c not in r"[]:*?/\'")[:31] or "1")
    sheet.freeze_panes = "A2"
    for row in table:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_printable(harmless(value)))
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(out)


def _printable(value: Any) -> Any:
    """Without the control characters a sheet cannot hold."""
    if isinstance(value, str):
        return "".join(c for c in value if c >= " " or c in "\t\n\r")
    return value


@transaction.atomic
def export_all(*, process: Process, by: Person, at: datetime, form: str, number: int) -> None:
    """The offices take the list with them: that is on record, with its form and its length."""
    require(may_export_all(by, process))
    journal.record(
        "proposals.exported", by=by, on=process, process=process, at=at,
        data=on_data_of(None, form=form, number=number),
    )  # fmt: skip
