"""From the draft to the archive: a preview by link, a planned publication, stopping with a reason, putting away. Nothing
that was public is ever deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.privacy import notice
from cocreation import history, impact, roles
from cocreation.gate import missing_of
from cocreation.models import PreviewLink, Process
from cocreation.preparing import take_over_suggestions
from groundwork.answer import Answer, No, Refused, Words, Yes, require
from groundwork.journal import api as journal
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person

LANGUAGES = ("de", "en")
# What rooms do when a process is stopped, in its transaction: (process, at).
stopping: Registry[Callable[[Process, datetime], None]] = Registry("end of a stopped process")

# What rooms fix when a process becomes public, in its transaction: (process, at).
publishing: Registry[Callable[[Process, datetime], None]] = Registry("start of a public process")


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that has to be done before a process may be closed: in words, and where it is done."""

    words: Words
    url: str = ""


# What rooms still owe the people of a process: (process, at) -> what is lacking. Asked before it is put away.
closing: Registry[Callable[[Process, datetime], list[Lacking]]] = Registry("duty before the end")


def lacking(process: Process, at: datetime) -> list[Lacking]:
    """Nothing is owed in a process that was stopped: everybody was told why."""
    if not process.is_published or process.is_dry_run or process.is_stopped(at):
        return []
    return [each for ask in closing for each in ask(process, at)]


def _locked(process: Process) -> Process:
    return Process.objects.select_for_update(of=("self",)).select_related("office").get(pk=process.pk)


# --- publication ---


def may_publish(person: Person | None, process: Process, at: datetime) -> Answer:
    """Whether the gate is open for this person now."""
    may = roles.may_configure(person, process)
    return may and _gate(process, at)


def _gate(process: Process, at: datetime) -> Answer:
    if process.is_dry_run:
        return No(_("A dry run is never published."))
    if process.published_at:
        return No(_("This process is published already."))
    if missing_of(process, at):
        return No(_("Something is still missing before this process can be published."))
    return notice.fresh(at) and impact.may_begin(process)


@transaction.atomic
def publish_process(*, process: Process, by: Person, at: datetime) -> Process:
    """Make a draft public. Refused while something is missing; the studio lists what."""
    process = _locked(process)
    # A plan for later does not count when it is published now: the notice period runs from now.
    process.publish_at = None
    require(may_publish(by, process, at))
    return _publish(process, by, at)


def _publish(process: Process, by: Person | None, at: datetime) -> Process:
    take_over_suggestions(process, by, at)
    process.published_at, process.publish_at = at, None
    process.save(update_fields=["published_at", "publish_at"])
    for begin in publishing:
        begin(process, at)
    history.note(process=process, what="published", by=by, at=at)
    journal.record("process.published", by=by, on=process, process=process, at=at)
    return process


@transaction.atomic
def schedule_publication(*, process: Process, moment: datetime, by: Person, at: datetime) -> Process:
    """Let a draft become public by the clock. The gate is asked now, and once more when the moment comes."""
    require(roles.may_configure(by, process))
    process = _locked(process)
    if moment <= at:
        raise ValidationError({"moment": [_("Please choose a moment that lies ahead.")]})
    process.publish_at = moment
    require(_gate(process, at))
    process.save(update_fields=["publish_at"])
    history.note(process=process, what="scheduled", by=by, at=at, after={"moment": moment.isoformat()})
    return process


@transaction.atomic
def unschedule_publication(*, process: Process, by: Person, at: datetime) -> Process:
    require(roles.may_configure(by, process))
    process = _locked(process)
    if process.publish_at is None:
        raise Refused(No(_("No publication is planned.")))
    moment, process.publish_at = process.publish_at, None
    process.save(update_fields=["publish_at"])
    history.note(process=process, what="unscheduled", by=by, at=at, after={"moment": moment.isoformat()})
    return process


def publish_due(at: datetime) -> int:
    """Publish what was planned for now or earlier; where something is missing by then, the plan ends and the studio says
    why. Running it twice, or twice at once, publishes once. Returns how many became public."""
    due = Process.objects.filter(publish_at__lte=at, published_at__isnull=True).order_by("publish_at", "pk")
    return sum(_publish_one(key, at) for key in due.values_list("pk", flat=True))


@transaction.atomic
def _publish_one(key: int, at: datetime) -> bool:
    process = (
        Process.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("office")
        .filter(pk=key, publish_at__lte=at, published_at__isnull=True)
        .first()
    )
    if process is None:  # somebody else is at it, or it is done
        return False
    missing = missing_of(process, at)
    may = notice.fresh(at) and impact.may_begin(process)
    if not missing and may:
        _publish(process, None, at)
        return True
    process.publish_at = None
    process.save(update_fields=["publish_at"])
    points = [str(each.words) for each in missing]
    if isinstance(may, No):
        points.append(str(may.reason))
    history.note(process=process, what="not_published", by=None, at=at, after={"points": points})
    return False


# --- preview ---


@transaction.atomic
def make_preview(*, process: Process, by: Person, at: datetime) -> PreviewLink:
    """A secret address that shows the page of a draft, and nothing else. One at a time: the one before is revoked."""
    require(roles.may_configure(by, process))
    process = _locked(process)
    if process.is_published:
        raise Refused(No(_("This process is public. Everybody can see its page.")))
    process.preview_links.valid().update(revoked_at=at)  # type: ignore[attr-defined]
    history.note(process=process, what="preview", by=by, at=at)
    return PreviewLink.objects.create(process=process, created_at=at, created_by=by)


@transaction.atomic
def revoke_preview(*, process: Process, by: Person, at: datetime) -> None:
    """From now on the address leads nowhere."""
    require(roles.may_configure(by, process))
    process = _locked(process)
    if not process.preview_links.valid().update(revoked_at=at):  # type: ignore[attr-defined]
        raise Refused(No(_("There is no preview link.")))
    history.note(process=process, what="preview_off", by=by, at=at)


# --- the end ---


@transaction.atomic
def stop_process(*, process: Process, reason: Mapping[str, str], by: Person, at: datetime) -> Process:
    """End a public process early, with a public reason. Every act is refused from now on; what was said stays readable."""
    require(roles.may_configure(by, process))
    process = _locked(process)
    if not process.is_published:
        raise Refused(No(_("Only a public process can be stopped.")))
    if process.stopped_at:
        raise Refused(No(_("This process is stopped already.")))
    if errors := {
        f"reason_{code}": [_("Please say in public why.")]
        for code in LANGUAGES
        if not reason.get(code, "").strip()
    }:
        raise ValidationError(errors)
    process.stopped_at = at
    for code in LANGUAGES:
        setattr(process, f"stop_reason_{code}", reason[code].strip())
    process.save(update_fields=["stopped_at", "stop_reason_de", "stop_reason_en"])
    for end in stopping:
        end(process, at)
    history.note(
        process=process,
        what="stopped",
        by=by,
        at=at,
        after={f"reason_{code}": reason[code].strip() for code in LANGUAGES},
    )
    journal.record("process.stopped", by=by, on=process, process=process, at=at)
    return process


def may_archive(person: Person | None, process: Process, at: datetime) -> Answer:
    """Only what is over goes into the archive, and only when nobody waits for an answer any more."""
    may = roles.may_configure(person, process)
    if not may:
        return may
    if not process.is_published:
        return No(_("A draft is not put into the archive."))
    running = next((phase for phase in process.line if not phase.is_over(at)), None)
    if running is not None and not process.is_stopped(at):
        return No(format_lazy(_("“{phase}” is not over yet."), phase=running.name))
    if owed := lacking(process, at):
        return No(owed[0].words)
    return Yes()


@transaction.atomic
def archive_process(*, process: Process, by: Person, at: datetime) -> Process:
    """Out of the lists, not out of the world: the page, its address and all it holds stay readable."""
    process = _locked(process)
    require(may_archive(by, process, at))
    if process.archived_at:
        raise Refused(No(_("This process is in the archive already.")))
    process.archived_at = at
    process.save(update_fields=["archived_at"])
    history.note(process=process, what="archived", by=by, at=at)
    journal.record("process.archived", by=by, on=process, process=process, at=at)
    return process


@transaction.atomic
def unarchive_process(*, process: Process, by: Person, at: datetime) -> Process:
    """Back into the lists."""
    require(roles.may_configure(by, process))
    process = _locked(process)
    if not process.archived_at:
        raise Refused(No(_("This process is not in the archive.")))
    process.archived_at = None
    process.save(update_fields=["archived_at"])
    history.note(process=process, what="unarchived", by=by, at=at)
    journal.record("process.unarchived", by=by, on=process, process=process, at=at)
    return process
