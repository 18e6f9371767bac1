"""Every mail there is, with an example: of the last event that is public, or made up where there was none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from cocreation.models import Contribution, Process
from feedback.notices import fanout
from feedback.notices.models import Kind, Notice
from groundwork import clock
from groundwork.answer import Words
from groundwork.journal.api import verbs
from groundwork.journal.models import Entry

if TYPE_CHECKING:
    from accounts.models import Person

LANGUAGES = settings.LANGUAGES


def label_of(verb: str) -> Words:
    found = verbs.find(verb)
    return found.label if found else verb


def kinds() -> list[tuple[str, Words]]:
    """Every event that is told of, by its words."""
    return sorted(((verb, label_of(verb)) for verb in fanout.VERBS), key=lambda each: str(each[1]).lower())


def example(verb: str, reader: Person, rhythm: str) -> tuple[Notice, bool]:
    """A notice of this event as the reader would get it, not saved; and whether it really happened."""
    kind = fanout._kinds(fanout.AUDIENCES[verb])[1]
    declared = verbs.find(verb)
    told = (
        declared is not None and declared.public
    )  # what is not public quotes things that are nobody's business
    for entry in Entry.objects.filter(verb=verb).order_by("-id")[:10] if told else ():
        key = fanout._contributions([entry]).get(entry.pk)
        thing = Contribution.objects.public().select_related("proposal").filter(pk=key or 0).first()
        process = Process.objects.published().filter(pk=entry.process_id or 0).first()
        if (key and thing is None) or (entry.process_id and process is None):
            continue
        return _notice(entry.verb, reader, rhythm, kind, entry, thing, process), True
    thing = Contribution.objects.public().filter(kind="proposal").order_by("-pk").first()
    made_up = Entry(
        verb=verb, subject_label="cocreation.Process", subject_key="0", at=clock.now(), pk=0,
        data=_facts(verb, thing),
    )  # fmt: skip
    return _notice(verb, reader, rhythm, kind, made_up, thing, thing.process if thing else None), False


def _facts(verb: str, thing: Contribution | None) -> dict[str, Any]:
    """What the addresses and sentences of made-up events need."""
    facts: dict[str, Any] = {
        "receipt": thing.receipt if thing else "2000-0001",
        "merge": 0,
        "revision": 0,
        "row": 0,
    }
    if verb == "vote.ending":
        until = clock.now() + timedelta(days=1)
        slug = thing.process.slug if thing else "process"
        facts |= {"slug": slug, "phase": "ballot", "until": until.isoformat()}
    return facts


def _notice(
    verb: str,
    reader: Person,
    rhythm: str,
    kind: str,
    entry: Entry,
    thing: Contribution | None,
    process: Process | None,
) -> Notice:
    return Notice(
        person=reader, entry_id=entry.pk, kind=kind or Kind.FOLLOWED, verb=verb, process=process, contribution=thing,
        subject_label=entry.subject_label, subject_key=entry.subject_key, data=entry.data, created_at=entry.at,
        rhythm=rhythm,
    )  # fmt: skip
