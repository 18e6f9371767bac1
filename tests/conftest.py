"""Fixtures for all tests. Services, worker process and browser come from the plugins in services.py and browser.py."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client, TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from accounts.models import Person
from tests import keepsake
from tests.visits import ROLES, Sights, collect, forget, undone
from tests.world import World


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """One test process does all that needs the visits of a role, so that they happen once. The rest goes where there is room."""
    from xdist.scheduler import LoadScopeScheduling

    class ByRole(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            found = re.match(rf"tests/(matrix|crawl|visibility)/.*\[({'|'.join(ROLES)})[\]-]", nodeid)
            # What one test of these files has built, the next one needs.
            together = re.match(r"tests/(devtools/test_demo|.*/test_pb_matches_expected)\.py", nodeid)
            return found[2] if found else together[0] if together else nodeid

    return ByRole(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_collection_finish() -> None:
    """What is loaded stays until the end: nobody need look through it for garbage again, nor through much else so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


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


# Whoever asks for one of these commits: what stood around it would hide what it writes from others.
COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences"}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The world stays between tests that want it (tests/keepsake.py)."""
    if not keepsake.may_stand:
        return
    asks = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    commits = bool(asks & COMMITTING) or (marker is not None and bool(marker.kwargs.get("transaction")))
    with item.config.stash[blocking_manager_key].unblock():
        keepsake.stand(str(item.path), "standing_world" in asks and not commits)


@pytest.fixture(scope="session")
def standing_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """As long as there is a database, a world may stand in it."""
    keepsake.may_stand = True
    yield
    keepsake.may_stand = False
    with django_db_blocker.unblock():
        keepsake.fall()


@pytest.fixture
def world(db, standing_world) -> World:
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
def visits(role: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Sights:
    """All that one role gets to see; see tests/visits.py."""
    with django_db_blocker.unblock(), undone():
        return collect(keepsake.world(), role)
