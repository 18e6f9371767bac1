"""What higher houses add to the log-in and to "my page", without being imported from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundwork.answer import Words
from groundwork.registry import Registry

if TYPE_CHECKING:
    from accounts.models import Person

# (next address, person) -> the address to go on to, or None when the hook has nothing to do with it.
AfterLogin = Callable[[str, "Person"], "str | None"]
after_login: Registry[AfterLogin] = Registry("after-log-in hook")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of "my page": `context(person, at)` fills `template`; `column` is "main" or "side"; constant queries."""

    slug: str
    template: str
    context: Callable[..., dict[str, Any]]
    column: str = "main"
    order: int = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of one's own area: URL name and words, in order."""

    slug: str
    words: Words
    url: str
    order: int = 50


sections: Registry[Section] = Registry("section of my page")
tabs: Registry[Tab] = Registry("tab of my page")

# Roles are given above (cocreation); whether a person must use a second factor is asked here.
needs_second_factor: Registry[Callable[[Any], bool]] = Registry("second-factor rule")

# How many new things wait for this person: the number on their picture. At most one query each.
unread: Registry[Callable[[Person], int]] = Registry("counter of what is new")

# Names of places by slug, in the reader's language: places are known above (cocreation).
place_names: Registry[Callable[[], dict[str, str]]] = Registry("source of place names")

# What each house does when an account closes, inside the same transaction; it may raise Refused. (person, at).
closing: Registry[Callable[[Person, datetime], None]] = Registry("step of closing an account")
