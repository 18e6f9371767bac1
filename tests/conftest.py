"""Fixtures for all tests. Services, worker process and browser come from the plugins in services.py and browser.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client, TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from accounts.models import Person
from tests import keepsake
from tests.visits import ROLES, Visit, collect, forget, undone
from tests.world import World, build_world


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """One test process does all that needs the visits of a role, so that they happen once. The rest goes where there is room."""
    from xdist.scheduler import LoadScopeScheduling

    class ByRole(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            found = re.match(rf"tests/(matrix|crawl|visibility)/.*\[({'|'.join(ROLES)})[\]-]", nodeid)
            # What one test of these files has built, the next one needs.
            together = re.match(
                r"tests/(crawl/test_query_counts|devtools/test_demo|.*/test_pb_matches_expected)\.py", nodeid
            )
            return found[2] if found else together[0] if together else nodeid

    return ByRole(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full-crawl", action="store_true", help="axe on every page of every role, not once per structure"
    )


@pytest.fixture(autouse=True)
def _fresh_start():
    """No test reads what another left behind: language, caches, places kept in memory."""
    forget()
    translation.activate("de")
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _sweep_instead_of_flush() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", keepsake.swept)
        yield


@pytest.fixture
def world(db) -> World:
    return keepsake.world()


@pytest.fixture
def sign_in() -> Callable[[Person | None], Client]:
    """A client signed in as this person (with the second factor done, where they have one); None is a visitor."""

    def make(person: Person | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person)
        return client

    return make


@pytest.fixture(scope="session", params=[pytest.param(role, marks=pytest.mark.django_db) for role in ROLES])
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def visits(role: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Visit]:
    """All that one role gets to see; see tests/visits.py."""
    with django_db_blocker.unblock(), undone():
        return collect(build_world(), role)
