"""Every permission is a question, and its answer carries the reason.

    answer = may_support(person, proposal, at)
    if not answer:
        raise Refused(answer)

`Yes` is true, `No` is false, so `role and phase and state` short-circuits and keeps the first reason.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise, lazy

# A sentence: text, or text that is translated when it is read.
Words = str | Promise


def _spoken(words: Callable[[], str]) -> str:
    return words()


# Made once: every call of `lazy` makes a class of a hundred methods.
_said = lazy(_spoken, str)


def late(words: Callable[[], str]) -> Words:
    """Words that are put together when they are read, in the language of whoever reads them."""
    return _said(words)


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
    # Which function said no ("proposals.rules.may_support"): operators count refusals by it.
    rule: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.rule:
            caller = sys._getframe(2)  # 1 is the __init__ that @dataclass wrote
            rule = f"{caller.f_globals.get('__name__', '?')}.{caller.f_code.co_name}"
            object.__setattr__(self, "rule", rule)

    def __bool__(self) -> Literal[False]:
        return False

    @property
    def sentence(self) -> str:
        """The reason and what would help, as they stand beside a field."""
        return f"{self.reason} {self.next_step}".strip()


Answer = Yes | No


# Whoever wants to hear of every refusal (groundwork.watch counts them).
on_refusal: list[Callable[[No], None]] = []


class Refused(Exception):
    """An action was refused; `.answer` says why, in the reader's language. Nothing has changed."""

    def __init__(self, answer: No) -> None:
        self.answer = answer
        for hear in on_refusal:
            hear(answer)
        super().__init__(answer.reason)

    def __str__(self) -> str:
        return str(self.answer.reason)


def require(answer: Answer) -> None:
    """Raise `Refused` unless the answer is yes."""
    if isinstance(answer, No):
        raise Refused(answer)
