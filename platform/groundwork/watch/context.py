"""What is being done right now, for whoever writes a line about it: a request or a task, by names that hold no person.

`request_id` leads from the error page to the log and from the web server to the worker. An *unobserved* view leaves no
trace of its moment anywhere: no count, no slow query (casting a ballot, docs/decisions/0015).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

import structlog

View = TypeVar("View", bound=Callable[..., Any])

# What a proxy may hand us. Anything else is replaced: a header is no way into the log.
_ID = re.compile(r"[0-9a-f]{16,32}")
get: Callable[[], dict[str, Any]] = structlog.contextvars.get_contextvars
clear: Callable[[], None] = structlog.contextvars.clear_contextvars
bind = structlog.contextvars.bind_contextvars


def request_id(claimed: str = "") -> str:
    """The number of a request: the proxy's, where it looks like one, else a new one of 16 hex digits."""
    claimed = claimed.lower().replace("-", "")
    return claimed if _ID.fullmatch(claimed) else secrets.token_hex(8)


def unobserved(view: View) -> View:
    """Mark a view whose requests are neither counted nor timed, because their moment belongs to one person."""
    view.unobserved = True  # type: ignore[attr-defined]
    return view


def is_quiet() -> bool:
    return bool(get().get("quiet"))
