"""What higher houses add to the log-in and to "my page", without being imported from here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundwork.answer import No, Words
from groundwork.registry import Registry

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from accounts.models import Person

# (next address, person) -> the address to go on to, or None when the hook has nothing to do with it.
AfterLogin = Callable[[str, "Person"], "str | None"]
after_login: Registry[AfterLogin] = Registry("after-log-in hook")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of "my page": `context(person, at)` fills `template`, None leaves it out; `column` is "main" or "side"; constant queries."""

    slug: str
    template: str
    context: Callable[..., dict[str, Any] | None]
    column: str = "main"
    order: int = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of one's own area: URL name and words, in order. `guests`: also for who takes part without an account."""

    slug: str
    words: Words
    url: str
    order: int = 50
    guests: bool = False


sections: Registry[Section] = Registry("section of my page")
# The same on "Programs": what programs are told.
program_sections: Registry[Section] = Registry("section of programs")
# The same on "My data": what others did with it.
data_sections: Registry[Section] = Registry("section of my data")
tabs: Registry[Tab] = Registry("tab of my page")

# Roles are given above (cocreation); whether a person must use a second factor is asked here.
needs_second_factor: Registry[Callable[[Any], bool]] = Registry("second-factor rule")

# What nearly every page wants to know of whoever is signed in, to be asked together with the person: an expression about
# the person of OuterRef("pk"). `accounts.request.asked` tells what it found.
asked_with_person: Registry[Callable[[], Combinable]] = Registry("question asked with the person")

# How many new things wait for this person: the number on their picture. At most one query each.
unread: Registry[Callable[[Person], int]] = Registry("counter of what is new")

# Names of places by slug, in the reader's language: places are known above (cocreation).
place_names: Registry[Callable[[], dict[str, str]]] = Registry("source of place names")

# What each house does when an account closes, inside the same transaction; it may raise Refused. (person, at).
closing: Registry[Callable[[Person, datetime], None]] = Registry("step of closing an account")


@dataclass(frozen=True, slots=True)
class Removal:
    """What a house does for somebody who wants what they wrote removed: `take(person, at)` takes it off the pages inside
    the transaction of the wish and returns keys; `wipe(keys, at)` removes words and files later, as often as it is called;
    `preview(person)` are the keys that would go, and how many stay for which reason."""

    take: Callable[[Person, datetime], list[int]]
    wipe: Callable[[Collection[int], datetime], None]
    preview: Callable[[Person], tuple[set[int], list[tuple[Words, int]]]]


removing: Registry[Removal] = Registry("removal of what somebody wrote")

# The keys of what somebody contributed, as a subquery. (person).
own_things: Registry[Callable[[Person], Any]] = Registry("source of own things")

# Rows that are somebody's though no column says so (apart and sealed): name of the table -> what they say. (person).
apart: Registry[Callable[[Person], Iterable[dict[str, Any]]]] = Registry("table that stands apart")

# The files somebody added: (name in their copy, how to open it). (person).
own_files: Registry[Callable[[Person], Iterable[tuple[str, Callable[[], Any]]]]] = Registry(
    "source of own files"
)

# Before a restored copy of the city forgets somebody once more: whatever would refuse it ends. (person, at).
resigning: Registry[Callable[[Person, datetime], None]] = Registry("end of duties")

# When somebody has the use of their data restricted: what ends at once, in the same transaction. (person, at).
restricting: Registry[Callable[[Person, datetime], None]] = Registry("consequence of a restriction")

# An act of this house that waits for an identity, kept above: (act, payload, person, what is missing, at) -> where it waits.
Keeper = Callable[[str, dict[str, Any], "Person | None", "No | None", datetime], str]
keepers: Registry[Keeper] = Registry("keeper of acts that wait")

# When somebody who took part without an account proves that an account is theirs: what each house moves to it, in one
# transaction. (guest, account, at); it may raise Refused, then nothing has changed. What no step moves, the last one does.
claiming: Registry[Callable[[Person, Person, datetime], None]] = Registry("step of claiming")

# What follows once a guest has an account, theirs or a new one. (person, at), in the same transaction.
claimed: Registry[Callable[[Person, datetime], None]] = Registry("consequence of claiming")


def keep_act(
    act: str, payload: dict[str, Any], *, person: Person | None, answer: No | None, at: datetime
) -> str:
    """Keep an act until somebody has identified; returns where it waits."""
    return next(iter(keepers))(act, payload, person, answer, at)
