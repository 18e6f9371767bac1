"""Strict reading of data that came from elsewhere: a recipe, a package. Whatever is not expected is refused in words.

read = record({"name": both(80), "days": number(1, 400)}, needs={"name", "days"})
plan = read(data, "phases[1]")          # Refused: "phases[1].days: …" names the place and what is wrong with it
read.schema                             # the same as JSON Schema, for those who write such data
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from cocreation.audience import LEVELS, Audience
from cocreation.methods import Method
from groundwork.answer import No, Refused, Words


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """Reads a value that stands at a place, or raises Refused; and says as JSON Schema what it reads."""

    read: Callable[[Any, str], Any]
    schema: dict[str, Any]

    def __call__(self, value: Any, where: str) -> Any:
        return self.read(value, where)


LANGUAGES = ("de", "en")
MOST_NESTED = 8
LONGEST = 100_000  # a text under discussion
MOST_PARTS = 60
_MARKUP = re.compile(r"<\s*[A-Za-z/!?]|&#|javascript:", re.IGNORECASE)
_SLUG = re.compile(r"[A-Za-z0-9_-]+")
# Letters that turn the direction of what follows, or that nobody sees.
_TRICKS = frozenset("\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_YEARS = range(2000, 2101)


def refuse(where: str, what: Words) -> NoReturn:
    raise Refused(No(format_lazy("{where}: {what}", where=where, what=what) if where else what))


def record(fields: Mapping[str, Read], needs: Collection[str] = ()) -> Read:
    """An object with these keys and no others; those in `needs` must be there."""

    def read(value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            refuse(where, _("A set of names and values is needed here."))
        for key in value:
            if key not in fields:
                refuse(_at(where, shown(key)), _("This entry is not known."))
        for key in needs:
            if key not in value:
                refuse(_at(where, key), _("This entry is missing."))
        return {key: fields[key](value[key], _at(where, key)) for key in value}

    return Read(
        read,
        {
            "type": "object",
            "properties": {key: field.schema for key, field in fields.items()},
            "required": sorted(needs),
            "additionalProperties": False,
        },
    )


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def shown(value: object) -> str:
    """A value from outside, short and harmless, for a sentence."""
    text = "".join(c if c.isprintable() and c not in _TRICKS else "�" for c in str(value)[:60])
    return text if len(str(value)) <= 60 else f"{text}…"


def listing(each: Read, most: int, least: int = 0) -> Read:
    def read(value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            refuse(where, _("A list is needed here."))
        if len(value) > most:
            refuse(where, format_lazy(_("Too many entries. At most {n} are possible."), n=most))
        if len(value) < least:
            refuse(where, format_lazy(_("Too few entries. At least {n} must be there."), n=least))
        return [each(one, f"{where}[{number}]") for number, one in enumerate(value, start=1)]

    return Read(read, {"type": "array", "items": each.schema, "minItems": least, "maxItems": most})


def mapping(each: Read, most: int, key: Read | None = None) -> Read:
    """An object whose keys are free names."""
    name = key or slug(40)

    def read(value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            refuse(where, _("A set of names and values is needed here."))
        if len(value) > most:
            refuse(where, format_lazy(_("Too many entries. At most {n} are possible."), n=most))
        return {name(one, where): each(value[one], _at(where, shown(one))) for one in value}

    return Read(
        read,
        {
            "type": "object",
            "propertyNames": name.schema,
            "additionalProperties": each.schema,
            "maxProperties": most,
        },
    )


def words(most: int, least: int = 0) -> Read:
    """Plain text: no markup, no control characters, nothing invisible."""

    def read(value: Any, where: str) -> str:
        if not isinstance(value, str):
            refuse(where, _("A text is needed here."))
        if len(value) > most:
            refuse(where, format_lazy(_("This text is too long. At most {n} characters."), n=most))
        if len(value.strip()) < least:
            refuse(where, _("This text is empty."))
        if any(
            c in _TRICKS or (unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and c not in "\n\r\t")
            for c in value
        ):
            refuse(where, _("This text holds characters that cannot be shown."))
        if _MARKUP.search(value):
            refuse(where, _("This text holds code of a web page. Only plain text is possible."))
        return value

    return Read(read, {"type": "string", "maxLength": most} | ({"minLength": least} if least else {}))


def both(most: int, least: int = 0) -> Read:
    """A text in both languages; one that is missing is empty."""
    read = record({language: words(most, least) for language in LANGUAGES}, LANGUAGES if least else ())
    return Read(lambda value, where: dict.fromkeys(LANGUAGES, "") | read(value, where), read.schema)


def number(least: int, most: int) -> Read:
    def read(value: Any, where: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            refuse(where, _("A whole number is needed here."))
        if not least <= value <= most:
            refuse(where, format_lazy(_("The number must lie between {a} and {b}."), a=least, b=most))
        return value

    return Read(read, {"type": "integer", "minimum": least, "maximum": most})


def one_of(known: Collection[str]) -> Read:
    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in known:
            refuse(where, format_lazy(_("“{value}” is not known here."), value=shown(value)))
        return value

    return Read(read, {"enum": sorted(known)})


def slug(most: int) -> Read:
    """A short name for addresses: plain letters, digits, hyphens."""

    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or len(value) > most or not _SLUG.fullmatch(value):
            refuse(
                where,
                format_lazy(
                    _("“{value}” is not a short name. Only the letters a to z, digits and hyphens."),
                    value=shown(value),
                ),
            )
        return value

    return Read(read, {"type": "string", "pattern": f"^{_SLUG.pattern}$", "maxLength": most})


def maybe(read: Read) -> Read:
    return Read(
        lambda value, where: None if value is None else read(value, where),
        {"anyOf": [{"type": "null"}, read.schema]},
    )


def _moment(value: Any, where: str) -> datetime:
    """A moment with its offset from UTC, in this century."""
    found = None
    if isinstance(value, str) and len(value) <= 40:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
    if found is None or found.tzinfo is None:
        refuse(where, format_lazy(_("“{value}” is not a moment in time."), value=shown(value)))
    if found.year not in _YEARS:
        refuse(where, format_lazy(_("“{value}” lies too far away."), value=shown(value)))
    return found.astimezone(UTC)


moment = Read(_moment, {"type": "string", "format": "date-time"})


def _day(value: Any, where: str) -> str:
    try:
        if isinstance(value, str) and re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    refuse(where, format_lazy(_("“{value}” is not a day."), value=shown(value)))


day = Read(_day, {"type": "string", "format": "date"})


def _free(value: Any, where: str) -> Any:
    """Any JSON of bounded size and depth, with harmless texts: for what only a room understands."""
    parts = 0

    def walk(value: Any, where: str, depth: int) -> Any:
        nonlocal parts
        parts += 1
        if depth > MOST_NESTED or parts > 20 * MOST_PARTS:
            refuse(where, _("This is nested too deeply or too long."))
        if isinstance(value, str):
            return words(LONGEST)(value, where)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            return number(-(10**12), 10**12)(value, where)
        if isinstance(value, list):
            return [walk(one, f"{where}[{n}]", depth + 1) for n, one in enumerate(value, start=1)]
        if isinstance(value, dict):
            return {
                words(80)(key, where): walk(one, _at(where, shown(key)), depth + 1)
                for key, one in value.items()
            }
        refuse(where, _("A whole number is needed here."))

    return walk(value, where, 0)


free = Read(_free, {})


# --- who may ---

_AGE = record({"from": number(0, 120), "to": number(0, 120)})


def _code(value: Any, where: str) -> bool:
    if value is not True:
        refuse(where, _("Only “true” is possible here."))
    return True


_LEAVES: dict[str, Read] = {
    "level": one_of(LEVELS),
    "places": listing(slug(60), 60),
    "age": _AGE,
    "organisations": listing(one_of(Organisation.Kind.values), 10),
    "group": slug(60),
    "code": Read(_code, {"const": True}),
}
AUDIENCE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "minProperties": 1,
    "properties": {key: read.schema for key, read in _LEAVES.items()}
    | {
        key: {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/audience"}} for key in ("all", "any")
    },
    "additionalProperties": False,
}


def _audience(value: Any, where: str) -> dict[str, Any]:
    """Who may do an act: conditions, joined by "all" and "any". What `Audience.read` does not take is refused too."""
    parts = 0

    def walk(value: Any, where: str, depth: int) -> dict[str, Any]:
        nonlocal parts
        parts += 1
        if depth > MOST_NESTED or parts > MOST_PARTS:
            refuse(where, _("This is nested too deeply or too long."))
        if not isinstance(value, dict) or not value:
            refuse(where, _("A set of names and values is needed here."))
        found: dict[str, Any] = {}
        for key, one in value.items():
            if key in ("all", "any"):
                if not isinstance(one, list) or not one:
                    refuse(_at(where, key), _("A list is needed here."))
                found[key] = [
                    walk(each, f"{_at(where, key)}[{n}]", depth + 1) for n, each in enumerate(one, start=1)
                ]
            elif key in _LEAVES:
                found[key] = _LEAVES[key](one, _at(where, key))
            else:
                refuse(_at(where, shown(key)), _("This entry is not known."))
        return found

    found = walk(value, where, 0)
    try:
        Audience.read(found)
    except Refused:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        refuse(where, _("It cannot be told from this who may take part."))
    return found


audience = Read(_audience, {"$ref": "#/$defs/audience"})


def places_in(audience: Mapping[str, Any]) -> list[str]:
    """The slugs of the places an audience names."""
    found = list(audience.get("places", ()))
    for key in ("all", "any"):
        for part in audience.get(key, ()):
            found += places_in(part)
    return found


def with_places(audience: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The same audience with other slugs for its places."""
    found: dict[str, Any] = {}
    for key, value in audience.items():
        if key == "places":
            found[key] = list(dict.fromkeys(names.get(one, one) for one in value))
        elif key in ("all", "any"):
            found[key] = [with_places(part, names) for part in value]
        else:
            found[key] = value
    return found


# --- the options of a method ---


def options(method: Method, value: Any, where: str) -> dict[str, Any]:
    """Options as the method's dataclass knows them, each of its type; the result makes the dataclass."""
    fields = {field.name: field for field in dataclasses.fields(method.options)}
    if not isinstance(value, dict):
        refuse(where, _("A set of names and values is needed here."))
    hints = typing.get_type_hints(method.options)
    found: dict[str, Any] = {}
    for key, one in value.items():
        if key == "version":
            if number(1, 1000)(one, _at(where, key)) > method.options_version:
                refuse(_at(where, key), _("These options come from a newer version."))
        elif key not in fields or fields[key].metadata.get("local"):
            refuse(_at(where, shown(key)), _("This entry is not known."))
        else:
            found[key] = _option(hints[key], fields[key], one, _at(where, key))
    try:
        method.options(**found)
    except Refused:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        refuse(where, _("These options do not fit together."))
    return found


def _option(hint: Any, field: dataclasses.Field[Any], value: Any, where: str) -> Any:
    union = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    kinds = set(typing.get_args(hint)) if union else {hint}
    if value is None:
        if type(None) not in kinds:
            refuse(where, _("This entry is missing."))
        return None
    if choices := field.metadata.get("choices"):
        return one_of([slug for slug, _words in choices])(value, where)
    if bool in kinds:
        if not isinstance(value, bool):
            refuse(where, _("“true” or “false” is needed here."))
        return value
    if int in kinds:
        return number(0, 1_000_000)(value, where)
    if Decimal in kinds:
        return money(value, where)
    if str in kinds:
        return words(LONGEST)(value, where)
    return free(value, where)


def _amount(value: Any, where: str) -> str:
    """Money as text with a dot, to the cent and not negative. It stays text: that is how options are stored."""
    try:
        amount = Decimal(value) if isinstance(value, str) and _MONEY.fullmatch(value) else None
    except InvalidOperation:
        amount = None
    if amount is None:
        refuse(where, format_lazy(_("“{value}” is not an amount of money."), value=shown(value)))
    return str(value)


_MONEY = re.compile(r"[0-9]{1,11}(\.[0-9]{1,2})?")
money = Read(_amount, {"type": "string", "pattern": f"^{_MONEY.pattern}$"})
