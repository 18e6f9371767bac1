"""Named groups of people: a youth council, a jury, the neighbours of a square."""

from __future__ import annotations

from django.core.cache import caches
from django.utils.translation import get_language

from cocreation.kept import STRETCH


def name_of(slug: str) -> str:
    """The name of a group in the reader's language; a slug nobody knows stands for itself."""
    from cocreation.models import Group

    key = f"groups:{get_language()}"
    names: dict[str, str] | None = caches["fragments"].get(key)
    if names is None:
        names = {group.slug: group.name for group in Group.objects.all()}
        caches["fragments"].set(key, names, STRETCH)
    return names.get(slug, slug)
