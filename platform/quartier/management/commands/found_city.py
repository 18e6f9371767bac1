"""`manage.py found_city FILE.toml`: the places and offices of a city, from a file of the demo's form.

[[places]]
slug = "lindach"            # stable for ever
parent = "auental"          # absent for the outermost
kind = "village"            # region, municipality, district or village
class = "rural"             # or urban
population = 900
name = {de = "Lindach", en = "Lindach"}
x = 118                     # where it lies on the city's own map picture; optional
y = 128

[[offices]]
key = "tiefbauamt"
short = "TA"
email = "tiefbauamt@example.org"
name = {de = "Tiefbauamt", en = "Roads Office"}
"""

import tomllib
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from cocreation.models import Office, Place
from quartier.builders import set_text


class Command(BaseCommand):
    help = "Creates or updates places and offices from a TOML file; all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    @transaction.atomic
    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            plan = tomllib.loads(file.read_text())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except tomllib.TOMLDecodeError as error:
            raise CommandError(f"{file} is not TOML: {error}.") from None
        for number, entry in enumerate(plan.get("places", []), start=1):
            self._save(f"Place {number}", entry, self._place)
        for number, entry in enumerate(plan.get("offices", []), start=1):
            self._save(f"Office {number}", entry, self._office)
        self.stdout.write(
            f"{len(plan.get('places', []))} places and {len(plan.get('offices', []))} offices stand."
        )

    def _save(self, what: str, entry: dict[str, Any], build: Any) -> None:
        try:
            thing = build(entry)
            set_text(thing, "name", entry["name"])
            thing.full_clean()
        except KeyError as error:
            raise CommandError(f"{what} lacks {error}.") from None
        except ValidationError as error:
            raise CommandError(
                f"{what} ({entry.get('slug') or entry.get('key')}): {' '.join(error.messages)}"
            ) from None
        thing.save()

    def _place(self, entry: dict[str, Any]) -> Place:
        place = Place.objects.filter(slug=entry["slug"]).first() or Place(slug=entry["slug"])
        parent = entry.get("parent")
        if parent:
            place.parent = Place.objects.filter(slug=parent).first()
            if place.parent is None:
                raise CommandError(f"The place {entry['slug']!r} stands before its parent {parent!r}.")
        place.kind, place.character = entry["kind"], entry.get("class", Place.Character.URBAN)
        place.population = entry.get("population", 0)
        place.map_x, place.map_y = entry.get("x"), entry.get("y")
        return place

    def _office(self, entry: dict[str, Any]) -> Office:
        office = Office.objects.filter(slug=entry["key"]).first() or Office(slug=entry["key"])
        office.short, office.email = entry["short"], entry.get("email", "")
        return office
