"""Ballots on paper of a vote with envelopes: what is printed, what a clerk types for each part, what is counted, and that it all agrees."""

from __future__ import annotations

import copy
import json

import pytest
from django.test import Client
from django.utils import timezone, translation

from cocreation.models import Phase
from groundwork.answer import Refused
from proposals.ballots import actions as ballots
from proposals.ballots import counting, envelopes, plan, publishing
from proposals.ballots.board import files, verify
from proposals.ballots.counting import part_tally
from proposals.ballots.models import CastBallot, Slot, Vote
from proposals.ballots.paperwork import actions, printing
from proposals.ballots.paperwork.ledger import ledger_of
from proposals.ballots.paperwork.models import Batch, PrintRun, Typed, Way
from proposals.ballots.paperwork.parsing import WHOLE, Line, as_parts, read_parts
from tests.proposals.ballots.enveloping import LISTED, build, keys, open_it
from tests.proposals.ballots.paperwork.office import (
    admin,
    clerks,
    client_of,
    enter,
    give,
    hand_out,
    open_batch,
    print_codes,
    take_in,
)
from tests.proposals.ballots.voting import let_it_end, people

pytestmark = pytest.mark.django_db

# The whole city (A) for everybody, and one of the north (B) and the south (C, one project at most).


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def told_of_few(monkeypatch, request):
    """Numbers are told here of the few people a test has, but for the test of that."""
    if "of_few" not in request.node.name:
        monkeypatch.setattr(counting, "enough", lambda people: True)


def cast(vote, person, *codes):
    known = keys(vote)
    return ballots.cast(vote=vote, by=person, chosen={known[code] for code in codes}, at=timezone.now())


def read(vote, **typed):
    return read_parts(
        {WHOLE if code == "whole" else code: text for code, text in typed.items()},
        vote, ballots.options_of(vote),
    )  # fmt: skip


# --- what may be held on paper ---


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"envelopes_at_home": True}, "where somebody lives"),
        ({"kind": "points", "listed": [{**each, "rule": "mes_cum"} for each in LISTED]}, "only choose projects"),
        ({"compares": True}, "No comparison"),
        ({"reserves": [{"theme": "youth", "percent": 10}]}, "not both"),
    ],
)  # fmt: skip
def test_what_paper_and_envelopes_cannot_have_together_is_said_and_nothing_opens(change, said):
    phase = build(paper="paper", **change)
    assert any(said in str(gap.words) for gap in phase.kind.gaps(phase))
    assert not plan.is_ready(phase, plan.proposals_for(phase))
    with pytest.raises(Refused):
        ballots.open_vote(phase=phase, at=timezone.now())
    assert not Vote.objects.filter(pk=phase.pk).exists() and not Slot.objects.exists()


def test_a_vote_with_envelopes_opens_on_paper_too_and_its_page_says_so():
    phase = build(paper="online")
    assert phase.kind.gaps(phase) == []
    people(1)
    vote = ballots.open_vote(phase=phase, at=timezone.now())
    vote = Vote.objects.get(pk=vote.pk)
    assert vote.paper == "online" and len(vote.envelopes) == 3
    page = Client().get("/en/processes/wahl/ballot/").content.decode()
    assert "Voting on paper" in page and "I vote here" in page


# --- what a clerk types ---


def test_every_part_has_a_line_of_its_own():
    vote = open_it(paper="paper")
    assert read(vote, A="1", B="02 b.01") == Line("valid", "", (1, 3, 4), {})
    assert read(vote, A="A.1", C="0") == Line("valid", "", (1,), {"C": "blank"})
    assert read(vote, C="2") == Line("valid", "", (6,), {"A": "blank"})
    assert read(vote, A="x1", B="1") == Line("valid", "", (3,), {"A": "too_much"})
    assert read(vote, A="1", B="x5", C="X5") == Line("valid", "", (1,), {"B": "parts", "C": "parts"})
    assert read(vote, B="x5", C="x5") == Line("invalid", "parts", (), {"A": "blank", "B": "parts", "C": "parts"})  # fmt: skip
    assert read(vote, whole="0") == Line("blank", "", (), {"A": "blank"}) == read(vote, A="0")
    assert read(vote, whole="x3") == Line("invalid", "marked", (), {})


@pytest.mark.parametrize(
    ("typed", "where", "said"),
    [
        ({}, "", "Nothing is typed"),
        ({"A": "1 2"}, "A", "cost more than there is"),
        ({"C": "1 2"}, "C", "at most 1 project. If the ballot really says so, type X1"),
        ({"A": "3"}, "A", "no project with the number 3"),
        ({"B": "C.01"}, "B", "no project with the number C.01"),
        ({"B": "1 01"}, "B", "twice"),
        ({"B": "1", "C": "1"}, "C", "More parts are marked or filled in than one may vote in (1): B, C."),
        ({"B": "1", "C": "0"}, "C", "type X5 in each"),
        ({"B": "x5", "C": "1"}, "C", "type X5 in each"),
        ({"B": "x5"}, "B", "only where they are too many"),
        ({"A": "x5"}, "A", "Here there is X1, X2."),
        ({"A": "x3"}, "A", "Here there is X1, X2."),
        ({"whole": "x1"}, "", "Here there is X2, X3, X4."),
        ({"whole": "x3", "A": "1"}, "", "This stands for the whole ballot"),
        ({"whole": "1"}, "", "type only 0 or X"),
    ],
)
def test_what_is_wrong_with_a_part_is_said_there(typed, where, said):
    vote = open_it(paper="paper")
    found = read(vote, **typed)
    assert isinstance(found, dict) and list(found) == [where]
    assert said in found[where].sentence


@pytest.mark.parametrize(
    "typed",
    [
        {"A": "01", "B": "01 02"}, {"A": "01", "C": "0"}, {"A": "X1", "B": "01"}, {"A": "01", "B": "X5", "C": "X5"},
        {WHOLE: "X2"},
    ],
)  # fmt: skip
def test_a_line_is_shown_again_as_it_was_typed(typed):
    vote = open_it(paper="paper")
    line = read_parts(typed, vote, ballots.options_of(vote))
    assert isinstance(line, Line)
    shown = as_parts(line, envelopes.sections_of(vote, ballots.options_of(vote)))
    assert {code: text for code, text in shown.items() if code in typed} == typed
    assert all(text == "0" for code, text in shown.items() if code not in typed)
    assert read_parts(shown, vote, ballots.options_of(vote)) == line


def test_where_people_vote_in_every_part_nobody_marks_one_and_an_empty_one_is_blank():
    vote = open_it(paper="paper", listed=[{**each, "besides": False} for each in LISTED], most_envelopes=None)
    assert read(vote, A="1", B="1", C="1").parts == {}
    assert read(vote, B="1").parts == {"A": "blank", "C": "blank"} == read(vote, A="0", B="1", C="0").parts
    assert "Here there is X1, X2." in read(vote, B="x5")["B"].sentence


# --- two people, and the sums ---


def handed_out(size, **about):
    voters, staff = people(size), clerks()
    vote = open_it(**{"paper": "paper"} | about)
    for voter in voters:
        hand_out(vote, voter, staff[0])
    return open_batch(vote, Way.DESK, size, staff[0]), staff


def test_mistakes_stand_beside_the_field_of_their_part_and_nothing_is_stored():
    batch, staff = handed_out(1)
    address = f"/en/desk/paper/batches/{batch.pk}/"
    clerk = client_of(staff[0])
    page = clerk.get(address).content.decode()
    for name in ("line-A", "line-B", "line-C", "line"):
        assert f'name="{name}"' in page
    assert "C · South" in page and "Choose at most 1 project." in page
    wrong = clerk.post(address, {"number": 1, "line-A": "1 2", "line-B": "1", "line-C": "7"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "cost more than there is" in page and "number 7" in page
    for name in ("line-A", "line-C"):
        field = page[page.index(f'name="{name}"') :].split(">")[0]
        assert 'aria-invalid="true"' in field, name
    many = clerk.post(address, {"number": 1, "line-B": "1", "line-C": "1"})
    assert many.status_code == 422 and "More parts are marked" in many.content.decode()
    with pytest.raises(Refused):
        actions.type_ballot(batch=batch, number=1, text={"A": "1 2"}, by=staff[0], at=timezone.now())
    assert not Typed.objects.exists() and Batch.objects.get().first_by is None


def test_two_people_agree_part_by_part_and_a_third_decides():
    batch, staff = handed_out(3)
    address = f"/en/desk/paper/batches/{batch.pk}/"
    first, second, third = (client_of(clerk) for clerk in staff)
    for client, south in ((first, "1"), (second, "x2")):
        assert client.post(address, {"number": 1, "line-A": "1", "line-B": "1 2"}).status_code == 302
        assert client.post(address, {"number": 2, "line-A": "2", "line-C": south}).status_code == 302
        assert client.post(address, {"number": 3, "line": "x4"}).status_code == 302
    assert actions.differences(batch) == [2]
    page = third.get(address + "differences/").content.decode()
    assert "A 02 · C 01" in page and "A 02 · C X2" in page
    assert second.post(address + "differences/", {"number": 2, "line-A": "2"}).status_code == 403
    done = third.post(address + "differences/", {"number": 2, "line-A": "2", "line-C": "x2"})
    assert done.status_code == 302
    batch.refresh_from_db()
    assert batch.is_sealed and (batch.valid, batch.blank, batch.invalid) == (2, 0, 1)
    assert batch.parts == {
        "A": {"valid": 2, "foreign": 1},
        "B": {"valid": 1, "unused": 1, "foreign": 1},
        "C": {"unused": 1, "unclear": 1, "foreign": 1},
    }
    assert not Typed.objects.exists()
    page = first.get(address).content.decode()
    assert "0 valid, 0 blank, 2 invalid, 1 did not choose this part" in page
    page = first.get(f"/en/desk/paper/{batch.vote_id}/").content.decode()
    assert "Entered, part by part" in page and "1 · 0 · 1 · 1" in page


# --- from the printer to the result ---

DESK = [
    {"A": "1", "B": "1"},
    {"A": "2", "C": "1"},
    {"A": "x1", "B": "1 2"},
    {"A": "1", "B": "x5", "C": "x5"},
    {WHOLE: "0"},
    {"A": "1", "C": "0"},
]
CODED = [{"B": "2"}, {WHOLE: "x3"}, {"A": "2", "C": "x1"}]


def on_paper_and_online():
    """Six at the town hall, three by code, four online of whom one was handed a ballot after that."""
    voters, staff = people(12), clerks()
    vote = open_it(paper="paper")
    for voter in voters[8:12]:
        cast(vote, voter, "A.01", "C.02")
    for voter in voters[:6]:
        hand_out(vote, voter, staff[0])
    codes = print_codes(vote, 5)
    for voter, code in zip(voters[6:9], codes, strict=False):
        give(vote, voter, code, staff[0])
        take_in(vote, code, staff[1])
    enter(vote, Way.DESK, DESK, staff)
    enter(vote, Way.CODE, CODED, staff)
    return vote, voters, staff


def counted():
    vote, _voters, _staff = on_paper_and_online()
    ballots.mix_and_publish(vote=vote, at=timezone.now())
    let_it_end(vote)
    actions.finish(vote=Vote.objects.get(pk=vote.pk), reason="", by=admin(), at=timezone.now())
    return ballots.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())


def test_paper_and_web_are_one_count_in_every_envelope():
    tally = counted()
    result = tally.result
    assert result["channels"] == {"desk": 6, "paper": 3, "web": 3}
    assert {part["code"]: part["channels"] for part in result["envelopes"]} == {
        "A": {"desk": 4, "paper": 1, "web": 3},
        "B": {"desk": 2, "paper": 1},
        "C": {"desk": 1, "web": 3},
    }
    votes = {turn["project"]: int(turn["votes"]) for turn in result["rounds"]}
    assert votes == {"A.01": 6, "A.02": 2, "B.01": 2, "B.02": 2, "C.01": 1, "C.02": 3}
    desk, coded = (result["paper"]["ways"][way]["envelopes"] for way in ("desk", "paper"))
    assert desk["A"] == {"valid": 4, "blank": 1, "invalid": 1, "unused": 0, "categories": {"too_much": 1}}
    assert desk["B"] == {"valid": 2, "blank": 0, "invalid": 1, "unused": 3, "categories": {"parts": 1}}
    assert desk["C"] == {"valid": 1, "blank": 1, "invalid": 1, "unused": 3, "categories": {"parts": 1}}
    assert coded["C"] == {"valid": 0, "blank": 0, "invalid": 2, "unused": 1, "categories": {"marked": 1, "too_much": 1}}  # fmt: skip
    for sums in (desk, coded):
        of_one = {
            sum(part[name] for name in ("valid", "blank", "invalid", "unused")) for part in sums.values()
        }
        assert len(of_one) == 1, "the parts of one box are as many ballots"


def test_the_stand_alone_program_counts_every_envelope_and_notices_sums_that_do_not_agree():
    tally = counted()
    board = json.loads("".join(files.board_file(Vote.objects.get(pk=tally.pk), tally)))
    found = verify.verify(board)
    assert found["winners"] == tally.result["selected"]
    assert any("envelope A: 8 complete ballots (desk 4, paper 1, web 3)" in said for said in found["checks"])
    whole, part = copy.deepcopy(board), copy.deepcopy(board)
    whole["result"]["channels"]["desk"] += 1
    part["result"]["envelopes"][1]["channels"]["paper"] -= 1
    for changed in (whole, part):
        with pytest.raises(verify.Wrong, match="do not add up"):
            verify.verify(changed)


def test_no_file_says_which_ballot_came_on_paper_and_all_say_how_many():
    tally = counted()
    options = ballots.options_of(tally.vote)
    client = Client()
    assert set(CastBallot.objects.values_list("channel", flat=True)) == {"web", "desk", "paper"}
    rows = client.get("/en/processes/wahl/result/ballots.csv").getvalue().decode()
    assert rows.splitlines()[0] == "ballot,projects,counted_in" and len(rows.splitlines()) == 1 + 12
    told = json.loads(client.get("/en/processes/wahl/result/ballots.json?envelope=B").getvalue())
    assert told["result"]["channels"] == {"desk": 2, "paper": 1}
    assert all(set(ballot) == {"ballot", "choice", "counted"} for ballot in told["ballots"])
    pb = client.get("/en/processes/wahl/result/ballots.pb?envelope=B").getvalue().decode()
    assert '"desk=2,paper=1"' in pb or "channels;desk=2,paper=1" in pb
    assert "voter_id;vote\n" in pb and len(options) == 6


def test_the_result_says_how_people_voted_in_every_envelope():
    counted()
    client = Client()
    page = client.get("/en/processes/wahl/result/").content.decode()
    assert "3 online, 5 on paper" in page and "0 online, 3 on paper" in page
    assert "More parts than one may vote in" not in page, "no ballot is invalid as a whole for that"
    south = client.get("/en/processes/wahl/result/?envelope=C").content.decode()
    assert "1 valid, 1 blank, 1 invalid, 3 did not choose this part" in south
    assert "More parts than one may vote in" in south and "printed" not in south


def test_of_few_on_paper_nothing_public_says_in_which_envelope_they_voted():
    tally = counted()
    client = Client()
    page = client.get("/en/processes/wahl/result/").content.decode()
    assert "They are too few to say" in page and " on paper</p>" not in page
    south = client.get("/en/processes/wahl/result/?envelope=C").content.decode()
    assert "Ballots on paper" not in south and "How people voted" in page
    told = json.loads(client.get("/en/processes/wahl/result/ballots.json?envelope=B").getvalue())
    assert "channels" not in told["result"]
    assert "channels" not in client.get("/en/processes/wahl/result/ballots.pb?envelope=B").getvalue().decode()
    board = json.loads("".join(files.board_file(Vote.objects.get(pk=tally.pk), tally)))
    assert board["result"]["channels"] == {"desk": 6, "paper": 3, "web": 3}, "of all together it is told"
    assert not any("channels" in part for part in board["result"]["envelopes"])
    assert verify.verify(board)["winners"] == tally.result["selected"]
    assert tally.result["envelopes"][1]["channels"], "the office still compares them"


@pytest.mark.parametrize(("few", "told"), [(10, True), (9, False), (0, False)])
def test_ways_are_told_for_every_envelope_or_for_none_of_few(few, told):
    parts = [{"channels": {"web": 50, "desk": 20}}, {"channels": {"web": 30, "desk": few}}]
    assert counting.tells_ways({"channels": {"web": 80, "desk": 20 + few}, "envelopes": parts}) is told
    assert counting.tells_ways({"channels": {"web": 80}, "envelopes": [{"channels": {"web": 3}}]})


def test_sums_that_do_not_agree_in_one_envelope_are_not_published(settings):
    settings.QUARTIER_RESULT_NEEDS_TWO = True
    tally = counted()
    tally.result["envelopes"][1]["channels"]["desk"] = 1
    tally.save()
    with pytest.raises(Refused, match="do not agree"):
        publishing.confirm_result(vote=tally.vote, by=admin(), at=timezone.now())
    tally.result["envelopes"][1]["channels"]["desk"] = 2
    tally.save()
    publishing.confirm_result(vote=tally.vote, by=admin(), at=timezone.now())


@pytest.mark.parametrize("paper", ["paper", "online"])
def test_one_person_has_one_slot_whichever_way_and_envelope(paper):
    voters, staff = people(1), clerks()
    vote = open_it(paper=paper)
    cast(vote, voters[0], "A.01", "B.01")
    if paper == "online":
        with pytest.raises(Refused):
            hand_out(vote, voters[0], staff[0])
        assert not Slot.objects.exclude(closed="").exists()
        assert ballots.own_choice(vote, voters[0], ballots.options_of(vote)) == {
            keys(vote)[code] for code in ("A.01", "B.01")
        }
        return
    hand_out(vote, voters[0], staff[0])
    with pytest.raises(Refused):
        cast(vote, voters[0], "C.01")
    enter(vote, Way.DESK, [{"C": "1"}], staff)
    with pytest.raises(Refused):
        open_batch(vote, Way.DESK, 1, staff[0])
    let_it_end(vote)
    actions.finish(vote=Vote.objects.get(pk=vote.pk), reason="", by=admin(), at=timezone.now())
    tally = ballots.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())
    assert [part["ballots"] for part in tally.result["envelopes"]] == [0, 0, 1]


def test_the_clerk_who_types_learns_nothing_of_people_and_the_ledger_counts_each_way():
    vote, _voters, _staff = on_paper_and_online()
    ledger = ledger_of(vote)
    assert ledger.missing == 0 and ledger.ways["desk"].parts["B"] == {"valid": 2, "parts": 1, "unused": 3}
    assert not {field.name for field in Typed._meta.fields} & {"by", "person", "at", "tag", "key"}


# --- what is printed ---


def printed(monkeypatch, vote, language, *, large=False):
    seen = {}
    set_page = printing.typesetting.pdf
    monkeypatch.setattr(
        printing.typesetting, "pdf", lambda template, about: seen.update(about) or set_page(template, about)
    )
    run = PrintRun(vote=vote, number=1, way="paper", copies=1, language=language, large=large)
    assert printing.ballots(run, vote, ballots.options_of(vote), ["23456789ABCD"]).startswith(b"%PDF-")
    return seen


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_ballot_has_a_part_for_each_envelope_and_says_where_one_votes(language, large, monkeypatch):
    seen = printed(monkeypatch, open_it(paper="paper"), language, large=large)
    assert seen["projects"] == []
    assert [(part["letter"], [p["number"] for p in part["projects"]]) for part in seen["parts"]] == [
        ("A", ["A.01", "A.02"]), ("B", ["B.01", "B.02"]), ("C", ["C.01", "C.02"]),
    ]  # fmt: skip
    assert [bool(part["mark"]) for part in seen["parts"]] == [False, True, True]
    assert "10" in seen["parts"][1]["amount"] and len(seen["parts"][1]["limits"]) == 1
    how = " ".join(seen["how"])
    if language == "en":
        assert "This ballot has 3 parts." in how and "Everybody votes in part A." in how
        assert "Of the parts B, C choose 1, and put a cross at “I vote here” there." in how
        assert "none of these parts counts" in how
        assert seen["parts"][2]["limits"][1] == "Choose at most 1 project."
        assert seen["parts"][1]["rule"].startswith("Counted by: ")
    else:
        assert "Dieser Stimmzettel hat 3 Teile." in how and seen["parts"][1]["mark"] == "Hier stimme ich ab"


def test_where_everybody_votes_everywhere_there_is_nothing_to_mark(monkeypatch):
    vote = open_it(paper="paper", listed=[{**each, "besides": False} for each in LISTED], most_envelopes=None)
    seen = printed(monkeypatch, vote, "en")
    assert "You can vote in every part." in seen["how"] and not any(p["mark"] for p in seen["parts"])


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_counting_sheet_has_a_table_for_each_part(language, monkeypatch):
    vote = open_it(paper="paper")
    seen = {}
    set_page = printing.typesetting.pdf
    monkeypatch.setattr(
        printing.typesetting, "pdf", lambda template, about: seen.update(about) or set_page(template, about)
    )
    assert printing.counting_sheet(vote, ballots.options_of(vote), language).startswith(b"%PDF-")
    assert [len(part["others"]) for part in seen["parts"]] == [3, 5, 5]
    assert [line[:2] for line in seen["whole"]] == ["X2", "X3", "X4"]


def test_the_part_of_a_count_knows_its_ways():
    tally = counted()
    assert part_tally(tally, "C").result["channels"] == {"desk": 1, "web": 3}
    assert Phase.objects.get(pk=tally.pk).opts.paper == "paper"
