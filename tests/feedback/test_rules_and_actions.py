"""Answers, promises and what is kept of them."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cocreation.actions import hide_contribution
from cocreation.models import RoleGrant
from feedback import actions, queries
from feedback.board import Choice, facets
from feedback.models import Commitment, Delay, Milestone, OfficialAnswer, Opinion, State, day_of
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.actions import move_stage
from proposals.models import Proposal, Stage
from quartier.builders import both, give_role, make_person, make_proposal
from tests.world import DAY, World

pytestmark = pytest.mark.django_db


def answer(world: World, proposal: Proposal, **more):
    given = {
        "contribution": proposal.contribution,
        "office": world.parks,
        "status": "accepted",
        "reason": both("Wir bauen das.", "We will build it."),
        "by": world.olga,
        "at": world.now,
    } | more
    return actions.answer_contribution(**given)


def promised(world: World, proposal: Proposal | None = None, **more) -> Commitment:
    given = {
        "contribution": proposal.contribution if proposal else None,
        "process": world.answering,
        "office": world.parks,
        "title": both("Bänke an der Aue", "Benches by the river"),
        "due": day_of(world.now) + 30 * DAY,
        "budget": 12_000,
        "milestones": [
            actions.Step(both("Bestellt", "Ordered"), day_of(world.now) + 10 * DAY),
            actions.Step(both("Aufgebaut", "Put up"), day_of(world.now) + 30 * DAY),
        ],
        "by": world.olga,
        "at": world.now,
    } | more
    return actions.promise(**given)


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


# --- answers ---


def test_the_office_answers_in_the_answer_phase_and_the_proposal_moves_on(world: World):
    given = answer(world, world.answering0)
    world.answering0.refresh_from_db()
    assert world.answering0.stage == Stage.ANSWERED
    entry = Entry.objects.get(verb="contribution.answered")
    assert entry.subject_key == str(world.answering0.pk) and entry.data["answer"] == given.pk
    assert entry.actor_id == world.olga.pk


def test_an_office_may_answer_any_time_after_the_assessment(world: World):
    answer(world, world.voting0)  # assessed; its answer phase is still to come
    assert OfficialAnswer.objects.count() == 1


@pytest.mark.parametrize("who", ["amina", "mo", "clara"])
def test_nobody_but_the_office_answers(world: World, who: str):
    with pytest.raises(Refused):
        answer(world, world.answering0, by=world.people[who])
    assert not OfficialAnswer.objects.exists()
    world.answering0.refresh_from_db()
    assert world.answering0.stage == Stage.FEASIBLE
    assert "contribution.answered" not in verbs()


def test_an_official_of_another_office_does_not_answer_for_this_one(world: World):
    other = make_person("otto", "Otto", lives_in="auental")
    give_role(other, RoleGrant.Role.OFFICIAL, office=world.money, since=world.now - DAY)
    with pytest.raises(Refused):
        answer(world, world.answering0, by=other)
    assert not OfficialAnswer.objects.exists()


def test_nothing_is_answered_while_people_vote_on_it(world: World):
    move_stage(world.voting0, Stage.ON_BALLOT, at=world.now)
    with pytest.raises(Refused, match="gestimmt"):
        answer(world, world.voting0)
    assert not OfficialAnswer.objects.exists()


def test_what_was_not_answered_in_time_is_still_answered(world: World):
    """Nobody assessed it, and the answer phase is over: the office owes it all the more."""
    phase = next(each for each in world.answering.line if each.method == "answer")
    late = make_proposal(
        world.answering, by=world.amina, place=world.town, at=world.answering.line[0].starts + DAY,
        title=both("Ein Zaun", "A fence"),
    )  # fmt: skip
    assert late.stage == Stage.RECEIVED
    answer(world, late, at=phase.ends + DAY)
    late.refresh_from_db()
    assert late.stage == Stage.ANSWERED


def test_what_is_collected_and_not_assessed_waits_for_the_answer_phase(world: World):
    with pytest.raises(Refused):
        answer(world, world.fountain)
    assert not OfficialAnswer.objects.exists()


@pytest.mark.parametrize("name", ["hidden", "withdrawn", "erased", "draft"])
def test_what_is_not_public_is_not_answered_in_public(world: World, name: str):
    with pytest.raises(Refused):
        answer(world, world.proposals[name])
    assert not OfficialAnswer.objects.exists()


def test_a_newer_answer_stands_beside_the_old_one_and_counts(world: World):
    answer(world, world.answering0, status="under_study", next_date=day_of(world.now) + 10 * DAY)
    newer = answer(world, world.answering0, at=world.now + DAY)
    world.answering0.refresh_from_db()
    assert queries.answers_to(world.answering0)[0].pk == newer.pk
    assert OfficialAnswer.objects.count() == 2


def test_an_answer_needs_a_reason_and_an_open_one_a_date(world: World):
    with pytest.raises(ValidationError):
        answer(world, world.answering0, reason={"de": "", "en": "Yes"})
    with pytest.raises(ValidationError, match="Termin"):
        answer(world, world.answering0, status="under_study")
    assert not OfficialAnswer.objects.exists()
    assert "contribution.answered" not in verbs()


def test_a_later_answer_does_not_take_a_promise_back(world: World):
    answer(world, world.answering0)
    promised(world, world.answering0)
    answer(world, world.answering0, status="in_progress", at=world.now + DAY)
    world.answering0.refresh_from_db()
    assert world.answering0.stage == Stage.PROMISED


def test_the_method_says_how_many_are_answered(world: World):
    phase = next(p for p in world.answering.line if p.method == "answer")
    assert phase.kind.total(phase) == ""
    answer(world, world.answering0)
    assert "1" in phase.kind.total(phase) and "4" in phase.kind.total(phase)


# --- promises ---


def test_a_promise_is_kept_step_by_step(world: World):
    answer(world, world.answering0)
    commitment = promised(world, world.answering0)
    assert commitment.state(world.now) == State.PROMISED
    first, second = commitment.milestones.all()
    actions.complete_milestone(milestone=first, by=world.olga, at=world.now + DAY, spent=Decimal(4000))
    commitment.refresh_from_db()
    assert commitment.state(world.now + DAY) == State.UNDER_WAY and commitment.spent == 4000
    actions.complete_milestone(milestone=second, by=world.olga, at=world.now + 20 * DAY)
    actions.deliver(commitment=commitment, by=world.olga, at=world.now + 20 * DAY, spent=Decimal(11_500))
    commitment.refresh_from_db()
    assert commitment.state(world.now + 20 * DAY) == State.DELIVERED and commitment.was_on_time
    actions.evaluate(
        commitment=commitment, by=world.olga, at=world.now + 120 * DAY, text=both("Gut.", "Good.")
    )
    world.answering0.refresh_from_db()
    assert world.answering0.stage == Stage.EVALUATED
    assert verbs()[-7:] == [
        "contribution.answered", "commitment.promised", "commitment.started", "milestone.done", "milestone.done",
        "commitment.delivered", "commitment.evaluated",
    ]  # fmt: skip


def test_a_delay_keeps_the_old_date_and_names_the_reason(world: World):
    commitment = promised(world)
    first = commitment.due
    actions.delay_commitment(
        commitment=commitment,
        new_due=first + 28 * DAY,
        reason=both("Holz fehlt.", "No wood."),
        by=world.olga,
        at=world.now,
    )
    commitment.refresh_from_db()
    assert (commitment.first_due, commitment.due) == (first, first + 28 * DAY)
    assert commitment.state(world.now) == State.DELAYED and commitment.days_late == 28
    assert commitment.last_delay.reason_de == "Holz fehlt."


@pytest.mark.parametrize(
    ("days", "reason"),
    [(-1, both("Darum.", "Because.")), (0, both("Darum.", "Because.")), (28, both("", "Because."))],
)
def test_a_delay_without_a_later_date_or_a_reason_changes_nothing(world: World, days: int, reason: dict):
    commitment = promised(world)
    with pytest.raises(ValidationError):
        actions.delay_commitment(
            commitment=commitment,
            new_due=commitment.due + days * DAY,
            reason=reason,
            by=world.olga,
            at=world.now,
        )
    commitment.refresh_from_db()
    assert commitment.due == commitment.first_due and not Delay.objects.exists()
    assert "commitment.delayed" not in verbs()


def test_the_database_itself_refuses_a_delay_to_an_earlier_day(world: World):
    commitment = promised(world)
    with pytest.raises(IntegrityError, match="feedback_delay_is_later"), transaction.atomic():
        Delay.objects.create(
            commitment=commitment, old_due=commitment.due, new_due=commitment.due, reason_de="x", at=world.now
        )


@pytest.mark.parametrize("act", ["start", "deliver", "delay", "complete", "evaluate"])
def test_only_the_office_that_promised_keeps_the_books(world: World, act: str):
    commitment = promised(world)
    by, at = world.amina, world.now
    acts = {
        "start": lambda: actions.start(commitment=commitment, by=by, at=at),
        "deliver": lambda: actions.deliver(commitment=commitment, by=by, at=at),
        "delay": lambda: actions.delay_commitment(
            commitment=commitment, new_due=commitment.due + DAY, reason=both("x", "x"), by=by, at=at
        ),
        "complete": lambda: actions.complete_milestone(milestone=commitment.milestones.first(), by=by, at=at),
        "evaluate": lambda: actions.evaluate(commitment=commitment, by=by, at=at),
    }
    before = Commitment.objects.values().get(pk=commitment.pk), verbs()
    with pytest.raises(Refused):
        acts[act]()
    assert (Commitment.objects.values().get(pk=commitment.pk), verbs()) == before
    assert not Milestone.objects.filter(done_at__isnull=False).exists()


def test_nothing_is_promised_for_yesterday(world: World):
    with pytest.raises(Refused):
        promised(world, due=day_of(world.now) - DAY, milestones=[])
    assert not Commitment.objects.exists()


def test_what_is_delivered_is_not_delayed_or_delivered_again(world: World):
    commitment = promised(world)
    actions.deliver(commitment=commitment, by=world.olga, at=world.now)
    for act in (
        lambda: actions.deliver(commitment=commitment, by=world.olga, at=world.now + DAY),
        lambda: actions.delay_commitment(
            commitment=commitment,
            new_due=commitment.due + DAY,
            reason=both("x", "x"),
            by=world.olga,
            at=world.now,
        ),
    ):
        with pytest.raises(Refused):
            act()
    commitment.refresh_from_db()
    assert commitment.delivered_at == world.now and commitment.due == commitment.first_due


@pytest.mark.parametrize("model", [OfficialAnswer, Commitment, Milestone, Delay])
def test_the_database_refuses_to_delete_what_the_city_said(world: World, model: Any):
    answer(world, world.answering0)
    commitment = promised(world, world.answering0)
    actions.delay_commitment(
        commitment=commitment,
        new_due=commitment.due + DAY,
        reason=both("x", "x"),
        by=world.olga,
        at=world.now,
    )
    number = model.objects.count()
    assert number
    with pytest.raises(IntegrityError, match="not deleted"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    assert model.objects.count() == number


@pytest.mark.parametrize("model", [OfficialAnswer, Delay])
def test_the_database_refuses_to_change_an_answer_or_a_delay(world: World, model: Any):
    answer(world, world.answering0)
    commitment = promised(world, world.answering0)
    actions.delay_commitment(
        commitment=commitment,
        new_due=commitment.due + DAY,
        reason=both("x", "x"),
        by=world.olga,
        at=world.now,
    )
    with pytest.raises(IntegrityError, match="not changed"), transaction.atomic():
        model.objects.update(reason_de="anders")
    assert not model.objects.filter(reason_de="anders").exists()


def test_the_person_behind_an_answer_may_be_forgotten(world: World):
    given = answer(world, world.answering0)
    OfficialAnswer.objects.filter(pk=given.pk).update(by=None)
    given.refresh_from_db()
    assert given.by is None and given.reason_de == "Wir bauen das."


# --- does it work? ---


def test_people_say_once_whether_it_works_and_may_change_it(world: World):
    commitment = promised(world)
    with pytest.raises(Refused):
        actions.say_whether_it_works(commitment=commitment, value="yes", by=world.amina, at=world.now)
    actions.deliver(commitment=commitment, by=world.olga, at=world.now)
    actions.say_whether_it_works(commitment=commitment, value="yes", by=world.amina, at=world.now)
    actions.say_whether_it_works(commitment=commitment, value="no", by=world.amina, at=world.now + DAY)
    actions.say_whether_it_works(commitment=commitment, value="partly", by=world.jonas, at=world.now)
    commitment.refresh_from_db()
    # Two answers are counted and nothing of them is shown.
    assert commitment.opinions_count == 2
    assert (commitment.works_yes, commitment.works_partly, commitment.works_no) == (0, 0, 0)
    assert Opinion.objects.count() == 2
    with pytest.raises(Refused):
        actions.say_whether_it_works(
            commitment=commitment, value="yes", by=world.ines, at=world.now + 93 * DAY
        )
    with pytest.raises(Refused):
        actions.say_whether_it_works(commitment=commitment, value="maybe", by=world.ines, at=world.now)
    with pytest.raises(Refused):
        actions.say_whether_it_works(commitment=commitment, value="yes", by=None, at=world.now)
    assert Opinion.objects.count() == 2


# --- figures ---


def test_every_commitment_is_in_exactly_one_state_and_python_sql_and_the_board_agree(world: World):
    now, parks = world.now, world.parks
    made = {
        "promised": promised(world),
        "under_way": promised(world),
        "delayed": promised(world),
        "overdue": promised(world, at=now - 40 * DAY, due=day_of(now) - DAY, milestones=[]),
        "delivered": promised(world),
        "late": promised(world, at=now - 40 * DAY, due=day_of(now) - 9 * DAY, milestones=[]),
        "evaluated": promised(world, office=parks),
        "given up": promised(world),
    }
    actions.give_up(
        commitment=made["given up"], reason=both("Kein Platz.", "No room."), by=world.olga, at=now
    )
    actions.start(commitment=made["under_way"], by=world.olga, at=now)
    actions.delay_commitment(
        commitment=made["delayed"],
        new_due=made["delayed"].due + DAY,
        reason=both("x", "x"),
        by=world.olga,
        at=now,
    )
    for name in ("delivered", "late", "evaluated"):
        actions.deliver(commitment=made[name], by=world.olga, at=now)
    actions.evaluate(commitment=made["evaluated"], by=world.olga, at=now)
    by_python = {state.value: 0 for state in State}
    for commitment in Commitment.objects.all():
        by_python[commitment.state(now).value] += 1
    by_sql = {state.value: Commitment.objects.in_state(state.value, day_of(now)).count() for state in State}
    board = queries.board(now)
    assert by_python == by_sql == board.states
    assert by_python == {
        "promised": 1, "under_way": 1, "delayed": 2, "delivered": 2, "evaluated": 1, "given_up": 1
    }  # fmt: skip
    # On time: two of five that are finished, given up or past their first date.
    assert (board.kept.kept, board.kept.of) == (2, 5)
    # The filters of the board count the same.
    counted = facets(Choice(), now)
    (states,) = [each for each in counted.filters if each.name == "state"]
    assert {option.value: option.n for option in states.options} == by_python
    assert counted.kept == board.kept and counted.total == board.number
    late = Choice(late=True)
    assert facets(late, now).total == late.narrow(Commitment.objects.all(), now).count() == 3
    assert queries.kept_on_time(now) == board.kept
    assert board.number == 8


def test_a_new_date_set_afterwards_does_not_make_a_promise_kept(world: World):
    commitment = promised(world, at=world.now - 60 * DAY, due=day_of(world.now) - 30 * DAY, milestones=[])
    actions.delay_commitment(
        commitment=commitment,
        new_due=day_of(world.now) + DAY,
        reason=both("x", "x"),
        by=world.olga,
        at=world.now - 31 * DAY,
    )
    actions.deliver(commitment=commitment, by=world.olga, at=world.now)
    assert queries.kept_on_time(world.now) == queries.Kept(0, 1)


def test_what_hangs_on_something_hidden_is_in_no_figure_and_no_list(world: World):
    answer(world, world.answering0)
    commitment = promised(world, world.answering0)
    assert [c.pk for c in queries.what_became_of_it()] == [commitment.pk]
    hide_contribution(
        contribution=world.answering0.contribution, by=world.mo, at=world.now, rule="r", reason="r"
    )
    assert queries.what_became_of_it() == []
    assert queries.board(world.now).number == 0
    assert not Commitment.objects.visible_to(None).exists()
    assert queries.answered_in(world.answering.pk)[0] == 0


def test_the_desk_lists_what_an_office_owes_and_nothing_else(world: World):
    due = set(queries.due_for_answer(world.olga, world.now).values_list("pk", flat=True))
    assert due == {world.proposals[key].pk for key in ("answering0", "answering1", "answering2", "to_answer")}
    other = make_person("otto", "Otto", lives_in="auental")
    give_role(other, RoleGrant.Role.OFFICIAL, office=world.money, since=world.now - DAY)
    assert not queries.due_for_answer(other, world.now).exists()
    answer(world, world.answering0)
    answer(world, world.answering1, status="under_study", next_date=day_of(world.now) + 3 * DAY)
    assert queries.answers_waiting(world.olga, world.now) == 2
    # The promised next date has come: it is due again.
    assert queries.answers_waiting(world.olga, world.now + 3 * DAY) == 3
    assert not queries.answer_overdue(world.olga, world.now)
    assert queries.answer_overdue(world.olga, world.now + timedelta(days=40))


def test_days_are_days_of_the_city_not_of_the_server(world: World):
    from datetime import datetime

    assert day_of(datetime(2027, 6, 30, 22, 30, tzinfo=UTC)) == date(2027, 7, 1)
