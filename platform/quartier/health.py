"""Is it alive, is it ready, how is it doing: for load balancers, health checks and Prometheus. No personal data.

/healthz   the process answers; touches nothing else
/readyz    200 while the database answers and nobody waits to be forgotten again after a restore, 503 otherwise. A broker that is away is said and is no reason to take the node out:
           reading and voting go on without it
/metrics   counters of this machine and figures of the whole city, for whoever may read them (settings.METRICS_*)
"""

from __future__ import annotations

import hmac
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.privacy import forgetting
from groundwork import clock
from groundwork.watch import figures, metrics
from groundwork.watch.figures import Reading

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """What a load balancer needs, and beside it what a person who looks wants to know. Seconds since the oldest."""
    now = figures.read(clock.now(), numbers=False)
    if not now.database:
        return JsonResponse({"database": "does not answer"}, status=503)
    sealing = now.backlog("sealing")
    told = {
        "database": "ok",
        "broker": "ok" if now.broker else "does not answer",
        "workers": "ok" if now.working else "silent",
        "journal_waiting": sealing.number if sealing else 0,
        "journal_lag_seconds": round(sealing.seconds, 1) if sealing else 0.0,
        "oldest_undone_seconds": round(now.oldest, 1),
        "late": [each.slug for each in now.late],
    }
    if replay := len(forgetting.outstanding()):
        # A restored copy that still knows people who were forgotten serves nobody: manage.py replay_erasures.
        return JsonResponse(told | {"erasures_to_replay": replay}, status=503)
    return JsonResponse(told)


@never_cache
@require_safe
def figures_for_prometheus(request: HttpRequest) -> HttpResponse:
    if not may_read(request):
        raise Http404  # whoever may not read it need not know that it is there
    return HttpResponse(metrics.text() + lines(figures.read(clock.now())).encode(), content_type=TEXT)


def may_read(request: HttpRequest) -> bool:
    """The token, or an address of our own networks that no proxy speaks for."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in settings.METRICS_NETWORKS)


def lines(now: Reading) -> str:
    """The city's figures in Prometheus's text form. Every node tells the same: take the maximum, not the sum."""
    found = [("database_up", "gauge", "The database answers", [("", float(now.database))])]
    found.append(("broker_up", "gauge", "The broker answers", [("", float(bool(now.broker)))]))
    if now.queued is not None:
        found.append(("queue_tasks", "gauge", "Tasks in the broker's queue", [("", float(now.queued))]))
    if now.database:
        silence = (now.at - now.pulse).total_seconds() if now.pulse else float("nan")
        found.append(
            ("worker_silence_seconds", "gauge", "Seconds since a worker did its rounds", [("", silence)])
        )
        names = [(f'{{backlog="{each.slug}"}}', each) for each in now.backlogs]
        found.append(
            ("backlog", "gauge", "Undone pieces of work", [(n, float(each.number)) for n, each in names])
        )
        found.append(
            (
                "backlog_seconds",
                "gauge",
                "Seconds the oldest has waited",
                [(n, each.seconds) for n, each in names],
            )
        )
    for figure, value in now.numbers:
        name = f"{figure.slug}_total" if figure.kind == "counter" else figure.slug
        found.append((name, figure.kind, "Of the whole city", [("", value)]))
    text = []
    for name, kind, words, samples in found:
        text += [f"# HELP quartier_city_{name} {words}", f"# TYPE quartier_city_{name} {kind}"]
        text += [f"quartier_city_{name}{labels} {value}" for labels, value in samples]
    return "\n".join(text) + "\n"
