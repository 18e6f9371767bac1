"""The authorisation matrix: every address × who asks × state × method, against one table (REQ-100)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import DjangoDbBlocker

from tests import keepsake
from tests.matrix.expectations import ALLAUTH, EXPECT
from tests.matrix.table import DENIED, read
from tests.routes import routes
from tests.states import states
from tests.visits import OURS, Visit, client_of, none_of, quiet, undone
from tests.world import World

HOUSE = tuple(route for route in routes() if not ALLAUTH.match(route.name))


def test_every_address_is_in_the_table() -> None:
    assert len(HOUSE) > 60
    none_of(
        f"{route.name} is not in tests/matrix/expectations.py" for route in HOUSE if route.name not in EXPECT
    )


def test_the_table_names_no_address_that_is_gone() -> None:
    installed = {route.name for route in routes()}
    none_of(f"{name} is gone" for name in EXPECT if name not in installed)


def test_reading(visits: list[Visit]) -> None:
    wrong = []
    for visit in visits:
        if visit.is_linked or visit.route.name not in EXPECT:
            continue
        rule = EXPECT[visit.route.name].get("GET")
        found = read("GET", visit.status, visit.location)
        if rule is None:
            if found not in DENIED:
                wrong.append(f"GET {visit} → {found}, but the table does not admit GET")
        elif (expected := rule.answer(visit.route, visit.state, visit.role)) != found:
            wrong.append(f"GET {visit} → {found}, expected {expected}")
    none_of(wrong)


def test_a_refusal_says_why(visits: list[Visit]) -> None:
    """403 carries a sentence for the reader, and more than the number."""
    refused = [visit for visit in visits if visit.status == 403]
    none_of(
        visit
        for visit in refused
        if len(max((words.text for words in visit.page.words), key=len, default="")) < 30
    )


def test_writing(attempts: list[Visit]) -> None:
    """Every address by POST. What is denied writes nothing; what is admitted comes as far as the table says."""
    wrong = []
    for tried in attempts:
        found = read("POST", tried.status, tried.location)
        rule = EXPECT[tried.route.name].get("POST") if tried.route.name in EXPECT else None
        if rule is None:
            if found not in DENIED:
                wrong.append(f"{tried} → {found} {tried.location}, but the table does not admit POST")
        elif (expected := rule.answer(tried.route, tried.state, tried.role)) != found:
            wrong.append(f"{tried} → {found} {tried.location}, expected {expected}")
        if found in DENIED and tried.recorded:
            wrong.append(f"{tried} → {found}, and yet the journal has {tried.recorded} more")
        if found in DENIED - {"refused"} and tried.writes:
            wrong.append(f"{tried} → {found}, and yet it wrote: {tried.writes[0][:120]}")
    none_of(wrong)


# --- other ways to knock ---


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all; whatever is written to it is undone."""
    with django_db_blocker.unblock(), undone():
        yield keepsake.world()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_does_anything(town: World, method: str) -> None:
    client, wrong = client_of(town, "ada"), []
    with quiet():
        for route in HOUSE:
            state, values = next(iter(states(route, town).items()))
            with undone():
                response = getattr(client, method)(route.url("de", **values), headers=OURS)
            if response.status_code not in (403, 404, 405):
                wrong.append(f"{method} {route.name}[{state}]: {response.status_code}")
    none_of(wrong)


@pytest.mark.django_db
def test_a_write_from_another_site_is_refused_everywhere(town: World) -> None:
    """No token and no cookie before log-in: the origin is the proof, and it is asked of every address."""
    client, wrong = client_of(town, "ada"), []
    client.handler.enforce_csrf_checks = True  # Django's test client asks for no proof unless told to
    with quiet():
        for route in HOUSE:
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
                values = next(iter(states(route, town).values()))
                with undone():
                    response = client.post(route.url("de", **values), headers=headers)
                if response.status_code not in (403, 404, 405) and route.name not in OPEN_DOORS:
                    wrong.append(f"{route.name} with {headers}: {response.status_code}")
    none_of(wrong)


# Written to by other programs, with a proof of their own.
OPEN_DOORS = {
    "notices:unsubscribe": "mail programs press the button of RFC 8058; the signed token is the proof"
}


# --- the second factor ---


@pytest.mark.django_db
def test_without_a_second_factor_staff_pages_lead_to_its_set_up(town: World) -> None:
    wrong = []
    with quiet(), undone():
        for role in ("olga", "mo", "clara", "ada"):
            Authenticator.objects.filter(user=town.people[role]).delete()
            client = client_of(town, role)
            for route in HOUSE:
                check = getattr(route.view, "staff_check", None)
                if check is None:
                    continue
                # The door opens before anybody looks at what is behind it: every state for one of them.
                known = states(route, town)
                for state in known if role == "ada" else list(known)[:1]:
                    values = known[state]
                    for method in ("get", "post"):
                        with undone():
                            response = getattr(client, method)(route.url("de", **values), headers=OURS)
                        found = read(
                            method.upper(), response.status_code, response.headers.get("Location", "")
                        )
                        if found not in ("factor", "refused", "method"):
                            wrong.append(f"{method} {role} {route.name}[{state}] → {found}")
    none_of(wrong)


def test_every_page_of_the_desk_and_the_studio_is_a_staff_page() -> None:
    inside = [route for route in HOUSE if route.url_starts(("desk/", "studio/"))]
    assert len(inside) >= 8
    none_of(
        route.name
        for route in inside
        if not hasattr(route.view, "staff_check") and route.name not in BEFORE_THE_DOOR
    )


# Where the second factor is set up, one cannot have it yet.
BEFORE_THE_DOOR = {"cocreation:second_factor"}
