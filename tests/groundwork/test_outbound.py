"""The one door out of the house: where it leads, and what it does not let in (REQ-106)."""

from __future__ import annotations

import ast
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from groundwork import outbound
from groundwork.outbound import Door, Unsafe
from tests.feedback.notices.push_service import HOST, PushService

ROOT = Path(__file__).parents[2]
THERE = f"https://{HOST}/hook"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    service = PushService(tmp_path_factory.mktemp("outbound"))
    yield service
    service.stop()


@pytest.fixture
def service(running: PushService, monkeypatch: pytest.MonkeyPatch) -> PushService:
    running.requests.clear()
    running.answers.clear()
    monkeypatch.setattr(outbound, "where", running.where)
    monkeypatch.setattr(outbound, "trust", running.trust)
    return running


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example/", "ftp://a.example/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/", "https://192.168.1.1/",
        "https://172.16.0.1/", "https://100.64.0.1/", "https://169.254.169.254/latest/meta-data/", "https://0.0.0.0/", "https://[::]/",
        "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://[fe80::1]/", "https://[fd00::1]/",
        "https://224.0.0.1/", "https://localhost/", "https://db/", "https://redis.internal/", "https://printer.local/", "https://a.example./",
        "https://a.example:6379/", "https://me:pw@a.example/", "https://a.example@10.0.0.1/", "https://a.example\\@10.0.0.1/", "https://a.example/ x",
        "https://a.example/\r\nHost: b", "https://2130706433/", "https://0x7f000001/", "https:///x", "https://a.example/" + 1000 * "x",
    ],
)  # fmt: skip
def test_an_address_that_is_not_one_of_the_open_internet_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *args, **more: pytest.fail("it was dialled"))
    with Door() as door, pytest.raises(Unsafe):
        door.post(address, b"", {})


@pytest.mark.parametrize("found", [["10.0.0.5"], ["93.184.215.14", "127.0.0.1"], ["::ffff:127.0.0.1"], []])
def test_a_name_that_leads_inside_is_not_dialled(found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **more: [(2, 1, 6, "", (each, 443)) for each in found]
    )
    monkeypatch.setattr(socket, "create_connection", lambda *args, **more: pytest.fail("it was dialled"))
    with Door() as door, pytest.raises(Unsafe):
        door.post("https://a.example/", b"", {})


def test_a_name_that_turns_after_it_was_looked_at_is_reached_at_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rebinding: the second answer of the name server is never asked for."""
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **more: [(2, 1, 6, "", (each, 443)) for each in next(answers)]
    )
    dialled = []

    def dial(to: Any, *args: Any, **more: Any) -> Any:
        dialled.append(to)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", dial)
    with Door() as door, pytest.raises(OSError):
        door.post("https://a.example/", b"", {})
    assert dialled == [("93.184.215.14", 443)]


def test_the_certificate_is_that_of_the_name(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "where", lambda host: ("127.0.0.1", service.port))
    with Door() as door, pytest.raises(OSError, match="certificate"):
        door.post("https://other.example.org/", b"", {})
    assert not service.requests


def test_a_redirect_is_an_answer_and_not_followed(service: PushService) -> None:
    service.answers.append((307, {"Location": "https://169.254.169.254/"}))
    with Door() as door:
        reply = door.post(THERE, b"x", {})
    assert reply.status == 307 and len(service.requests) == 1


def test_of_a_long_answer_only_the_beginning_is_read(service: PushService) -> None:
    service.answers.append((200, {"Content-Length": "50000000"}))
    with Door(seconds=0.5) as door, pytest.raises(OSError):
        door.post(THERE, b"x", {})  # it promises much and sends nothing
    with Door(most=3) as door:
        service.bodies.append(b"abcdef")
        reply = door.post(THERE, b"x", {})
        assert (reply.body, reply.is_whole) == (b"abc", False)
        assert door.post(THERE, b"y", {}).is_whole  # on a new connection


def test_who_sends_a_byte_now_and_then_does_not_hold_the_line(service: PushService) -> None:
    service.drips.append(0.1)
    begun = time.monotonic()
    with Door(seconds=0.5) as door, pytest.raises(TimeoutError):
        door.post(THERE, b"x", {})
    assert time.monotonic() - begun < 2
    assert len(service.requests) == 1  # and is not asked a second time


def test_a_session_of_a_library_goes_through_the_same_door(service: PushService) -> None:
    with outbound.session() as session:
        service.bodies.append(b'{"a": 1}')
        assert session.post(THERE, data={"b": "2"}).json() == {"a": 1}
        assert service.requests[0][2] == b"b=2"
        for address in ("http://127.0.0.1/", "https://10.0.0.1/", "http://a.example/"):
            with pytest.raises(requests.RequestException):
                session.get(address)
        service.answers.append((302, {"Location": "https://10.0.0.1/"}))
        with pytest.raises(requests.TooManyRedirects):
            session.get(THERE)
        service.answers.append((200, {"Content-Encoding": "gzip"}))
        with pytest.raises(requests.RequestException):
            session.get(THERE)
    with outbound.session(own="https://idp.city.example") as session:
        assert type(session.get_adapter("https://idp.city.example/keys")) is not type(
            session.get_adapter(THERE)
        )
        for lookalike in ("https://idp.city.example.evil.example/", "https://idp.city.example@evil.example/"):
            assert type(session.get_adapter(lookalike)) is type(session.get_adapter(THERE))


# --- that there is no other ---

SPEAKS = {"requests", "urllib3", "urllib.request", "http.client", "httpx", "aiohttp", "ftplib", "telnetlib"}
# `requests` elsewhere only for its types; sessions come from groundwork.outbound.
TYPES = {"RequestException", "Response", "Session"}


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for house in ("platform", "accounts", "cocreation", "proposals", "feedback"):
        for path in (ROOT / house).rglob("*.py"):
            if path != ROOT / "platform" / "groundwork" / "outbound.py":
                yield path.relative_to(ROOT), ast.parse(path.read_text())


def _imports_requests(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Import) and "requests" in [each.name for each in node.names]
        for node in ast.walk(tree)
    )


def test_nothing_else_speaks_to_other_servers() -> None:
    wrong = []
    for path, tree in _modules():
        speaks = _imports_requests(tree)  # and not a module of ours of that name
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in SPEAKS:
                wrong.append(f"{path}:{node.lineno} from {node.module}")
            if isinstance(node, ast.Import):
                wrong += [
                    f"{path}:{node.lineno} {each.name}"
                    for each in node.names
                    if each.name in SPEAKS - {"requests"}
                ]
            if (
                speaks
                and isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "requests"
                and node.attr not in TYPES
            ):
                wrong.append(f"{path}:{node.lineno} requests.{node.attr}")
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "requests.Session",
                "socket.create_connection",
                "socket.socket",
            ):
                wrong.append(f"{path}:{node.lineno} {ast.unparse(node.func)}()")
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).endswith("OAuth2Session")
                and "outbound.guard" not in ast.unparse(tree)
            ):
                wrong.append(f"{path}:{node.lineno} an unguarded session")
    assert not wrong, "\n".join(wrong)


def test_the_search_can_fail() -> None:
    assert any(_imports_requests(tree) for _path, tree in _modules())
