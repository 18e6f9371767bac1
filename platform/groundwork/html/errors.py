"""When we fail: a page without database and language machinery, and a number that leads to the log.

`handler500 = "groundwork.html.errors.server_error"` in the root urls.
"""

from __future__ import annotations

import logging
import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.html import escape

logger = logging.getLogger(__name__)

BARE = """<!doctype html><html lang="de"><meta charset="utf-8"><title>Fehler · Error</title>
<h1>Das hat nicht geklappt · That did not work</h1><p>Nummer · Reference: {reference}</p></html>"""


def server_error(request: HttpRequest) -> HttpResponse:
    # The id of the request, where the log lines carry one; else a number of our own.
    bound = structlog.contextvars.get_contextvars().get("request_id")
    reference = str(bound)[:8] if bound else secrets.token_hex(4)
    # The path may hold what a person asked for; the traceback in django.request names the view.
    logger.error("page.failed reference=%s", reference)
    try:
        page = get_template("500.html").render({"reference": reference})
    except Exception:  # the page about failures must not fail
        page = BARE.format(reference=escape(reference))
    return HttpResponse(page, status=500)
