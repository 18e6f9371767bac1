"""Envelopes with ballots and rules of their own: one, some or all of them, counted one by one, and checked by a program that is not ours."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.utils import timezone, translation

from cocreation.models import Contribution
from groundwork.answer import Refused
from proposals.ballots import actions, data_package, envelopes, plan, rehearsal
from proposals.ballots.board import files, verify
from proposals.ballots.counting import ballots_csv, pabulib_file, part_tally
from proposals.ballots.models import CastBallot, Slot, Vote
from tests.proposals.ballots.enveloping import (
    CITY,
    CODES,
    LISTED,
    NORTH,
    SOUTH,
    build,
    keys,
    living_in,
    open_it,
)
from tests.proposals.ballots.voting import let_it_end, people, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def cast(vote, person, *codes, **points):
    known = keys(vote)
    chosen = (
        {known[code]: n for code, n in points["points"].items()}
        if points
        else {known[code] for code in codes}
    )
    return actions.cast(vote=vote, by=person, chosen=chosen, at=timezone.now())


def counted(vote):
    let_it_end(vote)
    return actions.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())


def board_of(tally):
    return json.loads("".join(files.board_file(tally.vote, tally)))


def test_what_is_fixed_at_the_opening():
    phase = build()
    voters = people(1)
    vote = actions.open_vote(phase=phase, at=timezone.now())
    assert vote.rule == "each_envelope" and vote.most_envelopes == 1 and vote.budget == 50_000
    assert {int(o.cost): o.code for o in vote.options.all()} == CODES
    assert [(e["code"], e["amount"], e["projects"]) for e in vote.envelopes] == [
        ("A", "30000", ["A.01", "A.02"]), ("B", "10000", ["B.01", "B.02"]), ("C", "10000", ["C.01", "C.02"]),
    ]  # fmt: skip
    before = stored(vote)
    state = cast(vote, voters[0], "A.01", "B.01")
    changed = [one for one, other in zip(before, stored(vote), strict=True) if one != other]
    assert len(changed) == 1 and state.spent == 2 and state.whole == 2 and state.counts


def test_one_of_them_besides_the_one_for_everybody():
    voters = people(1)
    vote = open_it()
    cast(vote, voters[0], "A.01", "B.01")
    with pytest.raises(Refused, match="1 of these envelopes"):
        cast(vote, voters[0], "B.01", "C.01")
    with pytest.raises(Refused, match="South"):
        cast(vote, voters[0], "C.01", "C.02")
    with pytest.raises(Refused, match="Whole city"):
        cast(vote, voters[0], "A.01", "A.02")  # dearer than the envelope
    assert actions.own_choice(vote, voters[0], actions.options_of(vote)) == {
        keys(vote)[c] for c in ("A.01", "B.01")
    }
    cast(vote, voters[0], "C.02")  # the choice of the envelope changes with the ballot
    assert len(stored(vote)) == Slot.objects.filter(vote=vote).count()


@pytest.mark.parametrize(
    ("most", "codes", "taken"), [(2, "BC", True), (2, "ABC", False), (None, "ABC", True)]
)
def test_some_or_all(most, codes, taken):
    voters = people(1)
    vote = open_it(listed=[{**each, "besides": False} for each in LISTED], most_envelopes=most)
    chosen = [f"{code}.01" for code in codes]
    if taken:
        assert cast(vote, voters[0], *chosen).counts
    else:
        with pytest.raises(Refused):
            cast(vote, voters[0], *chosen)


def test_only_where_one_lives():
    phase = build(envelopes_at_home=True)
    [north], [south] = living_in("nord", 1), living_in("sued", 1)
    vote = actions.open_vote(phase=phase, at=timezone.now())
    cast(vote, north, "A.01", "B.01")
    with pytest.raises(Refused, match="people who live there"):
        cast(vote, south, "A.01", "B.01")
    cast(vote, south, "C.01")


def mixed_count(**about):
    """12 ballots: the city's projects 7 to 5; in the north 4 and 3, one ballot in the south."""
    voters = people(12)
    vote = open_it(**about)
    for number, person in enumerate(voters):
        codes = ["A.01" if number < 7 else "A.02"]
        codes += ["B.01"] if number < 4 else ["B.02"] if number < 7 else ["C.02"] if number == 7 else []
        cast(vote, person, *codes)
    actions.mix_and_publish(vote=vote, at=timezone.now())
    return counted(vote)


def test_every_envelope_is_counted_by_itself_and_the_program_agrees():
    tally = mixed_count()
    result = tally.result
    assert (result["ballots"], result["incomplete"], result["rule"]) == (12, 0, "each_envelope")
    assert result["selected"] == [
        "A.01",
        "B.01",
        "C.02",
    ]  # equal shares in the north cannot pay 6000 with three voters
    assert [(p["code"], p["rule"], p["ballots"], p["selected"]) for p in result["envelopes"]] == [
        ("A", "greedy_cost", 12, ["A.01"]), ("B", "mes_cost", 7, ["B.01"]), ("C", "greedy_cost", 1, ["C.02"]),
    ]  # fmt: skip
    assert set(part_tally(tally, "B").result["compared"]) >= {"mes_cost", "greedy_cost", "phragmen_x"}
    board = board_of(tally)
    found = verify.verify(board)
    assert found["winners"] == result["selected"] and any("envelope B" in said for said in found["checks"])
    options = actions.options_of(tally.vote)
    north = part_tally(tally, "B")
    mine = [option for option in options if option.code.startswith("B.")]
    pb = "".join(pabulib_file(north.vote, north, mine))
    assert "budget;10000" in pb and "subunit;" in pb and "A.01" not in pb and "num_votes;7" in pb
    assert len(list(ballots_csv(north.vote, mine))) == 8
    assert next(ballots_csv(tally.vote, options)) == "ballot,projects,counted_in\n"
    part = json.loads("".join(files.ballots_json(north.vote, north)))
    assert (
        len(part["ballots"]) == 7
        and part["config"]["rule"] == "mes_cost"
        and part["config"]["envelope"] == "B"
    )


class Arrival:
    """What a data package asks of the city it arrives in, as far as votes go."""

    def __init__(self, phase):
        self.to, self.waiting = phase, {}

    def phase(self, key):
        return self.to

    def contribution(self, receipt, where):
        return Contribution.objects.get(receipt=receipt)

    def later(self, what, *about):
        self.waiting.setdefault(what, []).append(about)


def test_a_data_package_brings_the_envelopes_and_their_counts():
    tally = mixed_count()
    process = tally.vote.phase.process
    lines = [json.loads(json.dumps(line)) for line in data_package._votes(process)]
    ballots = list(data_package._ballots(process))
    old = Vote.objects.get(pk=tally.pk)
    arrival: Any = Arrival(build(slug="anderswo", listed=()))
    CastBallot.objects.all().delete()
    data_package._load_vote(data_package._vote(lines[0], ""), arrival)
    for ballot in ballots:
        data_package._load_ballot(ballot, arrival)
    data_package._finish(arrival)  # refuses ballots that were not counted
    vote = Vote.objects.get(phase__process__slug="anderswo")
    assert vote.envelopes == old.envelopes and vote.most_envelopes == 1
    assert part_tally(vote.tally, "B").result == part_tally(tally, "B").result


def tampered_leaf(board):
    leaf = next(leaf for leaf in board["leaves"] if leaf.get("choice") == ["A.01", "B.01"])
    leaf["choice"] = ["A.01", "C.01"]


def tampered_project(board):
    """The project is listed in the other envelope, with its ballots."""
    north, south = board["config"]["envelopes"][1:]
    south["projects"].append(north["projects"].pop())


def tampered_letter(board):
    """The project is listed there under a letter of that envelope, everywhere but in the leaves, which are committed to."""
    tampered_project(board)
    board["config"]["envelopes"][2]["projects"][-1] = "C.03"
    for project in board["config"]["projects"]:
        project["code"] = "C.03" if project["code"] == "B.02" else project["code"]


def tampered_most(board):
    board["config"]["most_envelopes"] = 0


def tampered_rule(board):
    """By most votes first the south's winner would be the same, the north's is not."""
    board["config"]["envelopes"][1]["rule"] = "greedy_cost"


def tampered_sum(board):
    board["config"]["envelopes"][1]["amount"] = "9000"


def tampered_ballots(board):
    board["result"]["envelopes"][2]["ballots"] = 2


TAMPERED = (
    tampered_leaf, tampered_project, tampered_letter, tampered_most, tampered_rule, tampered_sum, tampered_ballots,
)  # fmt: skip


def test_what_the_program_finds():
    board = board_of(mixed_count())
    verify.verify(board)
    for tamper in TAMPERED:
        changed = copy.deepcopy(board)
        tamper(changed)
        with pytest.raises(verify.Wrong):
            verify.verify(changed)
            pytest.fail(tamper.__name__)


@pytest.mark.parametrize("kind", ["points", "ranking"])
def test_points_and_rankings_in_envelopes(kind):
    rule = {"points": "mes_cum", "ranking": "greedy_borda"}[kind]
    listed = [{**each, "rule": rule, "points": 5, "max_choices": None, "min_choices": 2} for each in LISTED]
    voters = people(3)
    vote = open_it(listed=listed, kind=kind)
    known = keys(vote)
    for number, person in enumerate(voters):
        codes = ["A.01", "A.02", "B.02", "B.01"] if number else ["B.01", "A.02", "A.01", "B.02"]
        chosen = [known[code] for code in codes]
        actions.cast(
            vote=vote, by=person, at=timezone.now(),
            chosen=chosen if kind == "ranking" else {key: 2 + (key == chosen[0]) for key in chosen},
        )  # fmt: skip
    if kind == "points":
        with pytest.raises(Refused, match="North"):
            cast(vote, voters[0], points={"B.01": 3, "B.02": 3})
    tally = counted(vote)
    assert [part["ballots"] for part in tally.result["envelopes"]] == [3, 3, 0]
    assert verify.verify(board_of(tally))["winners"] == tally.result["selected"]


def test_invented_ballots_of_a_dry_run_keep_to_the_envelopes():
    people(1)
    vote = open_it()
    options = actions.options_of(vote)
    papers = [rehearsal._ballot(vote, options, Random(number)) for number in range(30)]
    assert actions.enter_ballots(vote=vote, ballots=papers) == 30
    assert {len(envelopes.voted_in(envelopes.sections_of(vote, options), paper)) for paper in papers} <= {
        0,
        1,
        2,
    }


def test_shares_of_places_feed_the_sums():
    listed = [{**CITY, "amount": ""}, {**NORTH, "amount": ""}, {**SOUTH, "amount": ""}]
    shares = [{"place": "nord", "amount": "12000.01"}, {"place": "sued", "amount": "7999.99"}]
    phase = build(listed=listed, by_place=shares)
    assert phase.kind.gaps(phase) == []
    vote = actions.open_vote(phase=phase, at=timezone.now())
    assert [each["amount"] for each in vote.envelopes] == [
        "30000",
        "12000.01",
        "7999.99",
    ] and vote.reserves == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"paper": "paper", "envelopes_at_home": True}, "no ballot out of a box says where somebody lives"),
        ({"budget": 60_000}, "together be the budget"),
        ({"most_envelopes": 3}, "In how many"),
        ({"reserves": [{"theme": "youth", "percent": 10}]}, "not both"),
        ({"compares": True}, "No comparison"),
        ({"listed": LISTED[1:], "budget": 20_000}, "belong to no other"),
        ({"listed": [CITY, NORTH, {**NORTH, "amount": "10000"}]}, "in one envelope only"),
        ({"listed": [CITY, NORTH, {**SOUTH, "rule": "mes_cum"}]}, "A rule for envelope 3"),
        ({"listed": [CITY, {**NORTH, "amount": ""}, {**SOUTH, "amount": ""}]}, "only one may take"),
        ({"listed": [CITY, NORTH, {**SOUTH, "name": {"de": "Süd", "en": ""}}]}, "name of envelope 3"),
    ],
)
def test_what_the_studio_finds_missing(change, said):
    phase = build(**change)
    assert any(said in str(gap.words) for gap in phase.kind.gaps(phase))
    if "belong to no other" not in said:
        assert not plan.is_ready(phase, plan.proposals_for(phase))


def test_a_project_belongs_to_the_nearest_place_then_to_its_theme():
    build()
    theme = {**CITY, "theme": "youth"}
    listed = envelopes.read([{**CITY}, theme, {**NORTH, "place": "dorf"}, {**SOUTH}])
    at_home = [envelopes.home_of(listed, place, "youth").code for place in ("sued", "nord", "anderswo")]
    assert at_home == ["D", "C", "B"]
    assert envelopes.home_of(listed, "anderswo", "sport").code == "A"
    assert envelopes.home_of(listed[1:2], "anderswo", "sport") is None
    assert envelopes.sums(listed, Decimal(70_000), ())[0] == 30_000
