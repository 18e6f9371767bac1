"""A resident's page made of the one every visitor gets: their name in the header, and what the page itself has of theirs.

@shared_page("order", own=own_page(flagged))
@shared_page("original", own=own_page(first=asked_before))

A visitor's page holds nothing that somebody who is signed in may not see, so it is right for them where the view shows
them no more. Staff get more, people in front of a dry run and guests get a band above, and a message waits for its page:
for them the view draws.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from accounts.request import person_of
from cocreation.roles import roles_of
from groundwork.shared_pages.api import Own

if TYPE_CHECKING:
    from accounts.models import Person

# The page of this person made of another one; None where the view has to draw it.
Step = Callable[["Person", str], str | None]
# Asked before there is any page, with what is in the address: the step that finishes it, or None where this page is
# not like a visitor's for this person.
First = Callable[[HttpRequest, "Person"], Step | None]
# Where the messages of the next page wait (django.contrib.messages.storage.session).
MESSAGES = "_messages"


def own_page(*steps: Step, first: First | None = None, readers: int = 0) -> Own:
    """`steps` put in what belongs to the person, each with one query at most.

    Where no visitor's page is kept, so many `readers` who are signed in are drawn their own within half a minute before one has
    a visitor's page drawn: 0 where visitors and residents read an address again and again. To draw one costs a page more, and
    of a page few people read it would be for nobody else.
    """

    def made(request: HttpRequest, visitors_page: Callable[[int], str | None]) -> HttpResponse | None:
        person = person_of(request)
        if person is None or not _is_like_a_visitor(request, person):
            return None
        page = visitors_page(readers)
        if page is None or (page := _with_header(request, page)) is None:
            return None
        last = first(request, person) if first else None
        if first and last is None:
            return None
        for step in (*steps, last) if last else steps:
            page = step(person, page)
            if page is None:
                return None
        return HttpResponse(page)

    return made


def with_own(page: str, name: str, markup: Callable[[], str]) -> str:
    """The page with `markup` instead of what stands between <!--own name--> and <!--/own name-->; as it is where there is
    no such place."""
    before, here, rest = page.partition(f"<!--own {name}-->")
    if not here:
        return page
    _visitors, _there, after = rest.partition(f"<!--/own {name}-->")
    return f"{before}{markup()}{after}"


def _is_like_a_visitor(request: HttpRequest, person: Person) -> bool:
    return not (
        person.is_guest
        or getattr(request, "dry_run", None)
        or request.session.get(MESSAGES)
        or roles_of(person).held.is_staff
    )


def _with_header(request: HttpRequest, page: str) -> str | None:
    """Log-in gives way to the person's name and their new messages (components/header.html marks the places)."""
    before, _here, rest = page.partition("<!--menu-->")
    _login, _there, rest = rest.partition("<!--/menu-->")
    between, _here, rest = rest.partition("<!--me-->")
    _login, found, after = rest.partition("<!--/me-->")
    if not found:
        return None
    return "".join((before, between, render_to_string("components/me.html", request=request), after))
