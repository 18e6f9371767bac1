"""A vote counted by every rule: chosen in the studio, told on every page, compared, downloaded and counted again."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from cocreation.methods import methods
from cocreation.models import Phase
from proposals.ballots import actions, counting, panels, results, telling, words
from proposals.ballots.board import files
from proposals.ballots.models import BallotOption, CastBallot, Tally, Vote
from proposals.ballots.rulebook import SPOKEN, rules_for
from proposals.ballots.tally import LOT, Ballot, BallotKind, Profile, Project, count, drawn_by_lot
from proposals.models import Proposal
from tests.proposals.ballots.test_verify_counts import verify
from tests.proposals.ballots.voting import build_phase, build_vote, keys_by_cost, let_it_end, people

pytestmark = pytest.mark.django_db

RULES = [rule.slug for rule in rules_for(BallotKind.APPROVAL)]
RESULT = "/en/processes/wahl/result/"
# Sixty want two parks, forty want a rink: whoever goes by the most votes gives everything to the sixty.
COSTS = (40_000, 41_000, 45_000)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def two_groups(**options: Any) -> Vote:
    vote = build_vote(costs=COSTS, budget=120_000, **options)
    key = keys_by_cost(vote)
    actions.enter_ballots(vote=vote, ballots=[[key[40_000], key[41_000]]] * 60 + [[key[45_000]]] * 40)
    let_it_end(vote)
    return vote


def counted(vote: Vote) -> Tally:
    actions.close_and_count(vote=vote, at=timezone.now())
    return actions.publish_tally(Tally.objects.get(pk=vote.pk), at=timezone.now())


def winners(tally: Tally) -> set[int]:
    codes = tally.result["selected"]
    options = BallotOption.objects.filter(vote=tally.pk, code__in=codes)
    return {int(option.cost) for option in options}


# --- what is counted ---


@pytest.mark.parametrize("rule", RULES)
def test_a_vote_is_counted_by_the_rule_that_was_fixed_at_its_opening(rule):
    vote = two_groups(rule=rule)
    Phase.objects.filter(pk=vote.pk).update(options={})  # what stands in the studio later does not matter
    tally = counted(vote)
    assert tally.rule == tally.result["rule"] == rule
    assert (45_000 in winners(tally)) is SPOKEN[rule].is_proportional
    assert tally.result["compared"][rule]["selected"] == sorted(tally.result["selected"])


def test_the_minority_gets_its_project_by_equal_shares_and_the_page_says_who_paid():
    counted(two_groups(rule="mes_cost"))
    page = text(Client().get(RESULT))
    assert "Everyone had €1,200 to pay with: the budget shared out equally." in page
    assert "All 60 people who chose it paid about €666.67 each." in page
    # 60 people have 533.33 left each after the first park.
    assert "Those who chose it had €32,000 left together. It costs €41,000, so €9,000 were missing." in page


def test_who_had_less_left_is_told_apart_from_who_paid_in_full():
    vote = build_vote(costs=(4_800, 2_800), budget=10_000, rule="mes_cost")
    key = keys_by_cost(vote)
    both, one = [key[4_800], key[2_800]], [key[4_800]]
    actions.enter_ballots(vote=vote, ballots=[both] * 4 + [one] * 4 + [[key[2_800]]] * 2)
    let_it_end(vote)
    page = text(Client().get(RESULT))
    # 10 people have 1,000 each. 8 pay 600 for the first project; 4 of them have 400 left for the second.
    assert "All 8 people who chose it paid €600 each." in page
    assert (
        "2 of the 6 people who chose it paid €600 each. 4 more gave all they had left, together €1,600."
        in page
    )
    assert 'aria-label="2 paid the full part, 4 gave what they had left, 0 had nothing left"' in page


def test_the_added_money_is_told_where_shares_are_raised():
    vote = build_vote(costs=(40_000, 41_000), budget=120_000, rule="add1_cost")
    keys = list(vote.options.values_list("pk", flat=True))
    actions.enter_ballots(vote=vote, ballots=[keys] * 60 + [keys[:1]] * 40)
    let_it_end(vote)
    tally = counted(vote)
    # The first project costs everyone 400, the second each of the 60 another 683.33: no more than 1,200.
    assert (tally.result["added"], len(tally.result["selected"])) == (0, 2)
    assert "the budget shared out equally." in telling.each_sentence(tally.vote, tally.result)
    vote = build_vote(slug="zwei", costs=(40_000, 41_000), budget=120_000, rule="add1_cost")
    keys = list(vote.options.values_list("pk", flat=True))
    actions.enter_ballots(vote=vote, ballots=[keys[:1]] * 60 + [keys[1:]] * 30 + [keys[:1]] * 30)
    let_it_end(vote)
    tally = counted(vote)
    # 30 people need 1,366.67 each for theirs and have 1,000: 367 more for everyone.
    assert (tally.result["added"], len(tally.result["selected"])) == (367, 2)
    said = telling.each_sentence(tally.vote, tally.result)
    assert said.startswith(
        "Everyone had €1,367 to pay with: €1,000 is the budget shared out equally, and €367 was"
    )


def test_what_the_other_rules_would_have_chosen_is_computed_with_the_count_and_only_read_by_the_page(
    monkeypatch,
):
    vote = two_groups(rule="greedy_cost")
    tally = counted(vote)
    compared = tally.result["compared"]
    assert list(compared) and set(compared) == set(RULES)
    assert compared["greedy_cost"]["reached"] == 60 and compared["mes_cost"]["reached"] == 100
    monkeypatch.setattr(counting, "count", None)
    page = text(Client().get(RESULT))
    assert "What other rules would have chosen" in page
    row = page[page.index("People who get at least one of their projects") :]
    assert row.index("60%") < row.index("100%")


def test_a_count_of_an_earlier_version_shows_its_result_without_the_comparison():
    tally = counted(two_groups())
    for name in ("compared", "each", "added"):
        tally.result.pop(name)
    tally.save(update_fields=["result"])
    page = text(Client().get(RESULT))
    assert "2 projects get the money" in page and "What other rules" not in page


@pytest.mark.parametrize("rule", RULES)
def test_the_download_names_the_rule_and_counting_it_again_gives_the_same(rule, tmp_path):
    tally = counted(two_groups(rule=rule, tie_rule=LOT))
    body = Client().get(f"{RESULT}ballots.pb").getvalue().decode()
    assert f"counted_by;{rule}\n" in body and "vote_type;approval\n" in body
    file = tmp_path / "wahl.pb"
    file.write_text(body)
    out = io.StringIO()
    call_command("pb", str(file), "--json", "--rule", rule, stdout=out)
    report = json.loads(out.getvalue())
    assert report["selected"] == tally.result["selected"] and report["cost"] == tally.result["cost"]
    assert f"--rule {rule}" in text(Client().get(f"{RESULT}count-yourself/"))


@pytest.mark.parametrize("rule", RULES)
def test_the_program_counts_a_whole_vote_of_every_rule_from_its_board(rule):
    voters = people(20)
    vote = build_vote(costs=(9_000, 9_000, 9_000, 0), budget=20_000, rule=rule, tie_rule=LOT)
    keys = list(vote.options.order_by("position").values_list("pk", flat=True))
    for number, person in enumerate(voters):
        actions.cast(vote=vote, by=person, chosen=[keys[number % 4], keys[3]], at=timezone.now())
    let_it_end(vote)
    tally = counted(vote)
    board = json.loads("".join(files.board_file(tally.vote, tally)))
    assert verify.verify(board)["winners"] == tally.result["selected"]
    board["config"]["lot_seed"] = "0" * 64
    with pytest.raises(verify.Wrong, match="promised"):
        verify.verify(board)


@pytest.mark.parametrize("rule", RULES)
def test_a_vote_nobody_took_part_in_is_counted_and_told(rule):
    vote = build_vote(rule=rule, tie_rule=LOT)
    let_it_end(vote)
    tally = counted(vote)
    assert tally.result["ballots"] == 0 and tally.result["compared"][rule]["reached"] == 0
    assert Client().get(RESULT).status_code == 200
    board = json.loads("".join(files.board_file(tally.vote, tally)))
    assert verify.verify(board)["winners"] == tally.result["selected"]


# --- the lot ---


def test_the_lot_is_promised_at_the_opening_and_told_with_the_count():
    voter = people(1)[0]
    vote = build_vote(costs=(5_000,) * 6, budget=15_000, tie_rule=LOT)
    assert len(vote.lot_promise) == 64 and vote.lot_seed == ""
    assert files.heads_file(vote)["lot_promise"] == vote.lot_promise
    assert files.config_of(vote)["lot_seed"] is None
    client = Client()
    client.force_login(voter)
    assert vote.lot_promise in text(client.get("/en/processes/wahl/ballot/"))
    key = list(vote.options.values_list("pk", flat=True))
    actions.enter_ballots(vote=vote, ballots=[[pk] for pk in key])
    let_it_end(vote)
    tally = counted(vote)
    vote.refresh_from_db()
    assert hashlib.sha256(vote.lot_seed.encode()).hexdigest() == vote.lot_promise
    lot = drawn_by_lot(vote.lot_seed)
    drawn = sorted((Project(option.code, 5_000) for option in vote.options.all()), key=lot.key)
    assert tally.result["selected"] == [project.id for project in drawn[:3]]
    assert vote.lot_seed in text(Client().get(RESULT))


def test_two_votes_have_different_lots_and_a_vote_without_a_lot_promises_none():
    one, two = build_vote(slug="eins", tie_rule=LOT), build_vote(slug="zwei", tie_rule=LOT)
    assert one.lot_promise != two.lot_promise
    assert build_vote(slug="drei").lot_promise == ""


@pytest.mark.parametrize(
    "change",
    [
        {"lot_seed": "1" * 64},  # before the count
        {"lot_promise": ""},
        {"tie_rule": "lexicographic_id"},
    ],
)
def test_the_database_keeps_the_promise_of_an_open_vote(change):
    vote = build_vote(tie_rule=LOT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.filter(pk=vote.pk).update(**change)


def test_the_database_refuses_another_lot_than_the_promised_one():
    vote = build_vote(tie_rule=LOT)
    actions.enter_ballots(vote=vote, ballots=[[vote.options.first().pk]])
    let_it_end(vote)
    counted(vote)
    seed = Vote.objects.get(pk=vote.pk).lot_seed
    for other in ("f" * 64, ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.filter(pk=vote.pk).update(lot_seed=other)
    assert Vote.objects.get(pk=vote.pk).lot_seed == seed


# --- words ---


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_rule_has_its_own_words_in_both_languages(language):
    with translation.override(language):
        names = [str(rule.name) for rule in SPOKEN.values()]
        does = [str(rule.does) for rule in SPOKEN.values()]
    assert len(set(names)) == len(names) == 11
    assert all("%(budget)s" in said for said in does)
    if language == "de":
        assert not any("Everyone" in said or "We go" in said for said in does)


@pytest.mark.parametrize("rule", RULES)
def test_the_ballot_the_process_and_the_result_say_the_rule(rule):
    voter = people(1)[0]
    vote = build_vote(rule=rule)
    client = Client()
    client.force_login(voter)
    first = words.rule_sentences(vote)[0]
    assert "€50,000" in first and first in text(client.get("/en/processes/wahl/ballot/"))
    name = str(SPOKEN[rule].name)
    assert f"It will be counted by: {name}." in text(client.get("/en/processes/wahl/"))
    actions.enter_ballots(vote=vote, ballots=[[vote.options.first().pk]])
    let_it_end(vote)
    counted(vote)
    assert f"Counted by: {name}." in text(client.get("/en/processes/wahl/"))
    page = text(client.get(RESULT))
    assert first in page and name in page


def test_the_life_record_of_a_project_says_by_which_rule_and_why_only_once_the_count_is_public():
    vote = two_groups(rule="mes_cost")
    park, rink = (vote.options.get(cost=cost).proposal for cost in (41_000, 45_000))
    actions.close_and_count(vote=vote, at=timezone.now())
    lost, won = (Proposal.objects.get(pk=proposal.pk) for proposal in (park, rink))
    Tally.objects.update(published_at=None)
    assert panels.of_record(lost) == []
    counted(vote)
    (entry,) = panels.of_record(lost)
    assert entry.words == "The votes were counted by the rule “Equal shares”"
    assert "€9,000 were missing" in str(entry.why) and entry.url.startswith("/en/processes/wahl/result/")
    assert "All 40 people who chose it paid €1,125 each." in str(panels.of_record(won)[0].why)
    page = text(Client().get(f"/en/r/{lost.receipt}/"))
    assert "counted by the rule “Equal shares”" in page


def test_points_are_told_as_points_and_never_as_people():
    vote = Vote(rule="mes_cum", budget=100)
    profile = Profile(
        (Project("a", 30), Project("b", 90)),
        {Ballot(("a", "b"), (3, 1)): 2, Ballot(("b",), (4,)): 1},
        BallotKind.CUMULATIVE,
    )
    result = counting.stored(count("mes_cum", profile, 100), {})
    told = [telling.tell(vote, turn, funded=turn["outcome"] == "funded") for turn in result["rounds"]]
    assert told[0] == "6 points. 2 people paid €5 for each of their points."
    assert told[1] == "6 points. Those who chose it had €70 left together. It costs €90, so €20 were missing."
    assert all(telling.payers(vote, turn) is None for turn in result["rounds"])


def test_saving_together_is_told_by_when_it_was_enough():
    vote = Vote(rule="phragmen_x", budget=10)
    profile = Profile.of([Project("a", 6), Project("b", 9), Project("c", 1)], [["a"]] * 3 + [["b"]] * 2)
    result = counting.stored(count("phragmen_x", profile, 10), {})
    told = [telling.tell(vote, turn, funded=turn["outcome"] == "funded") for turn in result["rounds"]]
    assert told == [
        "3 votes. Those who chose it had saved €6 together, when everyone had got €2 since the beginning.",
        "2 votes. €9 did not fit into the €4 that were left; €5 were missing.",
        "0 votes. Nobody chose it, so nobody saved for it.",
    ]


# --- ballots of every kind ---


def test_equal_ballots_meet_whatever_their_order_except_in_a_ranking():
    approval, points, ranking = BallotKind.APPROVAL, BallotKind.CUMULATIVE, BallotKind.ORDINAL
    assert counting.ballot_of(approval, ["b", "a"]) == counting.ballot_of(approval, ["a", "b"])
    assert counting.ballot_of(points, ["b", "a"], [1, 2]) == counting.ballot_of(points, ["a", "b"], [2, 1])
    assert counting.ballot_of(points, ["b", "a"], [1, 2]) != counting.ballot_of(points, ["b", "a"], [2, 1])
    assert counting.ballot_of(ranking, ["b", "a"]) != counting.ballot_of(ranking, ["a", "b"])
    with pytest.raises(ValueError):
        counting.ballot_of(points, ["b", "a"], [1])


# --- the studio ---


def test_the_studio_offers_every_rule_with_a_sentence_and_a_gap_where_it_is_unknown():
    phase = build_phase()
    assert not [gap for gap in methods.get("ballot").gaps(phase) if gap.field == "rule"]
    wrong: list[dict[str, Any]] = [{"rule": "dice"}, {"rule": "mes_cum"}, {"tie_rule": "oldest_first"}]
    for number, options in enumerate(wrong):
        phase = build_phase(slug=f"process-{number}", **options)
        assert [gap for gap in methods.get("ballot").gaps(phase) if gap.field == "rule"]
    for rule in RULES:
        assert str(SPOKEN[rule].suits)


def test_reserved_shares_are_compared_honestly():
    vote = build_vote(reserves=[{"theme": "green", "percent": 20}])
    actions.enter_ballots(vote=vote, ballots=[[vote.options.first().pk]])
    let_it_end(vote)
    tally = counted(vote)
    told = results.comparison(tally, results.rounds_of(tally, actions.options_of(tally.vote)))
    assert told is not None and told["reserves"]
    assert CastBallot.objects.count() == 1
