"""Queries that took long: one line each with the milliseconds and the statement's template, never its values."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

from groundwork.watch import context, metrics

log = logging.getLogger("quartier.queries")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_NUMBER = re.compile(r"(?<![\w$%])\d+(?:\.\d+)?\b")
MOST_CHARACTERS = 600


def template_of(sql: object) -> str:
    """The statement without literals, on one line."""
    text = _NUMBER.sub("0", _LITERAL.sub("'…'", str(sql)))
    return " ".join(text.split())[:MOST_CHARACTERS]


def watch(connection: Any = None, **kwargs: Any) -> None:
    """For `connection_created`. Twice on one connection is once."""
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], sql: Any, params: Any, many: bool, about: Any) -> Any:
    started = time.perf_counter()
    try:
        return execute(sql, params, many, about)
    finally:
        took = (time.perf_counter() - started) * 1000
        if took >= settings.SLOW_QUERY_MS and not context.is_quiet():
            now = context.get()
            metrics.slow_queries.labels(str(now.get("route") or now.get("task") or "elsewhere")).inc()
            log.warning("query.slow ms=%s", round(took), extra={"sql": template_of(sql)})
