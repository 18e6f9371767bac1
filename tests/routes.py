"""Every address of the product, walked from the URL conf: what is not found here does not exist."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Route:
    """A named address: `cocreation:process` with its parameters in order."""

    name: str
    params: tuple[str, ...]
    pattern: str  # below the language
    view: Callable[..., Any]
    translated: bool  # stands below /de/ and /en/

    def url(self, language: str = "de", **values: object) -> str:
        with translation.override(language):
            return reverse(self.name, kwargs=values)

    def url_starts(self, folders: tuple[str, ...]) -> bool:
        return self.pattern.startswith(folders)

    def __str__(self) -> str:
        return self.name


@functools.cache
def routes() -> tuple[Route, ...]:
    """All of them, in the order of the URL conf; what programs use is walked by itself: `api_routes`."""
    return tuple(found for found in _all() if found.translated or not found.pattern.startswith("api/"))


@functools.cache
def api_routes() -> tuple[Route, ...]:
    """The addresses of the public interface that have operations."""
    return tuple(found for found in _all() if found.name.startswith("api_v1:"))


@functools.cache
def _all() -> tuple[Route, ...]:
    return tuple(_walk(get_resolver(), "", (), "", translated=False))


def _walk(
    resolver: URLResolver, space: str, params: tuple[str, ...], path: str, *, translated: bool
) -> Iterator[Route]:
    from django.urls.resolvers import LocalePrefixPattern

    for entry in resolver.url_patterns:
        here = params + tuple(entry.pattern.regex.groupindex)
        local = isinstance(entry.pattern, LocalePrefixPattern)
        full = path if local else path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, inside, here, full, translated=translated or local)
        elif isinstance(entry, URLPattern):
            yield Route(f"{space}{entry.name or entry.pattern}", here, full, entry.callback, translated)


def route(name: str) -> Route:
    return next(found for found in _all() if found.name == name)
