"""A real OpenID provider on loopback: discovery, authorisation code with PKCE, signed ID tokens, keys.

    with Provider(claims={"register_number": "4711"}) as provider:
        provider.wrong = {"nonce": "another"}     # what the next token says wrongly

It agrees to every authorisation at once, as if somebody had logged in there and said yes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "quartier", "between-us"


class Provider:
    def __init__(self, claims: dict[str, Any]) -> None:
        self.claims = claims
        self.wrong: dict[str, Any] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.signs_with = self.key
        self.grants: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._get(self)

            def do_POST(self) -> None:
                provider._post(self)

            def log_message(self, *_about: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Provider:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_about: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def settings(self) -> dict[str, Any]:
        """How the city configures it."""
        return {
            "name": "BundID Test",
            "issuer": self.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "claims": {
                "number": "register_number",
                "postal": "address.postal_code",
                "place": "address.locality",
            },
        }

    # --- what it answers ---

    def _get(self, at: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(at.path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.asked.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            names = {"authorization": "authorize", "token": "token"}
            about = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in names.items()}
            _say(at, 200, about | {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"})
        elif parts.path == "/keys":
            _say(at, 200, dict(KeySet([self.key]).as_dict(private=False)))
        elif parts.path == "/authorize":
            assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
            assert asked["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe(16)
            self.grants[code] = asked
            back = {"code": code, "state": asked["state"]}
            at.send_response(302)
            at.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
            at.end_headers()
        else:
            _say(at, 404, {})

    def _post(self, at: BaseHTTPRequestHandler) -> None:
        body = at.rfile.read(int(at.headers["Content-Length"])).decode()
        given = {key: values[0] for key, values in parse_qs(body).items()}
        self.asked.append(at.path)
        grant = self.grants.pop(given.get("code", ""), None)
        login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            grant is None
            or grant["code_challenge"] != challenge
            or grant["redirect_uri"] != given.get("redirect_uri")
            or at.headers.get("Authorization") != f"Basic {login}"
        ):
            _say(at, 400, {"error": "invalid_grant"})
            return
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "subject-canary", "iat": now, "exp": now + 300,
            "nonce": grant["nonce"], **self.claims, **self.wrong,
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs_with)
        _say(at, 200, {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": signed})


def _say(at: BaseHTTPRequestHandler, status: int, what: dict[str, Any]) -> None:
    body = json.dumps(what).encode()
    at.send_response(status)
    at.send_header("Content-Type", "application/json")
    at.send_header("Content-Length", str(len(body)))
    at.end_headers()
    at.wfile.write(body)
