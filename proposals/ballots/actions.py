"""The only place where votes change.

Opening and counting are done by the clock, by whoever comes first: a periodic task or the first reader. Casting is one
UPDATE of one slot and nothing else: no journal entry, no log line, no mail, no second row in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cocreation.models import Phase, Process
from cocreation.words import not_open_yet, over_since, stopped
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.actions import move_stage
from proposals.ballots import keys, kinds, late, mailing, memory, plan, questions, rules, slot_actions
from proposals.ballots.board import publishing as board
from proposals.ballots.board.leaves import Receipt
from proposals.ballots.counting import (
    ballots_csv,
    checksum,
    count_answers,
    count_envelopes,
    count_vote,
    promise_of,
    stored,
)
from proposals.ballots.kinds import Filled, Kind
from proposals.ballots.memory import Opened
from proposals.ballots.models import BallotOption, CastBallot, Slot, Tally, Turnout, Vote
from proposals.ballots.sealing import Packed, pack_choice, seal, unpack_choice, unseal
from proposals.ballots.tally import LOT
from proposals.models import Stage

if TYPE_CHECKING:
    from accounts.models import Person

# The size of a batch: nothing about who takes part is published, moved or added for fewer than so many at once.
BATCH = 20
_TRIES = 3
# By how much the clock of a machine may be wrong before people notice.
_MOST_SKEW = timedelta(minutes=15)
_MANY = 20_000
_NEW_SLOTS = "insert into ballots_slot (tag, vote_id, closed) select tag, %s, '' from unnest(%s::bytea[]) tag"


# --- opening ---


@transaction.atomic
def open_vote(*, phase: Phase, at: datetime) -> Vote:
    """Fix options, costs, rule and money, and make a slot for everyone who may vote. Opening twice is opening once."""
    phase = Phase.objects.select_for_update(of=("self",)).select_related("process").get(pk=phase.pk)
    vote = Vote.objects.filter(pk=phase.pk).first()
    if vote is not None:
        vote.phase = phase
        return vote
    if phase.method != "ballot" or "vote" not in phase.acts or not phase.process.is_published:
        raise Refused(No(_("There is no vote here.")))
    if phase.process.is_stopped(at):
        raise Refused(stopped(phase.process))
    if phase.is_ahead(at):
        raise Refused(not_open_yet(phase))
    proposals = plan.proposals_for(phase)
    require(plan.is_ready(phase, proposals))
    secrets = keys.make(phase.pk)
    vote = plan.planned_vote(phase)
    vote.public_key, vote.opened_at = secrets.public, at
    vote.lot_promise = promise_of(secrets.lot) if vote.tie_rule == LOT else ""
    wanted = plan.wanted_for(phase, proposals)
    plan.complete(vote, phase, plan.options_for(vote, wanted))
    vote.save(force_insert=True)
    insert_options(vote, wanted)
    for proposal in proposals:
        move_stage(proposal, Stage.ON_BALLOT, at=at, data={"budget": str(vote.budget)})
    _insert_slots(vote, secrets, at, dummies=False)
    about = {"questions": len(vote.questions)} if vote.questions else {"projects": len(proposals)}
    journal.record("vote.opened", on=vote, process=phase.process_id, at=at, data=about)
    return vote


def insert_options(vote: Vote, wanted: plan.Wanted) -> list[BallotOption]:
    """Store options in this order (plan.options_for)."""
    return BallotOption.objects.bulk_create(plan.options_for(vote, wanted))


def _insert_slots(vote: Vote, secrets: keys.Keys, at: datetime, *, dummies: bool) -> int:
    """Slots for everyone eligible who has none, in the order of their tags. Returns how many people got one."""
    there = {bytes(tag) for tag in vote.slots.values_list("tag", flat=True)}
    tags = {secrets.tag(key) for key in rules.eligible_keys(vote.phase, at)} - there
    new = len(tags)
    if new and dummies:
        # Late comers arrive one by one; among slots of nobody theirs cannot be told.
        tags |= {secrets.tag(f"nobody:{uuid.uuid4()}") for _number in range(max(0, BATCH - new))}
    # Half a million people may vote: whole lists of tags, no object for each.
    ordered = sorted(tags)
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), _MANY):
            cursor.execute(_NEW_SLOTS, [vote.pk, ordered[start : start + _MANY]])
    if new or vote.eligible is None:
        vote.eligible = (vote.eligible or 0) + new
        Vote.objects.filter(pk=vote.pk).update(eligible=vote.eligible)
    return new


@transaction.atomic
def add_late_slots(*, vote: Vote, at: datetime) -> int:
    """Slots for people who became eligible after the opening, hidden among slots of nobody."""
    vote = Vote.objects.select_for_update(of=("self",)).select_related("phase__process").get(pk=vote.pk)
    if vote.counted_at or not vote.phase.is_open(at):
        return 0
    return _insert_slots(vote, keys.load(vote.pk, vote.public_key), at, dummies=True)


# --- casting ---

_CAST = """
update ballots_slot set choice = %s
from cocreation_phase phase join cocreation_process process on process.id = phase.process_id
where ballots_slot.tag = %s and ballots_slot.vote_id = %s and ballots_slot.closed = '' and phase.id = ballots_slot.vote_id
  and 'vote' = any(phase.acts) and process.stopped_at is null
  and phase.starts <= statement_timestamp() and (phase.ends is null or statement_timestamp() < phase.ends)
"""


def cast(
    *,
    vote: Vote,
    by: Person,
    chosen: Filled,
    at: datetime,
    options: Sequence[BallotOption] | None = None,
    channel: str = CastBallot.Channel.WEB,
) -> rules.State:
    """Store this choice (keys of options, in the form of the vote's kind) as the ballot of this person, in place of an earlier one.

    Whether the vote is open is decided by the database's clock inside the statement. Refused says why in words;
    then nothing has changed.
    """
    at = moment_for(vote.phase, at)
    require(rules.may_vote(by, vote, at))
    options = options if options is not None else options_of(vote)
    require(rules.is_castable(vote, options, chosen))
    require(rules.lives_there(vote, options, chosen, by, at))
    secrets = keys.load(vote.pk, vote.public_key)
    tag = secrets.tag(rules.voter_key(by, vote.phase))
    before = _opened(secrets, tag)
    packed = pack_choice(
        positions_of(vote, options, chosen), channel, kind=vote.kind, mail=before is not None and before.mail
    )
    sealed = seal(secrets.public, packed, bound_to=tag)
    for _try in range(_TRIES):
        with connection.cursor() as cursor:
            cursor.execute(_CAST, [sealed, tag, vote.pk])
            if cursor.rowcount == 1:
                return rules.state_of(vote, options, chosen)
        _explain_or_repair(vote, tag, at)
    raise Refused(No(_("Your ballot was not saved."), _("Please try again in a moment.")))


NO_BALLOT_YET = No(
    _("There is no ballot of yours in the box yet."), _("Vote first; then ask for the mail on your receipt.")
)


def ask_for_mail(*, vote: Vote, by: Person, wanted: bool, at: datetime) -> None:
    """That this person wants a mail when their ballot is on the board, or wants it no more. Only the seal knows: the wish is
    one UPDATE of the slot, the same as a cast, and the ballot with its nonce stays what it was."""
    at = moment_for(vote.phase, at)
    require(rules.may_vote(by, vote, at))
    if wanted:
        require(mailing.may_mail(by))
    secrets = keys.load(vote.pk, vote.public_key)
    tag = secrets.tag(rules.voter_key(by, vote.phase))
    for _try in range(_TRIES):
        sealed = Slot.objects.filter(pk=tag, vote=vote, closed="").values_list("choice", flat=True).first()
        if sealed is None:
            raise Refused(rules.VOTES_ON_PAPER if votes_on_paper(vote, by) else NO_BALLOT_YET)
        packed = unpack_choice(unseal(secrets.private, bytes(sealed), bound_to=tag))
        if packed.mail == wanted:
            return
        plain = pack_choice(packed.positions, packed.channel, nonce=packed.nonce, kind=vote.kind, mail=wanted)
        with connection.cursor() as cursor:
            # Not over a ballot that was changed meanwhile.
            cursor.execute(
                f"{_CAST} and ballots_slot.choice = %s",
                [seal(secrets.public, plain, bound_to=tag), tag, vote.pk, bytes(sealed)],
            )
            if cursor.rowcount == 1:
                return
        _explain_or_repair(vote, tag, at)
    raise Refused(No(_("Your wish was not saved."), _("Please try again in a moment.")))


def _opened(secrets: keys.Keys, tag: bytes) -> Packed | None:
    """What lies in a slot now. One query."""
    sealed, _closed = _look(tag) or (None, "")
    return None if sealed is None else unpack_choice(unseal(secrets.private, sealed, bound_to=tag))


def _look(tag: bytes) -> tuple[bytes | None, str] | None:
    """A slot as it lies there: the sealed choice, and by which way it was closed. None where there is no such slot. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select choice, closed from ballots_slot where tag = %s", [tag])
        row = cursor.fetchone()
    return None if row is None else (None if row[0] is None else bytes(row[0]), row[1])


def _explain_or_repair(vote: Vote, tag: bytes, at: datetime) -> None:
    """No slot was touched: the vote is over, or not yet open, or the slot is being made (or moved) just now."""
    now = database_now()
    phase = Phase.objects.select_related("process").get(pk=vote.pk)
    if phase.process.stopped_at:
        raise Refused(stopped(phase.process))
    if phase.is_ahead(now):
        raise Refused(not_open_yet(phase))
    if phase.is_over(now) or Vote.objects.filter(pk=vote.pk, counted_at__isnull=False).exists():
        raise Refused(over_since(phase))
    closed = Slot.objects.filter(pk=tag).values_list("closed", flat=True).first()
    if closed:
        raise Refused(rules.VOTES_ON_PAPER)
    if closed is None:
        add_late_slots(vote=vote, at=at)


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def moment_for(phase: Phase, at: datetime) -> datetime:
    """The moment by which a vote is open or not. The clock of a machine may be wrong by minutes; where it says that the vote has
    just closed, or is about to open, the database's clock decides, as it does in the cast. One query, only then."""
    near = (abs(at - border) < _MOST_SKEW for border in (phase.starts, phase.ends) if border is not None)
    return database_now() if not phase.is_open(at) and any(near) else at


def options_of(vote: Vote) -> list[BallotOption]:
    """The options with their proposals and places, in the order of the ballot; none where questions are answered. One query."""
    return memory.options_of(vote)


def positions_of(vote: Vote, options: Sequence[BallotOption], chosen: Filled) -> Filled:
    """A choice as it is sealed: by positions instead of keys."""
    return kinds.renamed(kinds.tidy(vote.kind, chosen), _positions(vote, options))


def keys_of(vote: Vote, options: Sequence[BallotOption], positions: Filled) -> Filled:
    """A choice that was sealed, by keys."""
    return kinds.renamed(positions, {position: key for key, position in _positions(vote, options).items()})


def _positions(vote: Vote, options: Sequence[BallotOption]) -> dict[int, int]:
    """Key of an option -> its position. Lines of questions have no row: their position is their key."""
    if vote.kind == Kind.ANSWERS:
        return {line.key: line.key for line in questions.lines_of(questions.read(vote.questions))}
    return {option.pk: option.position for option in options}


def known_of(vote: Vote, options: Sequence[BallotOption], chosen: Filled) -> Filled:
    """What was filled in, without what does not stand on this ballot."""
    return kinds.renamed(chosen, {key: key for key in _positions(vote, options)})


@dataclass(frozen=True, slots=True)
class OwnSlot:
    """What a voter's own slot says to them. `missing`: it has still to be made; `on_paper`: it is closed to online ballots; `chosen`:
    the keys of the options they have chosen so far online, None when they have not voted."""

    missing: bool = False
    on_paper: bool = False
    chosen: Filled | None = None


def own_slot(vote: Vote, person: Person, options: Sequence[BallotOption]) -> OwnSlot:
    """The slot of somebody who may vote. One query."""
    key = rules.voter_key(person, vote.phase)
    if key is None:
        return OwnSlot()
    secrets = keys.load(vote.pk, vote.public_key)
    tag = secrets.tag(key)
    row = _look(tag)
    if row is None:
        return OwnSlot(missing=True)
    sealed, closed = row
    if closed or sealed is None:
        return OwnSlot(on_paper=bool(closed))
    packed = unpack_choice(unseal(secrets.private, sealed, bound_to=tag))
    return OwnSlot(chosen=keys_of(vote, options, packed.positions))


def own_choice(vote: Vote, person: Person, options: Sequence[BallotOption]) -> Filled | None:
    """The keys of the options this person has chosen so far online; None when they have not voted (or have no slot). One query."""
    return own_slot(vote, person, options).chosen


def own_receipt(vote: Vote, person: Person) -> Receipt | None:
    """What proves to this person that their ballot is on the board; None when there is none in the box. Two queries."""
    found = own_receipt_and_wish(vote, person)
    return found[0] if found else None


def own_receipt_and_wish(vote: Vote, person: Person) -> tuple[Receipt, bool] | None:
    """The receipt, and whether this person wants a mail when it is on the board. Two queries."""
    key = rules.voter_key(person, vote.phase)
    if key is None or vote.public_key is None or vote.counted_at:
        return None
    secrets = keys.load(vote.pk, vote.public_key)
    tag = secrets.tag(key)
    sealed = Slot.objects.filter(pk=tag, vote=vote, closed="").values_list("choice", flat=True).first()
    if sealed is None:
        return None
    packed = unpack_choice(unseal(secrets.private, bytes(sealed), bound_to=tag))
    return board.receipt_of(vote, secrets, tag, packed, board.codes_of(vote)), packed.mail


def has_voted(vote: Opened, person: Person, phase: Phase) -> bool:
    """Whether the slot of this person is filled or closed; nothing is opened. One query."""
    key = rules.voter_key(person, phase)
    if key is None:
        return False
    tag = keys.load(vote.vote, vote.public_key).tag(key)
    return Slot.objects.filter(Q(choice__isnull=False) | ~Q(closed=""), pk=tag).exists()


def votes_on_paper(vote: Vote, person: Person) -> bool:
    """Whether a ballot on paper was admitted for this person. No query where the vote is held online only, else one."""
    key = rules.voter_key(person, vote.phase) if vote.paper else None
    if key is None:
        return False
    tag = keys.load(vote.pk, vote.public_key).tag(key)
    return Slot.objects.filter(pk=tag).exclude(closed="").exists()


# A choice that waits for a log-in lies in the database too: sealed as the others, bound to waiting instead of a slot.
_WAITING = b"waiting for an identity"


def seal_waiting(vote: Vote, positions: Filled) -> str:
    packed = pack_choice(positions, "web", kind=vote.kind)
    return seal(keys.load(vote.pk, vote.public_key).public, packed, bound_to=_WAITING).hex()


def unseal_waiting(vote: Vote, sealed: str) -> Filled:
    secrets = keys.load(vote.pk, vote.public_key)
    return unpack_choice(unseal(secrets.private, bytes.fromhex(sealed), bound_to=_WAITING)).positions


@transaction.atomic
def enter_ballots(*, vote: Vote, ballots: Iterable[Filled], channel: str = CastBallot.Channel.PAPER) -> int:
    """Ballots that belong to no account, given as keys of options in the form of the vote's kind: sealed into slots of nobody, in random order."""
    vote = Vote.objects.select_for_update(of=("self",)).get(pk=vote.pk)
    if vote.counted_at:
        raise Refused(No(_("This vote has been counted already.")))
    options = options_of(vote)
    secrets = keys.load(vote.pk, vote.public_key)
    rows = []
    for chosen in ballots:
        require(rules.is_castable(vote, options, chosen))
        tag = secrets.tag(f"nobody:{uuid.uuid4()}")
        plain = pack_choice(positions_of(vote, options, chosen), channel, kind=vote.kind)
        rows.append(Slot(tag=tag, vote=vote, choice=seal(secrets.public, plain, bound_to=tag)))
    rows.sort(key=lambda slot: bytes(slot.tag))
    Slot.objects.bulk_create(rows, batch_size=5000)
    return len(rows)


# --- publishing how many have voted ---


@transaction.atomic
def mix_and_publish(*, vote: Vote, at: datetime) -> Turnout | None:
    """Write all slots anew in the order of their tags, put what was cast since on the board, publish how many have voted:
    each only for at least twenty at once.

    The order in which slots were filled is gone then. A cast that meets the rewriting waits and finds the new row.
    """
    vote = Vote.objects.select_for_update(of=("self",)).get(pk=vote.pk)
    if vote.counted_at:
        return None
    secrets = keys.load(vote.pk, vote.public_key)
    rows = list(vote.slots.select_for_update().order_by("tag"))
    head = board.append(vote, secrets, board.currents_of(vote, secrets, rows), at, least=BATCH)
    last = vote.turnouts.order_by("-at").first()
    filled = sum(row.choice is not None for row in rows)
    grown = filled >= (last.count if last else 0) + BATCH
    if head is None and not grown:
        return None
    vote.slots.all().delete()
    Slot.objects.bulk_create(rows, batch_size=5000)
    return Turnout.objects.create(vote=vote, count=filled, at=at) if grown else None


# --- closing ---


@transaction.atomic
def close_and_count(*, vote: Vote, at: datetime) -> Tally | None:
    """After the end: open the slots, keep the ballots without them and count. Two people publish what came out.

    None in a process that was stopped: nobody counts a vote that was called off. None while the vote is open by the database's clock,
    and while ballots on paper are still being entered (late.py). Counting twice is counting once.
    """
    vote = Vote.objects.select_for_update(of=("self",)).select_related("phase__process").get(pk=vote.pk)
    if vote.counted_at:
        return Tally.objects.get(pk=vote.pk)
    if vote.phase.process.stopped_at or not vote.phase.is_over(database_now()):
        return None
    if not late.may_count(vote, at):
        return None
    figures = late.at_the_count(vote)
    slot_actions.fill_the_rest(vote=vote)
    _open_slots(vote, at)
    tally = tally_vote(vote, at=at, more=figures)
    last = vote.turnouts.order_by("-at").first()
    if last is None or last.count != tally.result["ballots"]:
        Turnout.objects.create(vote=vote, count=tally.result["ballots"], at=at)
    journal.record(
        "vote.counted",
        on=vote,
        process=vote.phase.process_id,
        at=at,
        data={"ballots": tally.result["ballots"]},
    )
    return tally if settings.QUARTIER_RESULT_NEEDS_TWO else publish_tally(tally, at=at)


def call_off(process: Process, at: datetime) -> None:
    """When a process is stopped: a vote that nobody counted yet loses its ballots, unopened, and its projects are free again."""
    votes = Vote.objects.filter(phase__process=process, counted_at__isnull=True)
    for vote in votes.select_for_update(of=("self",)):
        vote.slots.all().delete()
        vote.receipt_mails.all().delete()
        for option in vote.options.select_related("proposal"):
            if option.proposal.stage == Stage.ON_BALLOT:
                move_stage(option.proposal, Stage.FEASIBLE, at=at)


def _open_slots(vote: Vote, at: datetime) -> None:
    """Slots become ballots: fresh random keys, inserted in their order. Locking every slot waits for casts under way.

    What is not on the board yet gets there now, however few, and every leaf is opened."""
    secrets = keys.load(vote.pk, vote.public_key)
    options = list(vote.options.all())
    currents = board.currents_of(vote, secrets, vote.slots.select_for_update().order_by("tag"))
    ballots = []
    for current in currents:
        chosen, points = kinds.as_row(vote.kind, keys_of(vote, options, current.packed.positions))
        ballots.append(
            CastBallot(
                id=uuid.uuid4(), vote=vote, choice=chosen, points=points, channel=current.packed.channel
            )
        )
    ballots.sort(key=lambda ballot: ballot.id)
    CastBallot.objects.bulk_create(ballots, batch_size=5000)
    board.append(vote, secrets, currents, at, least=1)
    mailing.put_on_list(vote, secrets, currents, at, least=BATCH)
    board.open_leaves(vote, secrets, currents)
    vote.slots.all().delete()


def tally_vote(vote: Vote, *, at: datetime, more: dict[str, Any] | None = None) -> Tally:
    """Count the ballots that are there: also for votes taken over from published data. Nobody is told yet."""
    options = options_of(vote)
    if vote.tie_rule == LOT:
        vote.lot_seed = keys.load(vote.pk, vote.public_key).lot
    if vote.kind == Kind.ANSWERS:
        found = count_answers(vote) | (more or {})
    elif vote.envelopes:
        found = count_envelopes(vote, options) | (more or {})
    else:
        result, figures = count_vote(vote, options)
        found = stored(result, figures | (more or {}))
    tally = Tally.objects.create(
        vote=vote,
        rule=found["rule"],
        result=found,
        input_hash=checksum(ballots_csv(vote, options)),
        at=at,
    )
    vote.counted_at = at
    vote.save(update_fields=["counted_at", "lot_seed"])
    return tally


@transaction.atomic
def publish_tally(tally: Tally, *, at: datetime, by: Person | None = None) -> Tally:
    """Make a count public and tell every project. Publishing twice is publishing once. Where two people have to agree,
    only `publishing.confirm_result` calls this."""
    tally = Tally.objects.select_for_update(of=("self",)).select_related("vote__phase").get(pk=tally.pk)
    if tally.published_at:
        return tally
    vote = tally.vote
    tally.published_at = at
    tally.save(update_fields=["published_at"])
    proposals = {option.code: option.proposal for option in options_of(vote)}
    for turn in tally.result["rounds"]:
        chosen = turn["outcome"] == "funded"
        move_stage(
            proposals[turn["project"]],
            Stage.CHOSEN if chosen else Stage.NOT_CHOSEN,
            at=at,
            data={"votes": int(turn["votes"]), "rank": turn["number"], "missing": turn["missing"]},
        )
    journal.record(
        "vote.published",
        by=by,
        on=vote,
        process=vote.phase.process_id,
        at=at,
        data={"ballots": tally.result["ballots"], "selected": len(tally.result["selected"])},
    )
    return tally
