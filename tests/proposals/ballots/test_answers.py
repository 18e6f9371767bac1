"""A vote on questions from the studio to the result: set up, frozen, practised, cast, changed, refused, counted, checked."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from cocreation.actions import change_phase
from cocreation.models import Phase
from groundwork.answer import Refused
from proposals.ballots import actions, question_studio, questions, rehearsal
from proposals.ballots.board import files
from proposals.ballots.models import CastBallot, Slot, Tally, Vote
from quartier.builders import give_role, make_person
from tests.cocreation.test_studio import change
from tests.proposals.ballots.asking import (
    AS_IT_IS,
    ASKED,
    BATHS_LINE,
    FOUNTAIN,
    MARKET,
    MARKET_LINE,
    SQUARE,
    TREES,
    ask,
    ask_later,
)
from tests.proposals.ballots.test_answers_count import verify
from tests.proposals.ballots.test_kind_pages import BALLOT, HERE, signed_in, text
from tests.proposals.ballots.voting import DAY, let_it_end, people, stored

pytestmark = pytest.mark.django_db

STUDIO = "/en/studio/wahl/sections/questions/"
FULL = {MARKET_LINE: 1, BATHS_LINE: 2, TREES: 6, FOUNTAIN: 3}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def cast(vote: Vote, person: Any, given: dict[int, int]) -> Any:
    return actions.cast(vote=vote, by=person, chosen=given, at=timezone.now())


def own(vote: Vote, person: Any) -> Any:
    return actions.own_choice(vote, person, actions.options_of(vote))


def counted(vote: Vote, ballots: list[dict[int, int]]) -> Tally:
    actions.enter_ballots(vote=vote, ballots=ballots)
    let_it_end(vote)
    tally = actions.close_and_count(vote=vote, at=timezone.now())
    assert tally is not None
    return actions.publish_tally(tally, at=timezone.now())


def board_of(vote: Vote, tally: Tally | None) -> Any:
    return json.loads("".join(files.board_file(Vote.objects.get(pk=vote.pk), tally)))


def loaded(client: Client, name: str) -> bytes:
    response: Any = client.get(f"/en/processes/wahl/result/{name}")
    return b"".join(response.streaming_content)


def fields(**given: Any) -> dict[str, Any]:
    """fields(line1=2): the fields of the form of a ballot."""
    return {f"answer-{line.removeprefix('line')}": value for line, value in given.items()}


# --- set up and frozen ---


def form_of(phase: Phase, asked: list[dict[str, Any]]) -> dict[str, Any]:
    """What a browser sends for these questions."""
    sent: dict[str, Any] = {}
    for number, one in enumerate(asked, start=1):
        start = f"{phase.key}-q{number}_"
        answers = one.get("answers", [])
        for code in ("de", "en"):
            sent[f"{start}text_{code}"] = one["text"][code]
            sent[f"{start}about_{code}"] = one["about"][code]
            sent[f"{start}answers_{code}"] = "\r\n".join(answer[code] for answer in answers)
        sent |= {f"{start}{key}": one.get(key) or "" for key in ("form", "majority", "quorum", "percent")}
        sent[f"{start}place"] = number
    return sent


def test_questions_are_written_in_the_studio_one_after_the_other():
    phase = ask_later(starts=DAY, ends=2 * DAY, questions=[])
    assert [gap.field for gap in phase.kind.gaps(phase)] == ["questions"]
    admin = signed_in(make_person("chef", "Chefin"))
    assert admin.get(STUDIO).status_code in (403, 404)
    boss = make_person("ada", "Ada")
    give_role(boss, "admin")
    admin = signed_in(boss)
    page = text(admin.get(STUDIO))
    assert "One more question" in page and "On paper people can only choose projects" in page
    assert "/sections/budget/" not in page  # there is no money in it
    for n in range(1, len(ASKED) + 1):
        assert admin.post(STUDIO, form_of(phase, ASKED[:n])).status_code == 302
        assert Phase.objects.get(pk=phase.pk).opts.questions == ASKED[:n]
    phase = Phase.objects.get(pk=phase.pk)
    assert phase.kind.gaps(phase) == []
    # The last one comes first, the first one goes.
    sent = form_of(phase, ASKED) | {f"{phase.key}-q3_place": 1, f"{phase.key}-q1_gone": "on"}
    assert admin.post(STUDIO, sent).status_code == 302
    assert Phase.objects.get(pk=phase.pk).opts.questions == [SQUARE, ASKED[1]]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"q1_text_en": ""}, "write the question in this language, too"),
        ({"q1_about_de": "Nur deutsch"}, "explain it in this language, too"),
        ({"q2_percent": ""}, "whole number from 1 to 100"),
        ({"q2_percent": "101"}, "whole number from 1 to 100"),
        ({"q3_answers_en": "Only one"}, "from 2 to 10 options"),
        ({"q3_answers_en": "With lime trees\nWith a fountain"}, "as many options in both languages"),
        ({"q3_answers_de": "Linden\nLinden\nBrunnen"}, "stands here twice"),
        ({"q1_form": "smell"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_at_its_field_and_nothing_changes(wrong, says):
    phase = ask_later(starts=DAY, ends=2 * DAY)
    boss = make_person("ada", "Ada")
    give_role(boss, "admin")
    sent = form_of(phase, ASKED) | {f"{phase.key}-{name}": value for name, value in wrong.items()}
    response = signed_in(boss).post(STUDIO, sent)
    assert response.status_code == 422 and says in text(response)
    assert Phase.objects.get(pk=phase.pk).options == phase.options


def test_from_the_opening_on_no_question_changes_by_any_way():
    vote = ask()
    phase = Phase.objects.select_related("process").get(pk=vote.pk)
    boss = make_person("ada", "Ada")
    give_role(boss, "admin")
    before = list(Vote.objects.values()), list(Phase.objects.values())
    page = text(signed_in(boss).get(STUDIO))
    assert "stop this process in public" in page
    assert signed_in(boss).post(STUDIO, form_of(phase, ASKED[:1])).status_code == 403
    with pytest.raises(Refused, match="The vote has opened"):
        question_studio.set_questions(phase=phase, asked=ASKED[:1], by=boss, at=timezone.now())
    options = replace(phase.opts, questions=ASKED[:1])
    with pytest.raises(Refused, match="The vote has opened"):
        change_phase(phase=phase, change=change(phase, options=options), by=boss, at=timezone.now())
    assert (list(Vote.objects.values()), list(Phase.objects.values())) == before
    Phase.objects.filter(pk=phase.pk).update(options=phase.options | {"questions": [MARKET]})
    assert Vote.objects.get(pk=vote.pk).questions == ASKED  # also where somebody changes the row of the phase


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ([], "The questions of the vote"),
        ([MARKET | {"text": {"de": "Nur deutsch?", "en": ""}}], "text of question 1"),
        ([SQUARE | {"answers": SQUARE["answers"][:1]}], "From 2 to 10 options"),
        ([MARKET | {"quorum": "yes", "percent": 0}], "percentage of the quorum"),
        ([MARKET] * 11, "At most 10 questions"),
    ],
)
def test_what_cannot_be_answered_is_a_gap_and_does_not_open(asked, says):
    phase = ask_later(questions=asked)
    assert any(says in str(gap.words) for gap in phase.kind.gaps(phase))
    with pytest.raises(Refused, match=says):
        actions.open_vote(phase=phase, at=timezone.now())
    assert not Vote.objects.exists() and not Slot.objects.exists()


def test_a_vote_on_questions_cannot_be_held_on_paper_and_the_studio_says_so():
    phase = ask_later(paper="paper")
    assert any("On paper people can only choose projects" in str(gap.words) for gap in phase.kind.gaps(phase))


@pytest.mark.parametrize("wrong", [{"form": "smell"}, {"majority": "most"}, {"percent": "x"}, {"text": "?"}])
def test_questions_that_cannot_be_read_are_refused(wrong):
    with pytest.raises(ValueError):
        questions.read([MARKET | wrong])


def test_the_database_knows_no_questions_without_their_kind_and_no_budget_of_nothing():
    vote = ask()
    wrongs: list[dict[str, Any]] = [{"questions": []}, {"kind": "approval"}, {"budget": -1}]
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.filter(pk=vote.pk).update(**wrong)


# --- cast ---


def test_answers_to_all_questions_are_cast_together_changed_and_read_again():
    voter = people(1)[0]
    vote = ask()
    tag = [tag for tag, _choice in stored(vote)]
    state = cast(vote, voter, FULL)
    assert own(vote, voter) == FULL == state.chosen and state.counts and state.spent == 3
    cast(vote, voter, {BATHS_LINE: 3})
    assert own(vote, voter) == {BATHS_LINE: 3}
    after = stored(vote)
    assert [tag for tag, _choice in after] == tag and {len(choice) for _tag, choice in after if choice} == {
        560
    }


@pytest.mark.parametrize("given", [{MARKET_LINE: 4}, {TREES: 7}, {99: 1}, {MARKET_LINE: -1}])
def test_an_answer_that_cannot_be_given_is_refused_and_nothing_changes(given):
    voter = people(1)[0]
    vote = ask()
    cast(vote, voter, FULL)
    before = stored(vote)
    with pytest.raises(Refused):
        cast(vote, voter, given)
    assert stored(vote) == before


def test_questions_are_answered_without_any_script_and_taken_back():
    voter = people(1)[0]
    vote = ask()
    client = signed_in(voter)
    page = text(client.get(BALLOT))
    assert "Answer the questions" in page and "They cost 90,000 € a year." in page and "0 of 3" in page
    assert "at least two thirds" in page and "20% of all who may vote must say yes" in page
    page = text(client.post(BALLOT, fields(line1=1, line3=6, line4=3), follow=True))
    assert "Counts now" in page and "You have answered 2 questions" in page and "2 of 3" in page
    assert own(vote, voter) == {MARKET_LINE: 1, TREES: 6, FOUNTAIN: 3}
    assert page.count(" checked") == 3
    client.post(BALLOT, fields(line1=1, line3=6, line4=3) | {"step": "3:clear"})
    assert own(vote, voter) == {MARKET_LINE: 1}
    page = text(client.post(BALLOT, {}, follow=True))
    assert own(vote, voter) == {} and "Nothing chosen yet" in page
    fragment = client.post(BALLOT, fields(line2=3), headers={"X-Requested-With": "fetch"})
    assert "Counts now" in text(fragment) and "<html" not in text(fragment)


@pytest.mark.parametrize(
    "form", [{"answer-1": "4"}, {"answer-1": "yes"}, {"answer-99": "1"}, {"answer-x": "1"}]
)
def test_a_form_with_an_answer_that_is_not_there_is_refused_on_the_page(form):
    voter = people(1)[0]
    vote = ask()
    cast(vote, voter, FULL)
    before = stored(vote)
    response = signed_in(voter).post(BALLOT, form)
    assert response.status_code == 422 and "Not saved" in text(response) and stored(vote) == before


def test_practice_shows_the_questions_and_keeps_nothing():
    ask_later(starts=DAY, ends=2 * DAY)
    visitor, address = Client(**HERE), f"{BALLOT}practice/"
    assert "These are the questions as they stand now" in text(visitor.get(address))
    response = visitor.post(address, fields(line1=2))
    assert response.status_code == 200 and not response.cookies and "Would count" in text(response)
    assert visitor.post(address, fields(line1=9)).status_code == 422
    assert not Slot.objects.exists() and not Vote.objects.exists()
    page = text(visitor.get("/en/processes/wahl/"))
    assert "3 questions will be asked" in page and "ballot/practice/" in page


def test_practice_without_questions_says_what_is_missing():
    ask_later(starts=DAY, ends=2 * DAY, questions=[])
    assert "As soon as the questions are written" in text(Client(**HERE).get(f"{BALLOT}practice/"))


def test_a_visitor_answers_first_and_signs_in_afterwards(django_capture_on_commit_callbacks):
    voter = people(1)[0]
    vote = ask()
    response = Client(**HERE).post(BALLOT, fields(line1=2, line5=1))
    assert all(choice is None for _tag, choice in stored(vote))
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(voter).post(response["Location"])
    assert own(vote, voter) == {MARKET_LINE: 2, AS_IT_IS: 1}


# --- counted ---


def test_every_question_is_counted_by_itself_and_the_program_finds_the_same():
    voters = people(30)
    vote = ask()
    for number, voter in enumerate(voters):
        cast(vote, voter, {MARKET_LINE: 1 if number < 20 else 2, BATHS_LINE: 1 if number < 5 else 2})
    cast(vote, voters[0], {TREES: 5, FOUNTAIN: 5, AS_IT_IS: 1, BATHS_LINE: 3})
    cast(vote, voters[1], {})
    tally = counted(vote, [{TREES: 5, FOUNTAIN: 4}])
    result = tally.result
    market, baths, square = result["questions"]
    assert (result["ballots"], result["incomplete"]) == (31, 1)
    assert market["answers"] == {"q01": [18, 10, 0]} and market["accepted"]
    assert baths["answers"] == {"q02": [3, 25, 1]} and not baths["accepted"] and not baths["majority_reached"]
    assert (
        baths["needed"] == 6 and baths["more_yes"] == 47 and not baths["quorum_reached"]
    )  # 20 % of 30 people
    assert square["ranking"] == ["q03.01", "q03.02", "q03.03"] and square["voters"] == 2
    assert result["selected"] == ["q01", "q03.01"]
    board = board_of(vote, tally)
    found = verify.verify(board)
    assert found["winners"] == result["selected"] and found["votes"]["q01:1"] == 18
    for path, value in (
        (("result", "votes", "q01:1"), 19),
        (("result", "selected"), ["q01", "q02"]),
        (("result", "rankings", "q03"), ["q03.02", "q03.01", "q03.03"]),
        (("config", "eligible"), 3_000_000),
    ):
        tampered = copy.deepcopy(board)
        place = tampered
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        if path == ("config", "eligible"):  # a quorum nobody can reach any more
            tampered["config"]["questions"][0] |= {"quorum": "yes", "percent": 20}
        with pytest.raises(verify.Wrong):
            verify.verify(tampered)


def test_the_program_prints_every_question(tmp_path, capsys):
    tally = counted(ask(), [FULL] * 3)
    path = tmp_path / "board.json"
    path.write_text("".join(files.board_file(tally.vote, tally)))
    assert verify.main([str(path)]) == 0
    out = capsys.readouterr().out
    assert "Shall the market be free of cars?" in out and "ACCEPTED  yes 3, no 0, abstained 0" in out
    assert "WON  With lime trees: from the worst grade to the best 0 0 0 0 0 3" in out


def test_the_files_say_every_answer_and_no_counting_file_is_offered_that_could_not():
    vote = ask()
    tally = counted(vote, [FULL, {BATHS_LINE: 3}, {}])
    client = Client(**HERE)
    body = loaded(client, "ballots.csv").decode()
    rows = sorted(list(csv.reader(io.StringIO(body)))[1:], key=lambda row: row[1:])
    assert body.startswith("ballot,q01,q02,q03.01,q03.02,q03.03,counted\n")
    assert [row[1:] for row in rows] == [
        ["", "", "", "", "", "no"], ["", "abstain", "", "", "", "yes"], ["yes", "no", "6", "3", "", "yes"],
    ]  # fmt: skip
    told = json.loads(loaded(client, "ballots.json"))
    assert told["checksum"] == tally.input_hash
    complete = [ballot["choice"] for ballot in told["ballots"] if ballot["counted"]]
    assert verify.count_again(told["config"], complete) == (
        told["result"]["selected"],
        told["result"]["votes"],
    )
    assert len(told["ballots"]) == 3 and {"ballot", "choice", "counted"} == set(told["ballots"][0])
    assert client.get("/en/processes/wahl/result/ballots.pb").status_code == 404
    page = text(client.get("/en/processes/wahl/result/count-yourself/"))
    assert "ballots.json" in page and "ballots.pb" not in page and "verify.py" in page


def test_programs_read_the_ballots_and_the_result_of_questions():
    vote = ask()
    counted(vote, [FULL, {BATHS_LINE: 3}, {}])
    client = Client(**HERE)
    read = client.get(f"/api/v1/processes/wahl/phases/{vote.phase.key}/ballots").json()["items"]
    assert sorted((each["choice"], each["points"]) for each in read) == [
        ([], []), (["q01", "q02", "q03.01", "q03.02"], [1, 2, 6, 3]), (["q02"], [3]),
    ]  # fmt: skip
    (result,) = client.get("/api/v1/results").json()["items"]
    told = json.loads(loaded(client, "ballots.json"))
    assert result["kind"] == "answers" and result["options"] == []
    assert result["selected"] == told["result"]["selected"]


def test_the_result_says_in_words_what_came_out_and_why():
    vote = ask()
    same = [{TREES: 5, FOUNTAIN: 5}] * 3 + [{TREES: 6, FOUNTAIN: 5}] + [{TREES: 2, FOUNTAIN: 2}]
    ballots = [{MARKET_LINE: 1}] * 4 + [{MARKET_LINE: 2}] * 4 + [{BATHS_LINE: 1}] * 3 + same
    counted(vote, ballots)
    page = text(Client(**HERE).get("/en/processes/wahl/result/"))
    assert "The answers to 3 questions" in page and "16 people voted." in page
    assert "As many said yes as said no: 4 each. That is no majority." in page
    assert "With 1 more vote for yes it would have been accepted." in page
    assert "The quorum is reached" in page or "The quorum is missed" in page
    assert "“With lime trees” wins" in page
    assert "4 of 5 give at least “very good”." in page
    assert "“With a fountain” has the same middle grade." in page and "votes-half" not in page
    assert page.count("barsvg") >= 5 and "unsuitable: 5" in page  # nobody graded "as it is": the worst grade
    assert "Not accepted" in text(Client(**HERE).get("/en/results/votes/"))
    assert "With lime trees" in text(Client(**HERE).get("/en/processes/wahl/"))


def test_a_vote_nobody_answered_has_no_winner():
    tally = counted(ask(), [{}])
    assert tally.result["selected"] == []
    page = Client(**HERE).get("/en/processes/wahl/result/")
    assert (
        page.status_code == 200 and "Nobody graded" in text(page) and "Nobody said yes or no." in text(page)
    )
    assert verify.verify(board_of(tally.vote, tally))["winners"] == []


def test_the_receipt_and_the_board_say_the_answers_in_words():
    voter = people(1)[0]
    vote = ask()
    cast(vote, voter, FULL)
    client = signed_in(voter)
    says = [
        "Shall the market be free of cars?: Yes",
        "What shall the square be like? – With lime trees: excellent",
    ]
    page = text(client.get(f"{BALLOT}receipt/"))
    assert all(f"<li>{said}</li>" in page for said in says)
    code = client.get(f"{BALLOT}receipt/?as=json").json()["code"]
    receipt = client.get(f"{BALLOT}receipt/?as=json").json()
    assert client.get(f"{BALLOT}receipt/?as=pdf").content.startswith(b"%PDF")
    tally = counted(vote, [])
    page = text(client.get(f"/en/processes/wahl/board/?code={code}"))
    assert "was counted" in page and all(said in page for said in says)
    assert "is yours and counts" in " ".join(verify.verify(board_of(vote, tally), [receipt])["checks"])


def test_a_dry_run_invents_answers():
    vote = ask()
    options = actions.options_of(vote)
    ballots = [rehearsal._ballot(vote, options, random.Random(seed)) for seed in range(20)]
    actions.enter_ballots(vote=vote, ballots=ballots)
    assert {key for ballot in ballots for key in ballot} == {1, 2, 3, 4, 5}
    assert CastBallot.objects.count() == 0
