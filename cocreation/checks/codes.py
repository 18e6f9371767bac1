"""Codes on paper: twelve characters nobody mixes up, the last of which checks the others.

31 characters (no 0 and O, no 1, I and L), a prime number: a weighted sum finds every single wrong character and every two
neighbours that changed places. Eleven free characters are 54 bits.
"""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
_VALUE = {character: number for number, character in enumerate(ALPHABET)}


def make() -> str:
    free = "".join(secrets.choice(ALPHABET) for _number in range(LENGTH - 1))
    return free + _check(free)


def _check(free: str) -> str:
    return ALPHABET[sum((n + 1) * _VALUE[c] for n, c in enumerate(free)) % len(ALPHABET)]


def read(typed: str) -> str | None:
    """The code as it was made, however it was typed; None when it cannot be one."""
    code = "".join(character for character in typed.upper() if character.isalnum())
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or _check(code[:-1]) != code[-1]:
        return None
    return code


def shown(code: str) -> str:
    return "-".join(code[n : n + 4] for n in range(0, LENGTH, 4))
