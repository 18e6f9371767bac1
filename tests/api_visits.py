"""Every operation of the public interface as every role, in every state: asked once, judged by many tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

from groundwork.journal.models import Entry
from groundwork.webapi.view import Operation
from tests import keepsake
from tests.routes import Route, api_routes
from tests.states import MAY_KNOW, states
from tests.visits import (
    OURS,
    client_of,
    forget,
    is_nowhere,
    last_entry,
    quiet,
    rolled_back,
    undone,
    without_values,
)
from tests.world import World


@dataclass(frozen=True)
class Call:
    """One operation at one address."""

    route: Route
    method: str
    operation: Operation
    state: str
    url: str
    values: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass
class Heard:
    call: Call
    role: str
    status: int
    body: str
    headers: dict[str, str]
    recorded: int
    wrote: list[str] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.role} {self.call.operation.id}[{self.call.state or '-'}] {self.call.method.upper()} {self.call.url}: {self.status} {self.body[:160]}"

    @property
    def anonymous_body(self) -> str:
        return without_values(self.body, self.call.values)


def operations() -> dict[str, tuple[Route, str, Operation]]:
    """By their id, walked from the URL conf: what is not found here does not exist."""
    found = {}
    for route in api_routes():
        for method, operation in route.view.view_class.operations().items():  # type: ignore[attr-defined]
            assert operation.id not in found, operation.id
            found[operation.id] = (route, method, operation)
    return found


OPEN_STATES = 2
CHANGING = ("insert", "update", "delete")


def calls(world: World, role: str) -> Iterator[Call]:
    """Reads in every state that is not for everybody and two that are; acts in all states, of visitors only in the first and
    in what is not there: they are asked to sign in before anything is looked up."""
    for route, method, operation in operations().values():
        known = states(route, world)
        everybody = [state for state in known if not is_nowhere(state) and state not in MAY_KNOW]
        fewer = everybody[OPEN_STATES:] if method == "get" else everybody[1:] if role == "visitor" else []
        for state, values in known.items():
            if state in fewer:
                continue
            yield Call(route, method, operation, state, route.url("de", **values), values)


def ask(
    client: Client, role: str, call: Call, send: dict[str, Any], headers: dict[str, str] | None = None
) -> Heard:
    """Undone afterwards."""
    with rolled_back():
        before = last_entry()
        wrote: list[str] = []

        def hear(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            said = str(sql)
            if said.lstrip().lower().startswith(CHANGING) and "django_session" not in said:
                wrote.append(said)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(hear):
            more: dict[str, Any] = {}
            if call.method != "get":
                more = {"data": json.dumps(send), "content_type": "application/json"}
            response = getattr(client, call.method)(call.url, headers=headers or OURS, **more)
        recorded = Entry.objects.filter(pk__gt=before).count() if wrote else 0
        heard = Heard(
            call, role, response.status_code, response.content.decode(), dict(response.headers), recorded, wrote,
        )  # fmt: skip
    if wrote:
        forget()
    return heard


def collect(role: str, bodies: dict[str, Any]) -> list[Heard]:
    with undone():
        return collect_in(keepsake.world(), role, bodies)


def collect_in(world: World, role: str, bodies: dict[str, Any]) -> list[Heard]:
    with quiet():
        client = client_of(world, role)
        found = []
        for call in calls(world, role):
            send = bodies.get(call.operation.id)
            found.append(ask(client, role, call, send(world) if send else {}))
        return found
