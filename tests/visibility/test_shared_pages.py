"""What visitors get from the cache holds nothing they may not see: not a moment after it was taken off the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import translation

from accounts.actions import change_profile
from cocreation.actions import hide_contribution, hold_contribution, restore_contribution
from cocreation.conversation.actions import withdraw_comment
from groundwork.journal.follow import follow_all
from proposals.actions import support_proposal, withdraw_proposal
from tests.states import MAY_KNOW
from tests.visits import Address, addresses, is_nowhere, none_of, quiet
from tests.world import World

pytestmark = pytest.mark.usefixtures("keeping")

REASON = {"rule": "Respekt", "reason": "Beleidigt einen Menschen."}


def shared(world: World) -> list[Address]:
    """Every address of a page that is kept, in German and English, in every state that visitors may know of."""
    found = [to for language in ("de", "en") for to in addresses(world, language)]
    return [to for to in found if _is_shared(to) and to.state not in MAY_KNOW and not is_nowhere(to.state)]


def _is_shared(to: Address) -> bool:
    with translation.override(to.language):
        return hasattr(resolve(to.url.split("?")[0]).func, "shared_page")


def ask(to: Address | str) -> Any:
    """A visitor who has never been here."""
    with quiet():
        return Client(raise_request_exception=False).get(to if isinstance(to, str) else to.url)


def test_a_second_visitor_costs_no_query_and_reads_the_same(world: World) -> None:
    pages = shared(world)
    names = {to.route.name for to in pages}
    assert names >= {
        "home", "search", "about", "cocreation:process", "proposals:list", "proposals:list_all", "proposals:proposal",
        "feedback:commitments", "feedback:commitment", "ballots:result",
    }  # fmt: skip
    wrong, kept = [], set()
    for to in pages:
        first = ask(to)
        with CaptureQueriesContext(connection) as queries:
            second = ask(to)
        if first.status_code != 200:
            continue
        kept.add(to.route.name)
        if queries.captured_queries:
            wrong.append(f"{to.url} asked {len(queries)} queries")
        if second.content != first.content:
            wrong.append(f"{to.url} reads differently")
        missing = {"ETag", "Age", "Cache-Control"} - set(second.headers)
        own = {"Age", "X-Request-ID"}  # of each answer
        differs = {n for n in first.headers if n not in own and first.headers[n] != second.headers[n]}
        if missing or differs or second.cookies:
            wrong.append(f"{to.url}: {missing} {differs} {second.cookies}")
    none_of(wrong)
    assert kept == names


def test_a_kept_page_is_what_would_be_drawn_now(world: World, settings: Any) -> None:
    """Nothing of the first visitor is in it: no token, no chance, nothing they chose."""
    pages = shared(world)
    with quiet():
        for to in pages:
            Client(headers={"accept-language": "en", "user-agent": "first"}).get(to.url)
        kept = {to: ask(to).content for to in pages}
        settings.SHARED_PAGES = False
        none_of(to.url for to in pages if ask(to).content != kept[to])


TEXT = "Trinkbrunnen am Dorfplatz", "Drinking fountain on the village square"


def _hide(world: World) -> None:
    hide_contribution(
        contribution=world.proposals["fountain"].contribution, by=world.mo, at=world.now, **REASON
    )


def _hold(world: World) -> None:
    hold_contribution(contribution=world.proposals["fountain"].contribution, by=world.mo, at=world.now)


def _withdraw(world: World) -> None:
    withdraw_proposal(proposal=world.proposals["fountain"], by=world.amina, at=world.now)


@pytest.mark.parametrize("take_off", [_hide, _hold, _withdraw])
def test_what_leaves_the_pages_is_gone_from_every_kept_page_at_once(
    world: World, take_off: Callable[[World], None], django_capture_on_commit_callbacks: Any
) -> None:
    pages = shared(world)
    before = {to: ask(to).content.decode() for to in pages}
    showing = [to for to in pages if any(title in before[to] for title in TEXT)]
    assert {to.route.name for to in showing} >= {"proposals:list", "proposals:list_all", "proposals:proposal"}
    with django_capture_on_commit_callbacks(execute=True):
        take_off(world)
    # No reader of the journal has run, and the clock stands.
    none_of(f"{to.url} shows it" for to in pages if any(t in ask(to).content.decode() for t in TEXT))


def test_what_comes_back_is_on_the_pages_again(world: World, django_capture_on_commit_callbacks: Any) -> None:
    url = world.proposals["fountain"].get_absolute_url()
    with django_capture_on_commit_callbacks(execute=True):
        _hide(world)
    assert ask(url).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        restore_contribution(contribution=world.proposals["fountain"].contribution, by=world.mo, at=world.now)
    assert ask(url).status_code == 200


def test_a_comment_that_is_taken_back_is_gone_from_its_page(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    comment, page = world.comments["on_fountain"], world.proposals["fountain"].get_absolute_url()
    assert comment.text.encode() in ask(page).content
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_comment(comment=comment, by=comment.contribution.author, at=world.now)
    assert comment.text.encode() not in ask(page).content


def test_an_old_name_is_gone_at_once(world: World, django_capture_on_commit_callbacks: Any) -> None:
    url = world.proposals["fountain"].get_absolute_url()
    before = world.amina.public_name
    assert before in ask(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        change_profile(
            person=world.amina, public_name="Ganz Anders", about="", language="de", place=world.amina.place
        )
    assert before not in ask(url).content.decode()


def test_a_page_drawn_while_something_was_hidden_is_not_kept(
    world: World, django_capture_on_commit_callbacks: Any, rf: Any
) -> None:
    """It was read before the hiding and finished after it."""

    from django.http import HttpRequest, HttpResponse

    from groundwork.shared_pages.api import Share
    from groundwork.shared_pages.middleware import shared_pages

    def slow(request: HttpRequest) -> HttpResponse:
        request.share = Share(process=world.processes["collecting"].pk)  # type: ignore[attr-defined]
        body = ask(url).content  # read …
        with django_capture_on_commit_callbacks(execute=True):
            _hide(world)  # … hidden by somebody else …
        return HttpResponse(body)  # … and answered

    url = world.proposals["fountain"].get_absolute_url()
    old = shared_pages(slow)(rf.get("/somewhere/"))
    assert TEXT[0] in old.content.decode()
    fresh = shared_pages(lambda request: HttpResponse("drawn anew"))(rf.get("/somewhere/"))
    assert fresh.content == b"drawn anew"


def test_signed_in_people_neither_fill_the_cache_nor_read_from_it(world: World, sign_in: Any) -> None:
    url = world.proposals["fountain"].get_absolute_url()
    person = sign_in(world.amina)
    mine = person.get(url)
    assert mine.headers["Cache-Control"] == "private, no-store" and "ETag" not in mine.headers
    visitors = ask(url)
    assert visitors.headers["Cache-Control"] == "public, no-cache"
    assert world.amina.email.encode() not in visitors.content
    assert person.get(url).content == mine.content != visitors.content


def test_supports_show_within_a_second_and_not_each_by_itself(
    world: World, keeping: time_machine.Traveller, django_capture_on_commit_callbacks: Any
) -> None:
    url = world.proposals["fountain"].get_absolute_url()
    follow_all()  # the reader of the journal begins with what comes next
    before = ask(url)
    with django_capture_on_commit_callbacks(execute=True):
        support_proposal(proposal=world.proposals["fountain"], by=world.ines, at=world.now)
    follow_all()
    assert ask(url).content == before.content  # drawn less than half a second ago
    keeping.shift(0.6)
    assert ask(url).content != before.content


def test_a_page_ends_with_the_phase_it_shows(world: World, keeping: time_machine.Traveller) -> None:
    process = world.processes["collecting"]
    ends = min(phase.ends for phase in process.line if phase.is_open(world.now))
    url = f"/de/processes/{process.slug}/"
    keeping.move_to(ends - timedelta(seconds=2), tick=False)
    open_still = ask(url)
    keeping.shift(1.5)
    assert ask(url).headers["Age"] == "1" and ask(url).content == open_still.content
    keeping.shift(0.6)
    closed = ask(url)
    assert "Age" not in closed.headers and closed.content != open_still.content


def test_nothing_is_older_than_half_a_minute(world: World, keeping: time_machine.Traveller) -> None:
    assert "Age" not in ask("/de/").headers
    keeping.shift(29)
    assert ask("/de/").headers["Age"] == "29"
    keeping.shift(2)
    assert "Age" not in ask("/de/").headers
