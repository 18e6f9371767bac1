"""The only place where saved searches change."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.models import Proposal
from proposals.searches import rules
from proposals.searches.models import Rhythm, SavedSearch

if TYPE_CHECKING:
    from cocreation.models import Process
    from proposals.queries import Choice

CHUNK = 500


@transaction.atomic
def save_search(
    *, by: Person, process: Process | None, choice: Choice, name: str, rhythm: str, at: datetime
) -> SavedSearch:
    """Keep what somebody chose. From now on what is new counts."""
    Person.objects.select_for_update().get(pk=by.pk)
    require(rules.may_save(by, process))
    query = choice.drawn(False).address()
    try:
        with transaction.atomic():
            return SavedSearch.objects.create(
                person=by, process=process, name=name, query="" if query == "?" else query, rhythm=rhythm,
                created_at=at, seen_until=at,
            )  # fmt: skip
    except IntegrityError as error:
        if "searches_name_once" not in str(error):
            raise
        raise Refused(No(_("You have a search of this name already."))) from error


def choose_rhythm(*, search: SavedSearch, by: Person, rhythm: str, at: datetime) -> None:
    """How often to tell. Who was not told for a while is not told of what was new then."""
    if rhythm not in Rhythm.values:
        raise Refused(No(_("This rhythm is not known.")))
    fresh = {"seen_until": at} if search.rhythm == Rhythm.OFF else {}
    SavedSearch.objects.filter(pk=search.pk, person=by).update(rhythm=rhythm, **fresh)


def delete_search(*, search: SavedSearch, by: Person) -> None:
    SavedSearch.objects.filter(pk=search.pk, person=by).delete()


def look(at: datetime) -> int:
    """Tell whoever waits what new fits. Returns how many were told. A chunk is one transaction; running again finds nothing.

    Equal searches are looked for once: what is new since the oldest of them is narrowed by the choice, and each is told
    what is newer than what they know. Queries grow with different searches, never with people.
    """
    told = 0
    while True:
        with transaction.atomic():
            due = SavedSearch.objects.none()
            for rhythm in (Rhythm.DAILY, Rhythm.WEEKLY):
                due |= SavedSearch.objects.filter(rhythm=rhythm, seen_until__lte=at - rhythm.pause)
            chunk = list(
                due.order_by("seen_until", "pk").select_for_update(skip_locked=True, of=("self",))[:CHUNK]
            )
            if not chunk:
                return told
            told += _tell(chunk, at)
            SavedSearch.objects.filter(pk__in=[search.pk for search in chunk]).update(seen_until=at)


def _tell(chunk: list[SavedSearch], at: datetime) -> int:
    groups: dict[tuple[int | None, str], list[SavedSearch]] = defaultdict(list)
    for search in chunk:
        groups[search.process_id, search.query].append(search)
    since = min(search.seen_until for search in chunk)
    new = Proposal.objects.public().filter(
        contribution__published_at__gt=since, contribution__published_at__lte=at
    )
    if not new.exists():
        return 0
    entries = []
    for (process, _query), searches in groups.items():
        choice = searches[0].choice
        found = choice.narrow(new.filter(process=process) if process else new)
        fits = list(found.values_list("contribution__published_at", "contribution__author_id")[:CHUNK])
        for search in searches:
            # What one wrote oneself is no news.
            n = sum(
                moment is not None and moment > search.seen_until and author != search.person_id
                for moment, author in fits
            )
            if n:
                entries.append(
                    {
                        "verb": "search.matched", "on": search, "process": process, "at": at,
                        "data": {"tell": [search.person_id], "row": search.pk, "number": n},
                    }
                )  # fmt: skip
    return journal.record_many(entries)


def leave(person: Person, at: datetime) -> None:
    """When an account closes, nobody looks for anything any more."""
    SavedSearch.objects.filter(person=person).delete()
