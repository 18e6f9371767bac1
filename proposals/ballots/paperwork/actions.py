"""The only place where what is on paper changes: printing, handing out, taking in, typing, agreeing, finishing.

Handing out and taking in write no journal entry and no time: they would tell when which slot was closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from cocreation.checks import codes
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.ballots import actions as votes
from proposals.ballots import envelopes, keys, slot_actions
from proposals.ballots.models import Vote
from proposals.ballots.paperwork import rules
from proposals.ballots.paperwork.ledger import figures, ledger_of
from proposals.ballots.paperwork.models import (
    MOST_COPIES,
    MOST_IN_BATCH,
    Batch,
    Finish,
    PaperCode,
    PrintRun,
    Typed,
    Way,
)
from proposals.ballots.paperwork.parsing import WHOLE, Line, read_line, read_parts, standing

if TYPE_CHECKING:
    from accounts.models import Person

NOT_A_CODE = No(
    _("This is not a code of ours: a character is missing or wrong."),
    _("A code has twelve characters. There is no zero, no one and no letter O, I or L in it."),
)
UNKNOWN_CODE = No(_("This code does not belong to this vote, or its print run was revoked."))
GIVEN = No(_("The ballot with this code was given to somebody already."), _("Take another ballot."))
NOT_GIVEN = No(
    _("The ballot with this code was never given to anybody."),
    _("Put it aside, unopened, and tell whoever leads the count."),
)
USED = No(
    _("The ballot with this code was taken in already. A code counts once."),
    _("Put this ballot aside, unopened."),
)


def _locked(vote: Vote) -> Vote:
    found = Vote.objects.select_for_update(of=("self",)).select_related("phase__process").get(pk=vote.pk)
    require(rules.is_unfinished(found))
    return found


def _next(rows: QuerySet[Any]) -> int:
    last: int | None = rows.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


# --- printing ---


@transaction.atomic
def print_run(
    *, vote: Vote, way: str, copies: int, language: str, large: bool, by: Person, at: datetime
) -> tuple[PrintRun, list[str]]:
    """A new print run and its codes, in the order of their serial numbers. The codes are returned once and stored nowhere;
    ballots for the town hall have none."""
    require(rules.may_print(by, vote))
    vote = _locked(vote)
    if not vote.paper:
        raise Refused(No(_("This vote is held online only.")))
    if not 1 <= copies <= MOST_COPIES:
        raise Refused(No(_("Between 1 and 500 ballots can be printed at once.")))
    run = PrintRun.objects.create(
        vote=vote, number=_next(vote.print_runs.all()), way=way, copies=copies, language=language, large=large,
        printed_by=by, printed_at=at,
    )  # fmt: skip
    made = [codes.make() for _number in range(copies)] if way == Way.CODE else []
    secrets = keys.load(vote.pk, vote.public_key)
    PaperCode.objects.bulk_create(
        PaperCode(key=secrets.paper_code(code), vote=vote, run=run, serial=serial)
        for serial, code in enumerate(made, start=1)
    )
    journal.record(
        "paper.printed", by=by, on=vote, process=vote.phase.process_id, at=at,
        data={"run": run.number, "copies": copies, "way": way},
    )  # fmt: skip
    return run, made


@transaction.atomic
def revoke_run(*, run: PrintRun, by: Person, at: datetime) -> int:
    """Codes of a run that were not taken in stop being valid. Returns how many."""
    require(rules.may_print(by, run.vote))
    vote = _locked(run.vote)
    run = PrintRun.objects.select_for_update().get(pk=run.pk)
    if run.revoked_at:
        raise Refused(No(_("This print run was revoked already.")))
    count = run.codes.filter(returned=False, revoked=False).update(revoked=True)
    run.revoked_at = at
    run.save(update_fields=["revoked_at"])
    journal.record(
        "paper.revoked",
        by=by,
        on=vote,
        process=vote.phase.process_id,
        at=at,
        data={"run": run.number, "count": count},
    )
    return count


# --- handing out and taking in ---


def _slot_of(vote: Vote, key: str, at: datetime) -> bytes:
    """The tag of somebody's slot, which is made if they became eligible late."""
    tag = slot_actions.tag_of(vote, key)
    if not vote.slots.filter(pk=tag).exists():
        votes.add_late_slots(vote=vote, at=at)
    return tag


@transaction.atomic
def hand_out(*, vote: Vote, key: str, by: Person, at: datetime) -> None:
    """At the town hall: this person (by the key of their slot) gets a ballot without a code and votes on paper from now on."""
    require(rules.may_handle(by, vote))
    vote = _locked(vote)
    require(rules.is_open(vote, at))
    slot_actions.close_slot(vote=vote, tag=_slot_of(vote, key, at), way=Way.DESK)


@transaction.atomic
def take_back_hand_out(*, vote: Vote, key: str, by: Person) -> None:
    """It was the wrong person, or they gave the ballot back unused: they can vote online again."""
    require(rules.may_handle(by, vote))
    slot_actions.reopen_slot(vote=_locked(vote), tag=slot_actions.tag_of(vote, key))


@transaction.atomic
def give(*, vote: Vote, key: str, code: str, by: Person, at: datetime) -> PaperCode:
    """This person gets the ballot with this code, to fill in at home. An earlier one that did not come in is void.

    They can still vote online: only a ballot that comes in changes anything.
    """
    require(rules.may_handle(by, vote))
    vote = _locked(vote)
    require(rules.is_open(vote, at))
    found = _code(vote, code)
    if found.tag is not None:
        raise Refused(GIVEN)
    tag = _slot_of(vote, key, at)
    slot = vote.slots.filter(pk=tag).values_list("closed", flat=True).first()
    if slot is None:
        raise Refused(slot_actions.NO_SLOT)
    if slot:
        raise Refused(slot_actions.ALREADY)
    PaperCode.objects.filter(vote=vote, tag=tag, revoked=False).update(revoked=True)
    found.tag = tag
    found.save(update_fields=["tag"])
    return found


@transaction.atomic
def take_in(*, vote: Vote, code: str, by: Person, at: datetime) -> PaperCode:
    """A ballot with this code came in: its person votes on paper from now on. The code is cut off before the box."""
    require(rules.may_handle(by, vote))
    vote = _locked(vote)
    found = _code(vote, code)
    if found.returned:
        raise Refused(USED)
    if found.tag is None:
        raise Refused(NOT_GIVEN)
    slot_actions.close_slot(vote=vote, tag=bytes(found.tag), way=Way.CODE)
    found.returned = True
    found.save(update_fields=["returned"])
    return found


def _code(vote: Vote, typed: str) -> PaperCode:
    code = codes.read(typed)
    if code is None:
        raise Refused(NOT_A_CODE)
    key = keys.load(vote.pk, vote.public_key).paper_code(code)
    found = PaperCode.objects.select_for_update(of=("self",)).select_related("run").filter(pk=key).first()
    if found is None or found.vote_id != vote.pk or found.revoked:
        raise Refused(UNKNOWN_CODE)
    return found


# --- batches ---


@transaction.atomic
def open_batch(*, vote: Vote, way: str, size: int, by: Person, at: datetime) -> Batch:
    """So many ballots of a box, numbered from 1. Never more in all than people were noted."""
    require(rules.may_handle(by, vote))
    vote = _locked(vote)
    if not 1 <= size <= MOST_IN_BATCH:
        raise Refused(No(_("A batch has between 1 and 500 ballots.")))
    if size > ledger_of(vote).ways[way].missing:
        raise Refused(slot_actions.MORE_THAN_PEOPLE)
    batch = Batch.objects.create(
        vote=vote, number=_next(vote.batches.all()), way=way, size=size, opened_by=by, opened_at=at
    )
    _tell("paper.batch_opened", batch, by, at)
    return batch


@transaction.atomic
def cancel_batch(*, batch: Batch, by: Person, at: datetime) -> None:
    """A batch that was opened by mistake: what was typed is deleted, the ballots are free for another one."""
    require(rules.may_handle(by, batch.vote))
    batch = _open(batch)
    _tell("paper.batch_cancelled", batch, by, at)
    batch.delete()


def _open(batch: Batch) -> Batch:
    """The batch and its vote, locked; refused when it is sealed."""
    vote = _locked(batch.vote)
    found = Batch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if found is None or found.is_sealed:
        raise Refused(No(_("This batch is agreed on and sealed. Nothing can be changed any more.")))
    found.vote = vote
    return found


def _tell(verb: str, batch: Batch, by: Person, at: datetime, **data: int) -> None:
    """What happened to a batch, never what stands on its ballots."""
    journal.record(
        verb,
        by=by,
        on=batch.vote,
        process=batch.vote.phase.process_id,
        at=at,
        data={"batch": batch.number, **data},
    )


# What was typed for one ballot: a line, or with envelopes a line for each by its letter (parsing.py).
Text = str | Mapping[str, str]


def _read(batch: Batch, text: Text) -> Line:
    vote, options = batch.vote, votes.options_of(batch.vote)
    line: Line | No
    if vote.envelopes:
        found = read_parts({WHOLE: text} if isinstance(text, str) else text, vote, options)
        line = found if isinstance(found, Line) else next(iter(found.values()))
    else:
        line = read_line(text if isinstance(text, str) else "", vote, options)
    if isinstance(line, No):
        raise Refused(line)
    return line


@transaction.atomic
def type_ballot(*, batch: Batch, number: int, text: Text, by: Person, at: datetime) -> Batch:
    """One ballot as this person reads it; typed again it takes the place of their earlier line. The first two people who
    type a batch are its two; when both are through and agree, it is sealed."""
    require(rules.may_handle(by, batch.vote))
    batch = _open(batch)
    side = batch.side_of(by)
    if side is None:
        raise Refused(No(_("Two other people type this batch.")))
    if not 1 <= number <= batch.size:
        raise Refused(No(_("This batch has no ballot with this number.")))
    line = _read(batch, text)
    if side == 1 and batch.first_by_id is None:
        batch.first_by = by
        batch.save(update_fields=["first_by"])
    elif side == 2 and batch.second_by_id is None:
        batch.second_by = by
        batch.save(update_fields=["second_by"])
    _store(batch, side, number, line)
    return _agree(batch, by, at)


@transaction.atomic
def decide(*, batch: Batch, number: int, text: Text, by: Person, at: datetime) -> Batch:
    """A third person looks at the ballot and decides what stands on it."""
    require(rules.may_handle(by, batch.vote))
    batch = _open(batch)
    require(rules.may_decide(by, batch))
    if number not in differences(batch):
        raise Refused(No(_("About this ballot the two agree.")))
    line = _read(batch, text)
    for side in (1, 2):
        _store(batch, side, number, line)
    _tell("paper.decided", batch, by, at, ballot=number)
    return _agree(batch, by, at)


def _store(batch: Batch, side: int, number: int, line: Line) -> None:
    Typed.objects.update_or_create(
        batch=batch, side=side, number=number,
        defaults={
            "kind": line.kind, "category": line.category, "positions": list(line.positions), "parts": dict(line.parts),
        },
    )  # fmt: skip


def differences(batch: Batch) -> list[int]:
    """The ballots two people read differently, once both have typed the whole batch."""
    sides: dict[int, dict[int, object]] = {1: {}, 2: {}}
    for row in batch.typed.all():
        sides[row.side][row.number] = row.said
    if any(len(said) < batch.size for said in sides.values()):
        return []
    return [number for number in sorted(sides[1]) if sides[1][number] != sides[2][number]]


def is_typed_twice(batch: Batch) -> bool:
    return batch.typed.count() == 2 * batch.size


def _agree(batch: Batch, by: Person, at: datetime) -> Batch:
    """Seal the batch when every ballot was typed twice and alike."""
    if not is_typed_twice(batch) or differences(batch):
        return batch
    lines = list(batch.typed.filter(side=1))
    options = votes.options_of(batch.vote)
    by_position = {option.position: option.pk for option in options}
    slot_actions.fill_closed(
        vote=batch.vote,
        way=batch.way,
        choices=[[by_position[position] for position in line.positions] for line in lines],
        options=options,
    )
    kinds = Counter(line.kind for line in lines)
    batch.valid, batch.blank, batch.invalid = (kinds[kind] for kind in Typed.Kind.values)
    batch.categories = dict(Counter(line.category for line in lines if line.category))
    batch.parts = {
        section.code: dict(Counter(standing(line, section) for line in lines))
        for section in envelopes.sections_of(batch.vote, options)
    }
    batch.sealed_at = at
    batch.save(update_fields=["valid", "blank", "invalid", "categories", "parts", "sealed_at"])
    batch.typed.all().delete()
    _tell("paper.batch_sealed", batch, by, at)
    return batch


# --- the end ---


@transaction.atomic
def finish(*, vote: Vote, reason: str, by: Person, at: datetime) -> Finish:
    """Everything on paper is entered: the vote is counted now. Where ballots are missing the reason is published."""
    require(rules.may_print(by, vote))
    vote = _locked(vote)
    ledger = ledger_of(vote)
    require(rules.may_finish(ledger, vote, at, reason))
    done = Finish.objects.create(
        vote=vote, by=by, at=at, missing=ledger.missing, reason=reason.strip() if ledger.missing else ""
    )
    journal.record(
        "paper.finished",
        by=by,
        on=vote,
        process=vote.phase.process_id,
        at=at,
        data={"missing": ledger.missing},
    )
    return done


def at_the_count(vote: Vote) -> dict[str, object]:
    """The sums for the result; the codes go with the slots."""
    found = figures(vote)
    PaperCode.objects.filter(vote=vote).delete()
    return found


def call_off(process: object, at: datetime) -> None:
    """When a process is stopped nothing of an uncounted vote on paper is needed any more."""
    mine = {"vote__phase__process": process, "vote__counted_at__isnull": True}
    PaperCode.objects.filter(**mine).delete()
    Batch.objects.open().filter(**mine).delete()
