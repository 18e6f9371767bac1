"""The frame of one's own pages: every page with tabs shows `accounts/tabs.html` with this context.

return render(request, "feedback/notices/inbox.html", own_page("messages") | {…})
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.hooks import tabs
from groundwork.answer import Words


@dataclass(frozen=True, slots=True)
class Shown:
    words: Words
    url: str
    current: bool
    guests: bool


def own_page(current: str) -> dict[str, Any]:
    """`current` is the slug of the tab that is open."""
    return {
        "tabs": [
            Shown(tab.words, reverse(tab.url), tab.slug == current, tab.guests)
            for tab in sorted(tabs, key=lambda tab: tab.order)
        ]
    }
