"""Writing the board: leaves for what was cast since, in batches; a signed head over all of them; the opening at the end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from proposals.ballots import kinds, questions
from proposals.ballots.board import signing
from proposals.ballots.board.leaves import (
    COMMITMENT_BYTES,
    CREDENTIAL_BYTES,
    Receipt,
    canonical,
)
from proposals.ballots.board.tree import root
from proposals.ballots.keys import Keys
from proposals.ballots.models import BoardLeaf, Slot, TreeHead, Vote
from proposals.ballots.sealing import PLAIN_BYTES, Packed, seal, unpack_choice, unseal


@dataclass(frozen=True, slots=True)
class Current:
    """A filled slot as it stands: what is in it, and the receipt that goes with it."""

    packed: Packed
    receipt: Receipt


def codes_of(vote: Vote) -> dict[int, str]:
    """Position -> code of every option, or of every line of a question."""
    if vote.questions:
        return questions.codes_of(questions.read(vote.questions))
    return dict(vote.options.values_list("position", "code"))


def receipt_of(vote: Vote, secrets: Keys, tag: bytes, packed: Packed, codes: Mapping[int, str]) -> Receipt:
    choice = kinds.texts(vote.kind, packed.positions, codes)
    return Receipt(vote.pk, secrets.credential(tag), packed.nonce, choice, vote.kind)


def currents_of(vote: Vote, secrets: Keys, slots: Iterable[Slot]) -> list[Current]:
    """Every filled slot, opened in memory."""
    codes = codes_of(vote)
    found = []
    for slot in slots:
        if slot.choice is not None:
            tag = bytes(slot.tag)
            packed = unpack_choice(unseal(secrets.private, bytes(slot.choice), bound_to=tag))
            found.append(Current(packed, receipt_of(vote, secrets, tag, packed, codes)))
    return found


def append(
    vote: Vote, secrets: Keys, currents: Sequence[Current], at: datetime, *, least: int
) -> TreeHead | None:
    """Leaves for what is not on the board yet, in the order of their hashes, and the head over all of them. Fewer than
    `least` new ones wait for the next time. The caller holds the lock on the vote."""
    there = [bytes(leaf) for leaf in vote.leaves.order_by("position").values_list("leaf", flat=True)]
    known = set(there)
    new = {current.receipt.leaf: current.receipt for current in currents if current.receipt.leaf not in known}
    if len(new) < max(least, 1):
        return None
    rows = []
    for position, leaf in enumerate(sorted(new), start=len(there)):
        receipt = new[leaf]
        opening = (receipt.credential + receipt.commitment).ljust(PLAIN_BYTES, b"\0")
        rows.append(
            BoardLeaf(
                vote=vote, position=position, leaf=leaf, opening=seal(secrets.public, opening, bound_to=leaf)
            )
        )
    BoardLeaf.objects.bulk_create(rows, batch_size=5000)
    return sign_head(vote, [*there, *sorted(new)], at)


def head_message(vote: int, size: int, found: bytes, at: datetime) -> bytes:
    """The bytes that are signed."""
    return canonical({"at": at.isoformat(), "root": found.hex(), "size": size, "v": 1, "vote": vote})


def sign_head(vote: Vote, hashes: Sequence[bytes], at: datetime) -> TreeHead:
    # To the minute: a head tells when a batch was written, not when somebody voted.
    at = at.replace(second=0, microsecond=0)
    found = root(hashes)
    signature = signing.sign(head_message(vote.pk, len(hashes), found, at))
    return TreeHead.objects.create(vote=vote, size=len(hashes), root=found, at=at, signature=signature)


_OPEN = """
update ballots_boardleaf l set credential = o.credential, commitment = o.commitment, nonce = o.nonce,
    choice = case when o.choice is not null then
        array(select word from jsonb_array_elements_text(o.choice) with ordinality c (word, n) order by n) end
from unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[], %s::jsonb[]) o (id, credential, commitment, nonce, choice)
where l.id = o.id
"""
# So many leaves a statement: a megabyte or two.
_CHUNK = 5000


def open_leaves(vote: Vote, secrets: Keys, currents: Sequence[Current]) -> None:
    """After the count: what every leaf commits to becomes public; of superseded ones the credential, not the choice."""
    counting = {current.receipt.leaf: current.receipt for current in currents}
    closed = vote.leaves.filter(credential__isnull=True).values_list("pk", "leaf", "opening")
    rows = [_opened(secrets, counting, pk, bytes(leaf), bytes(opening)) for pk, leaf, opening in closed]
    with connection.cursor() as cursor:
        for first in range(0, len(rows), _CHUNK):
            columns = zip(*rows[first : first + _CHUNK], strict=True)
            cursor.execute(_OPEN, [list(column) for column in columns])


def _opened(
    secrets: Keys, counting: Mapping[bytes, Receipt], pk: int, leaf: bytes, opening: bytes
) -> tuple[int, bytes, bytes, bytes | None, str | None]:
    """Key, credential, commitment, nonce and choice (as JSON) of a leaf; without the last two where it does not count."""
    plain = unseal(secrets.private, opening, bound_to=leaf)
    credential, rest = plain[:CREDENTIAL_BYTES], plain[CREDENTIAL_BYTES:]
    receipt = counting.get(leaf)
    choice = None if receipt is None else json.dumps(list(receipt.choice))
    nonce = None if receipt is None else receipt.nonce
    return pk, credential, rest[:COMMITMENT_BYTES], nonce, choice
