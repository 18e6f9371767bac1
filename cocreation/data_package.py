"""The participation data package: everything that is public about a process as lines, which an empty city can read again.

Every room says in its `data_package.py` (imported at start) which records it has: how one is read strictly (and so what the
published schema says), how they come out of a process, one after the other, and how one goes into a city.

records.add("answer", Records("answer", _("Answers"), order=60, read=record({…}), dump=answers, load=load_answer))

What leaves a city here is what a visitor may see, and nothing else: `dump` starts from `visible_to(None)`. People are known
by an id that means nothing outside the package and by the name that stands on the page.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.guests import make_guest
from accounts.models import Organisation, Person
from cocreation import packages
from cocreation.models import Contribution, Office, Phase, Place, Process
from cocreation.packages import text_of
from cocreation.parts import package_parts
from cocreation.reading import (
    Read,
    both,
    maybe,
    moment,
    number,
    one_of,
    record,
    refuse,
    shown,
    slug,
)
from groundwork.answer import Words
from groundwork.registry import Registry

FORMAT, VERSION = "participation-data-package", "1.0.0"
MAJOR = VERSION.partition(".")[0]
LANGUAGE_CODES = {"type": "string", "pattern": "^[a-z]{2}(-[A-Za-z]{2})?$"}


class Arrival:
    """A process on its way into this city: what its lines name, by the names they have in the package."""

    def __init__(self, *, at: datetime, content_hash: str) -> None:
        self.at, self.content_hash = at, content_hash
        self.process: Process | None = None
        self.phases: dict[str, Phase] = {}
        self.contributions: dict[str, Contribution] = {}
        self._people: dict[str, Person] = {}
        # What a room puts down until the last line was read.
        self.waiting: dict[str, list[Any]] = {}

    def here(self) -> Process:
        if self.process is None:
            refuse("", _("The process has to come before what belongs to it."))
        return self.process

    def phase(self, key: str | None, where: str = "phase") -> Phase | None:
        if key is None:
            return None
        found = self.phases.get(key)
        if found is None:
            refuse(where, format_lazy(_("“{value}” is not known here."), value=shown(key)))
        return found

    def contribution(self, name: str | None, where: str) -> Contribution | None:
        if name is None:
            return None
        found = self.contributions.get(name)
        if found is None:
            refuse(where, format_lazy(_("“{value}” is not known here."), value=shown(name)))
        return found

    def office(self, name: str | None, where: str = "office") -> Office | None:
        found = Office.objects.filter(slug=name).first() if name else None
        if name and found is None:
            refuse(where, format_lazy(_("“{value}” is not known here."), value=shown(name)))
        return found

    def place(self, name: str, where: str = "place") -> Place:
        found = Place.objects.filter(slug=name).first()
        if found is None:
            refuse(where, format_lazy(_("“{value}” is not known here."), value=shown(name)))
        return found

    def person(self, told: Mapping[str, str] | None) -> Person | None:
        """Somebody with this name, who has no account here and never will: nobody can log in as them."""
        if told is None:
            return None
        if told["id"] not in self._people:
            self._people[told["id"]] = make_guest(language="de", at=self.at, public_name=told["name"])
        return self._people[told["id"]]

    def organisation(self, told: Mapping[str, str] | None) -> Organisation | None:
        if told is None:
            return None
        about = {"name": told["name"], "kind": told["kind"], "confirmed_at": self.at}
        return Organisation.objects.get_or_create(slug=told["slug"], defaults=about)[0]

    def arrive(self, kind: str, told: Mapping[str, Any]) -> Contribution:
        """The row under every contribution. It gets a number of this city."""
        found = Contribution(
            kind=kind, process=self.here(), phase=self.phase(told["phase"]), author=self.person(told["author"]),
            organisation=self.organisation(told["organisation"]), channel=Contribution.Channel.IMPORT,
            language=told["language"], created_at=told["published_at"],
        )  # fmt: skip
        found.publish(told["published_at"])
        if told["id"] in self.contributions:
            refuse("id", format_lazy(_("“{value}” occurs twice."), value=shown(told["id"])))
        found.save()
        self.contributions[told["id"]] = found
        return found

    def later(self, what: str, *told: Any) -> None:
        self.waiting.setdefault(what, []).append(told)


def _nothing(arrival: Arrival) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Records:
    """One type of line. `dump(process)` gives them one after the other, without `type`; `load(line, arrival)` writes one;
    `finish(arrival)` is called after the last line of the file. A type of contribution has the slug of its kind."""

    type: str
    words: Words
    order: int
    read: Read
    dump: Callable[[Process], Iterator[dict[str, Any]]]
    load: Callable[[dict[str, Any], Arrival], None]
    finish: Callable[[Arrival], None] = _nothing
    contribution: bool = field(default=False)


records: Registry[Records] = Registry("record of a data package")


def in_order() -> list[Records]:
    """What is pointed at comes before what points."""
    return sorted(records, key=lambda each: each.order)


def kinds_inside() -> list[str]:
    """Kinds of contributions that are in a package: what is about another kind is not."""
    return [each.type for each in records if each.contribution]


def lines(process: Process) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every record of a public process, in order: never more than a few of them are in memory."""
    for each in in_order():
        for found in each.dump(process):
            yield each.type, {"type": each.type, **found}


def schema(address: str) -> dict[str, Any]:
    """The published form: of one line of `records.jsonl`. `$defs/manifest` is that of `manifest.json`."""
    named = {
        each.type: {
            **each.read.schema,
            "title": each.type,
            "properties": {"type": {"const": each.type}, **each.read.schema["properties"]},
            "required": sorted(["type", *each.read.schema["required"]]),
        }
        for each in in_order()
    }
    from cocreation.reading import AUDIENCE_SCHEMA

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": f"Participation data package {VERSION}",
        "description": "One line of records.jsonl: a record of a participation process. People have ids that mean nothing"
        " outside the package. Supports are counts; ballots are nobody's. Versions follow semver.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in named],
        "$defs": {**named, "manifest": MANIFEST.schema, "audience": AUDIENCE_SCHEMA},
    }


# --- what records are made of ---


def prose(most: int, least: int = 0) -> Read:
    """What people wrote, as they wrote it: pages show it as text, whatever it looks like."""

    def read(value: Any, where: str) -> str:
        if not isinstance(value, str):
            refuse(where, _("A text is needed here."))
        if len(value) > most:
            refuse(where, format_lazy(_("This text is too long. At most {n} characters."), n=most))
        if len(value.strip()) < least:
            refuse(where, _("This text is empty."))
        if any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in value):
            refuse(where, _("This text holds characters that cannot be shown."))
        return value

    return Read(read, {"type": "string", "maxLength": most} | ({"minLength": least} if least else {}))


def prose_in_both(most: int, least: int = 0) -> Read:
    """What the city wrote: German always, English where somebody wrote it."""
    return record({"de": prose(most, least), "en": prose(most)}, ("de", "en"))


def _money(value: Any, where: str) -> Decimal:
    """To the cent; below zero where money came back."""
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        refuse(where, format_lazy(_("“{value}” is not an amount of money."), value=shown(value)))
    return Decimal(value)


_MONEY = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
money = Read(_money, {"type": "string", "pattern": f"^{_MONEY.pattern}$"})


def _point(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**9:
        refuse(where, _("A number is needed here."))
    return float(value)


point = Read(_point, {"type": "number"})


def _yes_or_no(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        refuse(where, _("“true” or “false” is needed here."))
    return value


truth = Read(_yes_or_no, {"type": "boolean"})
name = Read(
    lambda value, where: prose(60, 1)(value, where), {"type": "string", "minLength": 1, "maxLength": 60}
)
language = slug(5)
person = record({"id": slug(40), "name": prose(80, 1)}, ("id", "name"))
organisation = record(
    {"slug": slug(60), "name": prose(120, 1), "kind": one_of(Organisation.Kind.values)},
    ("slug", "name", "kind"),
)
facts = Read(
    lambda value, where: value if isinstance(value, dict) else refuse(where, _("A set of names and values is needed here.")),
    {"type": "object"},
)  # fmt: skip
MANIFEST = record(
    {
        "format": one_of([FORMAT]),
        "version": Read(lambda value, where: _version(value, where), {"type": "string", "pattern": f"^{MAJOR}\\.[0-9]+\\.[0-9]+$"}),
        "schema": prose(300),
        "process": slug(80),
        "title": both(80),
        "city": prose(120),
        "page": prose(300),
        "licence": prose(300),
        "made_at": moment,
        "counts": Read(facts.read, {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}),
        "sha256": Read(lambda value, where: _digest(value, where), {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
    },
    ("format", "version", "process", "counts", "sha256"),
)  # fmt: skip


def _version(value: Any, where: str) -> str:
    """Whatever has the same first number can be read: later ones only add what may be missing."""
    parts = value.split(".") if isinstance(value, str) else []
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or parts[0] != MAJOR:
        refuse(where, format_lazy(_("This package has the version {theirs}; {ours} is understood."), theirs=shown(value), ours=VERSION))  # fmt: skip
    return str(value)


def _digest(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) != 64 or not set(value) <= set("0123456789abcdef"):
        refuse(where, format_lazy(_("“{value}” is no SHA-256."), value=shown(value)))
    return value


def said_by(process: Process, key: int | None, public_name: str | None) -> dict[str, str] | None:
    """A person in a package: the same id for the same person in one process, another one in every other."""
    if key is None or not public_name:
        return None
    seal = hmac.new(settings.SECRET_KEY.encode(), f"data-package:{process.pk}:{key}".encode(), hashlib.sha256)
    return {"id": f"p{seal.hexdigest()[:20]}", "name": public_name}


def spoke_for(found: Organisation | None) -> dict[str, str] | None:
    return {"slug": found.slug, "name": found.name, "kind": found.kind} if found else None


def written(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def plain(value: Any) -> Any:
    """JSON that was stored, the same every time."""
    return json.loads(json.dumps(value, sort_keys=True, default=str))


def in_both(thing: Any, field_name: str, told: Mapping[str, str]) -> None:
    for code, text in told.items():
        setattr(thing, f"{field_name}_{code}", text)


# --- what the hall itself puts in ---

_office = record({"slug": slug(60), "name": both(120, 1), "short": prose(3, 1)}, ("slug", "name", "short"))
_place = record(
    {
        "slug": slug(60), "name": both(80, 1), "kind": one_of(Place.Kind.values), "character": one_of(Place.Character.values),
        "parent": maybe(slug(60)), "population": number(0, 10**9), "map_x": maybe(point), "map_y": maybe(point),
        "boundary": maybe(facts),
    },
    ("slug", "name", "kind", "character", "parent", "population", "map_x", "map_y", "boundary"),
)  # fmt: skip
_process = record(
    {
        "setup": packages.PACKAGE,
        "source": prose(200),
        "published_at": moment,
        "stopped_at": maybe(moment),
        "stop_reason": prose_in_both(600),
        "archived_at": maybe(moment),
    },
    ("setup", "source", "published_at", "stopped_at", "stop_reason", "archived_at"),
)


def _offices(process: Process) -> Iterator[dict[str, Any]]:
    """All of the city: any of them may have assessed, answered or promised something."""
    for each in Office.objects.order_by("slug").iterator(chunk_size=500):
        yield {"slug": each.slug, "name": text_of(each, "name"), "short": each.short}


def _places(process: Process) -> Iterator[dict[str, Any]]:
    """The tree of places, from the top."""
    parents: list[int | None] = [None]
    while parents:
        parent = parents.pop(0)
        for each in Place.objects.filter(parent=parent).order_by("slug").select_related("parent"):
            parents.append(each.pk)
            yield {
                "slug": each.slug, "name": text_of(each, "name"), "kind": each.kind, "character": each.character,
                "parent": each.parent.slug if each.parent else None, "population": each.population,
                "map_x": each.map_x, "map_y": each.map_y, "boundary": each.boundary,
            }  # fmt: skip


def _the_process(process: Process) -> Iterator[dict[str, Any]]:
    setup = packages.export(process)
    parts = {part.name for part in package_parts if part.public}
    setup["parts"] = {key: data for key, data in setup.get("parts", {}).items() if key in parts}
    last = setup["attribution"][-1]
    yield {
        "setup": plain(setup),
        "source": process.source or f"{last['city']} ({last['origin']})"[:200],
        "published_at": written(process.published_at),
        "stopped_at": written(process.stopped_at),
        "stop_reason": text_of(process, "stop_reason"),
        "archived_at": written(process.archived_at),
    }


def _load_office(line: dict[str, Any], arrival: Arrival) -> None:
    texts = {f"name_{code}": text for code, text in line["name"].items()}
    Office.objects.get_or_create(slug=line["slug"], defaults={"short": line["short"], **texts})


def _load_place(line: dict[str, Any], arrival: Arrival) -> None:
    parent = arrival.place(line["parent"], "parent") if line["parent"] else None
    about = {key: line[key] for key in ("kind", "character", "population", "map_x", "map_y", "boundary")}
    texts = {f"name_{code}": text for code, text in line["name"].items()}
    Place.objects.get_or_create(slug=line["slug"], defaults={"parent": parent, **about, **texts})


def _load_process(line: dict[str, Any], arrival: Arrival) -> None:
    if arrival.process is not None:
        refuse("", _("A package holds one process."))
    package = packages.read(_as_written(line["setup"]))
    setup = package.data
    slugs = {place["slug"] for place in setup["places"]}
    process = packages.insert(
        package, office=Office.objects.filter(slug=setup["office"]["slug"]).first(),
        places={place.slug: place for place in Place.objects.filter(slug__in=slugs)}, starts=None, by=None, at=arrival.at,
    )  # fmt: skip
    # The last one is the city the process comes from; it is not taken over as a recipe, it is the process itself.
    process.attribution = setup["attribution"][:-1]
    process.source, process.content_hash = line["source"], arrival.content_hash
    process.published_at, process.archived_at = line["published_at"], line["archived_at"]
    process.stopped_at = line["stopped_at"]
    in_both(process, "stop_reason", line["stop_reason"])
    process.save()
    arrival.process, arrival.phases = process, {phase.key: phase for phase in process.phases.all()}


def _as_written(setup: dict[str, Any]) -> dict[str, Any]:
    """The line was read already; the reader of setups wants moments as text."""
    found: dict[str, Any] = json.loads(json.dumps(setup, default=lambda value: value.isoformat()))
    return found


records.add("office", Records("office", _("Offices"), 10, _office, _offices, _load_office))
records.add("place", Records("place", _("Places"), 11, _place, _places, _load_place))
records.add(
    "process", Records("process", _("The process and its phases"), 20, _process, _the_process, _load_process)
)

#: The fields every contribution begins with.
CONTRIBUTION: dict[str, Read] = {
    "id": name,
    "phase": maybe(slug(40)),
    "language": language,
    "published_at": moment,
    "author": maybe(person),
    "organisation": maybe(organisation),
}


def contribution(
    process: Process, found: Contribution, phases: Mapping[int, str], *, named: bool = True
) -> dict[str, Any]:
    author = found.author if named else None
    return {
        "id": found.receipt,
        "phase": phases.get(found.phase_id or 0),
        "language": found.language,
        "published_at": written(found.published_at),
        "author": said_by(process, author.pk, author.public_name) if author else None,
        "organisation": spoke_for(found.organisation),
    }


def keys_of_phases(process: Process) -> dict[int, str]:
    return dict(process.phases.values_list("pk", "key"))
