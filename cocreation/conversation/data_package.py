"""Comments and summaries in a data package: on proposals, on other comments' threads, and in the phases of the process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation.conversation.models import LONGEST, Comment, CommentRevision, Stance, Summary
from cocreation.data_package import (
    CONTRIBUTION,
    Arrival,
    Records,
    contribution,
    in_both,
    keys_of_phases,
    kinds_inside,
    name,
    prose,
    prose_in_both,
    records,
    truth,
    written,
)
from cocreation.models import Process
from cocreation.packages import text_of
from cocreation.panels import comment_counters
from cocreation.reading import maybe, moment, number, one_of, record, refuse, shown, slug

_comment = record(
    {
        **CONTRIBUTION,
        "on": maybe(name), "in_phase": maybe(slug(40)), "reply_to": maybe(name), "stance": one_of(["", *Stance.values]),
        "paragraph": maybe(number(1, 10**4)), "text": prose(LONGEST, 1), "office": maybe(slug(60)), "helpful": number(0, 10**9),
        "edited_at": maybe(moment), "pinned_at": maybe(moment),
    },
    (*CONTRIBUTION, "on", "in_phase", "reply_to", "stance", "paragraph", "text", "office", "helpful", "edited_at", "pinned_at"),
)  # fmt: skip
_summary = record(
    {
        "on": maybe(name), "in_phase": maybe(slug(40)), "text": prose_in_both(LONGEST), "closes": truth,
        "office": maybe(slug(60)), "at": moment,
    },
    ("on", "in_phase", "text", "closes", "office", "at"),
)  # fmt: skip


# What is said about a kind of contribution that a package does not hold would stand in it about nothing.
def _inside() -> Q:
    return Q(on__isnull=True) | Q(on__is_public=True, on__kind__in=kinds_inside())


def _comments(process: Process) -> Iterator[dict[str, Any]]:
    """In the order of their keys: what opened a thread comes before its replies."""
    phases = keys_of_phases(process)
    rows = (
        Comment.objects.public()
        .filter(_inside(), process=process)
        .select_related("contribution__author", "contribution__organisation", "on", "parent", "office")
        .order_by("pk")
    )
    for each in rows.iterator(chunk_size=1000):
        thread = each.parent
        yield {
            **contribution(process, each.contribution, phases, named=each.office_id is None),
            "on": each.on.receipt if each.on else None,
            "in_phase": phases.get(each.phase_id or 0),
            "reply_to": thread.receipt if thread is not None and thread.is_public else None,
            "stance": each.stance,
            "paragraph": each.paragraph,
            "text": each.text,
            "office": each.office.slug if each.office else None,
            "helpful": each.helpful,
            "edited_at": written(each.edited_at),
            "pinned_at": written(each.pinned_at),
        }


def _summaries(process: Process) -> Iterator[dict[str, Any]]:
    phases = keys_of_phases(process)
    rows = Summary.objects.filter(_inside(), process=process).select_related("on", "office")
    for each in rows.order_by("at", "pk").iterator(chunk_size=500):
        yield {
            "on": each.on.receipt if each.on else None,
            "in_phase": phases.get(each.phase_id or 0),
            "text": text_of(each, "text"),
            "closes": each.closes,
            "office": each.office.slug if each.office else None,
            "at": written(each.at),
        }


def _where(line: dict[str, Any], arrival: Arrival) -> dict[str, Any]:
    if (line["on"] is None) == (line["in_phase"] is None):
        refuse("on", _("Something is said about one contribution or in one phase."))
    return {
        "on": arrival.contribution(line["on"], "on"),
        "phase": arrival.phase(line["in_phase"], "in_phase"),
    }


def _load_comment(line: dict[str, Any], arrival: Arrival) -> None:
    where = _where(line, arrival)
    thread = arrival.contribution(line["reply_to"], "reply_to")
    if thread is not None and thread.kind != "comment":
        refuse("reply_to", format_lazy(_("“{value}” is not known here."), value=shown(line["reply_to"])))
    under = arrival.arrive("comment", line)
    found = Comment(
        contribution=under, process=under.process, is_public=under.is_public, receipt=under.receipt, **where,
        on_is_public=where["on"].is_public if where["on"] else None, parent_id=thread.pk if thread else None,
        office=arrival.office(line["office"]),
        **{field: line[field] for field in ("stance", "paragraph", "text", "helpful", "edited_at", "pinned_at")},
    )  # fmt: skip
    found.save(force_insert=True)
    at = line["edited_at"] or line["published_at"]
    CommentRevision.objects.create(comment=found, text=found.text, by=under.author, at=at)


def _load_summary(line: dict[str, Any], arrival: Arrival) -> None:
    found = Summary(
        process=arrival.here(), closes=line["closes"], office=arrival.office(line["office"]), at=line["at"],
        **_where(line, arrival),
    )  # fmt: skip
    in_both(found, "text", line["text"])
    found.save()


def _finish(arrival: Arrival) -> None:
    """How many comments there are, for whoever lists what they are on."""
    if arrival.process is None:
        return
    found = Comment.objects.filter(process=arrival.process, is_public=True, on__isnull=False)
    counts = dict(found.order_by().values_list("on").annotate(n=Count("pk")))
    for keep in comment_counters:
        keep(counts)


records.add(
    "comment",
    Records("comment", _("Comments"), 40, _comment, _comments, _load_comment, _finish, contribution=True),
)
records.add("summary", Records("summary", _("Summaries of conversations"), 41, _summary, _summaries, _load_summary))  # fmt: skip
