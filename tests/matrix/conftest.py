"""Every address by POST, as one role: tried once, judged by many tests."""

from __future__ import annotations

import pytest
from pytest_django import DjangoDbBlocker

from tests import keepsake
from tests.matrix.expectations import ALLAUTH, EXPECT
from tests.visits import (
    Address,
    Visit,
    addresses,
    attempt,
    client_of,
    in_turn,
    last_entry,
    nobody_looks_into_templates,
    quiet,
    undone,
)


@pytest.fixture(scope="session")
def attempts(role: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Visit]:
    with django_db_blocker.unblock(), nobody_looks_into_templates(), quiet(), undone():
        world = keepsake.world()
        client, last = client_of(world, role), last_entry()

        def send(to: Address) -> Visit:
            rule = EXPECT.get(to.route.name, {}).get("POST")
            return attempt(client, role, to, rule.send(world) if rule else {}, last)

        house = (to for to in addresses(world, "de") if not ALLAUTH.match(to.route.name))
        return list(in_turn(house, send))
