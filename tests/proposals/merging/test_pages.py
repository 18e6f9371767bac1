"""The pages of joining and grouping: what each shows to whom, and that nothing typed in is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from groundwork.answer import Refused
from proposals.actions import support_proposal
from proposals.merging import actions, cluster_actions, queries
from proposals.merging.models import Cluster, Merge
from proposals.merging.picture import Strand, in_words
from proposals.models import Proposal
from quartier.builders import both, make_person, make_proposal
from tests.proposals.merging.test_joining import JOINT, agree_all, hide, joined, open_merge
from tests.world import DAY

pytestmark = pytest.mark.django_db


def body(response) -> str:
    return response.content.decode()


def test_similar_ones_are_suggested_with_the_reason_and_invited_together(world, pair, sign_in):
    client = sign_in(world.jonas)
    address = reverse("merging:propose", args=[pair[0].receipt])
    page = body(client.get(address))
    assert pair[1].title in page and "gleiche Wörter: Platz" in page and "gleicher Ort: Lindach" in page
    assert world.proposals["hidden"].receipt not in page
    response = client.post(address, {"part": [pair[1].receipt], "lead": pair[1].receipt, "numbers": ""})
    merge = Merge.objects.with_all().latest("pk")
    assert response.url == merge.get_absolute_url()
    assert merge.target.proposal == pair[1]


@pytest.mark.parametrize("number", ["2001-0001", "hidden", "to_assess", "withdrawn"])
def test_a_number_that_is_not_public_here_is_as_good_as_none(world, pair, sign_in, number):
    typed = world.proposals[number].receipt if number in world.proposals else number
    before = Merge.objects.count()
    address = reverse("merging:propose", args=[pair[0].receipt])
    response = sign_in(world.jonas).post(address, {"numbers": typed, "lead": pair[0].receipt})
    assert response.status_code == 422 and typed in body(response)
    assert Merge.objects.count() == before


def test_the_table_is_for_those_who_sit_at_it_and_who_accompany(world, pair, sign_in):
    address = open_merge(world, pair).get_absolute_url()
    for name in ("jonas", "ines", "mo", "olga", "ada"):
        assert sign_in(world.people[name]).get(address).status_code == 200, name
    for name in ("amina", "clara"):
        assert sign_in(world.people[name]).get(address).status_code == 404, name
    assert sign_in(None).get(address).status_code == 404


def test_who_was_overtaken_keeps_every_word_and_sees_what_stands(world, pair, sign_in):
    merge = open_merge(world, pair)
    actions.change_text(merge=merge, wording=JOINT, by=world.ines, at=world.now, seen=1)
    mine = {"title": "Mein Titel", "summary": "Mein Satz.", "body": "Mein langer Text.", "seen": "1"}
    response = sign_in(world.jonas).post(merge.get_absolute_url(), mine)
    page = body(response)
    assert response.status_code == 422
    assert "Mein langer Text." in page and JOINT.title in page and 'value="2"' in page
    assert Merge.objects.get(pk=merge.pk).version == 2


def test_parts_and_consents_of_another_table_cannot_be_swapped_in(world, pair, sign_in):
    merge = open_merge(world, pair)
    client = sign_in(world.jonas)
    for name in ("agree", "decline", "without"):
        address = reverse(f"merging:{name}", args=[merge.pk])
        response = client.post(address, {"part": world.fountain.receipt, "version": "1", "reason": "x"})
        assert response.status_code == 404, name
    assert (
        client.post(
            reverse("merging:agree", args=[world.merges["at the table"]]), {"version": "1"}
        ).status_code
        == 404
    )
    merge = agree_all(world, merge)
    address = reverse("merging:split", args=[merge.pk, world.trees.receipt])
    assert client.get(address).status_code == 404


def test_a_hidden_part_shows_no_word_of_its_text_to_anybody(world, pair, sign_in):
    merge = joined(world, pair)
    hide(world, Proposal.objects.get(pk=pair[1].pk))
    for name in (None, "jonas", "mo"):
        page = body(sign_in(world.people[name] if name else None).get(merge.get_absolute_url()))
        assert pair[1].title not in page, name
    changed = reverse("merging:changed", args=[merge.pk])
    assert pair[1].title not in body(sign_in(None).get(f"{changed}?part={pair[1].receipt}"))


def test_a_supporter_sees_old_and_new_and_takes_back_with_one_press(world, pair, sign_in):
    support_proposal(proposal=pair[1], by=world.amina, at=world.now)
    merge = joined(world, pair)
    client, address = sign_in(world.amina), reverse("merging:changed", args=[merge.pk])
    page = body(client.get(address))
    number = pair[1].receipt.replace("-", "\u2011")
    assert f"Was sich für {number}" in page and "Unterstützung behalten" in page
    assert pair[1].title in page and JOINT.title in page
    client.post(address, {"do": "withdraw"})
    assert Proposal.objects.get(pk=pair[0].pk).supports == 0


def test_the_page_of_the_whole_names_its_parts_and_all_its_authors(world, pair, client):
    joined(world, pair)
    page = body(client.get(pair[0].get_absolute_url()))
    assert pair[1].title in page and "Gärtnerei Pohl" in page and "1 Vorschlag lebt hier weiter" in page


def test_separating_asks_first_and_then_says_what_happened(world, pair, sign_in):
    merge = joined(world, pair)
    client, address = sign_in(world.ines), reverse("merging:split", args=[merge.pk, pair[1].receipt])
    assert pair[1].title in body(client.get(address))
    assert client.post(address, {"reason": ""}).url == pair[1].get_absolute_url()
    assert Proposal.objects.get(pk=pair[1].pk).is_public


def test_the_picture_says_the_same_in_words():
    strands = [Strand("2027-0001", True), Strand("2027-0002"), Strand("2027-0003", left=True)]
    assert "2027-0001, 2027-0002" in in_words(strands, "2027-0001", done=False)
    assert "1 von 2" in in_words(strands, "2027-0001", done=False)


def test_texts_are_compared_word_by_word():
    pieces = queries.compared("Zwei Bäume am Platz", "Drei Bäume am Platz")
    assert [(piece.kind, piece.words) for piece in pieces] == [
        ("gone", "Zwei"), ("new", "Drei"), ("same", " Bäume am Platz")
    ]  # fmt: skip


# --- the desk and groups ---


def test_the_desk_lists_pairs_nobody_has_joined_with_the_same_number_of_queries(
    world, pair, sign_in, django_assert_num_queries
):
    processes = [world.collecting, world.assessing]
    queries.pairs(processes, "de")  # the names of places are in memory from here on
    with django_assert_num_queries(2):
        found = queries.pairs(processes, "de")
    assert {found[0].one.proposal.pk, found[0].other.proposal.pk} == {pair[0].pk, pair[1].pk}
    for number in range(30):
        make_proposal(
            world.collecting, by=make_person(f"bench{number}", f"Person {number}", lives_in="auental"), place=world.village, at=world.now - DAY,
            title=both(f"Bank Nummer {number}", f"Bench number {number}"),
        )  # fmt: skip
    with django_assert_num_queries(2):
        assert len(queries.pairs(processes, "de")) == queries.PAIRS
    page = body(sign_in(world.olga).get(reverse("merging:desk")))
    assert "Verbinden vorschlagen" in page
    open_merge(world, pair)
    found = queries.pairs(processes, "de")
    assert not {pair[0].pk} & {each.proposal.pk for row in found for each in (row.one, row.other)}


def test_a_group_is_made_filled_emptied_dissolved_and_every_step_can_be_undone(world, pair, sign_in):
    client, address = sign_in(world.olga), reverse("merging:clusters", args=[world.collecting.slug])
    words = {"new-name_de": "Wasser", "new-about_de": "Alles mit Wasser.", "do": "new"}
    client.post(address, words | {"new-numbers": f"{pair[0].receipt}, {pair[1].receipt}"})
    group = Cluster.objects.get(name_de="Wasser")

    def inside() -> set[int]:
        return set(queries.proposals_in(group).values_list("pk", flat=True))

    assert inside() == {pair[0].pk, pair[1].pk}
    this = {"cluster": group.pk, "part": pair[1].receipt}
    client.post(address, this | {"do": "remove"})
    assert inside() == {pair[0].pk}
    assert "Zurücklegen" in body(client.get(f"{address}?open={group.pk}"))
    client.post(address, this | {"do": "put"})
    assert inside() == {pair[0].pk, pair[1].pk}
    client.post(address, {"cluster": group.pk, "do": "end"})
    assert client.get(group.get_absolute_url()).status_code == 404
    client.post(address, {"cluster": group.pk, "do": "restore"})
    page = body(client.get(group.get_absolute_url()))
    assert pair[0].title in page and "Alles mit Wasser." in page


def test_groups_show_on_the_process_and_on_the_proposal_and_hide_what_is_hidden(world, pair, client):
    group = Cluster.objects.get(pk=world.clusters["there"])
    assert "Am Dorfplatz" in body(client.get(world.collecting.get_absolute_url()))
    assert group.get_absolute_url() in body(client.get(world.fountain.get_absolute_url()))
    hide(world, world.trees)
    assert world.trees.title not in body(client.get(group.get_absolute_url()))


@pytest.mark.parametrize("who", ["amina", "clara", "ines"])
def test_nobody_else_makes_groups_and_none_of_another_process_is_filled(world, pair, who):
    with pytest.raises(Refused):
        cluster_actions.make_cluster(
            process=world.collecting,
            naming=cluster_actions.Naming("X", "Y."),
            by=world.people[who],
            at=world.now,
        )
    group = Cluster.objects.get(pk=world.clusters["there"])
    for proposal in (world.to_assess, world.proposals["hidden"]):
        with pytest.raises(Refused):
            cluster_actions.add_to_cluster(cluster=group, proposals=[proposal], by=world.mo, at=world.now)
    assert group.members.count() == 2


def test_the_whole_stands_in_the_groups_of_its_parts(world, pair):
    group = Cluster.objects.get(pk=world.clusters["there"])
    cluster_actions.add_to_cluster(cluster=group, proposals=[pair[1]], by=world.mo, at=world.now)
    joined(world, pair)
    assert set(queries.proposals_in(group)) == {world.fountain, world.trees, pair[0]}
