"""Files are given out by asking the contribution's rule every time."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.request import person_of
from cocreation.file_types import TYPES
from cocreation.models import Attachment
from groundwork.html.files import shut

# Only in the reader's own browser: no cache between may go on showing what moderation took off the pages.
KEPT = "private, max-age=86400, immutable"


@require_safe
def serve(request: HttpRequest, key: str) -> HttpResponseBase:
    """A picture in the width that was asked for (`?w=800`, else the widest), or a document as a download."""
    person = person_of(request)
    visible = Attachment.objects.visible_to(person, draft=request.GET.get("draft", "")[:40])
    found = get_object_or_404(visible.select_related("contribution__process"), key=key)
    is_public = (
        found.contribution is not None
        and found.contribution.is_public
        and found.contribution.process.is_published
    )
    width = _width(found, request.GET.get("w", "")) if found.is_image else 0
    etag = f'"{found.sha256[:24]}-{width}"'
    response: HttpResponseBase
    if is_public and etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = _bytes(request, found, width)
    if is_public:
        response.headers["ETag"] = etag
        return shut(response, cache=KEPT)
    return shut(response)


def _width(found: Attachment, asked: str) -> int:
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 10_000
    return next((width for width in found.widths if width >= wanted), found.widths[-1])


def _bytes(request: HttpRequest, found: Attachment, width: int) -> HttpResponseBase:
    path = found.path_of(width) if width else found.stored
    kind = "image/webp" if width else TYPES[found.type]
    try:
        opened = default_storage.open(path)
    except FileNotFoundError:
        raise Http404
    if request.method == "HEAD":
        opened.close()
        return HttpResponse(content_type=kind)
    return FileResponse(opened, as_attachment=not width, filename=found.name, content_type=kind)
