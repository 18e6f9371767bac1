"""The code of the moment for a shared secret (RFC 6238: SHA-1, six digits, thirty seconds)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from datetime import datetime

SECONDS = 30


def code(secret: str, at: datetime) -> str:
    """What an authenticator app would show now for this base32 secret."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at.timestamp()) // SECONDS), hashlib.sha1)
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def seconds_left(at: datetime) -> int:
    return SECONDS - int(at.timestamp()) % SECONDS
