"""The tree of places as audiences need it: names, and what lies below what. Kept for a stretch, like everything small."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import caches
from django.utils.translation import get_language

from cocreation.kept import STRETCH


def _tree() -> dict[str, tuple[str, str]]:
    """slug -> (name in the reader's language, slug of the place above)."""
    from cocreation.models import Place

    key = f"places:tree:{get_language()}"
    kept: dict[str, tuple[str, str]] | None = caches["fragments"].get(key)
    if kept is None:
        rows = Place.objects.select_related("parent")
        kept = {place.slug: (place.name, place.parent.slug if place.parent else "") for place in rows}
        caches["fragments"].set(key, kept, STRETCH)
    return kept


def names_of(slugs: Iterable[str]) -> list[str]:
    """The names of these places in the reader's language; a slug nobody knows stands for itself."""
    tree = _tree()
    return [tree[slug][0] if slug in tree else slug for slug in slugs]


def with_all_below(slugs: Iterable[str]) -> set[str]:
    """These places and everything that lies in them."""
    tree = _tree()
    found = set(slugs)
    grown = True
    while grown:
        more = {slug for slug, (_name, above) in tree.items() if above in found} - found
        found |= more
        grown = bool(more)
    return found
