"""One mail for many people, composed once. What differs between them (address, name, two identities, the link out, a link of their own) is put into
the finished bytes; composing each anew costs more than all else about a mail."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from email import message_from_bytes
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail.message import EmailMultiAlternatives, sanitize_address

# Where the name and the link of one person stand in the texts: characters nobody can type.
NAME, STOP = "\ue000name\ue001", "\ue000stop\ue001"
# Place -> what stands there for one person.
Places = Sequence[tuple[str, str]]
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


# Longer lines may not be sent as they are (RFC 5322); a header of plain words longer than this is folded by encoding it.
MOST_LINE, MOST_WORDS = 998, 66
# So many bytes make an encoded word of 72 characters, of 75 allowed.
WORD = 45


def compose(subject: str, to: str, headers: Mapping[str, str], text: str, html: str) -> bytes | None:
    """A mail of text and HTML, as bytes. None for what needs an encoding of its own: Django composes that. Going through
    the classes of `email` gives the same mail for ten times the work."""
    bodies = [_lines(text), _lines(html)]
    fields = [
        ("To", to),
        *((name, _address(value) if name == "From" else value) for name, value in headers.items()),
    ]
    if not all(bodies) or not all(value.isascii() and value.isprintable() for _name, value in fields):
        return None
    boundary = f"==={secrets.token_hex(16)}==="
    head = "".join(f"{name}: {value}\n" for name, value in fields)
    date = formatdate(localtime=settings.EMAIL_USE_LOCALTIME)
    parts = "".join(
        f'--{boundary}\nContent-Type: text/{kind}; charset="utf-8"\nMIME-Version: 1.0\n'
        f"Content-Transfer-Encoding: {'7' if body.isascii() else '8'}bit\n\n{body}\n"
        for kind, body in zip(("plain", "html"), bodies, strict=True)
        if body is not None
    )
    return (
        f'Content-Type: multipart/alternative; boundary="{boundary}"\nMIME-Version: 1.0\nSubject: {_words(subject)}\n'
        f"Date: {date}\n{head}\n{parts}--{boundary}--\n"
    ).encode()


def _lines(body: str) -> str | None:
    """With one kind of line end; None where a line is too long."""
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    if len(body) > MOST_LINE and any(len(line.encode()) > MOST_LINE for line in body.split("\n")):
        return None
    return body


def _words(value: str) -> str:
    """A header's text: as it is, or as encoded words (RFC 2047), none of which ends within a character."""
    if value.isascii() and value.isprintable() and len(value) <= MOST_WORDS and "=?" not in value:
        return value
    words, begun = [], b""
    for each in (character.encode() for character in value):
        if len(begun) + len(each) > WORD:
            words.append(begun)
            begun = b""
        begun += each
    return "\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in [*words, begun])


@lru_cache(maxsize=64)
def _address(value: str) -> str:
    return sanitize_address(value, "utf-8")


class Mould:
    """The bytes of one letter with places in them; None where an encoding broke a place, then each is composed alone."""

    def __init__(self) -> None:
        self._raw: bytes | None = None
        self._made = False

    def raw(self, composed: Callable[[], bytes], kept: Iterable[str]) -> bytes | None:
        if not self._made:
            self._made = True
            raw = composed()
            places = [each.encode() for each in (TO, IDENTITY, LINK, *kept)]
            # An eight-bit body keeps the characters as they are; a quoted one does not.
            self._raw = raw if all(place in raw for place in places) else None
        return self._raw

    @staticmethod
    def fill(raw: bytes, *, to: str, identity: str, link: str, places: Places) -> bytes:
        for place, value in ((TO, to), (IDENTITY, identity), (LINK, f"<{link}>"), *places):
            raw = raw.replace(place.encode(), value.encode())
        return raw
