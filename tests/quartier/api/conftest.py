"""A client that speaks as a program does: with a token, and nothing a browser would send."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from accounts.tokens.actions import make_token
from groundwork import clock
from groundwork.webapi.scopes import SCOPES


def bytes_of(answer: Any) -> bytes:
    """What was answered, also where it came in pieces."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


class Program:
    """`program.put("/proposals/2027-0001/support")`; answers are Django's, `.json()` included."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.secret = secret

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        more: dict[str, Any] = {}
        if method != "get":
            more = {"data": json.dumps(body if body is not None else {}), "content_type": "application/json"}
        url = address if address.startswith("/api/") else f"/api/v1{address}"
        return getattr(self.client, method)(url, headers=sent, **more)

    def get(self, address: str, **headers: str) -> Any:
        return self.ask("get", address, **headers)

    def post(self, address: str, body: Any = None, **headers: str) -> Any:
        return self.ask("post", address, body, **headers)

    def put(self, address: str, body: Any = None, **headers: str) -> Any:
        return self.ask("put", address, body, **headers)

    def patch(self, address: str, body: Any = None, **headers: str) -> Any:
        return self.ask("patch", address, body, **headers)

    def delete(self, address: str, **headers: str) -> Any:
        return self.ask("delete", address, **headers)


@pytest.fixture
def program() -> Callable[..., Program]:
    """`program(world.amina)`: with a token of hers that opens everything she may; `program()`: without one."""

    def make(person: Person | None = None, scopes: list[str] | None = None) -> Program:
        if person is None:
            return Program()
        from accounts.tokens.rules import is_staff
        from groundwork.webapi.scopes import FOR_STAFF

        usual = [scope for scope in SCOPES if scope not in FOR_STAFF or is_staff(person)]
        wanted = usual if scopes is None else scopes
        _token, secret = make_token(by=person, name="Test", scopes=wanted, days=7, at=clock.now())
        return Program(secret)

    return make
