"""The only way into what people said about themselves: who a row belongs to, and what it says, needs the keys in one file.

The file lies beside the keys of the votes (settings.VOTE_KEYS_DIR), outside the database and its backups. Only two modules may
import this one (pyproject.toml: "Answers about oneself have two readers"): `own`, for the person themselves, and `figures`,
which lets nothing out but numbers that passed the rule of small numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from feedback.reach.models import Answers
from groundwork.key_files import read_or_make

FILE = "answers-key.json"
# Every row is as long as every other: its length says nothing.
LENGTH, NONCE = 512, 12
AT_ONCE = 2000

Told = dict[str, str]


class KeyGone(RuntimeError):
    """There are answers and the file with their keys is missing, or is another one: nothing can be read, nothing is written."""


def handle_of(person: int) -> str:
    """Under what the answers of this person lie; 64 hexadecimal digits. Raises KeyGone."""
    mac, _cipher = _keys(settings.VOTE_KEYS_DIR)
    return hmac.new(mac, f"person {person}".encode(), hashlib.sha256).hexdigest()


def seal(handle: str, told: Told) -> bytes:
    """Bound to its handle: a row moved to another one opens no more."""
    _mac, cipher = _keys(settings.VOTE_KEYS_DIR)
    plain = json.dumps(told, sort_keys=True).encode()
    if len(plain) > LENGTH:
        raise ValueError("Answers are longer than their row.")
    nonce = secrets.token_bytes(NONCE)
    return nonce + cipher.encrypt(nonce, plain.ljust(LENGTH), handle.encode())


def opened(row: Answers) -> Told:
    """Raises KeyGone."""
    _mac, cipher = _keys(settings.VOTE_KEYS_DIR)
    sealed = bytes(row.sealed)
    try:
        plain = cipher.decrypt(sealed[:NONCE], sealed[NONCE:], row.handle.encode())
    except InvalidTag:
        raise KeyGone("The answers were sealed with another key.") from None
    found: Told = json.loads(plain)
    return found


def told_by(people: Collection[int]) -> Iterator[Told]:
    """What these people said, in no order that says who. One query for two thousand people."""
    known = sorted(people)
    for first in range(0, len(known), AT_ONCE):
        some = known[first : first + AT_ONCE]
        for row in Answers.objects.filter(pk__in=[handle_of(person) for person in some]).order_by("pk"):
            yield opened(row)


@lru_cache(maxsize=4)
def _keys(folder: str) -> tuple[bytes, AESGCM]:
    file = Path(folder) / FILE
    if not file.exists() and Answers.objects.exists():
        raise KeyGone(f"{FILE} is missing in {folder}.")
    stored = read_or_make(file, {"handles": secrets.token_hex(32), "answers": secrets.token_hex(32)})
    return bytes.fromhex(stored["handles"]), AESGCM(bytes.fromhex(stored["answers"]))
