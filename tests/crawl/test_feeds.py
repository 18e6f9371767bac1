"""Feeds and calendars can be read by the programs they are for."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from tests.visits import Visit, none_of

ATOM = "{http://www.w3.org/2005/Atom}"


def _of_type(visits: list[Visit], *types: str) -> list[Visit]:
    return [
        visit
        for visit in visits
        if visit.status == 200 and visit.headers.get("Content-Type", "").startswith(types)
    ]


def test_a_feed_is_valid(visits: list[Visit]) -> None:
    for visit in _of_type(
        visits, "application/atom+xml", "application/rss+xml", "application/xml", "text/xml"
    ):
        root = ElementTree.fromstring(visit.body)
        if root.tag == f"{ATOM}feed":
            for name in ("id", "title", "updated"):
                assert root.findtext(f"{ATOM}{name}"), f"{visit}: no {name}"
            entries = root.findall(f"{ATOM}entry")
            keys = [entry.findtext(f"{ATOM}id") for entry in entries]
            assert len(keys) == len(set(keys)) and all(keys), visit
            assert all(
                entry.findtext(f"{ATOM}title") and entry.findtext(f"{ATOM}updated") for entry in entries
            ), visit
        elif root.tag == "rss":
            channel = root.find("channel")
            assert channel is not None and channel.findtext("title") and channel.findtext("link"), visit
            assert all(
                item.findtext("guid") and item.findtext("title") for item in channel.findall("item")
            ), visit


def test_a_calendar_is_valid(visits: list[Visit]) -> None:
    """RFC 5545: CRLF, lines of at most 75 octets, every event with a key, a stamp and a start."""
    wrong = []
    calendars = _of_type(visits, "text/calendar")
    assert calendars
    for visit in calendars:
        lines = visit.body.split("\r\n")
        if (
            lines[0] != "BEGIN:VCALENDAR"
            or lines[-2:] != ["END:VCALENDAR", ""]
            or "\n" in visit.body.replace("\r\n", "")
        ):
            wrong.append(f"{visit}: not a calendar")
        wrong += [f"{visit}: {line[:40]!r} is too long" for line in lines if len(line.encode()) > 75]
        events = visit.body.split("BEGIN:VEVENT")[1:]
        wrong += [
            f"{visit}: no {name}"
            for event in events
            for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY")
            if f"\r\n{name}" not in event
        ]
        keys = [line for line in lines if line.startswith("UID:")]
        if len(keys) != len(set(keys)):
            wrong.append(f"{visit}: a key twice")
    none_of(wrong)


def test_a_json_document_is_json(visits: list[Visit]) -> None:
    for visit in _of_type(visits, "application/json"):
        json.loads(visit.body)
