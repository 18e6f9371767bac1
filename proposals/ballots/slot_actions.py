"""One slot per person across web and paper: closing a slot for online ballots, and filling closed ones from the box.

Closing is one UPDATE, so of two clerks one comes too late. Nobody can tell whose a ballot in a box is, so the ballots of a box
are dealt to the closed slots by chance: as many ballots as people, each on the board, none of them its person's.
"""

from __future__ import annotations

import secrets as chance
from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from groundwork.answer import No, Refused, require
from proposals.ballots import keys, rules
from proposals.ballots.models import BallotOption, Slot, Vote
from proposals.ballots.sealing import pack_choice, seal, unpack_choice, unseal

PAPER_WAYS = ("paper", "desk")

ALREADY = No(
    _("A ballot on paper was taken in for this person already. Only one counts."),
    _("Put this ballot aside, unopened, and tell whoever leads the count."),
)
ONLINE_COUNTS = No(
    _("This person has voted online, and in this vote the online ballot counts."),
    _("Do not hand out or take in a ballot. Put one that came in aside, unopened."),
)
NO_SLOT = No(_("This person may not vote here."))
MORE_THAN_PEOPLE = No(
    _("These are more ballots than people they were handed out to or taken in from."),
    _("Count them again, and look whether somebody was forgotten."),
)
IN_THE_BOX = No(_("The ballots of the box are entered already. This cannot be taken back any more."))


@transaction.atomic
def close_slot(*, vote: Vote, tag: bytes, way: str) -> None:
    """From now on the person of this slot votes on paper. Refused the second time, and where the online ballot counts."""
    _must_be_open(vote)
    slot = Slot.objects.select_for_update().filter(pk=tag, vote=vote).first()
    if slot is None:
        raise Refused(NO_SLOT)
    if slot.closed:
        raise Refused(ALREADY)
    if vote.paper == "online" and slot.choice is not None:
        raise Refused(ONLINE_COUNTS)
    Slot.objects.filter(pk=tag).update(closed=way)


@transaction.atomic
def reopen_slot(*, vote: Vote, tag: bytes) -> None:
    """A mistake at the desk, taken back before the box is entered: what was cast online counts again."""
    _must_be_open(vote)
    slot = Slot.objects.select_for_update().filter(pk=tag, vote=vote).exclude(closed="").first()
    if slot is None:
        return
    if _holds_paper(keys.load(vote.pk, vote.public_key), slot):
        raise Refused(IN_THE_BOX)
    Slot.objects.filter(pk=tag).update(closed="")


@transaction.atomic
def fill_closed(
    *, vote: Vote, way: str, choices: Sequence[Iterable[int]], options: Sequence[BallotOption]
) -> None:
    """Deal these ballots (keys of options; none of them for a blank or an invalid one) to closed slots of this way."""
    _must_be_open(vote)
    secrets = keys.load(vote.pk, vote.public_key)
    position = {option.pk: option.position for option in options}
    closed = vote.slots.select_for_update().filter(closed=way).order_by("tag")
    free = [slot for slot in closed if not _holds_paper(secrets, slot)]
    if len(choices) > len(free):
        raise Refused(MORE_THAN_PEOPLE)
    dealt = chance.SystemRandom().sample(free, len(choices))
    for slot, chosen in zip(dealt, choices, strict=True):
        require(rules.is_castable(vote, options, frozenset(chosen)))
        _put(secrets, slot, [position[pk] for pk in chosen])
    _store(sorted(dealt, key=lambda slot: bytes(slot.tag)))


def fill_the_rest(*, vote: Vote) -> None:
    """At the count: a closed slot for which no ballot came out of the box holds an empty one. What was cast online before
    does not count, and its leaf on the board is superseded."""
    if not vote.paper:
        return
    secrets = keys.load(vote.pk, vote.public_key)
    closed = vote.slots.select_for_update().exclude(closed="").order_by("tag")
    rest = [slot for slot in closed if not _holds_paper(secrets, slot)]
    for slot in rest:
        _put(secrets, slot, [])
    _store(rest)


def _store(slots: Sequence[Slot]) -> None:
    """What was put into them, in one statement: they are a whole town's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update ballots_slot s set choice = p.choice from unnest(%s::bytea[], %s::bytea[]) p (tag, choice) where s.tag = p.tag",
            [[bytes(slot.tag) for slot in slots], [slot.choice for slot in slots]],
        )


def tag_of(vote: Vote, key: str) -> bytes:
    return keys.load(vote.pk, vote.public_key).tag(key)


def _must_be_open(vote: Vote) -> None:
    """Locks the vote: closing, filling and counting come one after the other."""
    found = Vote.objects.select_for_update(of=("self",)).get(pk=vote.pk)
    if found.counted_at:
        raise Refused(No(_("This vote has been counted already.")))
    if not found.paper:
        raise Refused(No(_("This vote is held online only.")))


def _put(secrets: keys.Keys, slot: Slot, positions: Collection[int]) -> None:
    slot.choice = seal(secrets.public, pack_choice(positions, slot.closed), bound_to=bytes(slot.tag))


def _holds_paper(secrets: keys.Keys, slot: Slot) -> bool:
    if slot.choice is None:
        return False
    packed = unpack_choice(unseal(secrets.private, bytes(slot.choice), bound_to=bytes(slot.tag)))
    return packed.channel in PAPER_WAYS
