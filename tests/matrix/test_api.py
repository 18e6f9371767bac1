"""The public interface: every operation × who asks × state, against one table; what may not be known; swapped numbers."""

from __future__ import annotations

from collections import defaultdict

import pytest
from pytest_django import DjangoDbBlocker

from tests.api_visits import Heard, collect, operations
from tests.matrix.api_expectations import BODIES, EXPECT, expected
from tests.states import who_may_know
from tests.visibility.test_enumeration import SECRETS
from tests.visits import is_nowhere, none_of


@pytest.fixture(scope="session")
def heard(role: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Heard]:
    with django_db_blocker.unblock():
        return collect(role, BODIES)


def test_every_operation_is_in_the_table() -> None:
    """Default deny: an operation nobody listed fails."""
    known = operations()
    assert len(known) > 50
    none_of(f"{name} is not in tests/matrix/api_expectations.py" for name in known if name not in EXPECT)
    none_of(f"{name} is gone" for name in EXPECT if name not in known)


def test_who_may_do_what(heard: list[Heard]) -> None:
    wrong = []
    for each in heard:
        should = expected(each.call, each.role)
        if each.status != should:
            wrong.append(f"{each} expected {should}")
    none_of(wrong)


def test_a_refusal_leaves_nothing_and_says_why(heard: list[Heard]) -> None:
    """What an act has written before it was refused is undone with it; who is turned away at the door wrote nothing at all."""
    wrong = []
    for each in heard:
        if each.status < 400:
            continue
        if each.recorded or (each.wrote and each.status in (401, 404)):
            wrong.append(f"{each}: and yet it wrote {each.wrote[:1]} ({each.recorded} in the journal)")
        kind = each.headers["Content-Type"]
        if not kind.startswith("application/problem+json") or '"detail"' not in each.body:
            wrong.append(f"{each}: no problem details")
    none_of(wrong)


def test_reading_writes_nothing(heard: list[Heard]) -> None:
    none_of(f"{each}: {each.wrote[0][:120]}" for each in heard if each.call.method == "get" and each.wrote)


def test_what_may_not_be_known_looks_like_what_is_not_there(heard: list[Heard]) -> None:
    groups: dict[str, list[Heard]] = defaultdict(list)
    for each in heard:
        if each.call.values:
            groups[each.call.operation.id].append(each)
    wrong = []
    for group in groups.values():
        # Of an address with two names either may be the one that is not there.
        nowhere = {(each.status, each.anonymous_body) for each in group if is_nowhere(each.call.state)}
        assert nowhere, group[0]
        for each in group:
            knows = who_may_know(each.call.route, each.call.state)
            unknown = knows is not None and each.role not in knows
            if (unknown or each.status == 404) and (each.status, each.anonymous_body) not in nowhere:
                wrong.append(f"{each} differs from {nowhere}")
    assert groups
    none_of(wrong)


@pytest.mark.parametrize("secret", SECRETS, ids=lambda names: names[-1])
def test_secrets_appear_nowhere(heard: list[Heard], secret: tuple[str, ...]) -> None:
    if heard[0].role not in SECRETS[secret]:
        none_of(each for each in heard if any(name in each.body for name in secret))


def test_the_search_for_secrets_can_fail(heard: list[Heard]) -> None:
    found = {each.call.operation.id for each in heard if "Trinkbrunnen am Dorfplatz" in each.body}
    assert {"listProposals", "readProposal", "listProposalsOfProcess"} <= found


def test_no_answer_names_an_address_a_password_or_the_key_of_a_person(heard: list[Heard]) -> None:
    for word in ("@example.", '"email"', '"password"', '"author_id"', '"person_id"', "last_login"):
        none_of(each for each in heard if word in each.body)
