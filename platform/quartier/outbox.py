"""The demo's post office: every mail becomes a file, readable at /demo/outbox/. Nothing leaves the machine.

A file is named after the mail's Message-ID and put in its place in one step, so a mail is either there or not, and one
that is handed over a second time is still one. `knows` says whether a mail was taken: senders ask it before a second try.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

_IDENTITY = re.compile(r"[0-9a-f]{32}")


def folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _file(message_id: str) -> Path:
    return folder() / f"{sha256(message_id.encode()).hexdigest()[:32]}.eml"


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        return sum(self.keep(message) for message in email_messages)

    def keep(self, message: EmailMessage) -> int:
        made = message.message()
        place = _file(str(made["Message-ID"]))
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, suffix=".part", delete=False) as part:
            part.write(made.as_bytes())
            part.flush()
            os.fsync(part.fileno())
        os.replace(part.name, place)
        return 1

    def knows(self, message_id: str) -> bool:
        """Whether this mail was taken already."""
        return _file(message_id).exists()


# --- reading ---


@dataclass(frozen=True)
class Mail:
    """A mail of the outbox. `text` and `html` are its two parts, as they were sent."""

    identity: str
    at: datetime
    subject: str
    to: str
    sender: str
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()


# What a reader may want to see of the envelope.
_SHOWN = ("Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")


def newest(most: int = 200) -> list[Mail]:
    """The newest mails, without their bodies."""
    files = sorted(folder().glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)[:most]
    return [mail for file in files if (mail := _read(file, body=False))]


def find(identity: str) -> Mail | None:
    """One mail with its bodies; None for anything that is not the name of one."""
    if not _IDENTITY.fullmatch(identity):
        return None
    return _read(folder() / f"{identity}.eml", body=True)


def _read(file: Path, *, body: bool) -> Mail | None:
    try:
        at = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
        parsed: Any = message_from_bytes(file.read_bytes(), policy=policy.default)
    except FileNotFoundError:
        return None
    envelope = (str(parsed["Subject"] or ""), str(parsed["To"] or ""), str(parsed["From"] or ""))
    if not body:
        return Mail(file.stem, at, *envelope)
    headers = tuple((name, str(parsed[name])) for name in _SHOWN if parsed[name])
    return Mail(file.stem, at, *envelope, _part(parsed, "plain"), _part(parsed, "html"), headers)


def _part(parsed: Parsed, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
