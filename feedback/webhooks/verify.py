"""How the program at your address checks that a message is ours. Needs nothing but Python."""

import base64
import hashlib
import hmac
import time


def verify(secret, headers, body, tolerance=300):
    """True when `body` (the bytes as they came) was signed with your secret and is not older than five minutes."""
    message, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(stamp)) > tolerance:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{stamp}.".encode() + body
    ours = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    theirs = [
        each.removeprefix("v1,") for each in headers["webhook-signature"].split() if each.startswith("v1,")
    ]
    return any(hmac.compare_digest(ours, each) for each in theirs)
