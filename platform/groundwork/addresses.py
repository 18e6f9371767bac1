"""Addresses found by their shape, and said by filling in their words.

Found: a city has some three hundred addresses, and Django asks each of them in turn whether a path is its own: an eighth of
what a light page costs. Among those whose first word and number of words are those of the path there are two or three.

Said: a page names a dozen addresses of the same few kinds, and working out each anew was a fifteenth of its work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

from django.urls import (
    NoReverseMatch,
    ResolverMatch,
    URLPattern,
    URLResolver,
    get_script_prefix,
    get_urlconf,
    reverse,
)
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter
from django.urls.resolvers import RoutePattern
from django.utils.translation import get_language

# These take no slash, so that an address has a fixed number of words.
_OF_ONE_WORD = (IntConverter, SlugConverter, StringConverter, UUIDConverter)
_MOST_WORDS = 20

# The first word of a path and how many slashes it has.
Shape = tuple[str, int]


class ByShape(URLResolver):
    """`path("", include(…))` of several lists of addresses at once; resolves and reverses as those would."""

    def __init__(self, patterns: Sequence[URLPattern | URLResolver]) -> None:
        super().__init__(RoutePattern("", is_endpoint=False), list(patterns))
        self._of_shape: dict[Shape, URLResolver] = {}

    def resolve(self, path: Any) -> ResolverMatch:
        path = str(path)
        word = path.partition("/")[0]
        # Words nobody has are one shape, so that there are not more of them than addresses.
        shape = (word if word in self._first_words else "", min(path.count("/"), _MOST_WORDS))
        found = self._of_shape.get(shape)
        if found is None:
            found = self._of_shape[shape] = _narrowed(self, shape)
        return found.resolve(path)

    @cached_property
    def _first_words(self) -> frozenset[str]:
        return frozenset(_words(self))


def _narrowed(resolver: URLResolver, shape: Shape) -> URLResolver:
    """The same resolver with only those addresses that a path of this shape may mean, in their order."""
    kept: list[URLPattern | URLResolver] = []
    for each in resolver.url_patterns:
        if not _stands_for_nothing(each):
            if _may_be(each, shape):
                kept.append(each)
        elif (inner := _narrowed(each, shape)).url_patterns:  # type: ignore[arg-type]
            kept.append(inner)
    return URLResolver(resolver.pattern, kept, resolver.default_kwargs, resolver.app_name, resolver.namespace)


def _stands_for_nothing(each: URLPattern | URLResolver) -> bool:
    """Whether this is a list of addresses without a beginning of its own."""
    return isinstance(each, URLResolver) and isinstance(each.pattern, RoutePattern) and not str(each.pattern)


def _may_be(each: URLPattern | URLResolver, shape: Shape) -> bool:
    word, slashes = shape
    first = _first_word(each)
    if first is not None and first != word:
        return False
    route = each.pattern
    fixed = isinstance(each, URLPattern) and isinstance(route, RoutePattern)
    if not fixed or any(type(one) not in _OF_ONE_WORD for one in route.converters.values()):
        return True
    return min(str(route).count("/"), _MOST_WORDS) == slashes


def _first_word(each: URLPattern | URLResolver) -> str | None:
    """The word an address begins with; None where that differs from path to path."""
    route = getattr(each.pattern, "_route", None) if isinstance(each.pattern, RoutePattern) else None
    if not isinstance(route, str):  # a pattern, or words that depend on the language
        return None
    word, slash, _rest = route.partition("/")
    # The beginning of a list of addresses may end within a word.
    return None if "<" in word or (isinstance(each, URLResolver) and not slash) else word


def _words(resolver: URLResolver) -> set[str]:
    found: set[str] = set()
    for each in resolver.url_patterns:
        if _stands_for_nothing(each):
            found |= _words(each)  # type: ignore[arg-type]
        elif (word := _first_word(each)) is not None:
            found.add(word)
    return found


# --- said ---

# Nothing in it is quoted in an address, whatever stands around it.
_PLAIN = re.compile(r"[A-Za-z0-9-]+").fullmatch


def address(name: str, *words: Any) -> str:
    """What `reverse(name, args=words)` says. The address with gaps for its words is worked out once per language."""
    told = [str(word) for word in words]
    if all(map(_PLAIN, told)):
        kinds = tuple(word.isdigit() for word in told)
        gaps = _with_gaps(name, kinds, get_language(), get_script_prefix(), get_urlconf())
        if gaps is not None:
            return gaps.format(*told)
    return reverse(name, args=words)


@lru_cache(maxsize=2048)
def _with_gaps(
    name: str, numbers: tuple[bool, ...], language: str | None, prefix: str, urlconf: str | None
) -> str | None:
    """`/de/proposals/{0}/`; None where words of this kind have no such address, or do not stand in it as they are. Every
    number is taken where one is, and every plain word where another is: converters that are choosier have none here."""
    marks = [f"9070{place}5" if number else f"gap-{place}-z" for place, number in enumerate(numbers)]
    try:
        said = reverse(name, args=marks)
    except NoReverseMatch:
        return None
    said = said.replace("{", "{{").replace("}", "}}")
    for place, mark in enumerate(marks):
        if said.count(mark) != 1:
            return None
        said = said.replace(mark, f"{{{place}}}")
    return said
