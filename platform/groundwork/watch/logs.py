"""Log lines without personal data: one JSON object a line, made of what the code says and never of what people wrote.

An event is a template in our code ("notices.refused notice=%s code=%s"). Numbers in it are shown; an exception is shown as
its kind and the places it went through, never with its message, because messages quote: PostgreSQL prints the row that was
refused, a mail server the address, Python the value it could not read. Words from outside (paths, names of files, answers
of other servers) become "…". What a line loses by that, the route and the request id give back.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from groundwork.watch import context

MOST_FRAMES = 25
HIDDEN = "…"
# Names our own code uses: of tasks, rules, readers, routes, queues. No person is called like that.
_NAME = re.compile(
    r"[a-z][a-z0-9_]*(?:[.:][a-z0-9_*]+)+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8,64}"
)
# Celery's own words about a task: all but what the task was given and what it said.
_CELERY = {"name", "id", "hostname", "runtime", "description"}
_WORDS_OF_CELERY = re.compile(r"[\w@.,: -]{1,120}")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|„[^“]*“")
_ADDRESS = re.compile(r"[^\s<>(),;:]+@[^\s<>(),;:]+")
_PATH = re.compile(r"(?<![\w.])/[^\s]{2,}")
_PLAIN = re.compile(r"[\w.:-]{1,80}")
# Facts whose values only our code gives: they need no dot to be a name.
_NAMED = {"reader", "route", "task", "rule", "request_id"}
OURS = ("quartier", "groundwork")
_FIELDS = {"level", "logger", "event", "at"}
# What LogRecord has by itself; anything else came by `extra=`.
_OWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def safe(value: Any, *, words: re.Pattern[str] | None = _NAME) -> Any:
    """A value as it may stand in a line: numbers and our own names as they are, exceptions by kind, the rest hidden.
    `words` is what a name looks like; None hides every text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return kind(value)
    if words and isinstance(value, str) and words.fullmatch(value):
        return value
    return HIDDEN


def kind(error: BaseException) -> str:
    """`IntegrityError(23505 accounts_person_email)`: the class, and what a database names without quoting a row."""
    about = []
    for each in (error, error.__cause__):
        state, diagnosis = getattr(each, "sqlstate", None), getattr(each, "diag", None)
        if state:
            about = [state, getattr(diagnosis, "constraint_name", None) or ""]
            break
    code = getattr(error, "smtp_code", None)
    if isinstance(code, int):
        about = [str(code)]
    words = " ".join(word for word in about if word)
    return f"{type(error).__name__}({words})" if words else type(error).__name__


def frames(trace: TracebackType | None) -> list[str]:
    """`proposals/actions.py:88 propose`, the place of the error last; neither source lines nor values."""
    found = []
    for frame in traceback.extract_tb(trace)[-MOST_FRAMES:]:
        parts = frame.filename.split("site-packages/")[-1].split("/")
        found.append(f"{'/'.join(parts[-3:])}:{frame.lineno} {frame.name}")
    return found


def chain(error: BaseException) -> list[dict[str, Any]]:
    """The error and what it came from, the last one first."""
    found: list[dict[str, Any]] = []
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen and len(found) < 5:
        seen.add(id(each))
        found.append({"kind": kind(each), "frames": frames(each.__traceback__)})
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return found


def scrub(text: str) -> str:
    """Words of somebody else's library: without quotations, addresses, paths and numbers that could be a telephone's."""
    for pattern in (_QUOTED, _ADDRESS, _PATH):
        text = pattern.sub(HIDDEN, text)
    return re.sub(r"\d[\d /-]{6,}\d", HIDDEN, text)[:300]


def event_of(record: logging.LogRecord) -> str:
    """What happened: the template filled with what may be shown."""
    template, args = str(record.msg), record.args
    if not isinstance(record.msg, str):
        return kind(record.msg) if isinstance(record.msg, BaseException) else HIDDEN
    if not args:
        return template if record.name.startswith(OURS) else scrub(template)
    shown: Any
    celery = record.name.startswith("celery")
    names = _NAME if record.name.startswith(OURS) else None
    if isinstance(args, Mapping):
        shown = {
            name: safe(value, words=_WORDS_OF_CELERY if celery and name in _CELERY else names)
            for name, value in args.items()
        }
    else:
        shown = tuple(safe(value, words=names) for value in args)
    try:
        return template % shown
    except (TypeError, ValueError, KeyError):  # "%d" of something hidden
        return scrub(template)


def _fact(name: str, value: Any) -> Any:
    return safe(value, words=_PLAIN if name in _NAMED else _NAME)


class Quiet(logging.Formatter):
    """One line a record. `style="json"` for machines, `"line"` for somebody who looks at a terminal."""

    def __init__(self, how: str = "json") -> None:
        super().__init__()
        self.how = how

    def facts(self, record: logging.LogRecord) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event_of(record),
        }
        facts |= {name: _fact(name, value) for name, value in context.get().items() if name != "quiet"}
        for name in vars(record).keys() - _OWN - _FIELDS:
            if name == "sql" and record.name == "quartier.queries":
                facts[name] = record.__dict__[name]  # a template without values, see queries.py
            elif name not in ("request", "data"):
                facts[name] = _fact(name, record.__dict__[name])
        if record.exc_info and isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            facts["error"] = chain(record.exc_info[1])
        return facts

    def format(self, record: logging.LogRecord) -> str:
        facts = self.facts(record)
        if self.how == "json":
            return json.dumps(facts, ensure_ascii=False, default=lambda value: HIDDEN)
        at, level, name, event = (facts.pop(key) for key in ("at", "level", "logger", "event"))
        errors = facts.pop("error", [])
        more = "".join(f" {key}={value}" for key, value in facts.items())
        lines = [f"{at} {level.upper()} {name} {event}{more}"]
        for error in errors:
            lines += [f"  {error['kind']}", *(f"    {frame}" for frame in error["frames"])]
        return "\n".join(lines)


class Counting(logging.Handler):
    """Counts what is at least an error, by logger."""

    def emit(self, record: logging.LogRecord) -> None:
        from groundwork.watch import metrics

        if not context.is_quiet():
            metrics.errors.labels(record.name).inc()
