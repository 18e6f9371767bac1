"""The only place where shared drafts change."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.actions import Wording, revise_proposal
from proposals.cowriting import live, rules, texts
from proposals.cowriting.models import DraftUpdate, SharedDraft
from proposals.models import Authorship, Proposal, Revision

if TYPE_CHECKING:
    from accounts.models import Person

# So many updates are read one by one; then they become part of the snapshot.
TAIL = 200


class TooMuch(Exception):
    """The document would outgrow every text. Nothing was stored."""


@transaction.atomic
def open_draft(*, proposal: Proposal, by: Person, at: datetime) -> SharedDraft:
    """Start the next version together; where others were quicker, theirs is the one. The other writers are told."""
    require(rules.may_write_together(by, proposal, at))
    newest = proposal.revisions.order_by("-number").first()
    assert newest is not None  # the first version is written with the proposal
    state = texts.started(Wording(newest.title, newest.summary, newest.body))
    draft = SharedDraft(
        proposal=proposal, base=newest.number, origin=state, snapshot=state,
        created_by=by, created_at=at, updated_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        return SharedDraft.objects.open().get(proposal=proposal)
    others = Authorship.objects.writing().filter(proposal=proposal).exclude(person=by)
    tell = [key for key in others.values_list("person_id", flat=True) if key is not None]
    journal.record(
        "draft.opened", by=by, on=proposal, process=proposal.process_id, at=at, data={"tell": tell}
    )
    return draft


def locked(draft: SharedDraft) -> SharedDraft:
    """The draft as it is now, until the end of the transaction: who writes and who closes it wait for each other."""
    return (
        SharedDraft.objects.select_for_update(of=("self",))
        .select_related("proposal__process", "proposal__contribution")
        .get(pk=draft.pk)
    )


@transaction.atomic
def take_update(*, draft: SharedDraft, update: bytes, by: Person, at: datetime) -> bool:
    """Keep what somebody wrote; False when it brings nothing new. Raises texts.Broken or TooMuch, and nothing has changed.

    Whoever calls it tells the others, after the commit.
    """
    draft = locked(draft)
    require(rules.may_write(by, draft, at))
    rows = [bytes(row) for row in draft.updates.values_list("data", flat=True)]
    if len(draft.snapshot) + sum(map(len, rows)) + len(update) > texts.MOST_BYTES:
        raise TooMuch
    if not texts.take(texts.opened([draft.snapshot, *rows]), update):
        return False
    DraftUpdate.objects.create(draft=draft, by=by, at=at, data=update)
    SharedDraft.objects.filter(pk=draft.pk).update(updated_at=at)
    if len(rows) >= TAIL:
        compact(draft=draft)
    return True


@transaction.atomic
def compact(*, draft: SharedDraft) -> int:
    """Put the updates into the snapshot. Those that come in meanwhile stay for the next time."""
    draft = locked(draft)
    rows = list(draft.updates.values_list("pk", "data"))
    if rows:
        state = texts.merged([draft.snapshot, *(data for _key, data in rows)])
        SharedDraft.objects.filter(pk=draft.pk).update(snapshot=state)
        draft.updates.filter(pk__in=[key for key, _data in rows]).delete()
    return len(rows)


def state_of(draft: SharedDraft) -> bytes:
    """The whole document in one update. Two queries, so that a compaction in between does not matter: rows first."""
    rows = list(draft.updates.values_list("data", flat=True))
    snapshot = SharedDraft.objects.values_list("snapshot", flat=True).get(pk=draft.pk)
    return texts.merged([snapshot, *rows])


def words_of(draft: SharedDraft) -> Wording:
    """What the draft says now, as a version would say it: one line each for title and summary."""
    return tidy(texts.words_of(texts.opened([state_of(draft)])))


def tidy(words: Wording) -> Wording:
    return Wording(" ".join(words.title.split()), " ".join(words.summary.split()), words.body.strip())


def mark(words: Wording) -> str:
    """A short name for exactly these words: who publishes says which ones they have read."""
    return hashlib.sha256("\x1f".join((words.title, words.summary, words.body)).encode()).hexdigest()[:16]


@transaction.atomic
def write_words(*, draft: SharedDraft, seen: bytes, words: Wording, by: Person, at: datetime) -> bool:
    """Save a form: only what differs from the document the person had before them (`seen`) is changed."""
    update = texts.rewritten(seen, words)
    if update == texts.EMPTY or not take_update(draft=draft, update=update, by=by, at=at):
        return False
    transaction.on_commit(lambda: live.tell_update(draft.key, update))
    return True


@transaction.atomic
def carry_over(*, draft: SharedDraft, by: Person, at: datetime) -> Revision:
    """Somebody published a version meanwhile: bring what it changed into the draft, which then continues that version."""
    draft = locked(draft)
    require(rules.may_write(by, draft, at))
    newest = draft.proposal.revisions.order_by("-number").first()
    assert newest is not None
    if newest.number == draft.base:
        raise Refused(No(_("The draft continues the newest version already.")))
    update = texts.rewritten(bytes(draft.origin), Wording(newest.title, newest.summary, newest.body))
    SharedDraft.objects.filter(pk=draft.pk).update(
        base=newest.number, origin=texts.merged([draft.origin, update])
    )
    if update != texts.EMPTY:
        take_update(draft=draft, update=update, by=by, at=at)
        transaction.on_commit(lambda: live.tell_update(draft.key, update))
    return newest


@transaction.atomic
def publish_draft(
    *, draft: SharedDraft, by: Person, at: datetime, seen: str, note: str = "", is_substantive: bool = False
) -> Revision:
    """Make the draft the new version and close it. `seen` is the mark of the words the person read.

    Raises `Overtaken` when another version was published meanwhile, and Refused when the words have changed since.
    """
    draft = locked(draft)
    require(rules.may_write(by, draft, at))
    words = words_of(draft)
    if mark(words) != seen:
        raise Refused(No(_("The text was changed since you looked at it. Please read it once more.")))
    revision = revise_proposal(
        proposal=draft.proposal, wording=words, by=by, at=at, seen=draft.base,
        note=note, is_substantive=is_substantive,
    )  # fmt: skip
    SharedDraft.objects.filter(pk=draft.pk).update(published_at=at, published_as=revision.number)
    transaction.on_commit(lambda: live.tell_over(draft.key, "published"))
    return revision


@transaction.atomic
def discard_draft(*, draft: SharedDraft, by: Person, at: datetime) -> None:
    """Close it without a new version. It can be brought back for 30 days."""
    draft = locked(draft)
    require(rules.may_write(by, draft, at))
    SharedDraft.objects.filter(pk=draft.pk).update(discarded_at=at, discarded_by=by)
    journal.record("draft.discarded", by=by, on=draft.proposal, process=draft.proposal.process_id, at=at)
    transaction.on_commit(lambda: live.tell_over(draft.key, "discarded"))


@transaction.atomic
def restore_draft(*, draft: SharedDraft, by: Person, at: datetime) -> None:
    draft = locked(draft)
    require(rules.may_restore(by, draft, at))
    try:
        with transaction.atomic():
            SharedDraft.objects.filter(pk=draft.pk).update(discarded_at=None, discarded_by=None)
    except IntegrityError:
        raise Refused(No(_("There is a shared draft already."))) from None
    journal.record("draft.restored", by=by, on=draft.proposal, process=draft.proposal.process_id, at=at)


def sweep(*, at: datetime) -> int:
    """Forget drafts that ended 30 days ago: what was published is a version now."""
    before = at - rules.KEPT
    return SharedDraft.objects.filter(Q(discarded_at__lte=before) | Q(published_at__lte=before)).delete()[0]


def leave(person: Person, at: datetime) -> None:
    """An account is closed: nothing says any more who wrote what."""
    DraftUpdate.objects.filter(by=person).update(by=None)
    SharedDraft.objects.filter(created_by=person).update(created_by=None)
    SharedDraft.objects.filter(discarded_by=person).update(discarded_by=None)
