"""What a leaf of the board says, and what a voter keeps to find theirs. Pure functions, no Django.

A leaf commits to one ballot of one anonymous credential without telling either. A later leaf of the same credential
takes the place of the earlier one: the last one counts. When the vote is over, every leaf is opened: the ones that count
with their choice and nonce, the superseded ones without, so that everybody sees why they do not count.

    commitment = SHA-256(canonical {"choice": [texts], "nonce": hex})
    leaf       = RFC 6962 leaf hash of canonical {"commitment": hex, "credential": hex, "v": 1, "vote": number}

The texts are codes of options ("03"), with points where points are shared out ("03:5"), sorted; of a ranking they stand in its
order. Canonical JSON: keys in order, no spaces, ASCII.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from proposals.ballots.board.tree import leaf_hash

CREDENTIAL_BYTES, NONCE_BYTES, COMMITMENT_BYTES = 16, 32, 32
CODE_LETTERS = 20  # of the short code people compare by eye: 100 bits


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def commitment_of(choice: Iterable[str], nonce: bytes, *, ordered: bool = False) -> bytes:
    """The commitment to a choice (its texts; `ordered` where their order is meaning): without the nonce nobody can guess it."""
    written = list(choice) if ordered else sorted(choice)
    return hashlib.sha256(canonical({"choice": written, "nonce": nonce.hex()})).digest()


def leaf_of(vote: int, credential: bytes, commitment: bytes) -> bytes:
    """The leaf hash, 32 bytes."""
    told = {"v": 1, "vote": vote, "credential": credential.hex(), "commitment": commitment.hex()}
    return leaf_hash(canonical(told))


def code_of(leaf: bytes) -> str:
    """The beginning of a leaf as people read it: "K3QD-7ZXA-…", five groups of four."""
    letters = base64.b32encode(leaf).decode()[:CODE_LETTERS]
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def prefix_of(code: str) -> bytes | None:
    """The first bytes of the leaf a code was made of, typed in any way; None when it is not a code."""
    letters = "".join(code.upper().replace("0", "O").replace("1", "I").replace("8", "B").split("-"))
    letters = "".join(letters.split())
    if len(letters) != CODE_LETTERS:
        return None
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % 8))[: CODE_LETTERS * 5 // 8]
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter keeps. It finds the ballot on the board, and proves to whoever sees it how this person voted."""

    vote: int
    credential: bytes
    nonce: bytes
    choice: tuple[str, ...]
    kind: str = "approval"

    @property
    def commitment(self) -> bytes:
        return commitment_of(self.choice, self.nonce, ordered=self.kind == "ranking")

    @property
    def leaf(self) -> bytes:
        return leaf_of(self.vote, self.credential, self.commitment)

    @property
    def code(self) -> str:
        return code_of(self.leaf)

    def told(self) -> dict[str, Any]:
        """As it stands in the file a voter can keep."""
        return {
            "v": 1,
            "vote": self.vote,
            "credential": self.credential.hex(),
            "nonce": self.nonce.hex(),
            "choice": list(self.choice),
            "kind": self.kind,
            "leaf": self.leaf.hex(),
            "code": self.code,
        }
