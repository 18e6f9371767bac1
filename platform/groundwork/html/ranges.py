"""Giving out large files: whole, or the part that is missing after an interruption (RFC 9110, one range at a time)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A public file in the storage: where it lies, the name it is given out under, bytes, SHA-256 and kind."""

    path: str
    name: str
    size: int
    sha256: str
    media_type: str


_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def part_asked_for(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a `Range` header; None where it is none we serve in part. ValueError: beyond the end."""
    found = _RANGE.fullmatch(header.strip().replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = int(found[2])
        if length == 0 or size == 0:
            raise ValueError(header)
        return max(0, size - length), size - 1
    first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if first >= size:
        raise ValueError(header)
    return None if last < first else (first, min(last, size - 1))


def serve(request: HttpRequest, file: Stored, changed: datetime) -> HttpResponseBase:
    """The file, its rest, or the word that the reader has it already."""
    etag = f'"{file.sha256}"'
    response: HttpResponseBase
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = _bytes(request, file, etag)
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Last-Modified"] = http_date(changed.timestamp())
    # A version changes only when something has to leave it: it is asked again, and answered in a few bytes.
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _bytes(request: HttpRequest, file: Stored, etag: str) -> HttpResponseBase:
    asked = request.headers.get("Range", "")
    # "If-Range": only where the file is still the one the reader holds a part of.
    if asked and request.headers.get("If-Range", etag) == etag:
        try:
            part = part_asked_for(asked, file.size)
        except ValueError:
            refused = HttpResponse(status=416)
            refused.headers["Content-Range"] = f"bytes */{file.size}"
            return refused
        if part is not None:
            first, last = part
            response = _stream(request, file, first, last - first + 1)
            response.status_code = 206
            response.headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
            return response
    return _stream(request, file, 0, file.size)


def _stream(request: HttpRequest, file: Stored, first: int, length: int) -> HttpResponseBase:
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse()
    else:
        try:
            opened = default_storage.open(file.path)
        except FileNotFoundError:
            raise Http404
        response = StreamingHttpResponse(_blocks(opened, first, length))
        response._resource_closers.append(opened.close)  # type: ignore[attr-defined]
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Length"] = str(length)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _blocks(opened: Any, first: int, length: int) -> Iterator[bytes]:
    opened.seek(first)
    while length > 0 and (block := opened.read(min(BLOCK, length))):
        length -= len(block)
        yield block
