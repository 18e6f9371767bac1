"""Answers before they are public: drafts, the second reader, publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Office, Process
from cocreation.roles import may_act_for
from feedback import clocks, rules
from feedback.actions.answering import Wording, answer_contribution, answer_many
from feedback.models import AnswerDraft, OfficialAnswer
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from accounts.models import Person


@transaction.atomic
def save_draft(
    *,
    process: Process,
    office: Office,
    content: Mapping[str, str],
    by: Person,
    at: datetime,
    contribution: Contribution | None = None,
    targets: Sequence[int] = (),
    scope: str = "",
) -> AnswerDraft:
    """Keep what was typed. To one contribution there is one open draft, whoever of the office writes at it."""
    require(may_act_for(by, office))
    keys = [contribution.pk] if contribution else list(targets)
    draft = None
    if contribution is not None:
        draft = (
            AnswerDraft.objects.select_for_update()
            .filter(contribution=contribution, published_at__isnull=True)
            .first()
        )
    if draft is None:
        draft = AnswerDraft(process=process, contribution=contribution, version=0)
    elif not may_act_for(by, draft.office):
        raise Refused(No(_("Another office is writing an answer to this already.")))
    draft.office, draft.targets, draft.scope = office, keys, scope[:200]
    draft.content = {name: value for name, value in content.items() if value}
    draft.version += 1
    draft.changed_at, draft.changed_by = at, by
    # What waits for its reader is what was handed in, to the letter.
    draft.submitted_at = draft.submitted_by = None
    draft.save()
    return draft


@transaction.atomic
def hand_in(*, draft: AnswerDraft, by: Person, at: datetime) -> AnswerDraft:
    """It is ready for the second reader, who is told."""
    draft = _locked(draft)
    require(rules.may_write(by, draft))
    draft.submitted_at, draft.submitted_by, draft.returned_note = at, by, ""
    draft.save(update_fields=["submitted_at", "submitted_by", "returned_note"])
    readers = [key for key in clocks.people_of(draft.office_id, at) if key != by.pk]
    _note("answer.handed_in", draft, by, at, readers)
    return draft


@transaction.atomic
def publish_draft(
    *, draft: AnswerDraft, wording: Wording, by: Person, at: datetime, seen: int
) -> list[OfficialAnswer]:
    """The second reader agrees: public at once. Whoever may skip the second reader publishes their own draft the same way."""
    draft = _locked(draft)
    if draft.version != seen:
        raise Refused(No(_("A colleague has changed it meanwhile. Read it once more.")))
    writer = draft.submitted_by or draft.changed_by
    if writer is None:
        raise Refused(No(_("Whoever wrote it is gone. Save it under your name and let a colleague read it.")))
    alone = writer.pk == by.pk
    require(rules.may_write(by, draft) if alone else rules.may_read(by, draft))
    draft.published_at = at
    reader = None if alone else by
    if draft.contribution is not None:
        made = [
            answer_contribution(
                contribution=draft.contribution, office=draft.office, status=wording.status, reason=wording.reason,
                reason_code=wording.reason_code, link=wording.link, next_date=wording.next_date, by=writer, at=at,
                read_by=reader, draft=draft,
            )
        ]  # fmt: skip
    else:
        made = answer_many(
            process=draft.process, targets=draft.targets, office=draft.office, wording=wording, by=writer, at=at,
            read_by=reader, draft=draft,
        )  # fmt: skip
    draft.save(update_fields=["published_at"])
    return made


@transaction.atomic
def send_back(*, draft: AnswerDraft, note: str, by: Person, at: datetime) -> None:
    """The reader says what is missing, and the writer is told; whoever handed it in may take it back the same way."""
    draft = _locked(draft)
    require(may_act_for(by, draft.office))
    if draft.submitted_at is None:
        raise Refused(No(_("This does not wait for a reader.")))
    if not note.strip():
        raise Refused(No(_("Say what is missing.")))
    writer = draft.submitted_by_id
    draft.submitted_at = draft.submitted_by = None
    draft.returned_note = note.strip()[:500]
    draft.save(update_fields=["submitted_at", "submitted_by", "returned_note"])
    _note("answer.returned", draft, by, at, [writer] if writer and writer != by.pk else [])


@transaction.atomic
def discard(*, draft: AnswerDraft, by: Person, at: datetime) -> None:
    """A draft was never public: it goes without a trace."""
    draft = _locked(draft)
    require(rules.may_write(by, draft))
    draft.delete()


def _locked(draft: AnswerDraft) -> AnswerDraft:
    found = (
        AnswerDraft.objects.select_for_update(of=("self",))
        .select_related("process", "office", "contribution", "changed_by", "submitted_by")
        .filter(pk=draft.pk)
        .first()
    )
    if found is None or found.published_at is not None:
        raise Refused(No(_("This is published already, or it was discarded.")))
    return found


def _note(verb: str, draft: AnswerDraft, by: Person, at: datetime, tell: Sequence[int]) -> None:
    journal.record(
        verb, by=by, on=draft.process, process=draft.process_id, at=at,
        data={"office": draft.office.slug, "draft": draft.pk, "tell": list(tell)},
    )  # fmt: skip
