"""The line of a commitment: pure, from rows in memory."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cocreation.models import Office, Process
from feedback.line import commitment_line, money_words, planned_of
from feedback.models import Commitment, Milestone
from feedback.words import badge_of, duration

NOW = datetime(2027, 5, 20, 12, tzinfo=UTC)


def make(steps: list[tuple[str, date, bool]], **fields) -> Commitment:
    due = fields.pop("due", date(2027, 6, 15))
    commitment = Commitment(
        pk=1, title="Bänke", process=Process(), office=Office(), due=due, first_due=fields.pop("first_due", due),
        promised_at=datetime(2026, 6, 24, 12, tzinfo=UTC), **fields,
    )  # fmt: skip
    commitment.__dict__["steps"] = [
        Milestone(
            name=name,
            due=by,
            order=n,
            done_at=datetime(by.year, by.month, by.day, 12, tzinfo=UTC) if done else None,
        )
        for n, (name, by, done) in enumerate(steps, 1)
    ]
    return commitment


ORDERED, BUILT = ("Bestellt", date(2027, 1, 10), True), ("Aufbau", date(2027, 6, 15), False)


def states(commitment: Commitment) -> list[str]:
    return [stop.state for stop in commitment_line(commitment, NOW)]


def test_a_promise_that_has_not_begun_shows_hollow_stops():
    assert states(make([("Plan", date(2027, 6, 1), False), BUILT])) == ["past", "next", "next", "next"]


def test_work_under_way_stands_on_its_step_with_the_money():
    commitment = make([ORDERED, BUILT], started_at=NOW, budget=58000, spent=36200)
    stops = commitment_line(commitment, NOW)
    assert [stop.state for stop in stops] == ["past", "past", "now", "next"]
    assert "36.200" in str(stops[2].text) and "58.000" in str(stops[2].text)
    assert "15." in str(stops[2].due)


def test_a_delayed_stop_stays_hollow_and_names_both_dates():
    commitment = make([ORDERED, BUILT], started_at=NOW, due=date(2027, 7, 15), first_due=date(2027, 6, 15))
    late = commitment_line(commitment, NOW)[2]
    assert (
        late.state == "late"
        and "15. Juni" in str(late.text).replace("\xa0", " ")
        and "15. Juli" in str(late.due).replace("\xa0", " ")
    )
    assert badge_of(commitment, NOW).kind == "bad" and "4" in str(badge_of(commitment, NOW).words)


def test_a_date_that_passed_without_a_word_is_overdue():
    commitment = make([], due=date(2027, 5, 10))
    assert states(commitment) == ["past", "late", "next"]
    assert "10" in str(badge_of(commitment, NOW).words)


def test_without_steps_the_line_ends_with_finished_and_evaluation():
    delivered = make([], started_at=NOW, delivered_at=NOW, evaluate_by=date(2027, 8, 20))
    assert states(delivered) == ["past", "past", "now"]
    assert badge_of(delivered, NOW).kind == "ok"


def test_a_step_after_the_delivery_is_the_evaluation():
    steps = [("Eröffnet", date(2027, 6, 15), True), ("Bewertet: 147 Antworten", date(2027, 9, 1), True)]
    evaluated = make(steps, started_at=NOW, delivered_at=NOW, evaluated_at=NOW, evaluate_by=date(2027, 8, 20))
    assert [stop.name for stop in commitment_line(evaluated, NOW)][-1] == "Bewertet: 147 Antworten"
    assert states(evaluated) == ["past", "past", "past"]


def test_many_done_steps_fold_into_one():
    steps = [(f"Schritt {n}", date(2027, 1, n), True) for n in range(1, 8)] + [BUILT]
    stops = commitment_line(make(steps, started_at=NOW), NOW)
    assert 3 <= len(stops) <= 7
    assert stops[0].state == "past" and stops[-2].state == "now"


def test_money_is_said_with_both_numbers():
    assert "12.400" in money_words(make([], spent=12400)) and money_words(make([])) == ""


def test_durations_as_people_say_them():
    assert [duration(days)[0] for days in (1, 28, 90)] == ["1", "4", "3"]


def test_a_proposal_gets_the_step_of_now_and_the_day_it_will_be_there():
    commitment = make([("Bestellt", date(2027, 5, 30), False), BUILT], started_at=NOW)
    planned = planned_of([commitment], NOW)
    assert [(p.name, p.state) for p in planned] == [("Bestellt", "now"), ("Aufbau", "next")]
    assert planned_of([make([], started_at=NOW, delivered_at=NOW, evaluate_by=date(2027, 8, 20))], NOW) == []
