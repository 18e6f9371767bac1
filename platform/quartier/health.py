"""Is it alive, is it ready: for load balancers and compose health checks. Never cached, no personal data."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers. The journal's lag (seconds since the oldest unsealed entry) is reported beside it."""
    with connection.cursor() as cursor:
        cursor.execute("select min(at), count(*) from journal_entry where seq is null")
        oldest, waiting = cursor.fetchone()
    lag = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    return JsonResponse({"database": "ok", "journal_waiting": waiting, "journal_lag_seconds": round(lag, 1)})
