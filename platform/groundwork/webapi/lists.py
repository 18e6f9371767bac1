"""Lists: what may be filtered, sorted and included is declared; anything else is refused in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from groundwork.answer import Words
from groundwork.html.paging import keyset
from groundwork.webapi.problems import Problem

MOST, USUAL = 100, 20
NAME = re.compile(r"[\w.\-]{1,80}\Z", re.ASCII)


@dataclass(frozen=True)
class Filter:
    """Narrows a list. `lookup` is a field lookup, or a function (rows, value) -> rows. `choices`: the values there are."""

    lookup: str | Callable[[Any, str], Any]
    about: str
    choices: Sequence[str] = ()
    words: bool = False  # free words instead of a name

    def narrow(self, rows: Any, value: str) -> Any:
        if callable(self.lookup):
            return self.lookup(rows, value)
        return rows.filter(**{self.lookup: value})

    def admits(self, value: str) -> bool:
        if self.choices:
            return value in self.choices
        if self.words:
            return "\x00" not in value and len(value) <= 200
        return NAME.match(value) is not None


@dataclass(frozen=True)
class Listing:
    """How a list may be asked. The first sort is the usual one; each ends in a unique column."""

    sorts: Mapping[str, tuple[str, ...]]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    includes: Mapping[str, str] = field(default_factory=dict)  # name -> what it adds

    def names(self) -> set[str]:
        return {"after", "limit", "sort", *self.filters, *(["include"] if self.includes else [])}


def included(query: Mapping[str, str], includes: Mapping[str, str]) -> frozenset[str]:
    asked = [name for name in query.get("include", "").split(",") if name]
    _known("include", asked, includes)
    return frozenset(asked)


def page(request: Any, rows: QuerySet[Any], listing: Listing) -> tuple[list[Any], str | None]:
    """The rows of this page, and the address of the next one."""
    query = request.query_params
    only(query, listing.names())
    for name, narrowing in listing.filters.items():
        if (value := query.get(name)) is not None:
            if not narrowing.admits(value):
                raise _no_such(name, narrowing.choices)
            rows = narrowing.narrow(rows, value)
    sort = query.get("sort", next(iter(listing.sorts)))
    _known("sort", [sort], listing.sorts)
    found = keyset(rows, listing.sorts[sort], after=query.get("after"), size=_limit(query.get("limit")))
    if found.next_token is None:
        return found.items, None
    more = query.copy()
    more["after"] = found.next_token
    return found.items, f"{request.path}?{more.urlencode()}"


def only(query: Mapping[str, str], names: set[str]) -> None:
    """Refuses what an address does not know: a typing error in a filter must not look like an answer."""
    for name in query:
        if name not in names:
            raise Problem(
                400,
                _("This address does not know everything you asked for."),
                errors={name: [_known_names(names)]},
            )


def _limit(value: str | None) -> int:
    if value is None:
        return USUAL
    if not (value.isascii() and value.isdigit() and len(value) < 4 and 1 <= int(value) <= MOST):
        raise Problem(400, _("“limit” is a number from 1 to 100."), errors={"limit": [_("From 1 to 100.")]})
    return int(value)


def _known(name: str, asked: Sequence[str], known: Mapping[str, Any]) -> None:
    if any(each not in known for each in asked):
        raise _no_such(name, list(known))


def _no_such(name: str, known: Sequence[str]) -> Problem:
    said = _known_names(known) if known else _("This is not a name we use.")
    return Problem(400, _("One of the values is not one we know."), errors={name: [said]})


def _known_names(names: Any) -> Words:
    return format_lazy(_("Known: {names}."), names=", ".join(sorted(names)) or "–")
