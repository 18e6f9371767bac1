"""One mail for many people, composed once. What differs between them (address, name, two identities, the link out) is put into
the finished bytes; composing each anew costs more than all else about a mail."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from typing import Any

from django.core.mail.message import EmailMultiAlternatives

# Where the name and the link of one person stand in the texts: characters nobody can type.
NAME, STOP = "\ue000name\ue001", "\ue000stop\ue001"
# The same in headers, which are ASCII.
TO, IDENTITY, LINK = "to-mould@mould.invalid", "<mould@mould.invalid>", "<https://mould.invalid/stop>"


class Composed:
    """What a mail server is handed: finished bytes, and the headers by name."""

    def __init__(self, raw: bytes, headers: dict[str, str]) -> None:
        self.raw, self.headers = raw, headers

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        return self.raw if linesep == "\n" else self.raw.replace(b"\n", linesep.encode())

    def items(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in message_from_bytes(self.raw).items()]

    def __getitem__(self, name: str) -> str:
        return self.headers[name]


class SharedMail(EmailMultiAlternatives):
    """A mail whose bytes came out of a mould; its fields say the same."""

    raw = b""

    def message(self, **kwargs: Any) -> Any:
        return Composed(self.raw, self.extra_headers)


class Mould:
    """The bytes of one letter with places in them; None where an encoding broke a place, then each is composed alone."""

    def __init__(self) -> None:
        self._raw: bytes | None = None
        self._made = False

    def raw(self, compose: Callable[[], EmailMultiAlternatives]) -> bytes | None:
        if not self._made:
            self._made = True
            raw = compose().message().as_bytes()
            places = [each.encode() for each in (NAME, STOP, TO, IDENTITY, LINK)]
            # An eight-bit body keeps the characters as they are; a quoted one does not.
            self._raw = raw if all(place in raw for place in places) else None
        return self._raw

    @staticmethod
    def fill(raw: bytes, *, to: str, name: str, identity: str, link: str) -> bytes:
        for place, value in ((TO, to), (IDENTITY, identity), (LINK, f"<{link}>"), (STOP, link), (NAME, name)):
            raw = raw.replace(place.encode(), value.encode())
        return raw
