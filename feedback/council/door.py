"""The way to the council's servers: out through the one door, whatever a document over there points to (groundwork/outbound.py)."""

from __future__ import annotations

from groundwork import outbound
from groundwork.outbound import Unsafe, parts_of

__all__ = ["Refusal", "Unsafe", "fetch", "parts_of"]

SECONDS = 30


class Refusal(OSError):
    """The server answered, but not with what was asked for: `why` is "status" or "large"."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def fetch(address: str, headers: dict[str, str], *, most: int) -> bytes:
    """The document at an address. Raises Unsafe, OSError (Refusal where something else came back)."""
    with outbound.Door(seconds=SECONDS, most=most) as door:
        reply = door.ask("GET", address, None, headers)
    if reply.status != 200 or reply.headers.get("content-encoding", "identity") != "identity":
        raise Refusal("status")
    if not reply.is_whole:
        raise Refusal("large")
    return reply.body
