"""Writes of the hall: what they change, and that a refusal changes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cocreation.actions import hide_contribution
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals import actions, rules
from proposals.models import Assessment, Proposal, Revision, StageMove, Support
from quartier.builders import both, make_person, make_proposal
from tests.world import DAY

pytestmark = pytest.mark.django_db


def rows() -> tuple[int, ...]:
    """Everything an action of this hall may write."""
    counted = [model.objects.count() for model in (Proposal, Revision, Support, StageMove, Assessment, Entry)]
    return (*counted, sum(Proposal.objects.values_list("supports", flat=True)))


def text(world, **fields) -> actions.ProposalText:
    written = {
        "title": "Ein Steg",
        "summary": "Ein Steg am See.",
        "body": "Weil er fehlt.",
        "language": "de",
        "theme": "green",
    }
    return actions.ProposalText(**(written | {"place": world.village} | fields))


# --- publish ---


def test_publishing_gives_a_number_a_first_move_and_a_place_in_the_fair_order(world):
    proposal = actions.publish_proposal(
        process=world.collecting, text=text(world), by=world.jonas, at=world.now
    )
    proposal.refresh_from_db()
    assert proposal.is_public
    assert proposal.contribution.receipt == proposal.receipt
    assert [move.stage for move in proposal.moves.all()] == ["received"]
    assert 0 <= proposal.exposure < 1
    assert (
        Entry.objects.filter(
            verb="proposal.published", subject_key=str(proposal.pk), actor_id=world.jonas.pk
        ).count()
        == 1
    )


@pytest.mark.parametrize("process", ["announced", "voting", "draft"])
def test_nobody_publishes_outside_the_ideas_phase(world, process):
    before = rows()
    with pytest.raises(Refused):
        actions.publish_proposal(
            process=world.processes[process], text=text(world), by=world.jonas, at=world.now
        )
    assert rows() == before


def test_only_confirmed_members_write_for_an_organisation(world):
    before = rows()
    with pytest.raises(Refused):
        actions.publish_proposal(
            process=world.collecting,
            text=text(world),
            by=world.jonas,
            at=world.now,
            organisation=world.garden,
        )
    assert rows() == before
    proposal = actions.publish_proposal(
        process=world.collecting, text=text(world), by=world.ines, at=world.now, organisation=world.garden
    )
    assert proposal.contribution.organisation == world.garden


def test_a_text_that_is_not_valid_leaves_nothing_behind(world):
    before = rows()
    with pytest.raises(ValidationError):
        actions.publish_proposal(
            process=world.collecting, text=text(world, theme="nonsense"), by=world.jonas, at=world.now
        )
    assert rows() == before


# --- support ---


def test_support_is_a_row_a_number_and_an_entry(world):
    before = rows()
    assert actions.support_proposal(proposal=world.fountain, by=world.jonas, at=world.now) == 1
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.subject_label, entry.subject_key) == (
        "proposal.supported",
        "proposals.Proposal",
        str(world.fountain.pk),
    )
    assert (entry.process_id, entry.actor_id, entry.at, entry.data) == (
        world.collecting.pk,
        world.jonas.pk,
        world.now,
        {},
    )
    assert actions.withdraw_support(proposal=world.fountain, by=world.jonas, at=world.now) == 0
    after = rows()
    assert after[2] == before[2] and after[-1] == before[-1]
    assert Entry.objects.latest("id").verb == "support.withdrawn"


def test_the_entry_of_the_statement_is_the_one_the_journal_would_write(world):
    from groundwork.journal import api as journal

    actions.support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    written = Entry.objects.latest("id")
    recorded = journal.record(
        "proposal.supported", by=world.jonas, on=world.fountain, process=world.collecting, at=world.now
    )
    same = [f.attname for f in Entry._meta.local_fields if f.name not in ("id", "xid")]
    recorded.refresh_from_db()
    assert {name: getattr(written, name) for name in same} == {name: getattr(recorded, name) for name in same}


def test_a_second_support_is_refused_and_changes_nothing(world):
    actions.support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    before = rows()
    with pytest.raises(Refused):
        actions.support_proposal(proposal=world.fountain, by=world.jonas, at=world.now)
    assert rows() == before


def test_taking_back_what_was_never_given_changes_nothing(world):
    before = rows()
    with pytest.raises(Refused):
        actions.withdraw_support(proposal=world.fountain, by=world.jonas, at=world.now)
    assert rows() == before


@pytest.mark.parametrize("which", ["hidden", "withdrawn", "erased", "draft", "planned", "answering0"])
def test_what_is_not_public_or_whose_time_is_over_takes_no_support(world, which):
    before = rows()
    with pytest.raises(Refused):
        actions.support_proposal(proposal=world.proposals[which], by=world.jonas, at=world.now)
    assert rows() == before


def test_a_proposal_hidden_a_moment_ago_takes_no_support_even_if_the_page_still_shows_it(world):
    stale = Proposal.objects.select_related("process").get(pk=world.fountain.pk)
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="Respekt", reason="x"
    )
    before = rows()
    assert stale.is_public
    with pytest.raises(Refused):
        actions.support_proposal(proposal=stale, by=world.jonas, at=world.now)
    assert rows() == before


def test_counter_and_rows_agree_after_many_changes(world):
    people = [make_person(f"many{n}", f"Many {n}") for n in range(12)]
    for person in people:
        actions.support_proposal(proposal=world.trees, by=person, at=world.now)
    for person in people[::3]:
        actions.withdraw_support(proposal=world.trees, by=person, at=world.now)
    world.trees.refresh_from_db()
    assert world.trees.supports == world.trees.supports_rows.count() == 8


# --- withdraw ---


def test_the_author_withdraws_and_the_line_says_so(world):
    actions.withdraw_proposal(proposal=world.fountain, by=world.amina, at=world.now)
    world.fountain.refresh_from_db()
    assert not world.fountain.is_public
    assert world.fountain.stage == "withdrawn"
    assert world.fountain.moves.last().stage == "withdrawn"


@pytest.mark.parametrize("who", ["jonas", "mo", "olga", "ada"])
def test_nobody_else_withdraws(world, who):
    before = rows()
    with pytest.raises(Refused):
        actions.withdraw_proposal(proposal=world.fountain, by=world.people[who], at=world.now)
    world.fountain.refresh_from_db()
    assert rows() == before and world.fountain.is_public


def test_what_is_on_the_ballot_belongs_to_everyone(world):
    actions.move_stage(world.voting0, "on_ballot", at=world.now)
    assert not rules.may_withdraw(world.amina, world.voting0)
    with pytest.raises(Refused):
        actions.withdraw_proposal(proposal=world.voting0, by=world.amina, at=world.now)
    world.voting0.refresh_from_db()
    assert world.voting0.is_public


# --- assess ---


def assess(world, proposal, **fields):
    about = {
        "office": world.parks, "verdict": "feasible", "cost": Decimal("42000"), "by": world.olga, "at": world.now,
        "reason": both("Das geht.", "That works."),
    }  # fmt: skip
    return actions.assess_proposal(proposal=proposal, **(about | fields))


@pytest.fixture
def received(world):
    """A proposal that waits in the process that is being assessed."""
    return make_proposal(
        world.assessing,
        by=world.amina,
        place=world.village,
        at=world.now - 10 * DAY,
        title=both("Wegweiser", "Signposts"),
    )


def test_an_office_assesses_and_the_line_shows_the_cost(world, received):
    assess(world, received)
    received.refresh_from_db()
    assert (received.stage, received.cost) == ("feasible", Decimal("42000"))
    assert received.moves.last().data == {"cost": "42000"}
    assert Entry.objects.filter(verb="proposal.assessed", subject_key=str(received.pk)).count() == 1


def test_a_feasible_proposal_needs_its_cost(world, received):
    before = rows()
    with pytest.raises(ValidationError):
        assess(world, received, cost=None)
    assert rows() == before


def test_not_feasible_takes_the_cost_away(world, received):
    assess(world, received)
    assess(
        world, received, verdict="not_feasible", cost=None, correction="Da liegt ein Kabel.",
        details=actions.Details(way_on=both("Am Platz daneben.", "On the square beside it.")),
    )  # fmt: skip
    received.refresh_from_db()
    assert (received.stage, received.cost) == ("not_feasible", None)


@pytest.mark.parametrize(
    ("who", "office"), [("olga", "money"), ("jonas", "parks"), ("mo", "parks"), ("clara", "parks")]
)
def test_only_people_of_the_office_assess(world, received, who, office):
    before = rows()
    with pytest.raises(Refused):
        assess(world, received, by=world.people[who], office=world.offices[office])
    assert rows() == before


def test_nothing_is_assessed_outside_its_phase(world):
    before = rows()
    with pytest.raises(Refused):
        assess(world, world.fountain)
    assert rows() == before
