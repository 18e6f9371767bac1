"""An online identity (OpenID Connect) as a check, never as a log-in: the provider says who somebody is, we keep the entry.

Authorisation code with PKCE, state and nonce. The signed statement of the provider is verified (signature, issuer, audience,
nonce, time), its claims are read once, and nothing of them is stored: not the subject, not the number, not the name.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cocreation.checks import desk
from cocreation.checks import postal as by_postal
from cocreation.checks.attributes import Problem, Reader, read_born
from cocreation.checks.base import NOT_FOUND, NOT_OFFERED, is_active, options_of
from cocreation.models import Eligibility, Process
from cocreation.peppers import plain
from groundwork import outbound
from groundwork.answer import No, Words

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
TIMEOUT = 10
KEPT = 3600
LEEWAY = 60

NOT_REACHED = No(
    _("The online identity service does not answer just now. Nothing was stored."),
    _("Please try again in a few minutes or choose another way."),
)
NOT_PROVEN = No(
    _("The answer of the online identity service could not be verified, so nothing was stored."),
    _("Please start again from this page."),
)
BROKEN_OFF = No(
    _("The online identity service did not confirm you. Nothing was stored."),
    _("You can try again or choose another way."),
)


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider, as the city configured it (settings.CHECK_PROVIDERS). `claims`: our meaning -> name of its claim."""

    slug: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scope: str = "openid profile"
    claims: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


MEANINGS: dict[str, Words] = {
    "number": _("register number"),
    "postal": _("postal code"),
    "place": _("place"),
    "born": _("date of birth"),
    "name": _("family name"),
}
_STANDARD = {"born": "birthdate", "name": "family_name"}


def providers() -> dict[str, Provider]:
    """All providers of the city. ValueError for one that is not safe to ask."""
    found = {}
    for slug, about in settings.CHECK_PROVIDERS.items():
        provider = Provider(slug=slug, **{**about, "claims": {**_STANDARD, **about.get("claims", {})}})
        if not provider.issuer.startswith("https://") and not settings.DEMO:
            raise ValueError(f"The issuer of {slug} does not begin with https://.")
        found[slug] = provider
    return found


def offered(process: Process) -> list[Provider]:
    """The providers this process uses: those that are ticked in its options, all when none is."""
    chosen = options_of(process, "oidc").get("providers") or list(settings.CHECK_PROVIDERS)
    return [provider for slug, provider in providers().items() if slug in chosen]


# --- there and back ---


def _metadata(provider: Provider) -> dict[str, Any]:
    key = f"checks:oidc:{provider.issuer}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        known = _json(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if known.get("issuer") != provider.issuer:
            raise ValueError("The provider calls itself by another name.")
        cache.set(key, known, KEPT)
    return known


def _json(provider: Provider, url: str) -> dict[str, Any]:
    """A document of the provider. Its own host is the operator's word; where its documents point elsewhere, it is public."""
    with outbound.session(own=provider.origin) as session:
        answer = session.get(url, timeout=TIMEOUT, allow_redirects=False)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _session(provider: Provider, back: str) -> OAuth2Session:
    session = OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        scope=provider.scope,
        redirect_uri=back,
        code_challenge_method="S256",
    )
    outbound.guard(session, own=provider.origin)
    return session


def leave(provider: Provider, back: str) -> tuple[str, dict[str, str]] | No:
    """Where to send the person, and what to keep in their session until they are back."""
    kept = {
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
        "state": secrets.token_urlsafe(24),
    }
    try:
        there = _metadata(provider)["authorization_endpoint"]
    except (requests.RequestException, ValueError, KeyError, JoseError):
        return NOT_REACHED
    url, _state = _session(provider, back).create_authorization_url(
        there, state=kept["state"], nonce=kept["nonce"], code_verifier=kept["verifier"]
    )
    return url, kept


def come_back(
    provider: Provider, back: str, kept: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str] | No:
    """What the provider says of the person, by our meanings; No when it says nothing that can be trusted.

    `kept` was taken out of the session already: a code that comes back twice finds nothing there.
    """
    if not secrets.compare_digest(given.get("state", ""), kept["state"]):
        return NOT_PROVEN
    if "error" in given or not given.get("code"):
        return BROKEN_OFF
    try:
        about = _metadata(provider)
        with _session(provider, back) as session:
            token = session.fetch_token(
                about["token_endpoint"],
                grant_type="authorization_code",
                code=given["code"],
                code_verifier=kept["verifier"],
                timeout=TIMEOUT,
            )
            claims = _verified(provider, about, token["id_token"], kept["nonce"])
            if not read_claims(provider, claims) and (url := about.get("userinfo_endpoint")):
                more = session.get(url, timeout=TIMEOUT, allow_redirects=False)
                more.raise_for_status()
                # The second answer must speak of the same person as the signed one.
                if more.json().get("sub") == claims["sub"]:
                    claims = more.json() | claims
    except requests.RequestException:
        return NOT_REACHED
    except (OAuthError, JoseError, ValueError, KeyError, TypeError):
        return NOT_PROVEN
    return read_claims(provider, claims)


def _verified(provider: Provider, about: Mapping[str, Any], id_token: str, nonce: str) -> dict[str, Any]:
    keys = _json(provider, about["jwks_uri"])
    token = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    rules.validate(token.claims)
    several = isinstance(token.claims["aud"], list) and len(token.claims["aud"]) > 1
    if token.claims.get("azp", None if several else provider.client_id) != provider.client_id:
        raise ValueError("The statement is meant for somebody else.")
    claims: dict[str, Any] = dict(token.claims)
    return claims


def read_claims(provider: Provider, claims: Mapping[str, Any]) -> dict[str, str]:
    """Our meanings out of its claims; "address.postal_code" looks inside."""
    found = {}
    for meaning, path in provider.claims.items():
        value: Any = claims
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        if meaning in MEANINGS and isinstance(value, str | int) and str(value).strip():
            found[meaning] = str(value)[:200]
    return found if found.keys() & {"number", "born"} else {}


# --- whose entry it is ---


def identify(process: Process, given: Mapping[str, str], *, at: datetime) -> Eligibility | No:
    """The entry of the person the provider speaks of: by the number, else by postal code and date of birth. People the
    register does not know get an entry where the process says so and the provider says where they live."""
    if not is_active(process, "oidc"):
        return NOT_OFFERED
    number = given.get("number", "")
    if plain(number):
        found = desk.by_number(process, number)
        return found if found is not None else _new(process, number, given, at)
    if not given.get("postal") or not given.get("born"):
        return NOT_FOUND
    try:
        born = read_born(given["born"])
    except Problem:
        return NOT_FOUND
    entry = by_postal.find(process, postal=given["postal"], born=born, name=given.get("name", ""))
    # Nobody can be asked for more here: the provider has said what it says.
    return by_postal.STILL_SEVERAL if entry is by_postal.SEVERAL else entry


def _new(process: Process, number: str, given: Mapping[str, str], at: datetime) -> Eligibility | No:
    if not options_of(process, "oidc").get("adds"):
        return NOT_FOUND
    try:
        attributes = Reader(process, at).attributes(
            place=given.get("place", ""), postal=given.get("postal", ""), born=given.get("born", "")
        )
    except Problem:
        return NOT_FOUND
    return desk.add(process, number=number, attributes=attributes, source=Eligibility.Source.ONLINE)
