"""The document: every operation as its endpoint declares it. drf-spectacular turns serializers into components."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

from groundwork.webapi.problems import CONTENT_TYPE, TITLES, ProblemSerializer
from groundwork.webapi.view import LONGEST_KEY, Operation

PATTERNS = {
    "receipt": r"^[A-Za-z0-9\-]{1,16}$",
    "slug": r"^[-a-zA-Z0-9_]{1,80}$",
    "key": r"^[-a-zA-Z0-9_]{1,40}$",
}


class Schema(AutoSchema):
    """One operation."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        self.registry, self.path, self.method = registry, path, method.upper()
        self.path_regex, self.path_prefix = path_regex, path_prefix
        operation: Operation = self.view.operations()[method.lower()]
        said = {
            "operationId": operation.id,
            "summary": operation.words,
            "description": _described(operation),
            "tags": [self.view.tag],
            "parameters": self._parameters(operation),
            "security": [
                {"token": [operation.scope]},
                {"session": []},
                *([] if operation.needs_person else [{}]),
            ],
            "responses": self._responses(operation),
        }
        if operation.body is not None:
            content = {"application/json": {"schema": operation.body.schema()}}
            said["requestBody"] = {"required": True, "content": content}
        return said

    def _parameters(self, operation: Operation) -> list[dict[str, Any]]:
        found = [_in_path(name, self.path) for name in _names(self.path)]
        if operation.listing is not None:
            found += [
                _in_query(
                    "after",
                    "Where the page before ended: from its `next`.",
                    {"type": "string", "maxLength": 600},
                )
            ]
            limit = {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
            found += [_in_query("limit", "How many at most.", limit)]
            sorts = list(operation.listing.sorts)
            found += [_in_query("sort", "The order.", {"type": "string", "enum": sorts, "default": sorts[0]})]
            for name, each in operation.listing.filters.items():
                schema: dict[str, Any] = {"type": "string"}
                if each.choices:
                    schema["enum"] = list(each.choices)
                else:
                    schema |= {"maxLength": 200} if each.words else {"pattern": r"^[A-Za-z0-9_.\-]{1,80}$"}
                found.append(_in_query(name, each.about, schema))
        for name, words in operation.query.items():
            found.append(_in_query(name, words, {"type": "string", "maxLength": 80}))
        if operation.includes:
            words = "Adds: " + "; ".join(f"`{name}` {about}" for name, about in operation.includes.items())
            names = {"type": "array", "items": {"type": "string", "enum": list(operation.includes)}}
            found.append(_in_query("include", words, names) | {"style": "form", "explode": False})
        if operation.writes:
            key = {
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_KEY,
                "pattern": "^[A-Za-z0-9_.:-]+$",
            }
            found.append(
                _in_header("Idempotency-Key", "Sent again with the same key, nothing happens twice.", key)
            )
            if hasattr(self.view, "get"):
                found.append(
                    _in_header(
                        "If-Match",
                        "The `ETag` you have read here; 412 when it has changed.",
                        {"type": "string"},
                    )
                )
        else:
            found.append(
                _in_header(
                    "If-None-Match", "The `ETag` you have; 304 when nothing has changed.", {"type": "string"}
                )
            )
        return found

    def _responses(self, operation: Operation) -> dict[str, Any]:
        found: dict[str, Any] = {str(operation.status): self._fine(operation)}
        if not operation.writes:
            found["304"] = {"description": "Nothing has changed."}
        codes = {400, 401, 403, 404, 410, 429}
        if operation.writes:
            codes |= {409, 412, 422}
        if operation.body is not None:
            codes |= {413, 415}
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        for code in sorted(codes):
            content = {CONTENT_TYPE: {"schema": problem}}
            found[str(code)] = {"description": str(TITLES[code]), "content": content}
        return found

    def _fine(self, operation: Operation) -> dict[str, Any]:
        if operation.answer is None:
            return {"description": "Done."}
        one: Any = (
            operation.answer
            if isinstance(operation.answer, dict)
            else self.resolve_serializer(operation.answer, "response").ref
        )
        if operation.listing is not None:
            one = {
                "type": "object",
                "required": ["items", "next"],
                "properties": {
                    "items": {"type": "array", "items": one},
                    "next": {
                        "type": ["string", "null"],
                        "description": "Address of the next page; null on the last.",
                    },
                },
            }
        etag = {"ETag": {"description": "Mark of this answer.", "schema": {"type": "string"}}}
        headers = {"headers": etag} if not operation.writes else {}
        return {"description": "Done.", "content": {"application/json": {"schema": one}}, **headers}


def _described(operation: Operation) -> str:
    who = (
        f"Scope `{operation.scope}`."
        if operation.needs_person
        else "Anybody; with a token what its person may see."
    )
    return f"{operation.about}\n\n{who}".strip()


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _in_path(name: str, path: str) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": "string", "pattern": PATTERNS.get(name, r"^[-a-zA-Z0-9_]{1,80}$")}
    if name in ("number", "id", "case"):
        kind = {"type": "integer", "minimum": 1, "maximum": 2_000_000_000}
    return {"name": name, "in": "path", "required": True, "schema": kind}


def _in_query(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _in_header(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": words, "schema": schema}
