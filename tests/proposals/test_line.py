"""The line of a proposal is a pure function: no database, no request, no clock of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cocreation.models import Phase
from proposals.line import MOST, Planned, card_line, life_line, next_date, the_phase
from proposals.models import Proposal, Stage, StageMove

NOW = datetime(2027, 5, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def phase(method: str, starts: int, ends: int, **options: int) -> Phase:
    return Phase(
        method=method,
        key=method,
        name=method,
        starts=NOW + starts * DAY,
        ends=NOW + ends * DAY,
        options=options,
    )


def phases(today: str) -> list[Phase]:
    """Ideas, assessment, ballot and answer, ten days each; `today` is the one that runs now."""
    methods = ["ideas", "assessment", "ballot", "answer"]
    first = -10 * methods.index(today) - 5
    return [phase(method, first + 10 * n, first + 10 * n + 10) for n, method in enumerate(methods)]


def proposal(stage: str, supports: int = 0) -> Proposal:
    return Proposal(stage=stage, supports=supports)


def moved(*steps: tuple[str, int], **data: str) -> list[StageMove]:
    """(stage, day) pairs; `data` belongs to the last step."""
    moves = [StageMove(stage=stage, at=NOW + day * DAY) for stage, day in steps]
    moves[-1].data = data
    return moves


def told(stops) -> list[tuple[str, str]]:
    return [(str(stop.name), stop.state) for stop in stops]


def test_while_ideas_are_collected_support_is_what_happens_now():
    stops = life_line(
        proposal("received"), moved(("received", -1)), phases("ideas"), NOW, answer_by=NOW + 40 * DAY
    )
    assert [state for _name, state in told(stops)] == ["past", "now", "next", "next", "next", "next"]
    assert "Di, 14" in str(stops[1].due)  # the ideas phase ends on Tuesday the 25th
    assert stops[4].due_icon == "calendar-clock"


def test_a_feasible_proposal_says_the_verdict_and_the_cost():
    moves = moved(("received", -30), ("feasible", -3), cost="42000.00")
    stops = life_line(proposal("feasible"), moves, phases("assessment"), NOW)
    assert "42.000" in str(stops[1].text)
    assert hasattr(stops[1].text, "__html__")
    assert [state for _name, state in told(stops)] == ["past", "past", "next", "next", "next"]


def test_exactly_one_stop_is_now_while_the_vote_is_open():
    moves = moved(("received", -30), ("feasible", -20), ("on_ballot", -5))
    stops = life_line(proposal("on_ballot"), moves, phases("ballot"), NOW)
    assert [stop.state for stop in stops].count("now") == 1
    assert stops[2].state == "now" and stops[2].due


def test_a_rejected_proposal_waits_for_the_answer_and_not_for_the_vote():
    moves = moved(("received", -30), ("not_feasible", -3))
    stops = life_line(proposal("not_feasible"), moves, phases("assessment"), NOW, answer_by=NOW + 9 * DAY)
    assert len(stops) == 3
    assert stops[-1].due_icon == "calendar-clock"


def test_a_missed_promise_is_late_and_says_since_when():
    moves = moved(("received", -90), ("feasible", -80), ("on_ballot", -40), ("chosen", -20))
    stops = life_line(
        proposal("chosen"), moves, phases("answer"), NOW, answer_by=NOW - DAY, answered_by="Amt"
    )
    late = [stop for stop in stops if stop.state == "late"]
    assert len(late) == 1
    assert "19" in str(late[0].text)


def test_an_assessment_that_ended_without_a_verdict_is_late():
    stops = life_line(proposal("received"), moved(("received", -30)), phases("ballot"), NOW)
    assert ("late") in [stop.state for stop in stops]


def test_below_the_threshold_nothing_is_late_and_no_vote_is_announced():
    line = [phase("ideas", -30, -20, threshold=5), *phases("ballot")[1:]]
    stops = life_line(proposal("received", supports=4), moved(("received", -30)), line, NOW)
    assert "late" not in [stop.state for stop in stops]
    with_enough = life_line(proposal("received", supports=5), moved(("received", -30)), line, NOW)
    assert "late" in [stop.state for stop in with_enough]


def test_a_withdrawn_proposal_ends_there():
    moves = moved(("received", -3), ("withdrawn", -1))
    stops = life_line(proposal("withdrawn"), moves, phases("ideas"), NOW, answer_by=NOW + DAY)
    assert [stop.state for stop in stops] == ["past", "past"]


def test_what_rooms_have_planned_stands_at_the_end_and_replaces_the_general_stop():
    moves = moved(("received", -90), ("feasible", -80), ("chosen", -20), ("answered", -10), ("promised", -10))
    plain = life_line(proposal("promised"), moves, [], NOW)
    planned = life_line(
        proposal("promised"), moves, [], NOW, planned=[Planned("Eröffnung", NOW + 90 * DAY, state="late")]
    )
    assert plain[-1].state == "next"
    assert told(planned)[-1] == ("Eröffnung", "late")
    assert told(planned)[:-1] == told(plain)[:-1]


def test_no_line_has_more_than_seven_stops_and_folding_says_how_many():
    stages = [
        "received",
        "feasible",
        "on_ballot",
        "chosen",
        "answered",
        "promised",
        "under_way",
        "delivered",
        "evaluated",
    ]
    moves = moved(*[(stage, number - 20) for number, stage in enumerate(stages)])
    stops = life_line(proposal("evaluated"), moves, [], NOW)
    assert len(stops) == MOST
    assert str(stops[0].name).startswith("2 ")


@pytest.mark.parametrize("stage", [stage for stage in Stage.values if stage != "draft"])
@pytest.mark.parametrize("today", ["ideas", "assessment", "ballot", "answer"])
def test_every_stage_at_every_time_has_at_most_one_now_and_never_a_past_after_a_future(stage, today):
    moves = moved(("received", -50), (stage, -1))
    stops = life_line(proposal(stage), moves, phases(today), NOW, answer_by=NOW + 30 * DAY)
    states = [stop.state for stop in stops]
    assert 1 <= len(stops) <= MOST
    assert states.count("now") <= 1
    assert "past" not in states[states.index("next") :] if "next" in states else True


def test_the_line_is_the_same_for_the_same_arguments_whatever_the_real_time():
    arguments = (proposal("received"), moved(("received", -1)), phases("ideas"))
    assert life_line(*arguments, NOW) == life_line(*arguments, NOW)
    assert life_line(*arguments, NOW) != life_line(*arguments, NOW + 10 * DAY)


def test_of_several_phases_of_a_method_the_open_one_counts_then_the_next_then_the_last():
    line = [phase("ideas", -30, -20), phase("ideas", -5, 5), phase("ideas", 10, 20)]
    assert the_phase(line, "ideas", NOW) is line[1]
    assert the_phase(line, "ideas", NOW + 7 * DAY) is line[2]
    assert the_phase(line, "ideas", NOW + 30 * DAY) is line[2]
    assert the_phase(line, "ballot", NOW) is None


@pytest.mark.parametrize(
    ("stage", "today", "now"),
    [
        ("received", "ideas", 0),
        ("received", "assessment", 1),
        ("on_ballot", "ballot", 2),
        ("under_way", "answer", 4),
    ],
)
def test_the_dots_of_a_card_mark_what_happens_now(stage, today, now):
    stops, words, rest = card_line(stage, phases(today), NOW)
    assert [stop.state for stop in stops].index("now") == now
    assert words
    assert bool(rest) == (stage != "under_way")


def test_a_card_of_a_process_without_a_vote_shows_no_vote():
    with_vote, *_ = card_line("received", phases("ideas"), NOW)
    without, *_ = card_line("received", [p for p in phases("ideas") if p.method != "ballot"], NOW)
    assert len(without) == len(with_vote) - 1


def test_the_next_date_is_the_end_of_what_runs_then_the_answer_then_what_is_planned():
    line = phases("ideas")
    assert next_date(proposal("received"), line, NOW).at == line[0].ends
    assert next_date(proposal("received"), line, NOW + 10 * DAY).at == line[1].ends
    assert next_date(proposal("feasible"), line, NOW + 10 * DAY).at == line[2].starts
    assert next_date(proposal("on_ballot"), line, NOW + 20 * DAY).at == line[2].ends
    assert next_date(proposal("chosen"), line, NOW, answer_by=NOW + DAY).at == NOW + DAY
    assert (
        next_date(proposal("promised"), line, NOW, planned=[Planned("x", NOW + 2 * DAY)]).at == NOW + 2 * DAY
    )
    promised = next_date(proposal("promised"), line, NOW, planned=[Planned("Opening", NOW + 2 * DAY)])
    assert (promised.words, promised.promised) == ("Opening.", True)
    assert next_date(proposal("evaluated"), line, NOW) is None


def test_costs_are_exact():
    moves = moved(("received", -30), ("feasible", -3), cost=str(Decimal("8400.50")))
    assert "8.400,50" in str(life_line(proposal("feasible"), moves, phases("assessment"), NOW)[1].text)
