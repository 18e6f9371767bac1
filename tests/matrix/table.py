"""How the table of expectations is written, and how an answer of the product is read into its words.

Words: page (200), moved (led on), done (written, led on), form (shown again, nothing written), kept (waits for the
log-in), login, factor (second factor first), door (403 before anything is looked up), refused (403 with a sentence about
this thing), nothing (404), method (405).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.routes import Route
from tests.states import NOWHERE, who_may_know
from tests.visits import ROLES, is_nowhere
from tests.world import World

Row = dict[str, str]
DENIED = {"login", "factor", "refused", "nothing", "method"}
BEFORE_THE_THING = {"login", "factor", "door", "method"}


def everybody(outcome: str, **others: str) -> Row:
    """The same for all but those who are named."""
    assert not others.keys() - set(ROLES)
    return dict.fromkeys(ROLES, outcome) | others


def staff(outcome: str, *roles: str) -> Row:
    """These people of the city; visitors are sent to log in, everybody else is refused before anything is looked up."""
    return everybody("door", visitor="login", **dict.fromkeys(roles, outcome))


@dataclass(frozen=True)
class On:
    """What a method answers: a row for all states, rows for states that differ, and what is sent."""

    row: Row
    states: dict[str, Row] = field(default_factory=dict)
    send: Callable[[World], dict[str, Any]] = lambda world: {}

    def answer(self, route: Route, state: str, role: str) -> str:
        """Unless the table says otherwise, what one may not know of is not there."""
        row = self.states.get(state, self.states.get(NOWHERE, self.row) if is_nowhere(state) else self.row)
        outcome = row[role]
        knows = who_may_know(route, state)
        unknown = is_nowhere(state) or (knows is not None and role not in knows)
        if unknown and outcome not in BEFORE_THE_THING and not (is_nowhere(state) and NOWHERE in self.states):
            return "nothing"
        return "refused" if outcome == "door" else outcome


def read(method: str, status: int, location: str) -> str:
    path = urlsplit(location).path
    if status in (301, 302, 303, 307):
        if "/identify/login" in path or "/identify/reauthenticate" in path or "/2fa/reauthenticate" in path:
            return "login"
        if path.endswith("/desk/second-factor/"):
            return "factor"
        if "/waiting/" in path and method == "POST":
            return "kept"
        return "done" if method == "POST" else "moved"
    if status in (200, 204, 422):
        return {"GET": "page", "POST": "done" if status == 204 else "form"}[method]
    return {403: "refused", 404: "nothing", 405: "method", 410: "nothing"}.get(status, f"status {status}")
