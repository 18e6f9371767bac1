"""Points, rankings and approvals without the money: cast, changed, refused, counted, put on the board and published."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts.models import Person
from cocreation.models import Phase
from groundwork.answer import Refused
from proposals.ballots import actions, counting, keys, kinds, rehearsal, rules, waiting
from proposals.ballots.board import files, verify
from proposals.ballots.board.files import PROGRAM
from proposals.ballots.models import CastBallot, Slot, Tally, Vote
from proposals.ballots.sealing import room_for
from tests.proposals.ballots.voting import build_phase, build_vote, keys_by_cost, let_it_end, people, stored

pytestmark = pytest.mark.django_db

COSTS = (12_000, 45_000, 8_000)
POINTS: dict[str, Any] = {"kind": "points", "points": 10, "most_points": 6}
RANKING: dict[str, Any] = {"kind": "ranking", "min_choices": 2}
FREE: dict[str, Any] = {"within_budget": False, "max_choices": 2}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def named(vote: Vote, choice: Any) -> Any:
    """A choice given by costs, by keys: {8000: 3} for points, [8000, 12000] for the others."""
    key = keys_by_cost(vote)
    if isinstance(choice, dict):
        return {key[cost]: points for cost, points in choice.items()}
    return [key[cost] for cost in choice]


def cast(vote: Vote, person: Person, choice: Any) -> rules.State:
    return actions.cast(vote=vote, by=person, chosen=named(vote, choice), at=timezone.now())


def own(vote: Vote, person: Person) -> Any:
    return actions.own_choice(vote, person, actions.options_of(vote))


def close(vote: Vote) -> Tally:
    let_it_end(vote)
    tally = actions.close_and_count(vote=vote, at=timezone.now())
    assert tally is not None
    return tally


# --- opening ---


def test_the_kind_and_its_numbers_are_fixed_at_the_opening():
    vote = build_vote(**POINTS)
    Phase.objects.filter(pk=vote.pk).update(options={"kind": "ranking", "budget": 1})
    vote = Vote.objects.get(pk=vote.pk)
    assert (vote.kind, vote.points, vote.most_points, vote.within_budget) == ("points", 10, 6, False)
    assert vote.rule == "greedy_cum"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "points", "points": 0}, "How many points"),
        ({"kind": "points", "points": 5, "most_points": 6}, "most points for one project"),
        ({"kind": "ranking", "min_choices": 1}, "at least two projects"),
        ({"kind": "points", "rule": "phragmen_x"}, "A rule that can count"),
        ({"kind": "smell"}, "A kind of ballot"),
    ],
)
def test_what_cannot_be_voted_on_is_a_gap_in_the_studio_and_does_not_open(options, says):
    phase = build_phase(**options)
    assert any(says in str(gap.words) for gap in phase.kind.gaps(phase))
    with pytest.raises(Refused, match=says):
        actions.open_vote(phase=phase, at=timezone.now())
    assert not Vote.objects.exists() and not Slot.objects.exists()


@pytest.mark.parametrize("options", [POINTS, RANKING, FREE], ids=["points", "ranking", "approval"])
def test_each_kind_as_recommended_has_no_gap(options):
    phase = build_phase(**options)
    assert phase.kind.gaps(phase) == []


def test_a_ballot_that_could_not_be_sealed_is_refused_at_the_opening(monkeypatch):
    monkeypatch.setattr("proposals.ballots.plan.room_for", lambda kind: 2)
    with pytest.raises(Refused, match="at most 2 projects, and here it could name 3") as refused:
        actions.open_vote(phase=build_phase(**RANKING), at=timezone.now())
    assert "at most" in str(refused.value.answer.next_step)
    assert not Vote.objects.exists()
    assert build_vote(slug="kurz", **RANKING, max_choices=2).kind == "ranking"


def test_room_on_a_ballot_is_more_than_any_city_had_projects_to_rank():
    assert room_for("points") >= 100 and room_for("ranking") >= 200


# --- casting ---

CHANGES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "points": (POINTS, [{8_000: 6, 12_000: 4}, {45_000: 1}]),
    "ranking": (RANKING, [[8_000, 45_000], [45_000, 8_000], [12_000, 8_000, 45_000]]),
    "approval": (FREE, [[45_000, 12_000], [8_000]]),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_ballot_is_cast_changed_and_read_again_as_it_was_filled_in(kind):
    options, choices = CHANGES[kind]
    voter = people(1)[0]
    vote = build_vote(**options)
    assert own(vote, voter) is None
    for choice in choices:
        state = cast(vote, voter, choice)
        wanted = kinds.tidy(vote.kind, named(vote, choice))
        assert own(vote, voter) == wanted == state.chosen
        if kind == "ranking":
            assert list(own(vote, voter)) == named(vote, choice)
    assert {len(choice) for _tag, choice in stored(vote) if choice} == {560}


REFUSALS: dict[str, tuple[dict[str, Any], Any, str]] = {
    "too many points": (POINTS, {8_000: 6, 12_000: 5}, "You have given 11 points, and there are only 10"),
    "above the cap": (POINTS, {8_000: 7}, "One project can get at most 6 points. “Project 2” has more"),
    "less than zero": (POINTS, {8_000: -1}, "less than zero"),
    "points for too many": (POINTS | {"max_choices": 1}, {8_000: 1, 12_000: 1}, "at most 1 project"),
    "a place twice": (RANKING, [8_000, 12_000, 8_000], "“Project 2” stands twice"),
    "too long an order": (RANKING | {"max_choices": 2}, [8_000, 12_000, 45_000], "at most 2 projects"),
    "too many": (FREE, [8_000, 12_000, 45_000], "at most 2 projects"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_ballot_against_the_rules_of_its_kind_is_refused_and_changes_nothing(case):
    options, choice, sentence = REFUSALS[case]
    voter = people(1)[0]
    vote = build_vote(**options)
    cast(vote, voter, {8_000: 1} if vote.kind == "points" else [8_000])
    before = stored(vote)
    with pytest.raises(Refused, match=sentence):
        cast(vote, voter, choice)
    with pytest.raises(Refused, match=sentence):
        actions.enter_ballots(vote=vote, ballots=[named(vote, choice)])
    assert stored(vote) == before


def test_a_project_of_another_vote_gets_no_points():
    voter = people(1)[0]
    vote, other = build_vote(**POINTS), build_vote(slug="andere", **POINTS)
    with pytest.raises(Refused, match="not on this"):
        actions.cast(vote=vote, by=voter, chosen={other.options.first().pk: 1}, at=timezone.now())
    assert all(choice is None for _tag, choice in stored(vote))


def test_the_money_does_not_limit_where_the_administration_wants_it_so():
    voter = people(1)[0]
    vote = build_vote(**FREE)
    state = cast(vote, voter, [45_000, 12_000])  # 57,000 of 50,000
    assert state.counts and (state.spent, state.left) == (2, 0)
    assert Vote.objects.get(pk=vote.pk).within_budget is False


@pytest.mark.parametrize("kind", CHANGES)
def test_a_ballot_waits_sealed_for_the_log_in_whatever_its_kind(kind):
    options, choices = CHANGES[kind]
    voter = people(1)[0]
    vote = build_vote(**options)
    known = actions.options_of(vote)
    act = waiting.keep(vote, known, named(vote, choices[0]), timezone.now(), person=voter)
    assert len(act.payload["sealed"]) == 2 * 560
    assert waiting.kept_choice(vote, voter, known, timezone.now()) == kinds.tidy(
        vote.kind, named(vote, choices[0])
    )


# --- the database ---


def test_the_database_refuses_points_without_their_projects():
    vote = build_vote(**POINTS)
    for choice, points in (([1, 2], [5]), ([], [5]), ([1], [])):
        with pytest.raises(IntegrityError), transaction.atomic():
            CastBallot.objects.create(vote=vote, choice=choice, points=points, channel="web")
    assert not CastBallot.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "smell"},
        {"kind": "points", "points": None},
        {"kind": "points", "points": 0},
        {"kind": "points", "within_budget": True},
        {"kind": "approval", "points": 5, "most_points": None},
        {"most_points": 11},
        {"most_points": 0},
        {"kind": "ranking", "points": None, "most_points": 3},
    ],
)
def test_the_database_refuses_a_vote_of_no_kind(wrong):
    vote = build_vote(**POINTS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.filter(pk=vote.pk).update(**wrong)
    assert Vote.objects.values_list("kind", "points", "most_points").get(pk=vote.pk) == ("points", 10, 6)


# --- counting, the board and the files ---


def held(options: dict[str, Any], choices: list[Any]) -> tuple[Vote, dict[str, Any], dict[str, Any]]:
    """A vote in which everybody voted, first otherwise than they ended: the vote, its board, the receipt of the first."""
    voters = people(len(choices))
    vote = build_vote(**options)
    secrets = keys.load(vote.pk, vote.public_key)
    first = [{45_000: 1}, {8_000: 1}] if options is POINTS else [[45_000, 12_000], [12_000, 45_000]]
    for number, voter in enumerate(voters):
        cast(vote, voter, first[number % 2])
    actions.mix_and_publish(vote=vote, at=timezone.now())
    for voter, choice in zip(voters, choices, strict=True):
        cast(vote, voter, choice)
    receipt = actions.own_receipt(vote, voters[0])
    assert receipt is not None and secrets.credential(secrets.tag(str(voters[0].pk))) == receipt.credential
    tally = close(vote)
    actions.publish_tally(tally, at=timezone.now())
    tally.refresh_from_db()
    return tally.vote, json.loads("".join(files.board_file(tally.vote, tally))), receipt.told()


HELD: dict[str, tuple[dict[str, Any], list[Any], list[str], dict[str, str]]] = {
    # Costs 8,000 (01), 12,000 (02), 45,000 (03) of 50,000. Points and places: the most for the cost go first.
    "points": (
        POINTS,
        [{45_000: 6, 8_000: 4}] * 12 + [{12_000: 5}] * 8 + [{8_000: 1}] * 5,
        ["01", "02"],
        {"01": "53", "02": "40", "03": "72"},
    ),
    # As many points as projects stand below on the list.
    "ranking": (
        RANKING,
        [[12_000, 45_000, 8_000]] * 12 + [[8_000, 12_000]] * 10,
        ["02", "01"],
        {"01": "10", "02": "24", "03": "12"},
    ),
    "approval": (
        FREE,
        [[45_000, 8_000]] * 12 + [[12_000]] * 8,
        ["01", "02"],
        {"01": "12", "02": "8", "03": "12"},
    ),
}


@pytest.mark.parametrize("kind", HELD)
def test_what_was_cast_is_counted_by_the_rule_of_its_kind(kind):
    options, choices, winners, votes = HELD[kind]
    vote, board, _receipt = held(options, choices)
    result = Tally.objects.get(pk=vote.pk).result
    assert result["selected"] == winners == board["result"]["selected"]
    assert {turn["project"]: turn["votes"] for turn in result["rounds"]} == votes
    told = sorted(kinds.as_row(vote.kind, kinds.tidy(vote.kind, named(vote, choice))) for choice in choices)
    assert sorted((ballot.choice, ballot.points) for ballot in CastBallot.objects.all()) == told


@pytest.mark.parametrize("kind", HELD)
def test_the_program_checks_the_board_of_every_kind_and_finds_the_same_winners(kind, tmp_path):
    _vote, board, receipt = held(*HELD[kind][:2])
    (tmp_path / "board.json").write_text(json.dumps(board))
    (tmp_path / "receipt.json").write_text(json.dumps(receipt))
    (tmp_path / "verify.py").write_bytes(PROGRAM.read_bytes())
    command = [sys.executable, "-I", "verify.py", "board.json", "--receipt", "receipt.json", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["winners"] == HELD[kind][2]
    assert any("is yours and counts" in line for line in said["checks"])


def _counting(board: dict[str, Any]) -> dict[str, Any]:
    return next(leaf for leaf in board["leaves"] if "nonce" in leaf and len(leaf["choice"]) > 1)


TAMPERING: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "another order": ("ranking", lambda leaf: leaf["choice"].reverse()),
    "a point more": (
        "points",
        lambda leaf: leaf.update(choice=["01:5", *[text for text in leaf["choice"] if text[:2] != "01"]]),
    ),
    "another project": ("points", lambda leaf: leaf.update(choice=["02:4", "03:6"])),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_a_changed_ballot_of_any_kind_is_noticed(how):
    kind, change = TAMPERING[how]
    _vote, board, _receipt = held(*HELD[kind][:2])
    verify.verify(copy.deepcopy(board))
    change(_counting(board))
    with pytest.raises(verify.Wrong, match="committed to"):
        verify.verify(board)


@pytest.mark.parametrize(
    ("config", "choice", "says"),
    [
        ({"kind": "points", "points": 10, "most_points": 6}, ["01:6", "02:5"], "more points than"),
        ({"kind": "points", "points": 10, "most_points": 6}, ["01:7"], "than were allowed"),
        ({"kind": "points", "points": 10, "most_points": None}, ["01:0"], "less than one"),
        ({"kind": "points", "points": 10, "most_points": None}, ["01:2", "01:3"], "twice"),
        ({"kind": "ranking"}, ["01", "02", "01"], "twice"),
    ],
)
def test_the_program_refuses_ballots_no_city_may_count(config, choice, says):
    projects = [{"code": "01", "cost": "5"}, {"code": "02", "cost": "5"}]
    whole = {"budget": "5", "min_choices": 1, "within_budget": False, "projects": projects} | config
    with pytest.raises(verify.Wrong, match=says):
        verify.check_ballots(whole, [choice])


@pytest.mark.parametrize("kind", HELD)
def test_the_files_hold_every_kind_and_the_pb_program_counts_them_again(kind, tmp_path):
    options, choices, winners, _votes = HELD[kind]
    vote, _board, _receipt = held(options, choices)
    tally, known = Tally.objects.get(pk=vote.pk), actions.options_of(vote)
    tally.vote.phase = Phase.objects.select_related("process").get(pk=vote.pk)
    rows = list(csv.DictReader(io.StringIO("".join(counting.ballots_csv(vote, known)))))
    assert len(rows) == len(choices) and ("points" in rows[0]) == (kind == "points")
    if kind == "ranking":
        assert {row["projects"] for row in rows} == {"02,03,01", "01,02"}
    if kind == "points":
        assert {(row["projects"], row["points"]) for row in rows} == {
            ("01,03", "4,6"),
            ("02", "5"),
            ("01", "1"),
        }
    file = tmp_path / "wahl.pb"
    file.write_text("".join(counting.pabulib_file(tally.vote, tally, known)))
    out = io.StringIO()
    call_command("pb", str(file), "--rule", vote.rule, "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["selected"] == winners and report["equal_to_official"] is True


def test_incomplete_ballots_of_any_kind_are_kept_and_do_not_count():
    voters = people(2)
    vote = build_vote(**RANKING)
    state = cast(vote, voters[0], [45_000])
    assert not state.counts and state.missing == 1
    cast(vote, voters[1], [8_000, 12_000])
    tally = close(vote)
    assert (tally.result["ballots"], tally.result["incomplete"]) == (2, 1)
    assert {turn["project"]: turn["votes"] for turn in tally.result["rounds"]} == {
        "01": "1",
        "02": "0",
        "03": "0",
    }


@pytest.mark.parametrize("options", [POINTS, RANKING, FREE], ids=["points", "ranking", "approval"])
def test_invented_people_of_a_dry_run_fill_in_ballots_of_every_kind(options):
    vote = build_vote(**options)
    known = actions.options_of(vote)
    papers = [rehearsal._ballot(vote, known, random.Random(seed)) for seed in range(60)]
    assert all(rules.is_castable(vote, known, paper) for paper in papers)
    assert sum(rules.state_of(vote, known, paper).counts for paper in papers) > 20
    assert actions.enter_ballots(vote=vote, ballots=papers) == 60
