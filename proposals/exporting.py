"""Lists that are too long to be made while somebody waits for the page: a row, a job with its progress, a private file.

    made = ask(process=process, by=person, at=at, form="csv", query="theme=green", language="de", number=12_000)
    make(made.pk)                # the task: row by row into a private file; then it is ready, in one step with its job
    fetch(made, by=person, at=at)    # as often as one likes, for a day

Killed half-way it is begun anew by the sweep, and is never called ready before it is whole. What failed says so and waits
for somebody to try again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import parse_qs

from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from cocreation.roles import roles_of
from groundwork import clock, private
from groundwork.answer import Answer, No, Refused
from groundwork.html import say
from groundwork.jobs import api as jobs
from proposals import export
from proposals.models import ListExport, Proposal
from proposals.queries import Choice

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Process

KIND = "list_file"
# Longer lists are made in the background.
LONG = 2_000
KEPT = timedelta(hours=24)
# A job that said nothing for so long is begun anew.
SILENT = timedelta(minutes=2)
GONE = No(_("This file is not there any more: we keep it for a day. Please ask for a new one."))


def found(process: Process | None, query: MultiValueDict[str, str], language: str) -> Any:
    """The proposals a table is made of."""
    choice = Choice.read(query)
    return choice.narrow(Proposal.objects.public(process), language, asked=choice.asked(process))


def ask(
    *, process: Process, by: Person, at: datetime, form: str, query: str, language: str, number: int
) -> ListExport:
    """It is on record from now on. Who asks for the same again while it is being made gets that one."""
    about: dict[str, Any] = {
        "process": process, "person": by, "form": form, "query": query[:2000], "language": language,
    }  # fmt: skip
    with transaction.atomic():
        underway = ListExport.objects.unmade().filter(**about).order_by("-pk").first()
        if underway is not None and _job(underway.pk).open().exists():
            return underway
        export.export_all(process=process, by=by, at=at, form=form, number=number)
        asked = ListExport.objects.create(**about, asked_at=at)
        jobs.begin(KIND, asked.pk, at=at, title=process.title, total=number, waiting=True)
        transaction.on_commit(partial(start, str(asked.pk)), robust=True)
    return asked


def start(key: str) -> None:
    from proposals.tasks import make_list

    make_list.apply_async([int(key)], retry=False)


def again(asked: ListExport, *, at: datetime) -> None:
    """The button of a list that failed."""
    if asked.ready_at or not _job(asked.pk).failed().exists():
        raise Refused(No(_("This list is being made or is ready already.")))
    with transaction.atomic():
        jobs.begin(KIND, asked.pk, at=at, waiting=True)
        transaction.on_commit(partial(start, str(asked.pk)), robust=True)


def make(pk: int) -> None:
    """Write the file and say that it is ready. Whatever goes wrong, nothing is ready, and the job says that it failed."""
    asked = ListExport.objects.unmade().select_related("process").filter(pk=pk).first()
    if asked is None:
        return
    name = f"list-{secrets.token_hex(16)}.{asked.form}"
    try:
        with override(asked.language), private.create(name) as out:
            rows = write(asked, out)
        with transaction.atomic():
            now = clock.now()
            size = private.path_of(name).stat().st_size
            ready = ListExport.objects.unmade().filter(pk=pk)
            if not ready.update(file=name, size=size, rows=rows, ready_at=now, expires_at=now + KEPT):
                private.delete(name)  # somebody else was quicker
                return
            jobs.finish(KIND, pk, at=now, rows=rows)
    except BaseException as problem:
        private.delete(name)
        full = isinstance(problem, OSError) and problem.errno == 28  # ENOSPC
        jobs.fail(KIND, pk, at=clock.now(), reason="full" if full else "error")
        raise


def write(asked: ListExport, out: BinaryIO) -> int:
    """The table, row by row: never more than a few hundred in memory. Returns how many."""
    chosen = found(asked.process, MultiValueDict(parse_qs(asked.query)), asked.language)
    jobs.begin(KIND, asked.pk, at=clock.now(), total=chosen.count())
    rows = 0

    def told() -> Iterator[list[Any]]:
        nonlocal rows
        for rows, row in enumerate(export.rows(chosen, export.STAFF)):  # the first is the head
            if rows and rows % export.CHUNK == 0:
                jobs.tell(KIND, asked.pk, at=clock.now(), done=rows)
            yield row

    if asked.form == ListExport.Form.XLSX:
        export.write_xlsx(told(), asked.process.title, out)
    else:
        for line in export.csv_lines(told()):
            out.write(line.encode())
    return rows


def may_read(person: Person | None, asked: ListExport) -> Answer:
    """Whoever asked for it, and the administration, as long as they may export this list at all."""
    if person is None or (person.pk != asked.person_id and not roles_of(person).is_admin):
        return No(_("This list was made for somebody else."))
    return export.may_export_all(person, asked.process)


def fetch(asked: ListExport, *, at: datetime) -> BinaryIO:
    if not asked.file or asked.expires_at is None or asked.expires_at <= at:
        raise Refused(GONE)
    try:
        return private.path_of(asked.file).open("rb")
    except FileNotFoundError:
        raise Refused(GONE) from None


def sweep(at: datetime) -> None:
    """Files of yesterday go; lists whose worker died are made anew."""
    for pk, name in list(ListExport.objects.expired(at).values_list("pk", "file")):
        private.delete(name)
        ListExport.objects.filter(pk=pk).update(file="")
    for pk in ListExport.objects.unmade().values_list("pk", flat=True):
        if _job(pk).open().filter(beat_at__lte=at - SILENT).exists():
            make(pk)


def forget_old(at: datetime) -> int:
    """Who asked for what, when it is as old as its job. The files are long gone."""
    return ListExport.objects.filter(asked_at__lte=at - jobs.KEPT, file="").delete()[0]


def _job(pk: int) -> Any:
    return jobs.Job.objects.filter(kind=KIND, key=str(pk))


def _made(facts: Mapping[str, Any]) -> str:
    n = int(facts.get("rows", 0))
    return ngettext("{n} row", "{n} rows", n).format(n=say.number(n))


def _page(job: jobs.Job) -> str:
    return ListExport(pk=int(job.key)).get_absolute_url()


WHY = {"full": _("There is no room for another file on the server.")}
jobs.kinds.add(
    KIND,
    jobs.JobKind(KIND, _("List of proposals as a file"), said=_made, why=WHY.get, url=_page, retry=start),
)
