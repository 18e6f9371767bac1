"""What is asked together with a person is what asking by itself finds, and what changes in a request is asked anew."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.backends import Backend
from accounts.models import Person
from accounts.queries import organisations_of
from cocreation.roles import forget_roles, roles_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_roles_and_organisations_are_those_of_a_person_fetched_by_itself(world: World) -> None:
    for person in world.people.values():
        known, plain = Backend().get_user(person.pk), Person.objects.get(pk=person.pk)
        assert known is not None
        assert roles_of(known) == roles_of(plain)
        found = [(each.pk, each.slug, each.name, each.kind) for each in organisations_of(known)]
        assert found == [(each.pk, each.slug, each.name, each.kind) for each in organisations_of(plain)]
    assert any(organisations_of(person) for person in world.people.values())


def test_of_somebody_without_a_role_nothing_more_is_asked(world: World) -> None:
    person = Backend().get_user(world.jonas.pk)
    with CaptureQueriesContext(connection) as queries:
        assert not roles_of(person).held.is_staff
        organisations_of(person)
    assert len(queries) == 0


def test_a_role_given_in_this_request_counts_in_it(world: World) -> None:
    person = Backend().get_user(world.jonas.pk)
    assert person is not None and not roles_of(person).held.is_staff
    person.grants.create(role="moderator", starts=world.now, granted_by=world.ada)
    forget_roles(person)
    assert roles_of(person).held.is_staff
