"""A ballot with envelopes on its pages, without any script: choosing where, moving, states, practice, receipt, results and files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Person
from cocreation.models import PendingAct, Phase
from groundwork.answer import Refused
from proposals.ballots import actions, envelope_studio, envelopes, waiting
from proposals.ballots.board import verify
from proposals.ballots.models import Slot, Vote
from proposals.models import Proposal, Stage
from tests.proposals.ballots.enveloping import LISTED, build, keys, living_in, open_it
from tests.proposals.ballots.test_kind_pages import signed_in, text
from tests.proposals.ballots.voting import DAY, let_it_end, people

pytestmark = pytest.mark.django_db

BALLOT = "/en/processes/wahl/ballot/"
RESULT = "/en/processes/wahl/result/"
HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def own(vote, person):
    chosen = actions.own_choice(vote, person, actions.options_of(vote)) or ()
    return {code for code, key in keys(vote).items() if key in chosen}


def ticked(vote, *codes, **more):
    known = keys(vote)
    return {"choice": [known[code] for code in codes]} | more


def test_one_chooses_where_and_moves_there_and_the_page_says_it():
    [voter] = people(1)
    vote = open_it()
    client = signed_in(voter)
    page = text(client.get(BALLOT))
    assert "You choose 1 of 2 envelopes and vote there." in page and "everybody votes in: Whole city" in page
    assert 'id="eA"' in page and 'id="eB"' not in page and "envelope=B#eB" in page
    page = text(client.get(BALLOT + "?envelope=B"))
    assert 'id="eB"' in page and 'name="open" value="B"' in page
    client.post(BALLOT + "?envelope=B", ticked(vote, "A.01", "B.01", open=["A", "B"]))
    page = text(client.get(BALLOT))
    assert own(vote, voter) == {"A.01", "B.01"}
    assert "counts in: Whole city, North." in page and 'id="eB"' in page and 'id="eC"' not in page
    # Opening the south shows its projects and takes what lies in the north along, until something is chosen there.
    page = text(client.get(BALLOT + "?envelope=C"))
    hidden = f'type="hidden" name="choice" value="{keys(vote)["B.01"]}"'
    assert 'id="eC"' in page and hidden in page and "So far you vote in: North." in page
    client.post(BALLOT + "?envelope=C", ticked(vote, "A.01", "A.01", "B.01", open=["A", "C"]))
    assert own(vote, voter) == {"A.01", "B.01"}
    told = text(
        client.post(
            BALLOT + "?envelope=C", ticked(vote, "A.01", "B.01", "C.01", open=["A", "C"]), headers={"x-requested-with": "fetch"}
        )
    )  # fmt: skip
    assert own(vote, voter) == {"A.01", "C.01"}
    assert 'id="sC"' in told and hidden not in told and "counts in: Whole city, South." in told
    answer = client.post(BALLOT, ticked(vote, "B.01", "C.01", open=["B", "C"]))
    assert answer.status_code == 422 and "You can vote in 1 of these envelopes" in text(answer)
    assert client.post(BALLOT, {"choice": ["999999"]}).status_code == 422
    assert own(vote, voter) == {"A.01", "C.01"}
    page = text(client.get("/en/processes/wahl/ballot/receipt/"))
    assert "Whole city – Project" in page and "South – Project" in page


def test_where_one_lives_is_the_only_place_that_opens():
    phase = build(envelopes_at_home=True)
    [north] = living_in("nord", 1)
    actions.open_vote(phase=phase, at=timezone.now())
    page = text(signed_in(north).get(BALLOT + "?envelope=C"))
    assert 'id="eB"' in page and 'id="eC"' not in page and "For people who live there." in page
    # A visitor may fill in any: where they live is asked before the kept ballot is cast.
    vote, client = Vote.objects.get(), Client(**HERE)
    assert 'id="eC"' in text(client.get(BALLOT + "?envelope=C"))
    # Opening one takes along what is ticked; nothing is kept yet.
    page = text(client.post(BALLOT + "?envelope=C", ticked(vote, "A.01", open=["A"], go="C")))
    assert (
        'id="eC"' in page
        and f'value="{keys(vote)["A.01"]}" data-cost="15000.00" aria-describedby="d{keys(vote)["A.01"]}" checked'
        in page
    )
    assert not PendingAct.objects.exists()
    client.post(BALLOT + "?envelope=C", ticked(vote, "C.01", open=["A", "C"]))
    kept = PendingAct.objects.get()
    with pytest.raises(Refused, match="people who live there"):
        waiting.complete(north, kept.payload, timezone.now())


@pytest.mark.parametrize("kind", ["points", "ranking"])
def test_fields_of_other_kinds_belong_to_their_envelope(kind):
    rule = {"points": "mes_cum", "ranking": "greedy_borda"}[kind]
    listed = [{**each, "rule": rule, "points": 5, "max_choices": None, "min_choices": 2} for each in LISTED]
    [voter] = people(1)
    vote = open_it(listed=listed, kind=kind)
    known = keys(vote)
    name = {"points": "points", "ranking": "place"}[kind]
    fields = {f"{name}-{known[code]}": n for code, n in {"A.01": 2, "A.02": 1, "B.02": 1, "B.01": 2}.items()}
    client = signed_in(voter)
    client.post(BALLOT + "?envelope=B", fields | {"open": ["A", "B"], "step": f"{known['B.02']}:more"})
    chosen = actions.own_choice(vote, voter, actions.options_of(vote))
    if kind == "ranking":
        assert chosen == tuple(known[code] for code in ("A.02", "A.01", "B.02", "B.01"))
    else:
        assert chosen == {known["A.01"]: 2, known["A.02"]: 1, known["B.02"]: 2, known["B.01"]: 2}
    page = text(client.get(BALLOT + "?envelope=C"))
    assert f'type="hidden" name="{name}-{known["B.02"]}"' in page
    assert client.post(BALLOT, fields | {f"{name}-424242": 1}).status_code == 422


def test_practice_shows_the_envelopes_and_keeps_nothing():
    phase = build(starts=DAY, ends=2 * DAY)
    client = Client(**HERE)
    page = text(client.get(f"/en/processes/wahl/ballot/practice/?phase={phase.key}&envelope=B"))
    assert 'id="eB"' in page and "Choose projects in the envelopes" in page
    assert not Vote.objects.filter(pk=phase.pk).exists() and not Slot.objects.exists()
    assert client.get("/en/processes/wahl/").status_code == 200


def test_the_result_of_each_envelope_its_files_and_the_overview(settings):
    settings.QUARTIER_RESULT_NEEDS_TWO = True
    voters = people(6)
    vote = open_it()
    for number, person in enumerate(voters):
        known = keys(vote)
        chosen = {known["A.01"], known["B.01" if number < 4 else "C.02"]}
        actions.cast(vote=vote, by=person, chosen=chosen, at=timezone.now())
    let_it_end(vote)
    tally = actions.close_and_count(vote=Vote.objects.get(pk=vote.pk), at=timezone.now())
    desk = text(signed_in(Person.objects.get(email="writer@example.org")).get("/en/desk/results/"))
    assert "3 projects get the money" in desk and "Counted by: Every envelope by itself." in desk
    actions.publish_tally(tally, at=timezone.now())
    won = Proposal.objects.filter(stage=Stage.CHOSEN).values_list("ballot_options__code", flat=True)
    assert sorted(won) == ["A.01", "B.01", "C.02"]
    client = Client(**HERE)
    page = text(client.get(RESULT))
    assert "Everybody could vote in 1 of 2 envelopes." in page
    assert (
        "Every envelope has its own result" in page
        and "4 people voted here" in page
        and "3 projects get the money" in page
    )
    north = text(client.get(RESULT + "?envelope=B"))
    assert (
        "North" in north
        and "What other rules would have chosen" in north
        and 'aria-current="page">North' in north
    )
    assert "4 people voted in this envelope" in north and "of all who could vote" not in north
    assert client.get(RESULT + "?envelope=Z").status_code == 404
    pb = client.get(RESULT + "ballots.pb?envelope=B")
    assert pb.status_code == 200 and client.get(RESULT + "ballots.pb").status_code == 404
    csv = client.get(RESULT + "ballots.csv?envelope=C").getvalue().decode().splitlines()
    assert len(csv) == 3 and all(",C.02," in line for line in csv[1:])
    page = text(client.get(RESULT + "count-yourself/"))
    assert "wahl-B.pb --rule mes_cost" in page
    assert "3 projects won" in text(client.get("/en/processes/wahl/"))
    board = json.loads(client.get("/en/processes/wahl/board/board.json").getvalue())
    assert verify.verify(board)["winners"] == ["A.01", "B.01", "C.02"]
    option = vote.options.select_related("proposal").get(code="B.01")
    assert "envelope=B" in text(client.get(f"/en/proposals/{option.proposal.receipt}/"))


STUDIO = "/en/studio/wahl/sections/envelopes/"


def typed(n: int, german: str, english: str, **about: Any) -> dict[str, Any]:
    fields = {
        "name_de": german,
        "name_en": english,
        "rule": "greedy_cost",
        "min_choices": "1",
        "at": str(n),
    } | about
    return {f"vote-e{n}_{name}": value for name, value in fields.items()}


def test_the_studio_sets_the_envelopes_says_what_is_missing_and_freezes_them():
    phase = build(listed=(), most_envelopes=None, starts=DAY, ends=2 * DAY)
    client = signed_in(Person.objects.get(email="writer@example.org"))
    assert "One more envelope" in text(client.get(STUDIO))
    first = typed(1, "Alle", "All", amount="30.000", besides="on")
    second = typed(2, "Nord", "North", belongs="place:nord", amount="15000", rule="mes_cost", max_choices="2")
    answer = client.post(STUDIO, first | second | {"vote-most": "1"})
    assert answer.status_code == 302, text(answer)
    phase = Phase.objects.get(pk=phase.pk)
    assert [(e["name"]["en"], e["place"], e["amount"], e["rule"], e["besides"]) for e in phase.opts.envelopes] == [
        ("All", "", "30000", "greedy_cost", True), ("North", "nord", "15000", "mes_cost", False),
    ]  # fmt: skip
    assert phase.opts.most_envelopes == 1
    assert "must together be the budget" in text(client.get(STUDIO))
    wrong = client.post(
        STUDIO, first | second | typed(3, "", "", amount="5000") | {"vote-e2_max_choices": "0"}
    )
    assert wrong.status_code in (200, 422)
    assert "give the envelope a name" in text(wrong) and "from 1 to 1000" in text(wrong)
    client.post(STUDIO, first | second | typed(3, "Süd", "South", belongs="place:sued") | {"vote-most": "1"})
    page = text(client.get(STUDIO))
    assert "must together be" not in page and "€5,000" in page.replace("5.000 €", "€5,000")
    phase = Phase.objects.select_related("process").get(pk=phase.pk)
    assert [gap for gap in phase.kind.gaps(phase) if gap.field == "envelopes"] == []
    Phase.objects.filter(pk=phase.pk).update(starts=timezone.now() - DAY)
    vote = actions.open_vote(phase=phase, at=timezone.now())
    with pytest.raises(Refused, match="has opened"):
        envelope_studio.set_envelopes(
            phase=Phase.objects.get(pk=phase.pk), listed=(), most=None, at_home=False,
            by=Person.objects.get(email="writer@example.org"), at=timezone.now(),
        )  # fmt: skip
    assert len(Vote.objects.get(pk=vote.pk).envelopes) == 3


def test_a_division_over_places_suggests_its_envelopes():
    shares = [{"place": "nord", "amount": "12000"}, {"place": "sued", "amount": "8000"}]
    phase = build(listed=(), most_envelopes=None, by_place=shares, starts=DAY, ends=2 * DAY)
    client = signed_in(Person.objects.get(email="writer@example.org"))
    page = text(client.get(STUDIO))
    assert "Suggested from the shares" in page and 'value="All places"' in page
    listed = envelope_studio.suggested(phase)
    amounts = envelopes.sums(envelopes.read(listed), phase.opts.budget, shares)
    assert [int(amount) for amount in amounts] == [30_000, 12_000, 8_000]
