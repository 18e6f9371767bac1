"""Finding an address by its shape finds what trying one after the other finds, and filling one in says what Django says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import (
    NoReverseMatch,
    Resolver404,
    URLPattern,
    URLResolver,
    get_resolver,
    include,
    path,
    re_path,
    register_converter,
    reverse,
    set_script_prefix,
    set_urlconf,
)
from django.urls.converters import StringConverter
from django.urls.resolvers import RoutePattern
from django.utils.translation import override

from groundwork.addresses import ByShape, address
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


# --- said ---


def named(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """(name with its namespaces, the kinds of its words) of every address that has a name."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from named(each, f"{before}{each.namespace}:" if each.namespace else before)
        elif each.name and isinstance(each.pattern, RoutePattern):
            kinds = [
                re.sub("Converter", "", type(one).__name__).lower()
                for one in each.pattern.converters.values()
            ]
            yield before + each.name, kinds


WORDS: dict[str, list[Any]] = {
    "int": [7, 90_705, 0],
    "slug": ["a-b", "26-0412", "7"],
    "string": ["26-0412", "a.b", "ä b", "x%y", "{0}", "1"],
    "uuid": [UUID(int=7), UUID(int=2**100)],
    "path": ["a/b", "a"],
}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_address_of_the_city_is_said_as_django_says_it(language):
    found = list(named(get_resolver()))
    assert len(found) > 200
    with override(language):
        for name, kinds in found:
            for turn in range(6):
                words = [WORDS[kind][turn % len(WORDS[kind])] for kind in kinds]
                assert address(name, *words) == reverse(name, args=words), (name, words)


def test_an_address_nobody_has_is_refused_like_djangos_every_time():
    for _again in range(2):
        with pytest.raises(NoReverseMatch):
            address("proposals:proposal")
        with pytest.raises(NoReverseMatch):
            address("cocreation:file", "not-a-number", "more")
        with pytest.raises(NoReverseMatch):
            address("nobody:here", "1")


def test_an_address_follows_the_language_and_the_prefix():
    with override("de"):
        german = address("proposals:proposal", "26-0412")
    with override("en"):
        assert address("proposals:proposal", "26-0412") == german.replace("/de/", "/en/") != german
        set_script_prefix("/city/")
        try:
            assert address("proposals:proposal", "26-0412").startswith("/city/en/")
        finally:
            set_script_prefix("/")


def test_a_word_that_stands_twice_or_changed_is_left_to_django():
    class Doubled(StringConverter):
        def to_url(self, value: str) -> str:
            return f"{value}-{value}"

    register_converter(Doubled, "doubled_in_this_test")
    module = ModuleType("tests.doubled")
    module.urlpatterns = [path("x/<doubled_in_this_test:word>/", view, name="doubled")]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=module):
        set_urlconf(module)  # type: ignore[arg-type]
        try:
            assert address("doubled", "ab") == "/x/ab-ab/"
        finally:
            set_urlconf(None)
