"""A place where higher houses leave things for lower ones, so that no import ever points upward.

methods: Registry[Method] = Registry("method")

@methods.register
class Ideas(Method): slug = "ideas"
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class AlreadyRegistered(LookupError):
    """Two things claim one slug. The second is refused: silent replacement hides mistakes."""


class Registry(Generic[T]):
    """Things by slug, in order of registration (= order of INSTALLED_APPS)."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._things: dict[str, T] = {}

    def add(self, slug: str, thing: T) -> T:
        if slug in self._things:
            raise AlreadyRegistered(
                f"A {self.noun} named {slug!r} is registered already: {self._things[slug]!r}."
            )
        self._things[slug] = thing
        return thing

    def get(self, slug: str) -> T:
        """The thing of this slug; KeyError names what is known."""
        try:
            return self._things[slug]
        except KeyError:
            raise KeyError(
                f"No {self.noun} named {slug!r}; known: {', '.join(self._things) or 'none'}."
            ) from None

    def find(self, slug: str) -> T | None:
        return self._things.get(slug)

    def __contains__(self, slug: object) -> bool:
        return slug in self._things

    def __iter__(self) -> Iterator[T]:
        return iter(self._things.values())

    def __len__(self) -> int:
        return len(self._things)

    def slugs(self) -> list[str]:
        return list(self._things)

    @contextmanager
    def temporarily(self, slug: str, thing: T) -> Iterator[T]:
        """Register for the length of a test."""
        self.add(slug, thing)
        try:
            yield thing
        finally:
            del self._things[slug]
