"""The secrets of a vote: the private key of the seals and the pepper of the tags, in a file outside the database.

One file per vote in settings.VOTE_KEYS_DIR, readable only by the user the city's server runs as, in no backup. Without it
nobody reads a choice or tells whose slot is whose; with a copy of the database alone neither is possible.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from proposals.ballots.sealing import new_key


class KeyMissing(RuntimeError):
    """The key file of a vote is not where it should be: nothing can be cast or counted, and nothing is changed."""


@dataclass(frozen=True)
class Keys:
    private: bytes
    public: bytes
    pepper: bytes

    def __repr__(self) -> str:  # a traceback must not show a key
        return "Keys(…)"

    def paper_code(self, code: str) -> bytes:
        """The name of a one-time code on a printed ballot, 32 bytes: the code itself is on paper only."""
        return hmac.digest(self.pepper, b"code on paper\0" + code.encode(), hashlib.sha256)

    def tag(self, eligibility_key: object) -> bytes:
        """The name of a person's slot: HMAC-SHA256 with the pepper of this vote."""
        return hmac.digest(self.pepper, str(eligibility_key).encode(), hashlib.sha256)

    def credential(self, tag: bytes) -> bytes:
        """The anonymous name of a slot on the board, 16 bytes: without the pepper nobody can tell whose it is."""
        return hmac.digest(self.pepper, b"credential on the board\0" + tag, hashlib.sha256)[:16]

    @property
    def lot(self) -> str:
        """The seed of the lot for ties, 64 hex digits: fixed with the pepper, told with the count."""
        return hmac.digest(self.pepper, b"lot for ties", hashlib.sha256).hex()


def make(vote: int) -> Keys:
    """New secrets, written to a file of their own: an opening that failed leaves a file that nothing points to."""
    private, public = new_key()
    keys = Keys(private, public, secrets.token_bytes(32))
    file = _file(vote, public)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump({"vote": vote, "private": private.hex(), "pepper": keys.pepper.hex()}, out)
        out.flush()
        os.fsync(out.fileno())
    return keys


def forget(vote: int, public: bytes | memoryview | None) -> None:
    """Destroy the secrets of a vote that was only rehearsed."""
    if public is not None:
        _file(vote, bytes(public)).unlink(missing_ok=True)
        _load.cache_clear()


def load(vote: int, public: bytes | memoryview | None) -> Keys:
    """The secrets that belong to this public key; KeyMissing when the file is not there, or there never was one."""
    if public is None:
        raise KeyMissing(f"The vote {vote} never had a key.")
    return _load(vote, bytes(public), settings.VOTE_KEYS_DIR)


@lru_cache(maxsize=256)
def _load(vote: int, public: bytes, folder: str) -> Keys:
    try:
        stored = json.loads(_file(vote, public).read_text())
    except OSError as error:
        raise KeyMissing(f"The key file of vote {vote} is missing.") from error
    return Keys(bytes.fromhex(stored["private"]), public, bytes.fromhex(stored["pepper"]))


def _file(vote: int, public: bytes) -> Path:
    return Path(settings.VOTE_KEYS_DIR) / f"vote-{vote}-{hashlib.sha256(public).hexdigest()[:16]}.json"
