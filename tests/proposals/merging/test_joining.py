"""Several proposals become one: what a merge moves, what it keeps, and what stops it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import hooks
from cocreation.actions import follow, hide_contribution, restore_contribution
from cocreation.models import Contribution, Follow, RoleGrant
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.actions import (
    Wording,
    move_stage,
    revise_proposal,
    support_proposal,
    withdraw_proposal,
    withdraw_support,
)
from proposals.counts import counts_of
from proposals.living import living_page_of
from proposals.merging import actions, rules
from proposals.merging.models import JointText, Merge, MergePart
from proposals.models import Authorship, Proposal, Stage, StageMove, Support
from quartier.builders import both, give_role, make_person, make_proposal
from tests.world import DAY

pytestmark = pytest.mark.django_db

JOINT = Wording("Ein Platz mit Wasser und Schatten", "Brunnen und Bäume zusammen.", "Beides gehört zusammen.")


def rows() -> tuple[int, ...]:
    """Everything an action of this room may write."""
    counted = (Merge, MergePart, JointText, Proposal, Support, Authorship, StageMove, Entry, Follow)
    return (
        *[model.objects.count() for model in counted],
        Contribution.objects.filter(is_public=True).count(),
    )


def open_merge(world, pair, by=None):
    target, source = pair
    return actions.propose_merge(
        target=target, sources=[source], by=by or world.jonas, at=world.now, as_writer_of=target
    )


def part_of(merge, proposal):
    return next(part for part in merge.everybody if part.proposal_id == proposal.pk)


def agree_all(world, merge, version=None):
    for part in merge.here:
        by = world.jonas if part.is_target else world.ines
        merge = actions.agree(merge=merge, part=part, by=by, at=world.now, version=version or merge.version)
    return merge


def joined(world, pair, wording=JOINT):
    merge = open_merge(world, pair)
    if wording:
        actions.change_text(merge=merge, wording=wording, by=world.ines, at=world.now, seen=1)
        merge = Merge.objects.with_all().get(pk=merge.pk)
    return agree_all(world, merge)


# --- proposing ---


def test_a_writer_proposes_and_every_writer_is_told_nothing_else_changes(world, pair):
    before = Proposal.objects.filter(is_public=True).count()
    merge = open_merge(world, pair)
    assert [part.role for part in merge.here] == ["target", "source"]
    assert merge.text.version == 1 and pair[1].title in merge.text.body
    assert Entry.objects.get(verb="merge.proposed", data__merge=merge.pk).data["tell"] == sorted(
        [world.jonas.pk, world.ines.pk]
    )
    assert Proposal.objects.filter(is_public=True).count() == before


@pytest.mark.parametrize("who", ["mo", "ada", "olga"])
def test_who_accompanies_the_process_may_propose_it_too(world, pair, who):
    assert open_merge(world, pair, by=world.people[who]).is_open


@pytest.mark.parametrize("who", ["amina", "clara"])
def test_nobody_else_proposes(world, pair, who):
    before = rows()
    with pytest.raises(Refused):
        open_merge(world, pair, by=world.people[who])
    assert rows() == before


@pytest.mark.parametrize("other", ["hidden", "withdrawn", "voting0", "to_assess"])
def test_what_is_not_public_on_the_ballot_or_elsewhere_cannot_be_at_the_table(world, pair, other):
    before = rows()
    with pytest.raises(Refused):
        actions.propose_merge(
            target=pair[0],
            sources=[world.proposals[other]],
            by=world.jonas,
            at=world.now,
            as_writer_of=pair[0],
        )
    assert rows() == before


def test_a_proposal_sits_at_one_table_only(world, pair):
    before = rows()
    with pytest.raises(Refused, match="bereits"):
        actions.propose_merge(
            target=pair[0], sources=[world.fountain], by=world.jonas, at=world.now, as_writer_of=pair[0]
        )
    assert rows() == before


# --- the joint text ---


def test_a_change_takes_back_what_was_agreed_and_tells_who_agreed(world, pair):
    merge = open_merge(world, pair)
    actions.agree(merge=merge, part=merge.target, by=world.jonas, at=world.now, version=1)
    actions.change_text(merge=merge, wording=JOINT, by=world.ines, at=world.now, seen=1)
    merge = Merge.objects.with_all().get(pk=merge.pk)
    leads = rules.leads_of(part.proposal_id for part in merge.here)
    assert not any(rules.has_agreed(part, merge.version, leads) for part in merge.here)
    assert Entry.objects.get(verb="merge.text_changed", data__merge=merge.pk).data["tell"] == [world.jonas.pk]


def test_who_was_overtaken_changes_nothing_and_learns_what_stands(world, pair):
    merge = open_merge(world, pair)
    actions.change_text(merge=merge, wording=JOINT, by=world.ines, at=world.now, seen=1)
    before = rows()
    with pytest.raises(actions.TextOvertaken) as told:
        actions.change_text(merge=merge, wording=Wording("a", "b", "c"), by=world.jonas, at=world.now, seen=1)
    assert told.value.newest.version == 2
    with pytest.raises(actions.TextOvertaken):
        actions.agree(merge=merge, part=merge.target, by=world.jonas, at=world.now, version=1)
    assert rows() == before


def test_a_stranger_neither_writes_nor_agrees_nor_declines(world, pair):
    merge = open_merge(world, pair)
    before = rows()
    with pytest.raises(Refused):
        actions.change_text(merge=merge, wording=JOINT, by=world.amina, at=world.now, seen=1)
    with pytest.raises(Refused):
        actions.agree(merge=merge, part=merge.target, by=world.ines, at=world.now, version=1)
    with pytest.raises(Refused):
        actions.decline(merge=merge, part=merge.target, by=world.amina, at=world.now, reason="Nein.")
    assert rows() == before


# --- becoming one ---


def test_with_the_last_consent_they_are_one_and_nobody_is_lost(world, pair):
    target, source = pair
    fans = [make_person(f"fan{n}", f"Fan {n}") for n in range(4)]
    for person, proposal in [(0, source), (1, source), (1, target), (2, target)]:
        support_proposal(proposal=proposal, by=fans[person], at=world.now)
    follow(person=fans[3], contribution=source.contribution, at=world.now)
    merge = joined(world, pair)
    target.refresh_from_db()
    source.refresh_from_db()
    assert merge.state == "completed"
    assert (target.title, target.newest.number, target.newest.is_substantive) == (JOINT.title, 2, True)
    assert (merge.before, merge.after) == (1, 2)
    assert target.supports == target.supports_rows.count() == 3
    assert dict(target.supports_rows.values_list("person", "via")) == {
        fans[0].pk: source.pk, fans[1].pk: None, fans[2].pk: None
    }  # fmt: skip
    assert source.supports_rows.count() == source.supports == 2
    assert Follow.objects.filter(contribution=target.pk, person=fans[3]).exists()
    hands = {hand.person_id: hand for hand in target.authorships.standing()}
    assert hands[world.jonas.pk].role == "lead"
    assert (hands[world.ines.pk].role, hands[world.ines.pk].organisation) == ("author", world.garden)
    assert (source.stage, source.is_public, source.lives_in) == (Stage.MERGED, False, target)
    assert source.moves.latest("at").data["into"] == target.receipt
    assert source not in Proposal.objects.public(world.collecting)
    assert counts_of(world.collecting).total() == Proposal.objects.public(world.collecting).count()


def test_a_text_that_everybody_left_as_it_was_needs_no_new_version(world, pair):
    now = pair[0].newest
    merge = joined(world, pair, Wording(now.title, now.summary, now.body))
    assert merge.state == "completed" and merge.before == merge.after == 1


def test_nothing_is_joined_before_everybody_agreed_to_the_same_version(world, pair):
    merge = open_merge(world, pair)
    actions.agree(merge=merge, part=merge.target, by=world.jonas, at=world.now, version=1)
    actions.change_text(merge=merge, wording=JOINT, by=world.ines, at=world.now, seen=1)
    source = part_of(merge, pair[1])
    merge = actions.agree(merge=merge, part=source, by=world.ines, at=world.now, version=2)
    assert merge.is_open and Proposal.objects.get(pk=pair[1].pk).is_public


def test_a_part_whose_own_text_changed_meanwhile_has_to_be_read_again(world, pair):
    merge = open_merge(world, pair)
    revise_proposal(
        proposal=pair[1], wording=Wording("Neu", "Neu.", "Ganz neu."), by=world.ines, at=world.now, seen=1
    )
    assert agree_all(world, merge).is_open
    text = actions.change_text(
        merge=merge, wording=Wording(*merge.text.words), by=world.ines, at=world.now, seen=1
    )
    assert agree_all(world, Merge.objects.with_all().get(pk=merge.pk), text.version).state == "completed"


# --- what stops it ---


def hide(world, proposal):
    hide_contribution(
        contribution=proposal.contribution, by=world.mo, at=world.now, rule="Respekt", reason="Beleidigung."
    )


def test_a_hidden_part_stops_it_and_when_it_is_back_they_become_one(world, pair):
    merge = open_merge(world, pair)
    hide(world, pair[1])
    assert agree_all(world, merge).is_open
    restore_contribution(contribution=pair[1].contribution, by=world.mo, at=world.now)
    merge = actions.agree(merge=merge, part=merge.target, by=world.jonas, at=world.now, version=1)
    assert merge.state == "completed"


@pytest.mark.parametrize("how", ["hidden", "withdrawn", "on the ballot", "without a lead"])
def test_the_others_go_on_without_a_part_that_cannot_be_joined(world, pair, how):
    third = make_proposal(
        world.collecting,
        by=world.olga,
        place=world.village,
        at=world.now - DAY,
        title=both("Dritter", "Third"),
    )
    merge = actions.propose_merge(
        target=pair[0], sources=[pair[1], third], by=world.jonas, at=world.now, as_writer_of=pair[0]
    )
    part = part_of(merge, third)
    with pytest.raises(Refused):
        actions.go_on_without(merge=merge, part=part, by=world.jonas, at=world.now)
    if how == "hidden":
        hide(world, third)
    elif how == "withdrawn":
        withdraw_proposal(proposal=third, by=world.olga, at=world.now)
    elif how == "on the ballot":
        move_stage(third, Stage.ON_BALLOT, at=world.now)
    else:
        third.authorships.update(left_at=world.now)
    merge = Merge.objects.with_all().get(pk=merge.pk)
    actions.go_on_without(merge=merge, part=part_of(merge, third), by=world.ines, at=world.now)
    merge = agree_all(world, Merge.objects.with_all().get(pk=merge.pk))
    assert merge.state == "completed" and merge.version == 2
    assert Proposal.objects.get(pk=third.pk).lives_in is None


def test_who_declines_says_why_and_a_table_of_one_is_none(world, pair):
    merge = open_merge(world, pair)
    before = rows()
    with pytest.raises(Refused):
        actions.decline(merge=merge, part=part_of(merge, pair[1]), by=world.ines, at=world.now, reason="  ")
    assert rows() == before
    merge = actions.decline(
        merge=merge, part=part_of(merge, pair[1]), by=world.ines, at=world.now, reason="Anderer Ort."
    )
    assert merge.state == "declined"
    assert open_merge(world, pair).is_open  # both are free again


def test_after_four_weeks_it_ends_with_a_message(world, pair):
    merge = open_merge(world, pair)
    assert actions.expire(world.now + 27 * DAY) == 1  # the one of the world is a day older
    assert actions.expire(world.now + 28 * DAY) == 1
    assert Merge.objects.get(pk=merge.pk).state == "expired"
    told = Entry.objects.get(verb="merge.expired", data__merge=merge.pk).data["tell"]
    assert told == sorted([world.jonas.pk, world.ines.pk])


def test_a_lead_who_leaves_takes_their_consent_along_and_the_new_lead_decides(world, pair):
    merge = open_merge(world, pair)
    source = part_of(merge, pair[1])
    actions.agree(merge=merge, part=source, by=world.ines, at=world.now, version=1)
    for step in hooks.closing:
        if step.__module__.startswith("proposals"):
            step(world.ines, world.now)
    assert actions.agree(merge=merge, part=merge.target, by=world.jonas, at=world.now, version=1).is_open
    pair[1].authorships.create(person=world.amina, role="lead", invited_at=world.now, accepted_at=world.now)
    merge = actions.agree(merge=merge, part=source, by=world.amina, at=world.now, version=1)
    assert merge.state == "completed"


def test_whoever_proposed_it_takes_it_back(world, pair):
    merge = open_merge(world, pair)
    with pytest.raises(Refused):
        actions.stop(merge=merge, by=world.ines, at=world.now)
    assert actions.stop(merge=merge, by=world.jonas, at=world.now).state == "declined"


# --- afterwards ---


def test_every_old_address_leads_to_the_living_page_also_along_a_chain(world, pair, client):
    joined(world, pair)
    third = make_proposal(
        world.collecting,
        by=world.amina,
        place=world.village,
        at=world.now - DAY,
        title=both("Dritter", "Third"),
    )
    again = actions.propose_merge(
        target=third, sources=[pair[0]], by=world.amina, at=world.now, as_writer_of=third
    )
    actions.agree(merge=again, part=again.target, by=world.amina, at=world.now, version=1)
    actions.agree(merge=again, part=part_of(again, pair[0]), by=world.jonas, at=world.now, version=1)
    source = Proposal.objects.get(pk=pair[1].pk)
    assert living_page_of(source).pk == third.pk
    response = client.get(source.get_absolute_url())
    assert (response.status_code, response.url) == (302, f"{third.get_absolute_url()}?from={source.receipt}")
    assert f"Vorschlag {source.receipt} lebt hier" in client.get(response.url).content.decode()
    record = client.get(reverse("proposals:receipt", args=[source.receipt])).content.decode()
    assert source.title in record and third.receipt in record and "nicht mehr gezeigt" not in record
    assert client.get(f"/r/{source.receipt}", follow=True).status_code == 200


def test_where_the_living_page_was_taken_off_the_record_says_so(world, pair, client):
    joined(world, pair)
    hide(world, Proposal.objects.get(pk=pair[0].pk))
    source = pair[1]
    assert client.get(source.get_absolute_url()).url == reverse("proposals:receipt", args=[source.receipt])
    page = client.get(reverse("proposals:receipt", args=[source.receipt])).content.decode()
    assert "Moderation" in page and JOINT.title not in page


def test_a_hidden_source_says_only_that_it_is_hidden(world, pair, client):
    joined(world, pair)
    hide(world, Proposal.objects.get(pk=pair[1].pk))
    assert client.get(pair[1].get_absolute_url()).status_code == 404
    page = client.get(reverse("proposals:receipt", args=[pair[1].receipt])).content.decode()
    assert pair[1].title not in page


def test_what_was_said_about_a_source_stays_to_be_read_and_is_closed(world, pair, client):
    from cocreation.conversation.actions import CommentText, publish_comment
    from cocreation.conversation.talks import Talk

    said = CommentText("Bitte mit Bank.", "de", "for")
    publish_comment(talk=Talk(on=pair[1].contribution), text=said, by=world.amina, at=world.now)
    joined(world, pair)
    address = reverse("conversation:on", args=[pair[1].receipt])
    assert "Bitte mit Bank." in client.get(address).content.decode()
    assert client.post(address, {"text": "Noch etwas", "language": "de"}).status_code == 403


def test_supports_and_withdrawals_of_a_joined_proposal_are_refused_in_words(world, pair):
    support_proposal(proposal=pair[1], by=world.amina, at=world.now)
    stale = Proposal.objects.select_related("process").get(pk=pair[1].pk)
    joined(world, pair)
    before = rows()
    for act in (support_proposal, withdraw_support):
        with pytest.raises(Refused, match="nicht mehr öffentlich"):
            act(proposal=stale, by=world.clara if act is support_proposal else world.amina, at=world.now)
    with pytest.raises(Refused):
        withdraw_proposal(proposal=pair[1], by=world.ines, at=world.now)
    with pytest.raises(Refused):
        withdraw_proposal(proposal=pair[0], by=world.jonas, at=world.now)
    assert rows() == before


def test_who_presses_on_an_old_page_learns_where_it_lives_on(world, pair, sign_in):
    joined(world, pair)
    for name in ("support", "withdraw_support", "follow"):
        response = sign_in(world.amina).post(reverse(f"proposals:{name}", args=[pair[1].receipt]))
        assert response.status_code == 403 and pair[0].receipt in response.content.decode(), name
    assert Proposal.objects.get(pk=pair[0].pk).supports == 0


def test_a_support_that_waited_for_the_log_in_counts_on_the_living_page(world, pair):
    from proposals.pending_acts import complete_support

    joined(world, pair)
    url = complete_support(world.amina, {"receipt": pair[1].receipt}, world.now)
    assert pair[0].receipt in url
    assert pair[0].supports_rows.filter(person=world.amina, via=None).exists()


def test_a_supporter_keeps_or_takes_back_with_one_press(world, pair):
    for person in (world.amina, world.clara):
        support_proposal(proposal=pair[1], by=person, at=world.now)
    merge = joined(world, pair)
    actions.keep_support(merge=merge, by=world.amina, at=world.now)
    actions.take_support_back(merge=merge, by=world.clara, at=world.now)
    target = Proposal.objects.get(pk=pair[0].pk)
    assert target.supports == 1 and target.supports_rows.get().renewed_at == world.now
    before = rows()
    with pytest.raises(Refused):
        actions.take_support_back(merge=merge, by=world.clara, at=world.now)
    assert rows() == before


# --- separating ---


def separate(world, merge, proposal, by=None, reason=""):
    merge = Merge.objects.with_all().get(pk=merge.pk)
    part = part_of(merge, proposal)
    part.merge = merge
    return actions.split(part=part, by=by or world.ines, at=world.now + timedelta(minutes=1), reason=reason)


def test_separating_brings_everything_back_where_it_was(world, pair):
    target, source = pair
    fans = [make_person(f"fan{n}", f"Fan {n}") for n in range(3)]
    for person, proposal in [(0, source), (1, source), (2, target)]:
        support_proposal(proposal=proposal, by=fans[person], at=world.now)
    follow(person=fans[0], contribution=source.contribution, at=world.now)
    merge = joined(world, pair)
    actions.keep_support(merge=merge, by=fans[1], at=world.now)
    assert separate(world, merge, source).text_is_back
    target.refresh_from_db()
    source.refresh_from_db()
    assert (source.stage, source.is_public, source.lives_in) == (Stage.RECEIVED, True, None)
    assert set(target.supports_rows.values_list("person", flat=True)) == {fans[1].pk, fans[2].pk}
    assert target.supports == 2 and source.supports == source.supports_rows.count() == 2
    assert (target.title, target.newest.number) == ("Wasser auf dem Platz", 3)
    assert [hand.person_id for hand in target.authorships.standing()] == [world.jonas.pk]
    assert not Follow.objects.filter(contribution=target.pk, person=fans[0]).exists()
    assert [move.stage for move in source.moves.all()] == ["received", "merged", "received"]
    assert Entry.objects.filter(verb="merge.split").count() == 2


def test_somebody_who_supports_two_parts_stays_when_one_of_them_goes(world, pair):
    third = make_proposal(
        world.collecting,
        by=world.jonas,
        place=world.village,
        at=world.now - DAY,
        title=both("Dritter", "Third"),
    )
    for proposal in (pair[1], third):
        support_proposal(proposal=proposal, by=world.amina, at=world.now)
    merge = actions.propose_merge(
        target=pair[0], sources=[pair[1], third], by=world.jonas, at=world.now, as_writer_of=pair[0]
    )
    for part in merge.here:
        by = world.ines if part.proposal_id == pair[1].pk else world.jonas
        merge = actions.agree(merge=merge, part=part, by=by, at=world.now, version=1)
    assert not separate(world, merge, pair[1]).text_is_back
    target = Proposal.objects.get(pk=pair[0].pk)
    assert target.supports == 1 and target.supports_rows.get().via_id == third.pk


def test_the_text_stays_where_somebody_worked_on_it(world, pair):
    merge = joined(world, pair)
    target = Proposal.objects.get(pk=pair[0].pk)
    revise_proposal(
        proposal=target, wording=Wording("Noch besser", "s", "b"), by=world.jonas, at=world.now, seen=2
    )
    assert not separate(world, merge, pair[1]).text_is_back
    target.refresh_from_db()
    assert target.title == "Noch besser"


def test_who_accompanies_gives_a_reason_and_strangers_cannot_separate(world, pair):
    merge = joined(world, pair)
    before = rows()
    for by, reason in [(world.mo, ""), (world.amina, "Weil ich es will."), (world.jonas, "Doch nicht.")]:
        with pytest.raises(Refused):
            separate(world, merge, pair[1], by=by, reason=reason)
    assert rows() == before
    give_role(world.clara, RoleGrant.Role.FACILITATOR, process=world.collecting, since=world.now - DAY)
    separate(world, merge, pair[1], by=world.clara, reason="Die Themen sind zu verschieden.")


def test_after_the_next_phase_only_what_nobody_touched_can_be_separated(world, pair):
    merge = joined(world, pair)
    later, part = world.now + 25 * DAY, part_of(merge, pair[1])
    part.merge = merge
    leads = rules.leads_of([pair[1].pk])
    assert rules.may_split(world.ines, part, leads, later)
    move_stage(merge.target.proposal, Stage.FEASIBLE, at=world.now + 21 * DAY)
    assert not rules.may_split(world.ines, part, leads, later)
    move_stage(merge.target.proposal, Stage.ON_BALLOT, at=world.now + 22 * DAY)
    assert not rules.may_split(world.ines, part, leads, world.now)


def test_the_records_of_all_parts_tell_of_both_directions(world, pair, client):
    merge = joined(world, pair)
    separate(world, merge, pair[1])
    target = client.get(reverse("proposals:receipt", args=[pair[0].receipt])).content.decode()
    source = client.get(reverse("proposals:receipt", args=[pair[1].receipt])).content.decode()
    assert f"Verbunden mit {pair[1].receipt}" in target and f"Wieder getrennt von {pair[1].receipt}" in target
    assert "In einem anderen aufgegangen" in source
    assert "Wieder getrennt" in source


# --- who is told ---


def test_everybody_who_supports_a_part_is_told_once_with_what_changed(world, pair):
    from feedback.notices import fanout
    from feedback.notices.models import Notice

    fans = [make_person(f"fan{n}", f"Fan {n}") for n in range(3)]
    for person, proposal in [(0, pair[1]), (1, pair[0]), (2, pair[0]), (2, pair[1])]:
        support_proposal(proposal=proposal, by=fans[person], at=world.now)
    merge = joined(world, pair)
    fanout.plan(list(Entry.objects.filter(verb="merge.completed", data__merge=merge.pk)))
    fanout.spread(world.now)
    told = Notice.objects.filter(verb="merge.completed").values_list("person", "kind")
    assert dict(told) == {**{fan.pk: "supported" for fan in fans}, world.jonas.pk: "my_contributions"}
    from feedback.notices.words import gather, page_of, said

    notice = Notice.objects.filter(verb="merge.completed").first()
    words = said(notice, gather([notice]))
    assert "2 Vorschläge" in words.short and words.quote == JOINT.title
    assert page_of(notice).endswith(f"/merges/{merge.pk}/changed/")


def test_a_guest_who_turns_out_to_have_an_account_keeps_the_support_they_pressed_themselves(world, pair):
    from proposals.claiming import move

    guest = make_person("guest", "Gast")
    support_proposal(proposal=pair[1], by=world.amina, at=world.now)
    merge = joined(world, pair)
    target = Proposal.objects.select_related("process").get(pk=pair[0].pk)
    support_proposal(proposal=target, by=guest, at=world.now)
    move(guest, world.amina, world.now)
    separate(world, merge, pair[1])
    target.refresh_from_db()
    assert target.supports == 1 and target.supports_rows.get().person == world.amina
