"""Small tables every card needs (places, offices, organisations), kept in this process for half a minute.

A card names its place and its organisation; joining them costs more than drawing the card. A key that is not known yet is
looked up at once; a name that was corrected shows everywhere within thirty seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from time import monotonic
from typing import Generic, TypeVar

from django.db.models import Manager, Model

from accounts.models import Organisation
from cocreation.models import Office, Place

M = TypeVar("M", bound=Model)
SECONDS = 30.0


class Remembered(Generic[M]):
    """The rows of one small table by key."""

    def __init__(self, objects: Manager[M]) -> None:
        self._objects = objects
        self._rows: dict[int, M] = {}
        self._until = 0.0

    def all(self) -> dict[int, M]:
        if monotonic() > self._until:
            self._load()
        return self._rows

    def get(self, key: int | None) -> M | None:
        """The row, or None where there is none (any more)."""
        if key is None:
            return None
        rows = self.all()
        if key not in rows:
            self._load()
        return self._rows.get(key)

    def by_slug(self, slugs: Collection[str]) -> list[M]:
        """The rows with these slugs; unknown ones are looked up, then left out."""
        found = self._with(slugs)
        if len(found) < len(set(slugs)):
            self._load()
            found = self._with(slugs)
        return found

    def _with(self, slugs: Collection[str]) -> list[M]:
        return [row for row in self.all().values() if getattr(row, "slug") in slugs]  # noqa: B009 - of any model

    def forget(self) -> None:
        self._until = 0.0

    def _load(self) -> None:
        self._rows = {row.pk: row for row in self._objects.all()}
        self._until = monotonic() + SECONDS


places: Remembered[Place] = Remembered(Place.objects)
offices: Remembered[Office] = Remembered(Office.objects)
organisations: Remembered[Organisation] = Remembered(Organisation.objects)


# What other modules keep beside these tables.
also_forget: list[Callable[[], None]] = []


def forget() -> None:
    """Look everything up anew: between tests, after an import."""
    for each in (places, offices, organisations):
        each.forget()
    for step in also_forget:
        step()
