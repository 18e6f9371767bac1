"""Every address by POST, as one role: tried once, judged by many tests."""

from __future__ import annotations

import pytest
from pytest_django import DjangoDbBlocker

from tests import keepsake
from tests.matrix.expectations import ALLAUTH, EXPECT
from tests.visits import (
    Refused,
    Visit,
    addresses,
    attempt,
    client_of,
    nobody_looks_into_templates,
    quiet,
    undone,
)


@pytest.fixture(scope="session")
def attempts(role: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Visit]:
    with django_db_blocker.unblock(), nobody_looks_into_templates(), quiet(), undone():
        world = keepsake.world()
        client = client_of(world, role)
        tried, refused = [], Refused()
        for to in addresses(world, "de"):
            if not ALLAUTH.match(to.route.name) and not refused.tells_nothing_new(to):
                rule = EXPECT.get(to.route.name, {}).get("POST")
                tried.append(refused.heard(attempt(client, role, to, rule.send(world) if rule else {})))
        return tried
