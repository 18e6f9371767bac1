"""Finding an address by its shape finds what trying one after the other finds, for every address of the city."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLPattern, URLResolver, include, path, re_path
from django.urls.resolvers import RoutePattern

from groundwork.addresses import ByShape
from quartier import urls

SAMPLES = {"int": "7", "str": "a-b.c", "slug": "a-b", "uuid": str(UUID(int=7)), "path": "a/b/c"}


def view(request: HttpRequest, **asked: Any) -> HttpResponse:
    return HttpResponse()


def plain(patterns: Any) -> URLResolver:
    return URLResolver(RoutePattern("", is_endpoint=False), patterns)


def told(resolver: URLResolver, asked: str) -> Any:
    """What a resolver says of a path."""
    try:
        match = resolver.resolve(asked)
    except Resolver404:
        return None
    return match.func, match.args, match.kwargs, match.view_name, match.route, match.app_names


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield before + str(each.pattern)
        else:
            yield from routes(each, before + str(each.pattern))


def sample(route: str) -> str:
    for kind, value in SAMPLES.items():
        while f"<{kind}:" in route:
            before, _, rest = route.partition(f"<{kind}:")
            route = before + value + rest.partition(">")[2]
    return route


def test_every_address_of_the_city_is_found_as_by_trying_them_all():
    quick, slow = ByShape(urls._houses), plain(urls._houses)
    asked = [sample(route) for route in routes(slow)]
    assert len(asked) > 200 and not any("<" in each for each in asked)
    for each in asked:
        assert told(quick, each) == told(slow, each) is not None, each
        for other in (each.rstrip("/"), f"{each}more/", f"{each}/", each.upper(), f"/{each}", f"un{each}"):
            assert told(quick, other) == told(slow, other), other
        assert told(quick, each) == told(slow, each)  # the second time it is known


@pytest.mark.parametrize(
    "asked",
    ["", "a/", "a/b/", "a/1/", "b/", "x/y/z/", "x/y/z", "de/a/", "words/1", "wordless", "wo", "c/1/2/3/", "c/", "/" * 40],
)  # fmt: skip
def test_what_has_no_fixed_shape_is_always_tried(asked):
    inner = ([path("a/", view, name="a"), path("a/<int:n>/", view, {"more": 1}, name="n")], "room")
    patterns: list[Any] = [
        path("", view, name="home"),
        path("", include(inner), {"given": 2}),
        path("<slug:any>/", view, name="any"),
        path("word", include([path("s/<int:n>", view), path("less", view)])),
        path("c/<path:rest>/", view, name="rest"),
        re_path(r"^x/(?P<one>.*)/$", view, name="pattern"),
    ]
    quick, slow = ByShape(patterns), plain(patterns)
    assert told(quick, asked) == told(slow, asked)
    assert quick.reverse("home") == slow.reverse("home") == ""
    assert quick.reverse("rest", rest="p/q") == slow.reverse("rest", rest="p/q")


def test_paths_nobody_has_do_not_fill_the_memory():
    quick = ByShape([path("a/", view)])
    for number in range(100):
        assert told(quick, f"{number}/" * (number + 1)) is None
    assert len(quick._of_shape) <= 21
