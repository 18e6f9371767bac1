"""The verb of the room, how it is told, and its section of one's own page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import hooks
from cocreation.news import News, Said, news
from groundwork.html import say
from groundwork.journal.api import Verb, declare
from proposals.searches import actions
from proposals.searches.models import SavedSearch

if TYPE_CHECKING:
    from accounts.models import Person

SHOWN = 5

declare(Verb("search.matched", _("Something new fits a search"), public=False, adds=True))


def _said(facts: Mapping[str, Any], search: SavedSearch | None) -> Said:
    n = int(facts.get("number") or 1)
    name = search.name if search else "–"
    return Said(
        ngettext("One new proposal fits “%(name)s”", "%(n)s new proposals fit “%(name)s”", n)
        % {"n": say.number(n), "name": name}
    )


def _rows(keys: set[int]) -> Mapping[int, SavedSearch]:
    return SavedSearch.objects.in_bulk(keys)


def _url(facts: Mapping[str, Any]) -> str:
    """To one's searches: there the newest of each are one step away."""
    return reverse("searches:mine")


news.add("search.matched", News("named", _said, rows=_rows, url=_url))


def kept(person: Person, at: datetime) -> dict[str, Any] | None:
    """One query."""
    found = list(person.searches.select_related("process")[:SHOWN])
    return {"searches": found} if found else None


hooks.sections.add(
    "searches", hooks.Section("searches", "proposals/searches/section.html", kept, column="side", order=40)
)
hooks.tabs.add("searches", hooks.Tab("searches", _("Searches"), "searches:mine", order=40))
hooks.closing.add("searches", actions.leave)
