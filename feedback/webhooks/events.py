"""From the journal to messages, and what a message says: only what anybody sees, asked again at the moment it leaves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import F, Model
from django.urls import reverse
from django.utils import translation

from cocreation.models import Contribution, Process
from feedback.webhooks.kinds import GONE, GONE_BY, OF_CONTRIBUTIONS, TEST, VERBS
from feedback.webhooks.models import Delivery, Webhook
from groundwork.journal.models import Entry
from proposals.models import Proposal

LANGUAGES = ("de", "en")
# Things whose subject is the contribution itself.
_THEMSELVES = ("proposals.Proposal", "cocreation.Contribution", "conversation.Comment")


# --- planning ---


def plan(entries: Sequence[Entry], at: datetime) -> int:
    """A row for each address that wants to hear of each event, in the transaction of the journal's cursor. Three queries,
    and two where something is gone."""
    hooks = list(Webhook.objects.on())
    return _plan_news(entries, hooks, at) + _plan_gone(entries, hooks, at)


def _plan_gone(entries: Sequence[Entry], hooks: Sequence[Webhook], at: datetime) -> int:
    """Of what was public once. The row holds the number and nothing else: it stays when the contribution's rows are erased."""
    # Below zero are dry runs.
    gone = {e.subject_key: e for e in entries if e.verb in GONE_BY and (e.process_id or 0) >= 0}
    hearing = [hook for hook in hooks if OF_CONTRIBUTIONS & set(hook.kinds)]
    if not gone or not hearing:
        return 0
    told = Entry.objects.filter(subject_label__in=_THEMSELVES, subject_key__in=list(gone), verb__in=VERBS)
    was_public = set(told.values_list("subject_key", flat=True))
    # What waited for moderation from its first moment on never was.
    seen = Contribution.objects.filter(pk__in=was_public).exclude(held_at=F("published_at"))
    receipts = dict(seen.values_list("pk", "receipt"))
    rows = [
        Delivery(
            webhook=hook, entry_id=entry.pk, verb=GONE, subject_key=receipts[int(key)], process_id=entry.process_id,
            at=entry.at, made_at=at, due_at=at,
        )
        for key, entry in gone.items()
        if int(key) in receipts
        for hook in hearing
        if hook.process_id in (None, entry.process_id)
    ]  # fmt: skip
    return len(Delivery.objects.bulk_create(rows, ignore_conflicts=True))


def _plan_news(entries: Sequence[Entry], hooks: Sequence[Webhook], at: datetime) -> int:
    wanted = [(entry, hook) for entry in entries for hook in hooks if _wants(hook, entry)]
    if not wanted:
        return 0
    named = {entry.pk: key for entry, _hook in wanted if (key := _contribution_of(entry))}
    there = set(Contribution.objects.filter(pk__in=set(named.values())).values_list("pk", flat=True))
    rows = [
        Delivery(
            webhook=hook, entry_id=entry.pk, verb=entry.verb, subject_label=entry.subject_label,
            subject_key=entry.subject_key, process_id=entry.process_id, contribution_id=named.get(entry.pk), at=entry.at,
            made_at=at, due_at=at,
        )
        for entry, hook in wanted
        if entry.pk not in named or named[entry.pk] in there
    ]  # fmt: skip
    return len(Delivery.objects.bulk_create(rows, ignore_conflicts=True))


def _wants(hook: Webhook, entry: Entry) -> bool:
    return entry.verb in hook.verbs and hook.process_id in (None, entry.process_id)


def _contribution_of(entry: Entry) -> int:
    if entry.subject_label in _THEMSELVES:
        return int(entry.subject_key)
    return int(entry.data.get("contribution") or 0)


# --- what it says ---


@dataclass
class _Seen:
    """What a visitor sees of the things a batch is about."""

    processes: Mapping[int, Process]
    contributions: Mapping[int, Contribution]
    proposals: Mapping[int, Proposal]
    # Label of a table with a rule of its own -> keys a visitor sees.
    subjects: dict[str, set[str]] = field(default_factory=dict)

    def shows(self, row: Delivery) -> bool:
        """Each thing the message touches has to be public; what touches nothing we know is not sent."""
        asked = [
            *([row.process_id in self.processes] if row.process_id else []),
            *([row.contribution_id in self.contributions] if row.contribution_id else []),
            *(
                [row.subject_key in self.subjects[row.subject_label]]
                if row.subject_label in self.subjects
                else []
            ),
        ]
        return bool(asked) and all(asked)


def bodies(rows: Sequence[Delivery]) -> dict[int, bytes | None]:
    """What each message says; None for what is not public (any more), and for what is said to be gone and is back. A
    handful of queries for all."""
    seen = _look([row for row in rows if row.verb not in (TEST, GONE)])
    gone = _look_for_gone([row for row in rows if row.verb == GONE])
    said: dict[int, bytes | None] = {}
    for row in rows:
        if row.verb == TEST:
            said[row.pk] = _bytes(_test(row))
        elif row.verb == GONE:
            said[row.pk] = gone[row.pk]
        else:
            said[row.pk] = _bytes(_event(row, seen)) if seen.shows(row) else None
    return said


def _look_for_gone(rows: Sequence[Delivery]) -> dict[int, bytes | None]:
    """That it is gone, its number and its process; never what it said, whose it was or why."""
    if not rows:
        return {}
    numbers = {row.subject_key for row in rows}
    back = set(
        Contribution.objects.visible_to(None).filter(receipt__in=numbers).values_list("receipt", flat=True)
    )
    slugs = dict(
        Process.objects.visible_to(None)
        .filter(pk__in={row.process_id for row in rows})
        .values_list("pk", "slug")
    )
    return {
        row.pk: None
        if row.subject_key in back
        else _bytes(_message(row, {"process": slugs.get(row.process_id or 0), "number": row.subject_key}))
        for row in rows
    }


def _look(rows: Iterable[Delivery]) -> _Seen:
    rows = list(rows)
    contributions = {row.contribution_id for row in rows if row.contribution_id}
    processes = {row.process_id for row in rows if row.process_id}
    proposals = Proposal.objects.visible_to(None).without_vector().filter(pk__in=contributions)
    seen = _Seen(
        {each.pk: each for each in Process.objects.visible_to(None).filter(pk__in=processes)},
        {each.pk: each for each in Contribution.objects.visible_to(None).filter(pk__in=contributions)},
        {each.pk: each for each in proposals},
    )
    by_label: dict[str, set[str]] = {}
    for row in rows:
        by_label.setdefault(row.subject_label, set()).add(row.subject_key)
    for label, keys in by_label.items():
        if (rule := _rule_of(label)) is not None:
            found = rule(None).filter(pk__in=keys).values_list("pk", flat=True)
            seen.subjects[label] = {str(key) for key in found}
    return seen


def _rule_of(label: str) -> Any:
    """The table's own rule of who sees its rows, if it has one; what is of no table any more nobody sees."""
    try:
        model: type[Model] = apps.get_model(label)
    except (LookupError, ValueError):
        return lambda person: Process.objects.none()
    return getattr(model._default_manager, "visible_to", None)


def _event(row: Delivery, seen: _Seen) -> dict[str, Any]:
    process = seen.processes.get(row.process_id or 0)
    contribution = seen.contributions.get(row.contribution_id or 0)
    proposal = seen.proposals.get(row.contribution_id or 0)
    return _message(
        row,
        {
            "process": process.slug if process else None,
            "number": contribution.receipt if contribution else None,
            "title": _in_both(lambda code: _title(proposal, process, code)) if proposal or process else None,
            "page": _in_both(
                lambda code: f"{settings.SITE_URL}{_page(row, proposal, contribution, process)}"
            ),
            "api": _api(row, proposal, process),
        },
    )


def _test(row: Delivery) -> dict[str, Any]:
    return _message(row, {"city": settings.CITY_NAME})


def _message(row: Delivery, data: dict[str, Any]) -> dict[str, Any]:
    at = row.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"id": row.message, "type": row.verb, "timestamp": at, "data": data}


def _bytes(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _in_both(say: Any) -> dict[str, str]:
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[code] = str(say(code))
    return found


def _title(proposal: Proposal | None, process: Process | None, code: str) -> str:
    if proposal is not None:
        return proposal.in_language("title", code)
    return process.title if process else ""


def _page(
    row: Delivery, proposal: Proposal | None, contribution: Contribution | None, process: Process | None
) -> str:
    if row.subject_label == "feedback.Commitment":
        return reverse("feedback:commitment", args=[row.subject_key])
    thing = proposal or contribution or process
    return str(thing.get_absolute_url()) if thing is not None else reverse("home")


def _api(row: Delivery, proposal: Proposal | None, process: Process | None) -> str | None:
    """Where the whole thing is read, for those who want more than that it happened."""
    if row.subject_label == "feedback.Commitment":
        path = reverse("api_v1:commitment", args=[row.subject_key])
    elif proposal is not None:
        path = reverse("api_v1:proposal", args=[proposal.receipt])
    elif process is not None:
        path = reverse("api_v1:process", args=[process.slug])
    else:
        return None
    return f"{settings.SITE_URL}{path}"
