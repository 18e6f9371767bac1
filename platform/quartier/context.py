"""What every page knows about the city and about the person who looks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from accounts.hooks import unread
from cocreation.roles import roles_of


def city(request: Any) -> dict[str, object]:
    language = get_language() or "de"
    return {
        "city": {
            "name": settings.CITY_NAME,
            "phone": settings.CITY_PHONE,
            "email": settings.CITY_EMAIL,
            "desk": settings.CITY_DESK.get(language, settings.CITY_DESK["de"]),
            "hours": settings.CITY_HOURS.get(language, settings.CITY_HOURS["de"]),
        },
        "demo": settings.DEMO,
        "theme": "",  # light or dark where a page says so
        "dry_run_band": getattr(request, "dry_run", None),
        # Asked only where a signed-in person sees a header.
        "desk_url": SimpleLazyObject(lambda: _desk_of(request)),
        "unread": SimpleLazyObject(lambda: sum(count(request.user) for count in unread)),
    }


def _desk_of(request: Any) -> str:
    return reverse("cocreation:desk") if roles_of(request.user).held.is_staff else ""
