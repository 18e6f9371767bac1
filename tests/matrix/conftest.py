"""Every address by POST, as one role: tried once, judged by many tests."""

from __future__ import annotations

import pytest
from pytest_django import DjangoDbBlocker

from tests.matrix.expectations import ALLAUTH, EXPECT
from tests.visits import Visit, addresses, attempt, client_of, quiet, undone
from tests.world import build_world


@pytest.fixture(scope="session")
def attempts(role: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Visit]:
    with django_db_blocker.unblock(), quiet(), undone():
        world = build_world()
        client = client_of(world, role)
        tried = []
        for to in addresses(world, "de"):
            if not ALLAUTH.match(to.route.name):
                rule = EXPECT.get(to.route.name, {}).get("POST")
                tried.append(attempt(client, role, to, rule.send(world) if rule else {}))
        return tried
