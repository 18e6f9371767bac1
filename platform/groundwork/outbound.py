"""The one door out of the house: every call to another server goes through here (REQ-106).

There are two kinds of addresses. One that somebody named (a browser's push service, an address a program wants to be called
at, what another server's document points to) is only spoken to over https at port 443 of a public host: the name is resolved
here, every address behind it has to be a public one, and the connection goes to the address that was looked at, so that a name
cannot point elsewhere a moment later. One that the operator wrote into the settings (`own`: a storage, an error tracker, an
identity provider) may stand inside the house, because whoever writes the settings owns it.

For both: nothing is redirected. For the first: a whole exchange has one time limit, and hardly anything is read.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPSConnection
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from groundwork import clock

SECONDS, LONGEST, MOST_READ = 15.0, 1000, 2048
# What an identity provider's documents may weigh.
MOST_OF_A_DOCUMENT = 1024 * 1024
_NAT64 = IPv6Network("64:ff9b::/96")
_INSIDE = (".localhost", ".local", ".internal", ".home.arpa", ".")


class Unsafe(Exception):
    """An address we do not speak to."""


class TooBig(OSError):
    """The answer is longer than we read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the beginning of the body, whether there was more, and how many seconds we are asked to wait."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    is_whole: bool = True
    wait: int | None = None


# --- which addresses ---


def parts_of(address: str) -> tuple[str, str]:
    """Host and path of an address somebody named. Raises Unsafe."""
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or " " in address:
        raise Unsafe(address)
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        raise Unsafe(address) from None
    host = url.hostname or ""
    if url.scheme != "https" or port not in (None, 443) or url.username or url.password or "." not in host:
        raise Unsafe(address)
    try:
        if not is_public(host):
            raise Unsafe(address)
    except ValueError:
        pass  # a name: looked at when it is resolved
    if host.endswith(_INSIDE) or "\\" in url.netloc or "@" in url.netloc:
        raise Unsafe(address)
    return host, (url.path or "/") + (f"?{url.query}" if url.query else "")


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the open internet; also seen through IPv6 that holds an older one."""
    found = ip_address(address.strip("[]"))
    inner = _inner(found)
    return found.is_global and not found.is_multicast and (inner is None or is_public(str(inner)))


def _inner(found: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(found, IPv4Address):
        return None
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour


def where(host: str) -> tuple[str, int]:
    """The address and port a host is reached at. Raises Unsafe when any address behind the name is not public."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]
    if not found or not all(is_public(address) for address in found):
        raise Unsafe(host)
    return found[0], 443


# --- speaking ---


class _Timed(ssl.SSLSocket):
    """A connection whose every wait ends at one moment: who sends a byte a minute does not hold a worker."""

    ends = 0.0

    def _hurry(self) -> None:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("The exchange took too long.")
        self.settimeout(left)

    def recv_into(self, *args: Any, **more: Any) -> int:
        self._hurry()
        return super().recv_into(*args, **more)

    def send(self, *args: Any, **more: Any) -> int:
        self._hurry()
        return super().send(*args, **more)


def trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Pinned(HTTPSConnection):
    """Speaks to `address`, and asks for the certificate of `host`."""

    def __init__(self, host: str, address: str, port: int, context: ssl.SSLContext, seconds: float) -> None:
        super().__init__(host, timeout=seconds, context=context)
        self.address, self.to_port, self.context, self.seconds = address, port, context, seconds

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.to_port), self.seconds)
        try:
            self.sock = self.context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def begin(self) -> None:
        """Connects where it is not yet; from now on the clock runs."""
        ends = time.monotonic() + self.seconds
        if self.sock is None:
            self.connect()
        assert isinstance(self.sock, _Timed)  # made by the door's own context
        self.sock.ends = ends


class Door:
    """One connection a host, kept for all that goes there."""

    def __init__(self, *, seconds: float = SECONDS, most: int = MOST_READ) -> None:
        self._open: dict[str, _Pinned] = {}
        self._context = trust()
        self._context.sslsocket_class = _Timed
        self.seconds, self.most = seconds, most

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        return self.ask("POST", address, body, headers)

    def ask(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        """What came back, whatever its status; a redirect is an answer like another. Raises Unsafe, OSError."""
        host, path = parts_of(address)
        for fresh in (False, True):  # a connection that was kept may have been closed meanwhile
            known = None if fresh else self._open.get(host)
            line = known or self._dial(host)
            try:
                line.begin()
                line.request(method, path, body, dict(headers))
                answer = line.getresponse()
                read = answer.read(self.most + 1)
                whole = len(read) <= self.most
                if not whole:
                    self._hang_up(host)
                return Reply(
                    answer.status, {name.lower(): value for name, value in answer.getheaders()}, read[: self.most],
                    whole, _seconds(answer.getheader("Retry-After")),
                )  # fmt: skip
            except (HTTPException, OSError) as trouble:
                self._hang_up(host)
                # Who took too long is not asked a second time.
                if known is None or isinstance(trouble, TimeoutError):
                    raise trouble if isinstance(trouble, OSError) else OSError(str(trouble)) from trouble
        raise AssertionError("unreachable")

    def _dial(self, host: str) -> _Pinned:
        address, port = where(host)
        self._open[host] = _Pinned(host, address, port, self._context, self.seconds)
        return self._open[host]

    def _hang_up(self, host: str) -> None:
        if line := self._open.pop(host, None):
            line.close()

    def __enter__(self) -> Door:
        return self

    def __exit__(self, *error: object) -> None:
        for host in list(self._open):
            self._hang_up(host)


def _seconds(value: str | None) -> int | None:
    """`Retry-After` as seconds from now; None for what is not one."""
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return int(value[:6])
    try:
        return max(0, int((parsedate_to_datetime(value) - clock.now()).total_seconds()))
    except (TypeError, ValueError):
        return None


# --- for libraries that bring a session of `requests` ---


class _Guarded(HTTPAdapter):
    """Carries the requests of a session out through the door."""

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        given: Any = request.body
        body: bytes | None = given.encode() if isinstance(given, str) else given
        headers = {name: str(value) for name, value in request.headers.items()} | {
            "Accept-Encoding": "identity"
        }
        try:
            with Door(most=MOST_OF_A_DOCUMENT) as door:
                reply = door.ask(str(request.method), str(request.url), body, headers)
        except Unsafe as unsafe:
            raise requests.exceptions.InvalidURL(
                "This address is not one we speak to.", request=request
            ) from unsafe
        except OSError as trouble:
            raise requests.ConnectionError(trouble, request=request) from trouble
        # Packed it could unfold into anything.
        if not reply.is_whole or reply.headers.get("content-encoding", "identity") != "identity":
            raise requests.exceptions.ContentDecodingError("The answer is too long.", request=request)
        raw = HTTPResponse(BytesIO(reply.body), dict(reply.headers), reply.status, preload_content=False)
        return self.build_response(request, raw)


def guard(session: requests.Session, *, own: str = "") -> requests.Session:
    """From now on this session speaks to what the operator configured (`own`, an origin), and else only through the door."""
    session.max_redirects = 0  # one is an error, and nothing is sent to where it leads
    session.mount("https://", _Guarded())
    session.mount("http://", _Guarded())
    if own:
        parts = urlsplit(own)
        session.mount(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/", HTTPAdapter())
    return session


def session(*, own: str = "") -> requests.Session:
    return guard(requests.Session(), own=own)
