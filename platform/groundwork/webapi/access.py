"""Who asks: the session of the browser (with proof of origin) or whatever way a house above registers first."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser

from groundwork.answer import No
from groundwork.html.middleware import SAFE_METHODS, comes_from_us
from groundwork.webapi.problems import Problem

LARGEST = 256 * 1024


class BySession(BaseAuthentication):
    """The person signed in at the browser. A write proves that it comes from our own pages (docs/decisions/0002)."""

    def authenticate(self, request: Any) -> tuple[Any, None] | None:
        plain = request._request
        person = getattr(plain, "user", None)
        if person is None or not person.is_authenticated:
            return None
        exempt = getattr(plain, "_dont_enforce_csrf_checks", False)
        if request.method not in SAFE_METHODS and not exempt and not comes_from_us(plain):
            words = _(
                "We could not tell whether this request came from our own page, so nothing was changed."
            )
            raise Problem(403, words, answer=No(words, _("Programs send a token instead.")))
        return person, None


class AlwaysJson(BaseContentNegotiation):
    """There is one kind of answer; whatever a client would rather have, it gets this."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return parsers[0] if kind == "application/json" else None

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Json(JSONParser):
    """Standard JSON (no NaN), and not too much of it."""

    strict = True

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        request = (parser_context or {}).get("request")
        length = request.META.get("CONTENT_LENGTH") if request is not None else None
        if length and length.isdigit() and int(length) > LARGEST:
            raise Problem(413, _("The body is larger than 256 KB."))
        return super().parse(stream, media_type, parser_context)
