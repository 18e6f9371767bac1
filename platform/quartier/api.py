"""The public interface: every installed house and room brings its own `api.py`, so that deleting a room deletes its operations."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path, re_path
from django.utils.http import quote_etag
from django.utils.module_loading import module_has_submodule
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_safe
from drf_spectacular.generators import SchemaGenerator

from groundwork.webapi.problems import CONTENT_TYPE, NOT_FOUND, Problem
from groundwork.webapi.scopes import SCOPES

DOCUMENT = Path(__file__).parent / "openapi.json"
VERSION = "1.0.0"
HOUSES = {"accounts", "cocreation", "proposals", "feedback"}


def _modules() -> list[Any]:
    found = []
    for app in apps.get_app_configs():
        if app.name.split(".")[0] in HOUSES:
            for name in ("api", "api_studio"):
                if module_has_submodule(app.module, name):
                    found.append(import_module(f"{app.name}.{name}"))
    return found


@require_safe
@condition(etag_func=lambda request: quote_etag(str(DOCUMENT.stat().st_mtime_ns)))
def document(request: HttpRequest) -> FileResponse:
    """The snapshot in the repository."""
    answer = FileResponse(DOCUMENT.open("rb"), content_type="application/json")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Below /api/ also what does not exist answers as the interface does."""
    problem = Problem(404, NOT_FOUND).response()
    return JsonResponse(problem.data, status=404, content_type=CONTENT_TYPE)


operations = [entry for module in _modules() for entry in module.urlpatterns]

urlpatterns = [
    path("v1/", include((operations, "api_v1"))),
    path("v1/openapi.json", document, name="openapi"),
    re_path(r"^(?P<rest>.*)$", nowhere, name="api_nowhere"),
]


def describe() -> dict[str, Any]:
    """The document as it is now: what the snapshot must say. In English, the language of programs."""
    with override("en"):
        generator = SchemaGenerator(
            title="Quartier",
            version=VERSION,
            description=ABOUT,
            patterns=[path("api/v1/", include((operations, "api_v1")))],
        )
        found: dict[str, Any] = generator.get_schema(request=None, public=True)
    found["info"]["license"] = {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}
    found["servers"] = [{"url": "/"}]
    scopes = "; ".join(f"`{name}`" for name in SCOPES)
    found.setdefault("components", {})["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": f"A token from your own page. Scopes: {scopes}.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-session",
            "description": "The browser, on our own pages.",
        },
    }
    plain: dict[str, Any] = _without_marks(found)
    return plain


def _without_marks(found: Any) -> Any:
    """Without what the generator notes for itself."""
    if isinstance(found, dict):
        return {name: _without_marks(value) for name, value in found.items() if name != "x-spec-enum-id"}
    return [_without_marks(each) for each in found] if isinstance(found, list) else found


ABOUT = """What a person can do on a page of the city, a program can do here for them, by the same rules.

Lists are paged: follow `next`. Names that an address does not know are refused. Refusals are problem details (RFC 9457) whose
`detail` is the sentence of the page, in the language of `Accept-Language` (de, en). Every write takes an `Idempotency-Key`."""
