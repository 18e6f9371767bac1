"""Refusals and mistakes as problem details (RFC 9457). `detail` is the sentence the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from groundwork.answer import No, Refused, Words

CONTENT_TYPE = "application/problem+json"
TITLES: dict[int, Words] = {
    400: _("This cannot be read"),
    401: _("Not signed in"),
    403: _("Refused"),
    404: _("Nothing is here"),
    405: _("Not possible at this address"),
    409: _("Something else came first"),
    410: _("It lives on elsewhere"),
    412: _("It has changed meanwhile"),
    413: _("Too large"),
    415: _("Only JSON"),
    422: _("Something is missing or wrong"),
    429: _("Too many requests"),
}
# What each address may answer, in the document.
KINDS = {
    400: "unreadable", 401: "not-signed-in", 403: "refused", 404: "not-found", 405: "no-such-method", 409: "conflict", 410: "joined",
    412: "changed", 413: "too-large", 415: "not-json", 422: "invalid", 429: "too-many-requests",
}  # fmt: skip


class FieldError(serializers.Serializer):  # type: ignore[type-arg]
    field = serializers.CharField(help_text="Name of the field; empty where the whole is meant.")
    detail = serializers.CharField(help_text="The sentence beside the field on the page.")


class ProblemSerializer(serializers.Serializer):  # type: ignore[type-arg]
    type = serializers.CharField(
        help_text="What kind of problem it is: an address on the page about the interface."
    )
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="The reason in words, in the language of the answer.")
    next_step = serializers.CharField(required=False, help_text="What would help.")
    next_url = serializers.CharField(required=False, help_text="Where that is done.")
    errors = FieldError(many=True, required=False)


class Problem(Exception):
    """An answer that is no. `errors`: name of a field -> its sentences."""

    def __init__(
        self,
        status: int,
        detail: Words,
        *,
        errors: Mapping[str, Sequence[Words]] | None = None,
        answer: No | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.detail, self.errors = status, detail, errors or {}
        self.answer, self.headers = answer, dict(headers or {})
        super().__init__(str(detail))

    def response(self) -> Response:
        body: dict[str, Any] = {
            "type": f"/{get_language() or 'de'}/api/#{KINDS[self.status]}",
            "title": str(TITLES[self.status]),
            "status": self.status,
            "detail": str(self.detail),
        }
        if self.answer is not None and self.answer.next_step:
            body["next_step"] = str(self.answer.next_step)
            if url := _link(self.answer.next_url):
                body["next_url"] = url
        if self.errors:
            body["errors"] = [
                {"field": name, "detail": str(sentence)}
                for name, sentences in self.errors.items()
                for sentence in sentences
            ]
        return Response(body, status=self.status, headers=self.headers, content_type=CONTENT_TYPE)


def _link(url: str) -> str:
    if not url:
        return ""
    try:
        return resolve_url(url)
    except NoReverseMatch:
        return ""


def refused(answer: No) -> Problem:
    return Problem(403, answer.reason, answer=answer)


def invalid(errors: Mapping[str, Sequence[Words]]) -> Problem:
    return Problem(422, _("Nothing was changed. Look at the fields that are named."), errors=errors)


NOT_FOUND = _("There is nothing at this address, or you may not see it.")
NOT_SIGNED_IN = No(_("Please sign in first."), _("Send a token, or sign in."), "account_login", identify=True)


def of(error: Exception) -> Problem | None:
    """The problem an exception means; None for a mistake of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        return refused(error.answer)
    if isinstance(error, ValidationError):
        return invalid(_sentences(error))
    if isinstance(error, Http404):
        return Problem(404, NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return Problem(403, _("You may not do this."))
    if isinstance(error, exceptions.APIException):
        return _of_the_frame(error)
    return None


def _of_the_frame(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.AuthenticationFailed):
        return Problem(401, str(error.detail), headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, exceptions.PermissionDenied):
        return Problem(403, str(error.detail))
    if isinstance(error, exceptions.MethodNotAllowed):
        return Problem(405, _("This address does not know this method."))
    if isinstance(error, exceptions.UnsupportedMediaType):
        return Problem(415, _("Send the body as application/json."))
    if isinstance(error, exceptions.ParseError):
        return Problem(400, _("The body is no JSON object."))
    raise error


def _sentences(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return {"" if name == NON_FIELD_ERRORS else name: said for name, said in error.message_dict.items()}
    return {"": error.messages}


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """What REST_FRAMEWORK["EXCEPTION_HANDLER"] names. What is none of these goes on to the log and the page of failures."""
    problem = of(error)
    if problem is None:
        return None
    return problem.response()
