"""What may not be known changes nothing: no count, no order, no total; and what is hidden is gone at once, everywhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from cocreation.actions import hide_contribution, restore_contribution
from cocreation.models import Contribution, Process
from proposals.models import Proposal
from tests.matrix.expectations import ALLAUTH
from tests.routes import LANGUAGES
from tests.states import MAY_KNOW
from tests.visits import (
    Address,
    addresses,
    client_of,
    is_nowhere,
    nobody_looks_into_templates,
    none_of,
    quiet,
    text_of,
)
from tests.world import World

SECRET = ("draft", "hidden", "withdrawn", "erased", "planned")


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    """What differs between two visits is not the time."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


# The state of the server, a link for those who hold it, and the public log of decisions, which counts what was taken off the
# pages and names none of it.
LISTS_WHAT_IS_GONE = {
    "readyz", "cocreation:preview", "moderation:log", "moderation:log_csv", "moderation:process_log",
    "moderation:process_log_csv", "moderation:log_feed", "moderation:process_log_feed",
}  # fmt: skip


def _answers(world: World, role: str, wanted: list[Address]) -> dict[Address, str]:
    """Asked as a browser would, one after the other: what is kept in memory stays there."""
    client = client_of(world, role)
    with quiet(), nobody_looks_into_templates():
        return {to: text_of(client.get(to.url)) for to in wanted}


def _public(world: World, role: str) -> list[Address]:
    """Each language by another reader: what is asked of the database knows no language."""
    language = LANGUAGES[0] if role == "visitor" else LANGUAGES[1]
    return [
        to
        for to in addresses(world, language)
        if to.state not in MAY_KNOW
        and not is_nowhere(to.state)
        and to.route.name not in LISTS_WHAT_IS_GONE
        and not ALLAUTH.match(to.route.name)
    ]


@pytest.mark.parametrize("role", ["visitor", "amina"])
def test_a_page_is_the_same_with_and_without_what_may_not_be_known(world: World, role: str) -> None:
    wanted = _public(world, role)
    with_secrets = _answers(world, role, wanted)
    for name in SECRET:
        Proposal.objects.get(pk=world.proposals[name].pk).delete()
        Contribution.objects.get(pk=world.proposals[name].pk).delete()
    Process.objects.get(pk=world.processes["draft"].pk).delete()
    without = _answers(world, role, wanted)
    none_of(
        f"{to.url}: {_first_difference(with_secrets[to], without[to])}"
        for to in wanted
        if with_secrets[to] != without[to]
    )


def _first_difference(one: str, other: str) -> str:
    lines = difflib.unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=0)
    return " | ".join(line.strip() for line in list(lines)[3:7])[:300]


@pytest.mark.parametrize("role", ["visitor", "jonas"])
def test_what_is_hidden_vanishes_everywhere_and_comes_back(world: World, role: str) -> None:
    """Also from what was kept in memory a moment ago."""
    wanted = _public(world, role)
    contribution = world.proposals["fountain"].contribution
    names = ("Trinkbrunnen am Dorfplatz", "Drinking fountain on the village square")

    before = _answers(world, role, wanted)
    showing = [to for to in wanted if any(name in before[to] for name in names)]
    assert {to.route.name for to in showing} >= {"proposals:list", "proposals:proposal"}

    hide_contribution(
        contribution=contribution,
        by=world.mo,
        at=world.now,
        rule="Respekt",
        reason="Beleidigt einen Menschen.",
    )
    hidden = _answers(world, role, wanted)
    none_of(f"{to.url} still shows it" for to in wanted if any(name in hidden[to] for name in names))

    restore_contribution(contribution=contribution, by=world.mo, at=world.now)
    again = _answers(world, role, showing)
    none_of(
        f"{to.url} does not show it again" for to in showing if not any(name in again[to] for name in names)
    )
