"""What every answer says to the browser: policy, headers, cookies, caching (REQ-37, REQ-115)."""

from __future__ import annotations

import importlib
import sys

import pytest

from tests.visits import Visit, none_of

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


CROSS_ORIGIN = ("Cross-Origin-Resource-Policy", "cross-origin")


def test_every_answer_carries_exactly_our_policy(visits: list[Visit]) -> None:
    def policy(visit: Visit) -> dict[str, str]:
        directives = visit.headers.get("Content-Security-Policy", "").split(";")
        parts = [directive.strip().partition(" ") for directive in directives if directive.strip()]
        return {name: value for name, _space, value in parts}

    none_of(
        f"{visit}: {policy(visit)}"
        for visit in visits
        if not _is_file(visit) and policy(visit) != (FRAMED_POLICY if _is_framed(visit) else POLICY)
    )
    # What people uploaded may do nothing at all, wherever it is opened.
    none_of(
        f"{visit}: {policy(visit)}"
        for visit in visits
        if _is_file(visit) and not {"sandbox": "", "default-src": "'none'"}.items() <= policy(visit).items()
    )


# Cards for other sites: any page may frame them, and nothing in them runs or asks anybody.
FRAMED = ("cocreation:process_embed", "proposals:proposal_embed")
FRAMED_POLICY = POLICY | {
    "script-src": "'none'", "connect-src": "'none'", "manifest-src": "'none'", "form-action": "'none'", "frame-ancestors": "*",
}  # fmt: skip


def _is_framed(visit: Visit) -> bool:
    return visit.route.name in FRAMED and visit.status == 200


def _is_file(visit: Visit) -> bool:
    return (
        visit.route.name in ("cocreation:file", "paperwork:scan", "opendata_file", "opendata_process_package")
        and visit.status == 200
    )


# The same for everybody, and about nobody: open data and the documents that describe it.
OPEN = {
    "opendata_file", "opendata_newest", "opendata_dcat", "opendata_figures", "opendata_package", "opendata_csvw", "openapi",
    "opendata_process_package", "opendata_package_schema", "oparl_system", "oparl_bodies", "oparl_body", "oparl_papers",
    "oparl_paper", "oparl_nothing", "open311_discovery", "open311_services", "open311_service", "open311_requests",
    "open311_request",
    "oembed", *FRAMED,
}  # fmt: skip


def test_every_answer_carries_the_security_headers(visits: list[Visit]) -> None:
    wrong = [
        f"{visit}: {name}={visit.headers.get(name)!r}"
        for visit in visits
        for name, value in HEADERS.items()
        if visit.headers.get(name) != value
        # Pages of others may read these, too.
        and not (visit.route.name in OPEN and (name, visit.headers.get(name)) == CROSS_ORIGIN)
        and not (_is_framed(visit) and name == "X-Frame-Options" and visit.headers.get(name) is None)
    ]
    wrong += [
        f"{visit}: Permissions-Policy"
        for visit in visits
        if "camera=()" not in visit.headers.get("Permissions-Policy", "")
    ]
    none_of(wrong)


def test_a_visitor_gets_no_cookie(visits: list[Visit]) -> None:
    if visits[0].role == "visitor":
        none_of(f"{visit}: {visit.cookies}" for visit in visits if visit.cookies)
    else:
        # Signed in there is one, of the session, and nothing else.
        assert {name for visit in visits for name in visit.cookies} <= {"session"}


def test_what_belongs_to_a_person_is_kept_nowhere(visits: list[Visit]) -> None:
    if visits[0].role != "visitor":
        wrong = [
            f"{visit}: {visit.headers.get('Cache-Control')!r}"
            for visit in visits
            if not (
                _is_file(visit) and visit.state == "public"
            )  # for everybody, under a name nobody can guess
            and visit.route.name not in OPEN
            and not {"private", "no-store"}
            <= {word.strip() for word in visit.headers.get("Cache-Control", "").split(",")}
        ]
        none_of(wrong)


def test_a_page_that_differs_by_person_says_so(visits: list[Visit]) -> None:
    """A shared cache must never hand a signed-in person's page to somebody else."""
    if visits[0].role != "visitor":
        wrong = [str(visit) for visit in visits if visit.is_page and not _is_framed(visit) and "Cookie" not in visit.headers.get("Vary", "") and
                 "no-store" not in visit.headers.get("Cache-Control", "")]  # fmt: skip
        none_of(wrong)


SAFE = {
    "SECRET_KEY": "only-to-read-the-settings-" + "k3Y" * 20, "DATABASE_URL": "postgres://q@db/q", "REDIS_URL": "redis://redis:6379/0",
    "ALLOWED_HOSTS": "city.example", "SITE_URL": "https://city.example", "VOTE_KEYS_DIR": "/run/vote-keys", "EMAIL_URL": "smtp://mail:25",
}  # fmt: skip


def test_production_insists_on_https_and_on_host_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SAFE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("DEBUG", raising=False)
    monkeypatch.delitem(sys.modules, "quartier.settings.prod", raising=False)
    try:
        prod = importlib.import_module("quartier.settings.prod")
        assert prod.SECURE_HSTS_SECONDS >= 365 * 24 * 3600
        assert (
            prod.SECURE_SSL_REDIRECT and prod.SESSION_COOKIE_SECURE and prod.SESSION_COOKIE_SAMESITE == "Lax"
        )
        assert prod.SESSION_COOKIE_NAME.startswith("__Host-")
        assert getattr(prod, "SESSION_COOKIE_HTTPONLY", True) and not prod.DEBUG
    finally:
        sys.modules.pop("quartier.settings.prod", None)
