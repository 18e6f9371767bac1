"""Looking addresses up by their first step finds what trying every pattern finds."""

from __future__ import annotations

import pytest
from django.urls import Resolver404, URLResolver, get_resolver, include, path
from django.urls.resolvers import RoutePattern
from django.utils import translation

from quartier.first_step import ByFirstStep
from tests.routes import routes

VALUES = {"int": 7, "slug": "etwas", "str": "2027-0012", "uuid": "0b5f3ae4-5e36-4d2b-9c7e-3a0f6f0c9d11"}


def _houses() -> ByFirstStep:
    for each in get_resolver().url_patterns:
        for inner in getattr(each, "url_patterns", ()):
            if isinstance(inner, ByFirstStep):
                return inner
    raise AssertionError("The houses are not looked up by their first step.")


def _told(resolver: URLResolver, address: str) -> tuple[object, ...]:
    try:
        found = resolver.resolve(address)
    except Resolver404:
        return ("nowhere",)
    return (
        found.func,
        found.view_name,
        found.args,
        found.kwargs,
        found.namespaces,
        found.app_names,
        found.route,
    )


def test_every_address_leads_where_it_led() -> None:
    houses = _houses()
    all_of_them = URLResolver(RoutePattern(""), houses.url_patterns)
    known = 0
    with translation.override("de"):
        for route in routes():
            address = route.pattern
            for kind, value in VALUES.items():
                for name in route.params:
                    address = address.replace(f"<{kind}:{name}>", str(value))
            for asked in (address, f"{address}more/", address.rstrip("/"), f"x/{address}"):
                assert _told(houses, asked) == _told(all_of_them, asked), asked
            known += _told(houses, address) != ("nowhere",)
    assert known > 200


def test_the_first_of_two_that_fit_wins() -> None:
    def one() -> None: ...

    def two() -> None: ...

    patterns = [
        path("", include([path("<slug:any>/here/", one, name="any")])),
        path("", include([path("place/here/", two, name="place")])),
    ]
    assert ByFirstStep(patterns).resolve("place/here/").func is one
    assert ByFirstStep(patterns[::-1]).resolve("place/here/").func is two
    with pytest.raises(Resolver404):
        ByFirstStep(patterns).resolve("place/there/")
