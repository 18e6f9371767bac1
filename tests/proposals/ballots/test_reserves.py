"""A share of the money for a theme: frozen with the vote, kept by the count, said in words, counted again by anybody."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from cocreation.methods import methods
from proposals.ballots import actions, counting, pabulib
from proposals.ballots.models import CastBallot, Vote
from proposals.ballots.tally import LOWEST_COST_THEN_ID, count
from proposals.models import Proposal
from tests.proposals.ballots.voting import DAY, build_phase

pytestmark = pytest.mark.django_db


def build() -> Vote:
    """Codes: 01 costs 8,000 (youth), 02 12,000, 03 20,000 (youth), 04 45,000; 20 percent of 50,000 for youth."""
    phase = build_phase(costs=(12_000, 45_000, 8_000, 20_000), reserves=[{"theme": "youth", "percent": 20}])
    Proposal.objects.filter(process=phase.process, cost__in=[8_000, 20_000]).update(theme="youth")
    return actions.open_vote(phase=phase, at=timezone.now())


def counted(vote: Vote) -> None:
    """45,000 has most votes, then 20,000 and 12,000, and 8,000 the fewest."""
    keys = {option.code: option.pk for option in vote.options.all()}
    for choice in [["04"]] * 4 + [["03"]] * 3 + [["02"]] * 2 + [["01"]]:
        CastBallot.objects.create(
            vote=vote, choice=sorted(keys[code] for code in choice), channel=CastBallot.Channel.WEB
        )
    vote.slots.all().delete()
    actions.publish_tally(actions.tally_vote(vote, at=timezone.now()), at=timezone.now())
    vote.refresh_from_db()


def test_the_share_is_fixed_with_the_vote_and_does_not_move_with_a_proposal():
    vote = build()
    share = {"theme": "youth", "percent": 20, "amount": "10000", "projects": ["01", "03"]}
    assert vote.reserves == [share]
    Proposal.objects.update(theme="green")
    assert Vote.objects.get().reserves == [share]


def test_the_count_pays_from_the_share_first_and_says_so():
    vote = build()
    counted(vote)
    result = vote.tally.result
    # 03 does not fit into the share of 10,000, so 01 has it; 40,000 + 2,000 are left for all: 03, 02.
    assert result["selected"] == ["01", "03", "02"]
    assert [turn["pot"] for turn in result["rounds"]] == ["youth", "", "", ""]
    assert result["needed"]["04"] == {"votes": None, "money": "3000", "cost": None}
    with translation.override("en"):
        Proposal.objects.update(theme="youth")
        page = Client().get("/en/processes/wahl/result/").content.decode()
    assert "8,000 fitted into the" in page and "of the share for “Children and youth”" in page
    assert "(20%) are reserved for the theme" in page.replace("\N{NO-BREAK SPACE}", "")


def test_anybody_counts_the_same_from_the_file(tmp_path: Path):
    vote = build()
    counted(vote)
    path = tmp_path / "wahl.pb"
    path.write_text("".join(counting.pabulib_file(vote, vote.tally, actions.options_of(vote))))
    election = pabulib.read(path)
    assert election.reserves == tuple(counting.reserves_of(vote))
    again = count(
        "greedy_cost",
        election.profile,
        election.budget,
        tie_rule=LOWEST_COST_THEN_ID,
        reserves=election.reserves,
    )
    assert list(again.selected) == vote.tally.result["selected"]
    out = StringIO()
    call_command("pb", str(path), "--json", stdout=out)
    assert json.loads(out.getvalue())["selected"] == vote.tally.result["selected"]
    assert json.loads(out.getvalue())["equal_to_official"]


def test_the_ballot_says_it_before_anybody_votes():
    build()
    with translation.override("de"):
        page = Client().get("/de/processes/wahl/ballot/").content.decode()
    assert "sind für das Thema „Kinder und Jugend“ reserviert" in page


def test_shares_of_more_than_everything_keep_a_vote_from_opening():
    shares = [{"theme": "youth", "percent": 60}, {"theme": "green", "percent": 50}]
    phase = build_phase(starts=DAY, ends=2 * DAY, reserves=shares)
    assert [gap.field for gap in methods.get("ballot").gaps(phase)] == ["reserves"]


@pytest.mark.parametrize("said", ["youth", "youth=x", "youth=-1", "youth=1,youth=1", "youth=60000"])
def test_a_file_with_impossible_reserves_is_refused_in_its_line(tmp_path: Path, said: str):
    vote = build()
    counted(vote)
    path = tmp_path / "wahl.pb"
    text = "".join(counting.pabulib_file(vote, vote.tally, actions.options_of(vote)))
    path.write_text(text.replace("reserves;youth=10000", f"reserves;{said}"))
    with pytest.raises(pabulib.MalformedFile) as refused:
        pabulib.read(path)
    assert refused.value.line == 3 + text.split("\n")[2:].index("reserves;youth=10000")
