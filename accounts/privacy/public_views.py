"""Pages everybody can read: what the city holds about people and why."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.privacy import notice, processing
from groundwork import clock
from groundwork.shared_pages.api import shared_page


def _code() -> str:
    return get_language() or "de"


@shared_page()
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice in force, in full and in easy words, and when somebody last looked whether it is right."""
    standing = notice.standing()
    version, code = standing.version, _code()
    context = {
        "version": version,
        "text": version.text(code),
        "easy": version.easy(code),
        "standing": standing,
        "is_overdue": standing.is_overdue(clock.now()),
    }
    return render(request, "accounts/privacy/notice.html", context)


@shared_page()
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every version there ever was, and what was new in it."""
    code = _code()
    rows = [(each, each.changed(code)) for each in notice.versions()]
    return render(request, "accounts/privacy/versions.html", {"rows": rows})


@shared_page()
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version, paragraph by paragraph beside the one before it."""
    found = {each.number: each for each in notice.versions()}
    this = found.get(number)
    if this is None:
        raise Http404
    code, before = _code(), found.get(number - 1)
    context = {
        "version": this,
        "before": before,
        "text": this.text(code),
        "changed": this.changed(code),
        "pieces": notice.difference(before.text(code), this.text(code)) if before else [],
        "easy_pieces": notice.difference(before.easy(code), this.easy(code)) if before else [],
        "is_newest": number == max(found),
    }
    return render(request, "accounts/privacy/version.html", context)


@shared_page()
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The register of processing, an activity after the other."""
    return render(request, "accounts/privacy/register.html", {"lines": processing.lines()})


@require_safe
def register_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same field by field, for the data protection officer."""
    if form == "json":
        response: HttpResponse = JsonResponse(
            processing.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    else:
        response = HttpResponse(processing.as_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="register-of-processing.{form}"'
    return response
