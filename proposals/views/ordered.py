"""How lists are ordered: the rule of every order in plain words, with today's figures."""

from __future__ import annotations

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from groundwork import clock
from proposals import exposure

KEEP_SECONDS = 600


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Figures of the day are kept for ten minutes: they change at midnight."""
    at = clock.now()
    key = f"how-ordered:{exposure.day_of(at)}:{get_language()}"
    figures = caches["fragments"].get(key)
    if figures is None:
        figures = exposure.figures(at)
        caches["fragments"].set(key, figures, KEEP_SECONDS)
    context = {"menu": "proposals", "figures": figures | {"first": exposure.first_today()}}
    return render(request, "proposals/how_ordered.html", context)
