"""An OParl server (1.0 or 1.1) as pages of objects. It goes through the door, and believes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from feedback.council import door

MOST_PAGES = 20_000
# A page of a list, with texts of papers in it.
LARGEST = 16 * 1024 * 1024
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Quartier (OParl)"}
VERSIONS = ("1.0", "1.1")

Get = Callable[[str], "dict[str, Any]"]


class Trouble(Exception):
    """Why reading failed: a word the page has a sentence for."""

    def __init__(self, why: str, address: str = "") -> None:
        self.why = why
        super().__init__(why, address)


def get(address: str) -> dict[str, Any]:
    """The document at an address. Raises Trouble."""
    try:
        body = door.fetch(address, HEADERS, most=LARGEST)
    except door.Unsafe:
        raise Trouble("unsafe", address) from None
    except door.Refusal as refusal:
        raise Trouble(refusal.why, address) from None
    except OSError as silent:
        raise Trouble("silent", address) from silent
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Trouble("form", address)
    return found


def kind_of(thing: Any) -> str:
    """ "Paper" of "https://schema.oparl.org/1.1/Paper"; nothing for what is no object of a version we know."""
    found = thing.get("type") if isinstance(thing, dict) else None
    for version in VERSIONS:
        start = f"https://schema.oparl.org/{version}/"
        if isinstance(found, str) and found.startswith(start):
            return found[len(start) :]
    return ""


def text(thing: dict[str, Any], field: str, most: int = 500) -> str:
    found = thing.get(field)
    return " ".join(found.replace("\x00", "").split())[:most] if isinstance(found, str) else ""


def address(thing: dict[str, Any], field: str = "id") -> str:
    """An address that can be shown as a link: of the web, or nothing."""
    found = thing.get(field)
    if not isinstance(found, str) or len(found) > 500 or not found.startswith(("https://", "http://")):
        return ""
    return found


def bodies(get: Get, url: str) -> Iterator[dict[str, Any]]:
    """The bodies of a system, or the one this is the address of."""
    first = get(url)
    kind = kind_of(first)
    if kind == "Body":
        yield first
    elif kind == "System" and address(first, "body"):
        yield from (each for each in pages(get, address(first, "body"), url) if kind_of(each) == "Body")
    else:
        raise Trouble("form", url)


def pages(get: Get, url: str, start: str, since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Every object of a list, page by page; with `since` those that changed or were deleted from then on. Lists of another
    server than `start` are not followed."""
    host, seen = urlsplit(start).netloc, set[str]()
    following = _asking(url, since) if since else url
    while following:
        if urlsplit(following).netloc != host or following in seen or len(seen) >= MOST_PAGES:
            raise Trouble("form", following)
        seen.add(following)
        page = get(following)
        data, links = page.get("data"), page.get("links")
        if not isinstance(data, list):
            raise Trouble("form", following)
        yield from (each for each in data if isinstance(each, dict))
        following = address(links, "next") if isinstance(links, dict) else ""


def _asking(url: str, since: datetime) -> str:
    parts = urlsplit(url)
    asked = [*parse_qsl(parts.query), ("modified_since", since.isoformat(timespec="seconds"))]
    return urlunsplit(parts._replace(query=urlencode(asked)))
