"""Manners at the door: where a write comes from, what an answer says about itself, how a refusal sounds."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from groundwork.answer import No, Refused
from groundwork.html import middleware
from groundwork.html.htmx import is_partial

PAGE = "https://city.example/de/"


@pytest.fixture
def factory():
    return RequestFactory()


def view(request):
    return HttpResponse("ok")


def ask(request, view=view):
    """What same_origin says to this request: None means come in."""
    request._dont_enforce_csrf_checks = False
    layer: Any = middleware.same_origin(view)
    layer(request)
    return layer.process_view(request, view, (), {})


@pytest.fixture(autouse=True)
def _our_host(settings):
    settings.ALLOWED_HOSTS = ["city.example"]


def post(factory, **headers):
    return factory.post("/de/", headers=headers, secure=True, SERVER_NAME="city.example")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "https://city.example"},
        {"referer": "https://city.example/de/x/?y"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
    ],
)
def test_a_write_from_our_pages_comes_in(factory, headers):
    assert ask(post(factory, **headers)) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "https://city.example"},
        {"origin": "https://evil.example"},
        {"origin": "http://city.example"},
        {"origin": "null"},
        {"origin": "https://city.example.evil.example"},
        {"referer": "https://evil.example/https://city.example/"},
        {"referer": "https://city.example@evil.example/"},
        {"referer": "http://[bad"},
        {"origin": "https://evil.example", "referer": "https://city.example/"},
    ],
)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_write_from_elsewhere_or_without_proof_stays_out(factory, headers, method):
    request = getattr(factory, method)("/de/", headers=headers, secure=True, SERVER_NAME="city.example")
    request.htmx = True  # a fragment needs no user and no database
    response = ask(request)
    assert response.status_code == 403


def test_reading_needs_no_proof(factory):
    for method in ("get", "head", "options"):
        assert ask(getattr(factory, method)("/", headers={"sec-fetch-site": "cross-site"})) is None


def test_a_view_may_open_its_own_door(factory):
    assert ask(post(factory), csrf_exempt(view)) is None


def test_djangos_own_check_is_told_that_it_is_done(factory):
    request = post(factory)
    middleware.same_origin(view)(request)
    assert request.csrf_processing_done is True


# --- headers ---


def answer(factory, response=None, **cookies):
    request = factory.get("/")
    request.COOKIES = cookies
    return middleware.security_headers(lambda request: response or HttpResponse("x"))(request)


def test_every_answer_carries_its_headers(factory):
    headers = answer(factory).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Cache-Control" not in headers


def test_pages_of_a_session_are_stored_nowhere(factory, settings):
    assert (
        answer(factory, **{settings.SESSION_COOKIE_NAME: "x"}).headers["Cache-Control"] == "private, no-store"
    )
    fresh = HttpResponse("x")
    fresh.set_cookie(settings.SESSION_COOKIE_NAME, "x")
    assert answer(factory, fresh).headers["Cache-Control"] == "private, no-store"


def test_a_view_that_knows_better_is_believed(factory, settings):
    static = HttpResponse("x", headers={"Cache-Control": "max-age=31536000, public, immutable"})
    assert (
        "immutable" in answer(factory, static, **{settings.SESSION_COOKIE_NAME: "x"}).headers["Cache-Control"]
    )


# --- refusals ---


def asked(request, error):
    layer: Any = middleware.refusals(view)
    return layer.process_exception(request, error)


def refuse(request, no):
    return asked(request, Refused(no))


@pytest.mark.parametrize("headers", [{"X-Requested-With": "fetch"}, {"HX-Request": "true"}])
def test_a_refused_fragment_is_one_sentence_for_the_toast(factory, headers):
    request = factory.post("/", headers=headers)
    request.htmx = "HX-Request" in headers
    response = refuse(request, No("The vote <ended>.", "See the result", "home"))
    html = response.content.decode()
    assert response.status_code == 403
    assert response.headers["HX-Retarget"] == "#toast"
    assert "The vote &lt;ended&gt;." in html and 'href="/de/"' in html and "<html" not in html


@pytest.mark.django_db
def test_a_refused_page_says_why_and_what_would_help(client, rf):
    request = rf.post("/")
    request.user = type("Nobody", (), {"is_authenticated": False, "is_anonymous": True})()
    response = refuse(request, No("The vote has ended.", "See the result", "no:such_page"))
    html = response.content.decode()
    assert response.status_code == 403
    assert "The vote has ended." in html and "See the result" in html and html.count("<h1") == 1


def test_other_exceptions_are_not_swallowed(factory):
    assert asked(factory.get("/"), ValueError()) is None


def test_a_boosted_request_wants_the_whole_page(factory):
    request = factory.get("/")
    assert not is_partial(request)
    request.htmx = type("Htmx", (), {"boosted": False, "__bool__": lambda self: True})()
    assert is_partial(request)
    request.htmx.boosted = True
    assert not is_partial(request)
