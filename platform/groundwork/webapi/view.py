"""Endpoints: one class an address, its methods declared with `reads`, `lists` and `writes`.

class OneProposal(Endpoint):
    @reads(ProposalOut, id="proposal", words="One proposal")
    def get(self, asked, receipt): return find_proposal(asked.person, receipt)

    @writes(SupportOut, id="support", words="Support it", scope=CONTRIBUTE)
    def put(self, asked, receipt): …
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response
from rest_framework.views import APIView

from groundwork import clock
from groundwork.answer import Words
from groundwork.webapi import limits, problems
from groundwork.webapi.bodies import Body
from groundwork.webapi.lists import Listing, included, only, page
from groundwork.webapi.models import KeptAnswer
from groundwork.webapi.problems import Problem
from groundwork.webapi.scopes import CONTRIBUTE, READ

LONGEST_KEY = 64


@dataclass(frozen=True)
class Operation:
    """What the document says about a method, and what the frame asks before it runs."""

    id: str
    words: str
    about: str
    answer: Any  # a serializer class; None: no body
    scope: str
    status: int = 200
    body: Body | None = None
    listing: Listing | None = None
    includes: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    writes: bool = False
    needs_person: bool = False


@dataclass
class Asked:
    """One request as endpoints see it: who, when, what was sent."""

    request: Any
    person: Any
    at: datetime
    sent: Any = None
    include: frozenset[str] = frozenset()
    # Row -> what was fetched for it along with all the others (Shown.prepare).
    beside: dict[Any, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return (get_language() or "de")[:2]


@dataclass(frozen=True)
class Made:
    """What a write answers with: the thing, and where it can be read."""

    thing: Any
    location: str = ""
    status: int | None = None
    # What a second try with the same key is answered, where the first answer holds what is said only once.
    kept: Any = None


class Endpoint(APIView):
    """One address of the interface."""

    tag = "city"

    @classmethod
    def operations(cls) -> dict[str, Operation]:
        """Method -> what is declared about it."""
        found = {}
        for method in ("get", "post", "put", "patch", "delete"):
            handler = getattr(cls, method, None)
            if handler is not None:
                found[method] = handler.operation
        return found

    @property
    def allowed_methods(self) -> list[str]:
        return [
            *(["HEAD"] if hasattr(self, "get") else []),
            *(each.upper() for each in self.operations()),
            "OPTIONS",
        ]

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What a browser asks before a page of another site may send a token."""
        allowed = ", ".join(self.allowed_methods)
        headers = {
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Accept-Language",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status=204, headers=headers)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.perform_authentication(request)
        writes = request.method not in ("GET", "HEAD", "OPTIONS")
        request.limit = limits.count(_who(request), writes=writes) if request.method != "OPTIONS" else None

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        # Readable from pages of other sites, which get it without the cookie of ours: the same as anybody sees.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Content-Language"] = get_language() or "de"
        exposed = "ETag, Location, RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed"
        response.headers["Access-Control-Expose-Headers"] = exposed
        if response.headers.get("Cache-Control") is None:
            # Whoever was turned away at the door has no person here; asking again would turn them away again.
            person = getattr(request, "_user", None)
            known = person is not None and person.is_authenticated
            response.headers["Cache-Control"] = "private, no-cache" if known else "public, no-cache"
        response.headers.pop("Vary", None)
        patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
        if (limit := getattr(request, "limit", None)) is not None:
            for name, value in limit.headers().items():
                response.headers.setdefault(name, value)
        return response

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        raise Problem(
            405,
            _("This address does not know this method."),
            headers={"Allow": ", ".join(self.allowed_methods)},
        )


def _who(request: Any) -> str:
    if request.auth is not None:
        return f"token:{request.auth.pk}"
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    from allauth.account.adapter import get_adapter  # it needs the models to be there

    return f"address:{get_adapter().get_client_ip(request._request) or ''}"


def _asked(request: Any, operation: Operation) -> Asked:
    person = request.user if request.user.is_authenticated else None
    if person is None and operation.needs_person:
        answer = problems.NOT_SIGNED_IN
        raise Problem(401, answer.reason, answer=answer, headers={"WWW-Authenticate": "Bearer"})
    if request.auth is not None and operation.scope not in request.auth.scopes:
        raise Problem(
            403, format_lazy(_("This token may not do that: it lacks “{scope}”."), scope=operation.scope)
        )
    return Asked(request, person, clock.now())


# --- reading ---


def reads(
    answer: Any, *, id: str, words: str, about: str = "", scope: str = READ, includes: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None, needs_person: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """One thing. What the function returns goes through the serializer `answer`."""

    def decorate(find: Callable[..., Any]) -> Callable[..., Any]:
        operation = Operation(
            id, words, about or inspect.getdoc(find) or "", answer, scope, includes=includes or {}, query=query or {},
            needs_person=needs_person,
        )  # fmt: skip

        def body(view: Endpoint, request: Any, values: Mapping[str, Any]) -> bytes:
            asked = _asked(request, operation)
            only(request.query_params, {*operation.query, *(["include"] if operation.includes else [])})
            asked.include = included(request.query_params, operation.includes)
            return _bytes(_shown(answer, find(view, asked, **values), asked))

        return _get(find, operation, body)

    return decorate


def lists(
    answer: Any, *, id: str, words: str, listing: Listing, about: str = "", scope: str = READ, needs_person: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """A page of rows. The function returns the rows this person may see."""

    def decorate(find: Callable[..., Any]) -> Callable[..., Any]:
        operation = Operation(
            id, words, about or inspect.getdoc(find) or "", answer, scope, listing=listing, includes=listing.includes,
            needs_person=needs_person,
        )  # fmt: skip

        def body(view: Endpoint, request: Any, values: Mapping[str, Any]) -> bytes:
            asked = _asked(request, operation)
            only(request.query_params, listing.names())
            asked.include = included(request.query_params, listing.includes)
            rows, following = page(request, find(view, asked, **values), listing)
            return _bytes({"items": _shown(answer, rows, asked, many=True), "next": following})

        return _get(find, operation, body)

    return decorate


def _get(find: Callable[..., Any], operation: Operation, body: Callable[..., bytes]) -> Callable[..., Any]:
    @wraps(find)
    def get(view: Endpoint, request: Any, **values: Any) -> Any:
        return _answered(request, body(view, request, values))

    get.operation, get.body = operation, body  # type: ignore[attr-defined]
    return get


def _shown(answer: Any, thing: Any, asked: Asked, *, many: bool = False) -> Any:
    if answer is None:
        return None
    prepare = getattr(answer, "prepare", None)
    if prepare is not None:  # what a whole list needs, asked once
        prepare(thing if many else [thing], asked)
    return answer(thing, many=many, context={"asked": asked}).data


def _bytes(data: Any) -> bytes:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()


def _answered(request: Any, body: bytes) -> HttpResponse:
    """The answer with its mark; 304 for whoever has it already."""
    etag = limits.etag_of(body)
    known = request.headers.get("If-None-Match", "")
    if known.strip() == "*" or etag in [each.strip().removeprefix("W/") for each in known.split(",")]:
        return HttpResponse(status=304, headers={"ETag": etag})
    return HttpResponse(body, content_type="application/json", headers={"ETag": etag})


# --- writing ---


def writes(
    answer: Any, *, id: str, words: str, about: str = "", scope: str = CONTRIBUTE, body: Body | None = None,
    status: int | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """A write. The function returns `Made`, or the thing. It runs in one transaction with the answer that is kept."""

    def decorate(act: Callable[..., Any]) -> Callable[..., Any]:
        operation = Operation(
            id, words, about or inspect.getdoc(act) or "", answer, scope, body=body, writes=True, needs_person=True,
            status=status or (204 if answer is None else 200),
        )  # fmt: skip

        @wraps(act)
        def write(view: Endpoint, request: Any, **values: Any) -> Any:
            asked = _asked(request, operation)
            only(request.query_params, set())
            asked.sent = request.data if operation.body is not None else {}
            with transaction.atomic():
                kept = _kept(request, asked)
                if kept is not None and kept.status:
                    return _again(kept)
                _must_match(view, request, values)
                done = act(view, asked, **values)
                made = done if isinstance(done, Made) else Made(done)
                data = _bytes(_shown(answer, made.thing, asked)) if answer is not None else b""
                code = made.status or operation.status
                if kept is not None:
                    again = data if made.kept is None else _bytes(_shown(answer, made.kept, asked))
                    kept.status, kept.body, kept.location = code, again.decode(), made.location
                    kept.save(update_fields=["status", "body", "location"])
            return _said(code, data, made.location)

        write.operation = operation  # type: ignore[attr-defined]
        return write

    return decorate


def _said(status: int, data: bytes, location: str) -> HttpResponse:
    headers = {"Location": location} if location else {}
    if not data:
        return HttpResponse(status=status, headers=headers)
    return HttpResponse(data, status=status, content_type="application/json", headers=headers)


def _again(kept: KeptAnswer) -> HttpResponse:
    answer = _said(kept.status, kept.body.encode(), kept.location)
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _kept(request: Any, asked: Asked) -> KeptAnswer | None:
    """The row of this idempotency key: with an answer where it was used before. Whoever sends the same key meanwhile waits
    for this transaction."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not (1 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Problem(400, _("“Idempotency-Key” is a text of 1 to 64 signs."))
    sent = json.dumps([request.method, request.path, asked.sent], sort_keys=True, default=str)
    digest = hashlib.sha256(sent.encode()).hexdigest()
    mine = {"person": asked.person, "key": key}
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(**mine, digest=digest, at=asked.at)
    except IntegrityError:
        kept = KeptAnswer.objects.filter(**mine).first()
    if kept is None or kept.digest != digest:
        raise Problem(409, CONFLICT)
    return kept


CONFLICT: Words = _(
    "This key was used for something else already, so nothing was changed. Take a new key for a new act."
)
CHANGED: Words = _("It is not what you have read any more, so nothing was changed. Read it again.")


def _must_match(view: Endpoint, request: Any, values: dict[str, Any]) -> None:
    """`If-Match`: the write happens only to what its sender has read at the same address."""
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return
    read = getattr(view, "get", None)
    if read is None:
        raise Problem(412, _("This address cannot be read, so there is nothing to compare with."))
    standing = limits.etag_of(read.body(view, request, values))
    if wanted.strip() != "*" and standing not in [each.strip() for each in wanted.split(",")]:
        raise Problem(412, CHANGED)
