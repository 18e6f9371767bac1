"""Every permission is a question, and its answer carries the reason.

    answer = may_support(person, proposal, at)
    if not answer:
        raise Refused(answer)

`Yes` is true, `No` is false, so `role and phase and state` short-circuits and keeps the first reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise, lazy

# A sentence: text, or text that is translated when it is read.
Words = str | Promise


def late(words: Callable[[], str]) -> Words:
    """Words that are put together when they are read, in the language of whoever reads them."""
    return lazy(words, str)()


@dataclass(frozen=True, slots=True)
class Yes:
    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class No:
    """A refusal in words. `next_step` names what would help, `next_url` leads there (a URL name or a path)."""

    reason: Words
    next_step: Words = ""
    next_url: str = ""
    # True when identifying (log in, confirm, verify) is all that is missing: the act can wait for it.
    identify: bool = False

    def __bool__(self) -> Literal[False]:
        return False

    @property
    def sentence(self) -> str:
        """The reason and what would help, as they stand beside a field."""
        return f"{self.reason} {self.next_step}".strip()


Answer = Yes | No


class Refused(Exception):
    """An action was refused; `.answer` says why, in the reader's language. Nothing has changed."""

    def __init__(self, answer: No) -> None:
        self.answer = answer
        super().__init__(answer.reason)

    def __str__(self) -> str:
        return str(self.answer.reason)


def require(answer: Answer) -> None:
    """Raise `Refused` unless the answer is yes."""
    if isinstance(answer, No):
        raise Refused(answer)
