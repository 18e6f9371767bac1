"""How a process checks who takes part, and the groups its audiences name, travel with it: never an entry, never a member.

Options of the ways (postal codes, letters) are of one city and stay there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation import reading
from cocreation.checks.base import adapters
from cocreation.models import CheckSource, Group, Process
from cocreation.parts import Part, package_parts

if TYPE_CHECKING:
    from accounts.models import Person

MOST_GROUPS = 30
_groups = reading.listing(
    reading.record({"slug": reading.slug(60), "name": reading.both(80)}, ("slug", "name")), MOST_GROUPS
)


def dump(process: Process) -> dict[str, Any] | None:
    named = sorted({slug for phase in process.line for slug in _named(phase.audience.values())})
    groups = [
        {"slug": group.slug, "name": {code: getattr(group, f"name_{code}") or "" for code in ("de", "en")}}
        for group in Group.objects.filter(slug__in=named)
    ]
    if process.identity == Process.Identity.CITY and not groups:
        return None
    ways = process.check_sources.filter(active=True).order_by("adapter")  # type: ignore[attr-defined]
    return {
        "identity": process.identity,
        "ways": list(ways.values_list("adapter", flat=True)),
        "groups": groups,
    }


def _named(audiences: Any) -> Iterator[str]:
    for audience in audiences:
        if isinstance(audience, Mapping):
            if audience.get("group"):
                yield str(audience["group"])
            for key in ("any", "all"):
                yield from _named(audience.get(key, ()))


def check(data: Any, where: str) -> dict[str, Any]:
    read = reading.record(
        {
            "identity": reading.one_of([str(value) for value in Process.Identity.values]),
            "ways": reading.listing(reading.one_of(adapters.slugs()), len(adapters.slugs())),
            "groups": _groups,
        },
        ("identity",),
    )
    found: dict[str, Any] = {"ways": [], "groups": []} | read(data, where)
    slugs = [group["slug"] for group in found["groups"]]
    if len(set(slugs)) != len(slugs) or len(set(found["ways"])) != len(found["ways"]):
        reading.refuse(where, _("Something stands here twice."))
    return found


def load(process: Process, data: dict[str, Any], by: Person, at: datetime) -> None:
    """Groups that exist here are meant; the others are founded, empty, for this process."""
    if process.is_dry_run:
        return
    there = set(
        Group.objects.filter(slug__in=[g["slug"] for g in data["groups"]]).values_list("slug", flat=True)
    )
    for group in data["groups"]:
        if group["slug"] not in there:
            names = {f"name_{code}": words for code, words in group["name"].items()}
            Group.objects.create(slug=group["slug"], process=process, **names)
    process.identity = data["identity"]
    process.save(update_fields=["identity"])
    CheckSource.objects.bulk_create(
        CheckSource(process=process, adapter=way, active=True) for way in data["ways"]
    )


package_parts.add("who", Part("who", _("How is checked who takes part"), dump, check, load))
