"""The rules of a process travel with it, in a package or a recipe; nobody's name is in them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cocreation import reading
from cocreation.models import Process
from cocreation.moderation.models import Rule, Watch
from cocreation.moderation.standard import LANGUAGES

if TYPE_CHECKING:
    from accounts.models import Person

MOST_RULES = 12
_read = reading.record(
    {
        "rules": reading.listing(
            reading.record(
                {
                    "slug": reading.slug(40),
                    "name": reading.both(80),
                    "text": reading.both(300),
                    "about": reading.one_of([str(value) for value in Rule.About.values]),
                },
                ("slug", "name", "text"),
            ),
            MOST_RULES,
        ),
        "first_posts_wait": reading.one_of(["yes", "no"]),
        "links": reading.one_of([str(value) for value in Watch.Links.values]),
        "most_links": reading.number(0, 50),
        "comments_an_hour": reading.number(1, 1000),
        "proposals_a_day": reading.number(1, 1000),
    },
    (),
)


def dump(process: Process) -> dict[str, Any] | None:
    """The word list stays here: it is of one city's language and quarrels."""
    rows = list(Rule.objects.filter(process=process))
    watch = Watch.objects.filter(process=process).first()
    if not rows and watch is None:
        return None
    found: dict[str, Any] = {
        "rules": [
            {
                "slug": row.slug,
                "name": {code: getattr(row, f"name_{code}") or "" for code in LANGUAGES},
                "text": {code: getattr(row, f"text_{code}") or "" for code in LANGUAGES},
                "about": row.about,
            }
            for row in rows
        ]
    }
    if watch is not None:
        found |= {
            "first_posts_wait": "yes" if watch.first_posts_wait else "no",
            "links": watch.links,
            "most_links": watch.most_links,
            "comments_an_hour": watch.comments_an_hour,
            "proposals_a_day": watch.proposals_a_day,
        }
    return found


def check(data: Any, where: str) -> dict[str, Any]:
    found: dict[str, Any] = {"rules": []} | _read(data, where)
    slugs = [rule["slug"] for rule in found["rules"]]
    if len(set(slugs)) != len(slugs):
        reading.refuse(where, _("Something stands here twice."))
    return found


def load(process: Process, data: dict[str, Any], by: Person, at: datetime) -> None:
    if process.is_dry_run:
        return
    for position, rule in enumerate(data["rules"]):
        words = {f"{name}_{code}": rule[name][code] for name in ("name", "text") for code in LANGUAGES}
        Rule.objects.create(
            process=process, slug=rule["slug"], about=rule.get("about", ""), position=position, **words
        )
    asked = {
        key: data[key]
        for key in ("links", "most_links", "comments_an_hour", "proposals_a_day")
        if key in data
    }
    if asked or "first_posts_wait" in data:
        Watch.objects.update_or_create(
            process=process, defaults=asked | {"first_posts_wait": data.get("first_posts_wait") == "yes"}
        )
