"""The door in front of the pages: who may pass by the views, how often a page is drawn, and what happens without a cache."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from groundwork.shared_pages import breaker, marks
from groundwork.shared_pages.api import Share, echo, echoes, shared_page
from groundwork.shared_pages.kept import MOST, MOST_ASKED, Kept, Memory, memory
from groundwork.shared_pages.middleware import shared_pages


@pytest.fixture(autouse=True)
def _on(settings: Any, db: None) -> Iterator[None]:
    settings.SHARED_PAGES = True
    memory.clear()
    breaker.mend()
    yield
    memory.clear()
    breaker.mend()


class Site:
    """A view that counts how often it draws."""

    def __init__(self, view: Any = None, **response: Any) -> None:
        self.drawn = 0
        self.view = view or (lambda request: HttpResponse("words " * 300, **response))
        self.door = shared_pages(self)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.drawn += 1
        request.share = Share()  # type: ignore[attr-defined]
        return self.view(request)


def test_the_same_page_is_drawn_once(rf: Any) -> None:
    site = Site()
    bodies = {site.door(rf.get("/de/")).content for _ in range(5)}
    assert site.drawn == 1 and len(bodies) == 1


def test_another_process_finds_it_in_the_shared_cache(rf: Any) -> None:
    site = Site()
    first = site.door(rf.get("/de/"))
    memory.clear()
    assert site.door(rf.get("/de/")).content == first.content and site.drawn == 1


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/en/"},
        {"path": "/de/", "QUERY_STRING": "q=1"},
        {"path": "/de/", "HTTP_HOST": "localhost"},
        {"path": "/de/", "secure": True},
    ],
)
def test_address_language_and_host_have_pages_of_their_own(rf: Any, other: dict[str, Any]) -> None:
    site = Site()
    site.door(rf.get("/de/"))
    site.door(rf.get(**other))
    assert site.drawn == 2


@pytest.mark.parametrize(
    "request_of",
    [
        lambda rf: rf.post("/de/"),
        lambda rf: rf.get("/de/", HTTP_COOKIE="session=abc"),
        lambda rf: rf.get("/de/", HTTP_AUTHORIZATION="Bearer x"),
        lambda rf: rf.get("/de/", HTTP_HX_REQUEST="true"),
        lambda rf: rf.get("/de/" + "x" * 600),
    ],
)
def test_these_always_reach_the_view(rf: Any, request_of: Any) -> None:
    site = Site()
    site.door(rf.get("/de/"))
    for _ in range(2):
        site.door(request_of(rf))
    assert site.drawn == 3


def _with_cookie(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse("for you")
    answer.set_cookie("session", "abc")
    return answer


@pytest.mark.parametrize(
    "view",
    [
        lambda request: HttpResponse("not here", status=404),
        lambda request: HttpResponse("mine", headers={"Cache-Control": "private, no-store"}),
        _with_cookie,
    ],
)
def test_these_answers_are_for_one_request_only(rf: Any, view: Any) -> None:
    site = Site(view)
    for _ in range(2):
        site.door(rf.get("/de/"))
    assert site.drawn == 2


def test_a_parameter_the_page_does_not_know_is_not_kept(rf: Any) -> None:
    drawn: list[str] = []

    @shared_page("after")
    def view(request: HttpRequest) -> HttpResponse:
        drawn.append(request.get_full_path())
        return HttpResponse("page")

    door = shared_pages(view)
    for query in ("after=1", "after=1", "after=1&utm=2", "after=1&utm=2"):
        door(rf.get("/de/?" + query))
    assert len(drawn) == 3


def test_who_has_the_page_already_gets_no_second_copy(rf: Any) -> None:
    site = Site()
    tag = site.door(rf.get("/de/")).headers["ETag"]
    again = site.door(rf.get("/de/", HTTP_IF_NONE_MATCH=tag))
    assert again.status_code == 304 and again.content == b"" and again.headers["ETag"] == tag
    assert site.drawn == 1


def test_the_body_is_compressed_for_those_who_can_read_it(rf: Any) -> None:
    import brotli

    site = Site()
    plain = site.door(rf.get("/de/"))
    small = site.door(rf.get("/de/", HTTP_ACCEPT_ENCODING="gzip, br"))
    assert small.headers["Content-Encoding"] == "br" and int(small.headers["Content-Length"]) == len(
        small.content
    )
    assert brotli.decompress(small.content) == plain.content
    assert "Accept-Encoding" in small.headers["Vary"] and "Cookie" in small.headers["Vary"]


def test_many_at_once_wait_for_one_drawing(rf: Any) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(request: HttpRequest) -> HttpResponse:
        started.set()
        go_on.wait(3)
        return HttpResponse("drawn slowly")

    site = Site(slow)
    answers: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: answers.append(site.door(rf.get("/de/")).content)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    assert started.wait(3)
    time.sleep(0.1)
    assert site.drawn == 1
    go_on.set()
    for thread in threads:
        thread.join(3)
    assert answers == [b"drawn slowly"] * 8 and site.drawn == 1


class Away(LocMemCache):
    """A cache whose server does not answer."""

    asked = 0

    def get(self, *args: Any, **kwargs: Any) -> Any:
        Away.asked += 1
        raise ConnectionError("away")

    add = set = get_many = set_many = delete = get_or_set = get


def test_without_the_cache_every_page_is_drawn_and_nobody_waits(rf: Any, monkeypatch: Any) -> None:
    site = Site()
    monkeypatch.setattr(marks, "cache", lambda: Away("away", {}))
    Away.asked = 0
    answers = [site.door(rf.get("/de/")) for _ in range(5)]
    assert site.drawn == 5 and {a.status_code for a in answers} == {200}
    assert Away.asked == 1  # and then it rests
    assert answers[0].headers["ETag"] and answers[0].headers["Cache-Control"] == "public, no-cache"
    monkeypatch.undo()
    breaker.mend()
    assert [site.door(rf.get("/de/")).status_code for _ in range(2)] == [200, 200] and site.drawn == 6


def test_a_page_whose_end_the_database_does_not_say_is_shown_and_not_kept(rf: Any, monkeypatch: Any) -> None:
    """The page came from the copy; the database itself is away."""
    from groundwork.shared_pages import middleware

    def away(drawn: Any) -> float:
        raise OperationalError("away")

    site = Site()
    monkeypatch.setattr(middleware, "_until", away)
    assert [site.door(rf.get("/de/")).status_code for _ in range(2)] == [200, 200] and site.drawn == 2
    monkeypatch.undo()
    assert [site.door(rf.get("/de/")).status_code for _ in range(2)] == [200, 200] and site.drawn == 3


def test_a_change_that_cannot_be_told_to_the_cache_does_not_fail(
    monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(marks, "cache", lambda: Away("away", {}))
    with django_capture_on_commit_callbacks(execute=True):
        marks.replace_after_commit(1)


def test_a_change_is_told_once_for_each_process_and_transaction(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        for process in (1, 1, 2, None, 2):
            marks.replace_after_commit(process)
    assert len(callbacks) == 3


def test_what_lists_showed_is_counted_from_the_cache_too(rf: Any) -> None:
    heard: list[list[int]] = []

    def view(request: HttpRequest) -> HttpResponse:
        echo(request, "test", [4, 5])
        return HttpResponse("list")

    site = Site(view)
    with echoes.temporarily("test", heard.append):
        for _ in range(3):
            site.door(rf.get("/de/"))
    assert heard == [[4, 5], [4, 5]]  # the first time, the view itself counts


def test_the_memory_of_a_process_has_an_end() -> None:
    kept = Memory()
    for number in range(MOST + 50):
        kept.put(str(number), Kept([], b"", b"x" * 1000, "", 0, 0, {}, []))
    assert len(kept) == MOST and kept.get("0") is None and kept.get(str(MOST + 49)) is not None
    kept.put("large", Kept([], b"", b"x" * 30_000_000, "", 0, 0, {}, []))
    assert len(kept) == 0


def test_readers_are_counted_for_the_life_of_a_page_and_no_longer() -> None:
    kept = Memory()
    assert [kept.asked("a", at, 30) for at in (100.0, 110.0, 129.9)] == [1, 2, 3]
    assert kept.asked("a", 130.0, 30) == 1, "half a minute after the first one"
    assert kept.asked("b", 130.0, 30) == 1
    assert kept.asked("a", 90.0, 30) == 1, "a clock that was set back"


def test_what_counts_readers_stays_small() -> None:
    kept = Memory()
    for number in range(MOST_ASKED + 10):
        kept.asked(str(number), 100.0, 30)
    assert len(kept._asked) == MOST_ASKED
    kept.clear()
    assert not kept._asked
