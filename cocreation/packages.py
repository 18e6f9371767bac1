"""A process as one file that another city can read: `quartier-process`, version 1.

What travels: texts in both languages, facts, phases with dates, acts, audiences and options, what rooms add
(`parts.package_parts`), and whose idea it was. What never travels: people and what they contributed.
A package from outside is read strictly: it is taken as a whole or refused with the place and the reason.
The published form of it is docs/process-package.schema.json, which `manage.py package_schema` prints from here.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import reading
from cocreation.methods import methods
from cocreation.models import Office, Phase, Place, Process
from cocreation.models.processes import HUES, PATTERNS, jsonable
from cocreation.parts import Part, package_parts
from cocreation.reading import both, listing, mapping, maybe, moment, number, one_of, record, slug, words
from cocreation.recipe_files import MOST_PHASES, TEXTS
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT, VERSION = "quartier-process", 1
LARGEST = 512 * 1024
DEEPEST = 24
LONGEST_PHASE = timedelta(days=3660)
ALL_TEXTS = {"title": 80} | TEXTS

ATTRIBUTION = record(
    {"city": words(80, 1), "office": both(120), "date": reading.day, "origin": words(200, 1)},
    ("city", "office", "date", "origin"),
)
PACKAGE = record(
    {
        "format": one_of([FORMAT]),
        "version": number(VERSION, VERSION),
        "attribution": listing(ATTRIBUTION, 20, least=1),
        "texts": record({name: both(most) for name, most in ALL_TEXTS.items()}, ("title",)),
        "facts": record(
            {
                "slug": slug(80),
                "recipe": slug(40),
                "promise": one_of(Process.Promise.values),
                "minutes": number(1, 240),
                "hue": one_of([name for name, _words in HUES]),
                "pattern": one_of([name for name, _words in PATTERNS]),
                "answer_by": maybe(moment),
                "office": slug(60),
                "places": listing(slug(60), 60),
            },
            ("slug", "promise", "minutes", "office", "places"),
        ),
        "office": record(
            {"slug": slug(60), "name": both(120, 1), "short": words(3, 1)}, ("slug", "name", "short")
        ),
        "places": listing(
            record(
                {
                    "slug": slug(60),
                    "name": both(80, 1),
                    "kind": one_of(Place.Kind.values),
                    "character": one_of(Place.Character.values),
                },
                ("slug", "name", "kind"),
            ),
            60,
        ),
        "phases": listing(
            record(
                {
                    "key": slug(40),
                    "method": slug(40),
                    "lane": number(0, 8),
                    "order": number(0, 1000),
                    "name": both(80),
                    "text": both(200),
                    "starts": maybe(moment),
                    "ends": maybe(moment),
                    "acts": listing(slug(40), 20),
                    "audience": mapping(reading.audience, 20),
                    "options": reading.free,
                },
                ("key", "method", "acts"),
            ),
            MOST_PHASES,
        ),
        "parts": mapping(reading.free, 20),
    },
    ("format", "version", "attribution", "texts", "facts", "office", "places", "phases"),
)


def schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "quartier-process, version 1",
        "description": "A participation process as one city hands it to another: no people, no contributions. At most"
        f" {LARGEST // 1024} KB of JSON in UTF-8, no key twice. Texts are plain text. Phases of one lane do not overlap.",
        **PACKAGE.schema,
        "$defs": {"audience": reading.AUDIENCE_SCHEMA},
    }


# --- out ---


def export(process: Process) -> dict[str, Any]:
    """The package of a process, the same every time. Refused where the process itself names what is gone."""
    phases = list(process.phases.order_by("lane", "order", "starts", "key"))
    places = list(process.places.order_by("slug"))
    known = {place.slug: place for place in places}
    named = {
        slug for phase in phases for one in phase.audience.values() for slug in reading.places_in(one)
    } - known.keys()
    known |= {place.slug: place for place in Place.objects.filter(slug__in=named)}
    if gone := sorted(named - known.keys()):
        raise Refused(
            No(
                format_lazy(
                    _("A phase names the place “{place}”, which is not here any more."), place=gone[0]
                )
            )
        )
    parts = {part.name: data for part in package_parts if (data := part.dump(process)) is not None}
    return {
        "format": FORMAT,
        "version": VERSION,
        "attribution": attribution_of(process),
        "texts": {name: text_of(process, name) for name in ALL_TEXTS},
        "facts": {
            "slug": process.slug,
            **({"recipe": process.recipe} if process.recipe else {}),
            "promise": process.promise,
            "minutes": process.minutes,
            "hue": process.hue,
            "pattern": process.pattern,
            "answer_by": _written(process.answer_by),
            "office": process.office.slug,
            "places": [place.slug for place in places],
        },
        "office": {
            "slug": process.office.slug,
            "name": text_of(process.office, "name"),
            "short": process.office.short,
        },
        "places": [
            {
                "slug": place.slug,
                "name": text_of(place, "name"),
                "kind": place.kind,
                "character": place.character,
            }
            for _slug, place in sorted(known.items())
        ],
        "phases": [_phase(phase) for phase in phases],
        **({"parts": parts} if parts else {}),
    }


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "key": phase.key,
        "method": phase.method,
        "lane": phase.lane,
        "order": phase.order,
        "name": text_of(phase, "name"),
        "text": text_of(phase, "text"),
        "starts": _written(phase.starts),
        "ends": _written(phase.ends),
        "acts": list(phase.acts),
        "audience": {act: audience for act, audience in phase.audience.items() if audience},
        "options": portable_options(phase),
    }


def portable_options(phase: Phase) -> dict[str, Any]:
    """The options without what only means something here (metadata "local")."""
    local = {field.name for field in dataclasses.fields(phase.kind.options) if field.metadata.get("local")}
    options = jsonable(dataclasses.asdict(phase.opts))
    return {"version": phase.kind.options_version} | {
        key: value for key, value in options.items() if key not in local
    }


def text_of(thing: Any, name: str) -> dict[str, str]:
    return {language: getattr(thing, f"{name}_{language}") or "" for language in reading.LANGUAGES}


def attribution_of(process: Process) -> list[dict[str, Any]]:
    """Whose idea it was, the oldest first. A city adds itself once the process is its own: it began it or published it."""
    if process.attribution and not process.is_published:
        return list(process.attribution)
    host = urlsplit(settings.SITE_URL).hostname or "quartier"
    ours = {
        "city": settings.CITY_NAME,
        "office": text_of(process.office, "name"),
        "date": timezone.localtime(process.published_at or process.created_at).date().isoformat(),
        "origin": f"{host}/{process.slug}",
    }
    return [*process.attribution, ours][-20:]


def _written(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def write(package: Mapping[str, Any]) -> bytes:
    return json.dumps(package, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


# --- in ---


@dataclass(frozen=True)
class Package:
    """A package that was read and found good: `data` with moments as moments, options checked by their methods."""

    data: dict[str, Any]
    parts: list[tuple[Part, Any]]
    unknown_parts: list[str]

    @property
    def cities(self) -> list[str]:
        return list(dict.fromkeys(one["city"] for one in self.data["attribution"]))

    @property
    def begins(self) -> datetime | None:
        return min((phase["starts"] for phase in self.data["phases"] if phase["starts"]), default=None)


def parse(content: bytes) -> Any:
    """The JSON of a file. Refused: too large, no JSON, a name twice, numbers that are none, too deep."""
    if len(content) > LARGEST:
        raise Refused(
            No(
                format_lazy(
                    _("This file is too large. A process has at most {n} kilobytes."), n=LARGEST // 1024
                )
            )
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(No(_("This file is no text in UTF-8. Please export the process again.")))
    try:
        data = json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_no_number,
            parse_int=_integer,
        )
    except (ValueError, RecursionError):
        raise Refused(No(_("This file is not a process: it cannot be read as JSON.")))
    if _depth(text) > DEEPEST:
        reading.refuse("", _("This is nested too deeply or too long."))
    return data


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            reading.refuse(reading.shown(key), _("This entry occurs twice."))
        found[key] = value
    return found


def _no_number(value: str) -> Any:
    reading.refuse(reading.shown(value), _("Only whole numbers are possible."))


def _integer(value: str) -> int:
    if len(value) > 15:
        reading.refuse(reading.shown(value), _("Only whole numbers are possible."))
    return int(value)


def _depth(text: str) -> int:
    """How deep brackets are nested, whatever stands in texts: a walk without recursion."""
    deep = deepest = 0
    inside = escaped = False
    for character in text:
        if inside:
            escaped, inside = (False, True) if escaped else (character == "\\", character != '"')
        elif character == '"':
            inside = True
        elif character in "[{":
            deep += 1
            deepest = max(deepest, deep)
        elif character in "]}":
            deep -= 1
    return deepest


def read(data: Any) -> Package:
    """A package, or Refused with the place and the reason. Nothing is written."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Refused(No(_("This file is not a process that was exported from Quartier.")))
    if data.get("version") != VERSION or isinstance(data.get("version"), bool):
        raise Refused(
            No(
                format_lazy(
                    _(
                        "This process comes in the version {theirs} of the format. Here only {ours} is understood."
                    ),
                    theirs=reading.shown(data.get("version", "?")),
                    ours=VERSION,
                )
            )
        )
    found = PACKAGE(data, "")
    for name in ALL_TEXTS:
        found["texts"].setdefault(name, dict.fromkeys(reading.LANGUAGES, ""))
    if not any(text.strip() for text in found["texts"]["title"].values()):
        reading.refuse("texts.title", _("This text is empty."))
    _check_places(found)
    _check_phases(found["phases"], {place["slug"] for place in found["places"]})
    parts, unknown = [], []
    for name, part_data in found.get("parts", {}).items():
        part = package_parts.find(name)
        if part is None:
            unknown.append(name)
        else:
            parts.append((part, part.check(part_data, f"parts.{name}")))
    return Package(found, parts, unknown)


def _check_places(found: dict[str, Any]) -> None:
    slugs = [place["slug"] for place in found["places"]]
    if twice := next((one for one in slugs if slugs.count(one) > 1), None):
        reading.refuse("places", format_lazy(_("“{value}” occurs twice."), value=twice))
    for place in found["places"]:
        place.setdefault("character", Place.Character.URBAN)
    for wanted in found["facts"]["places"]:
        if wanted not in slugs:
            reading.refuse("facts.places", format_lazy(_("“{value}” is not known here."), value=wanted))
    if found["facts"]["office"] != found["office"]["slug"]:
        reading.refuse(
            "facts.office", format_lazy(_("“{value}” is not known here."), value=found["facts"]["office"])
        )


def _check_phases(phases: list[dict[str, Any]], places: set[str]) -> None:
    keys: set[str] = set()
    for n, phase in enumerate(phases, start=1):
        where = f"phases[{n}]"
        if phase["key"] in keys:
            reading.refuse(f"{where}.key", format_lazy(_("“{value}” occurs twice."), value=phase["key"]))
        keys.add(phase["key"])
        method = methods.find(phase["method"])
        if method is None:
            reading.refuse(
                f"{where}.method",
                format_lazy(
                    _("The method “{method}” is not installed here."), method=reading.shown(phase["method"])
                ),
            )
        phase.setdefault("lane", 0)
        phase.setdefault("order", n - 1)
        for name in ("name", "text"):
            phase.setdefault(name, dict.fromkeys(reading.LANGUAGES, ""))
        for name in ("starts", "ends"):
            phase.setdefault(name, None)
        phase.setdefault("audience", {})
        known = {act.slug for act in method.acts}
        for field in ("acts", "audience"):
            for act in phase[field]:
                if act not in known:
                    reading.refuse(
                        f"{where}.{field}", format_lazy(_("“{value}” is not known here."), value=act)
                    )
        if len(set(phase["acts"])) != len(phase["acts"]):
            reading.refuse(f"{where}.acts", _("This entry occurs twice."))
        for act, audience in phase["audience"].items():
            for place in reading.places_in(audience):
                if place not in places:
                    reading.refuse(
                        f"{where}.audience.{act}",
                        format_lazy(_("“{value}” is not known here."), value=place),
                    )
        phase["options"] = reading.options(method, phase.get("options", {}), f"{where}.options")
        _check_time(phase, where)
    _check_lanes(phases)


def _check_time(phase: dict[str, Any], where: str) -> None:
    starts, ends = phase["starts"], phase["ends"]
    if starts and ends:
        if ends <= starts:
            reading.refuse(f"{where}.ends", _("A phase must end after it starts."))
        if ends - starts > LONGEST_PHASE:
            reading.refuse(f"{where}.ends", _("This phase is longer than ten years."))


def _check_lanes(phases: list[dict[str, Any]]) -> None:
    for lane in sorted({phase["lane"] for phase in phases}):
        dated = sorted(
            (phase for phase in phases if phase["lane"] == lane and phase["starts"] and phase["ends"]),
            key=lambda phase: phase["starts"],
        )
        for first, second in itertools.pairwise(dated):
            if second["starts"] < first["ends"]:
                reading.refuse(
                    f"phases “{first['key']}”, “{second['key']}”", _("Phases of one lane must not overlap.")
                )


def insert(
    package: Package,
    *,
    office: Office | None,
    places: Mapping[str, Place],
    starts: datetime | None,
    by: Any,
    at: datetime,
) -> Process:
    """The rows of a draft. Places and the office that are not given are created. The action asks the rule."""
    from cocreation.recipes import slug_for

    facts, texts = package.data["facts"], package.data["texts"]
    if office is None:
        plan = package.data["office"]
        office = Office(slug=plan["slug"], short=plan["short"])
        _say(office, "name", plan["name"])
        office.save()
    known = dict(places)
    for plan in package.data["places"]:
        if plan["slug"] not in known:
            place = Place(slug=plan["slug"], kind=plan["kind"], character=plan["character"])
            _say(place, "name", plan["name"])
            place.save()
            known[plan["slug"]] = place
    shift = _shift(package, starts)
    process = Process(
        slug=slug_for(facts["slug"]),
        office=office,
        recipe=facts.get("recipe", ""),
        promise=facts["promise"],
        minutes=facts["minutes"],
        hue=facts.get("hue", "moss"),
        pattern=facts.get("pattern", "fields"),
        answer_by=shift(facts.get("answer_by")),
        attribution=package.data["attribution"],
        created_by=by,
    )
    for name, text in texts.items():
        _say(process, name, text)
    process.save()
    process.places.set([known[slug] for slug in facts["places"]])
    names = {slug: place.slug for slug, place in known.items()}
    for plan in package.data["phases"]:
        phase = Phase(
            process=process,
            key=plan["key"],
            method=plan["method"],
            lane=plan["lane"],
            order=plan["order"],
            starts=shift(plan["starts"]),
            ends=shift(plan["ends"]),
            acts=plan["acts"],
            audience={act: reading.with_places(one, names) for act, one in plan["audience"].items()},
        )
        _say(phase, "name", plan["name"])
        _say(phase, "text", plan["text"])
        phase.set_opts(phase.kind.options(**plan["options"]))
        phase.full_clean(exclude=["name", "name_de", "name_en", "text", "text_de", "text_en"])
        phase.save()
    for part, data in package.parts:
        part.load(process, data, by, at)
    return process


def _shift(package: Package, starts: datetime | None) -> Any:
    """All dates moved by so much that the first phase begins at `starts`: by the clock on the wall."""
    begins = package.begins
    if starts is None or begins is None:
        return lambda at: at
    later = timezone.localtime(starts).replace(tzinfo=None) - timezone.localtime(begins).replace(tzinfo=None)
    return lambda at: at and timezone.localtime(at) + later


def _say(thing: Any, name: str, text: Mapping[str, str]) -> None:
    for language in reading.LANGUAGES:
        setattr(thing, f"{name}_{language}", text.get(language, ""))
