"""`Authorization: Bearer …`: with a token the cookie of a browser does not count."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.tokens.actions import find_token
from accounts.tokens.models import BEGINS, Token
from groundwork import clock

LONGEST = 100


class ByToken(BaseAuthentication):
    def authenticate(self, request: Any) -> tuple[Any, Token] | None:
        sent = request.headers.get("Authorization")
        if sent is None:
            return None
        kind, _space, secret = sent.partition(" ")
        secret = secret.strip()
        known = kind.lower() == "bearer" and secret.startswith(BEGINS) and len(secret) <= LONGEST
        token = find_token(secret, clock.now()) if known and secret.isascii() else None
        if token is None:
            raise AuthenticationFailed(_("This token is not known, was revoked or has ended."))
        return token.person, token

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"
