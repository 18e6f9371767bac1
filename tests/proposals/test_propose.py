"""Write first, identify later."""

from __future__ import annotations

import pytest

from cocreation.models import PendingAct
from proposals.models import Proposal

pytestmark = pytest.mark.django_db

WRITE = {"sec-fetch-site": "same-origin"}
ADDRESS = "/de/processes/collecting/propose/"


@pytest.fixture
def written(world) -> dict[str, str]:
    return {
        "title": "Ein Steg am See", "summary": "Ein Steg zum Sitzen.", "body": "Weil **alle** am Wasser sitzen wollen.",
        "theme": "green", "place": str(world.village.pk), "location": "hinter der Schule", "map_x": "120.5", "map_y": "130",
        "language": "de",
    }  # fmt: skip


def test_a_signed_in_person_publishes_and_gets_a_receipt(world, sign_in, written):
    client = sign_in(world.jonas)
    response = client.post(ADDRESS, written, headers=WRITE)
    proposal = Proposal.objects.get(title="Ein Steg am See")
    assert response["Location"] == f"/de/r/{proposal.receipt}/?new=1"
    assert (proposal.place, proposal.location, proposal.map_x) == (world.village, "hinter der Schule", 120.5)
    assert proposal.contribution.author == world.jonas
    assert proposal.receipt in client.get(response["Location"]).content.decode()


def test_a_visitors_proposal_survives_the_log_in_word_for_word(world, sign_in, written):
    response = sign_in(None).post(ADDRESS, written, headers=WRITE)
    assert response.status_code == 302 and "/waiting/" in response["Location"]
    assert not response.cookies
    assert not Proposal.objects.filter(title="Ein Steg am See").exists()
    done = sign_in(world.jonas).post(response["Location"], headers=WRITE)
    proposal = Proposal.objects.get(title="Ein Steg am See")
    assert done["Location"] == f"/de/r/{proposal.receipt}/?new=1"
    revision = proposal.revisions.get()
    assert (revision.summary, revision.body) == (written["summary"], written["body"])
    assert (proposal.location, proposal.map_y, proposal.contribution.author) == (
        written["location"],
        130.0,
        world.jonas,
    )
    # The kept text is gone, and a second click finds the first result.
    assert PendingAct.objects.get(act="propose").payload == {}
    assert sign_in(world.jonas).post(response["Location"], headers=WRITE)["Location"] == done["Location"]
    assert Proposal.objects.filter(title="Ein Steg am See").count() == 1


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(world, sign_in, written):
    before = (Proposal.objects.count(), PendingAct.objects.count())
    for who in [None, world.jonas]:
        response = sign_in(who).post(
            ADDRESS, written | {"title": "", "theme": "nonsense", "place": "999999"}, headers=WRITE
        )
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"title", "theme", "place"}
        assert written["body"] in response.content.decode()
    assert (Proposal.objects.count(), PendingAct.objects.count()) == before


def test_nobody_proposes_outside_the_phase(world, sign_in, written):
    before = (Proposal.objects.count(), PendingAct.objects.count())
    for slug in ["announced", "voting"]:
        for who in [None, world.jonas]:
            address = f"/en/processes/{slug}/propose/"
            page = sign_in(who).get(address)
            assert page.status_code == 200 and "This is not possible now" in page.content.decode()
            assert "<textarea" not in page.content.decode()
            assert sign_in(who).post(address, written, headers=WRITE).status_code == 403
    assert sign_in(None).get("/de/processes/draft/propose/").status_code == 404
    assert (Proposal.objects.count(), PendingAct.objects.count()) == before


def test_only_places_of_the_process_can_be_chosen(world, sign_in, written):
    from quartier.builders import both, make_place

    elsewhere = make_place("anderswo", both("Anderswo", "Elsewhere"))
    response = sign_in(world.jonas).post(ADDRESS, written | {"place": str(elsewhere.pk)}, headers=WRITE)
    assert response.status_code == 422
    assert not Proposal.objects.filter(title="Ein Steg am See").exists()


def test_a_member_writes_for_the_organisation_and_others_cannot(world, sign_in, written):
    for_garden = written | {"organisation": str(world.garden.pk)}
    assert "Gärtnerei Pohl" in sign_in(world.ines).get(ADDRESS).content.decode()
    sign_in(world.ines).post(ADDRESS, for_garden, headers=WRITE)
    proposal = Proposal.objects.get(title="Ein Steg am See")
    assert proposal.contribution.organisation == world.garden
    # Jonas asked the garden, but nobody confirmed him: the field is not there for him and what he sends is ignored.
    sign_in(world.jonas).post(ADDRESS, for_garden | {"title": "Noch ein Steg"}, headers=WRITE)
    assert Proposal.objects.get(title="Noch ein Steg").contribution.organisation is None


def test_similar_proposals_appear_for_a_title(world, sign_in):
    address = f"{ADDRESS}similar/"
    page = sign_in(None).get(address, {"title": "Brunnen: Trinkbrunnen oder Bäume?"}).content.decode()
    assert world.fountain.title in page and world.trees.title in page
    assert "<html" not in page
    assert world.fountain.title not in sign_in(None).get(address, {"title": "Zebrastreifen"}).content.decode()
    for title in ["", "a", "' or 1=1 --", "\x00", ":*&|!()", "x" * 5000]:
        assert sign_in(None).get(address, {"title": title}).status_code == 200


def test_similar_proposals_stand_on_the_receipt_without_javascript(world, sign_in, written):
    client = sign_in(world.jonas)
    response = client.post(ADDRESS, written | {"title": "Trinkbrunnen am Steg"}, headers=WRITE)
    assert world.fountain.title in client.get(response["Location"]).content.decode()
