"""The desk of the offices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from proposals import assess_actions
from proposals.models import Assessment
from quartier.builders import both, make_proposal
from tests.world import DAY

pytestmark = pytest.mark.django_db

WRITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def waiting(world):
    """Three proposals that wait in the process that is being assessed."""
    return [
        make_proposal(
            world.assessing,
            by=world.amina,
            place=world.village,
            at=world.now - (10 - n) * DAY,
            title=both(f"Wartet {n}", f"Waits {n}"),
        )
        for n in range(3)
    ]


@pytest.fixture
def found(world) -> dict[str, str]:
    return {
        "office": str(world.parks.pk), "verdict": "feasible", "cost": "8.400", "yearly_cost": "", "reason_de": "Das geht.", "reason_en": "",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["amina", "ines", "mo", "clara"])
def test_the_desk_is_for_the_offices(world, sign_in, waiting, found, who):
    client = sign_in(world.people[who])
    address = f"/de/desk/assess/{waiting[0].receipt}/"
    assert client.get("/de/desk/assess/").status_code == 403
    assert client.get(address).status_code == 403
    assert client.post(address, found, headers=WRITE).status_code == 403
    assert not Assessment.objects.filter(proposal=waiting[0]).exists()
    assert sign_in(None).get("/de/desk/assess/").status_code == 302


def test_the_queue_lists_what_waits_and_nothing_else(world, sign_in, waiting):
    assess_actions.assign_what_waits(world.now)  # as the worker does every minute
    response = sign_in(world.olga).get("/de/desk/assess/")
    rows = [row.proposal for row in response.context["rows"]]
    assert [row.pk for row in rows if row in waiting] == [proposal.pk for proposal in waiting]
    assert {(row.process, row.stage, row.is_public) for row in rows} == {(world.assessing, "received", True)}
    assert response.context["all"] == len(rows) == response.context["all"] - response.context["assessed"]
    assert response.context["current"] == rows[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("8.400", "8400"), ("8,400.50", "8400.50"), ("8.400,50", "8400.50"), ("8400", "8400"), ("0", "0")],
)
def test_money_is_understood_as_people_write_it(world, sign_in, waiting, found, typed, meant):
    response = sign_in(world.olga).post(
        f"/de/desk/assess/{waiting[0].receipt}/", found | {"cost": typed}, headers=WRITE
    )
    assert response.status_code == 302
    assert Assessment.objects.get(proposal=waiting[0]).cost == Decimal(meant)


def test_after_publishing_comes_the_next_one(world, sign_in, waiting, found):
    client = sign_in(world.olga)
    response = client.post(f"/de/desk/assess/{waiting[0].receipt}/", found, headers=WRITE)
    assert response["Location"] == f"/de/desk/assess/{waiting[1].receipt}/?done={waiting[0].receipt}"
    page = client.get(response["Location"])
    assert waiting[0].pk not in [row.proposal.pk for row in page.context["rows"]]
    assert page.context["assessed"] >= 1
    waiting[0].refresh_from_db()
    assert (waiting[0].stage, waiting[0].cost) == ("feasible", Decimal("8400"))
    public = sign_in(None).get(f"/de/proposals/{waiting[0].receipt}/").content.decode()
    assert "Das geht." in public and "8.400" in public


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cost": ""}, "cost"),
        ({"cost": "viel"}, "cost"),
        ({"cost": "-5"}, "cost"),
        ({"reason_de": ""}, "reason_de"),
        ({"verdict": ""}, "verdict"),
        ({"office": "999"}, "office"),
    ],
)
def test_errors_stand_beside_their_fields_and_nothing_changes(world, sign_in, waiting, found, wrong, field):
    response = sign_in(world.olga).post(
        f"/de/desk/assess/{waiting[0].receipt}/", found | wrong, headers=WRITE
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Assessment.objects.filter(proposal=waiting[0]).exists()
    waiting[0].refresh_from_db()
    assert waiting[0].stage == "received"


def test_nobody_assesses_for_another_office(world, sign_in, waiting, found):
    response = sign_in(world.olga).post(
        f"/de/desk/assess/{waiting[0].receipt}/", found | {"office": str(world.money.pk)}, headers=WRITE
    )
    assert response.status_code == 422
    assert not Assessment.objects.filter(proposal=waiting[0]).exists()


def test_below_the_threshold_nothing_waits(world, sign_in, waiting):
    ideas = world.assessing.phases.get(method="ideas")
    ideas.set_opts(ideas.kind.options(threshold=1))
    ideas.save()
    assert sign_in(world.olga).get("/de/desk/assess/").context["rows"] == []
