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
class About:
    """A contribution as other rooms name it; `lang` only where the title is not in the reader's language."""

    title: str
    url: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`url(contribution)` is the page a receipt number leads to; it costs no query beyond the contribution.

    `about(contribution)` gives its title and its own page; at most one query.
    """

    words: Words
    url: Callable[[Contribution], str]
    about: Callable[[Contribution], About] | None = None


kinds: Registry[Kind] = Registry("kind of contribution")


def about(contribution: Contribution) -> About:
    """What a contribution is called and where its page is; those whose room does not say are named by their number."""
    kind = kinds.get(contribution.kind)
    if kind.about:
        return kind.about(contribution)
    return About(f"{kind.words} {contribution.receipt}", kind.url(contribution))
