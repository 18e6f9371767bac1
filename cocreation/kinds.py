"""Kinds of contributions: the room that owns one says where it is shown, and the hall never needs to know.

kinds.add("proposal", Kind(_("Proposal"), url=lambda contribution: reverse(…, args=[contribution.receipt])))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groundwork.answer import Words
from groundwork.registry import Registry

if TYPE_CHECKING:
    from cocreation.models import Contribution


@dataclass(frozen=True, slots=True)
class Kind:
    """`url(contribution)` is the page a receipt number leads to; it costs no query beyond the contribution."""

    words: Words
    url: Callable[[Contribution], str]


kinds: Registry[Kind] = Registry("kind of contribution")
