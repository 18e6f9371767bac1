"""The pages of a vote: fill it without scripts, identify afterwards, read the result, count it again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cocreation.actions import hide_contribution
from cocreation.models import PendingAct, Phase
from proposals.ballots import actions
from proposals.ballots.models import CastBallot, Slot, Tally, Vote
from proposals.models import Proposal
from quartier.builders import make_person
from tests.proposals.ballots.voting import (
    DAY,
    build_phase,
    build_vote,
    keys_by_cost,
    let_it_end,
    people,
    stored,
)

pytestmark = pytest.mark.django_db

BALLOT = "/en/processes/wahl/ballot/"
RESULT = "/en/processes/wahl/result/"
HERE: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def signed_in(person) -> Client:
    client = Client(**HERE)
    client.force_login(person)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


# --- filling the ballot ---


def test_a_ballot_is_filled_changed_and_kept_without_any_script():
    voter = people(1)[0]
    vote = build_vote(min_choices=2)
    key, client = keys_by_cost(vote), signed_in(voter)
    assert "Nothing chosen yet" in text(client.get(BALLOT))

    answer = client.post(BALLOT, {"choice": [key[8_000]]}, follow=True)
    assert answer.redirect_chain == [(BALLOT, 302)]
    assert "Not complete yet" in text(answer) and "at least 1 more project" in text(answer)

    page = text(client.post(BALLOT, {"choice": [key[8_000], key[12_000]]}, follow=True))
    assert "Counts now" in page and "You have chosen 2 projects" in page and "€30,000" in page
    assert page.count(" checked") == 2
    # The third no longer fits: its card is closed and says why.
    assert page.count(" disabled") == 1 and "Costs more than is left" in page
    assert actions.own_choice(vote, voter, actions.options_of(vote)) == {key[8_000], key[12_000]}


def test_too_dear_a_ballot_is_not_saved_and_keeps_the_ticks():
    voter = people(1)[0]
    vote = build_vote()
    key, client = keys_by_cost(vote), signed_in(voter)
    before = stored(vote)
    response = client.post(BALLOT, {"choice": [key[45_000], key[12_000]]})
    page = text(response)
    assert response.status_code == 422
    assert "Not saved" in page and "Project 1" in page and page.count(" checked") == 2
    assert stored(vote) == before


@pytest.mark.parametrize("choice", ["", "abc", "-1", "99999999999999999999"])
def test_a_forged_choice_is_refused_and_changes_nothing(choice):
    voter = people(1)[0]
    vote = build_vote()
    response = signed_in(voter).post(BALLOT, {"choice": [choice]})
    assert response.status_code == 422
    assert all(sealed is None for _tag, sealed in stored(vote))


def test_a_touch_is_answered_with_the_strip_and_the_sentence_only():
    voter = people(1)[0]
    vote = build_vote()
    client = signed_in(voter)
    response = client.post(
        BALLOT, {"choice": [keys_by_cost(vote)[8_000]]}, headers={"X-Requested-With": "fetch"}
    )
    assert response.status_code == 200
    assert (
        'id="strip"' in text(response)
        and 'id="state-sentence"' in text(response)
        and "<html" not in text(response)
    )
    assert "Counts now" in text(response)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_script_reads_amounts_that_are_numbers_in_every_language(language):
    voter = people(1)[0]
    vote = build_vote()
    page = signed_in(voter).get(BALLOT.replace("/en/", f"/{language}/")).content.decode()
    found = re.findall(r'data-(?:budget|cost)="([^"]*)"', page)
    assert sorted(map(float, found)) == [8_000, 12_000, 45_000, 50_000] and vote.budget == 50_000


def test_a_touch_after_the_end_is_refused_in_words_for_the_toast():
    voter = people(1)[0]
    vote = build_vote()
    key = keys_by_cost(vote)
    let_it_end(vote)
    response = signed_in(voter).post(BALLOT, {"choice": [key[8_000]]}, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 403
    assert "toast" in text(response) and "closed on" in text(response)
    assert all(sealed is None for _tag, sealed in stored(vote))


def test_a_cast_writes_no_session_and_no_log(caplog, django_assert_max_num_queries):
    voter = people(1)[0]
    vote = build_vote()
    client, key = signed_in(voter), keys_by_cost(vote)[8_000]
    client.get(BALLOT)  # six statements; on a slow machine what is kept may grow old between the two
    with caplog.at_level("DEBUG", logger="quartier"), django_assert_max_num_queries(7) as seen:
        response = client.post(BALLOT, {"choice": [key]})
    writes = [q["sql"] for q in seen.captured_queries if not q["sql"].lstrip().lower().startswith("select")]
    assert len(writes) == 1 and "ballots_slot" in writes[0]
    assert not response.cookies and not caplog.records


def test_everybody_sees_the_projects_in_their_own_lasting_order():
    voters = people(6)
    vote = build_vote(costs=[1_000 + n for n in range(8)])
    numbers = [str(option.pk) for option in vote.options.all()]

    def order(client: Client) -> tuple[str, ...]:
        page = client.get(BALLOT).content.decode()
        return tuple(sorted(numbers, key=lambda number: page.index(f'value="{number}"')))

    seen = {voter.pk: order(signed_in(voter)) for voter in voters}
    assert len(set(seen.values())) > 1
    assert all(order(signed_in(voter)) == seen[voter.pk] for voter in voters)


def test_cards_are_drawn_once_and_every_voter_sees_their_own_ticks():
    one, other = people(2)
    vote = build_vote()
    key = keys_by_cost(vote)
    first, second = signed_in(one), signed_in(other)
    for _time in range(2):
        for mine in (8_000, 45_000):
            first.post(BALLOT, {"choice": [key[mine]]})
            # Whoever chose nothing sees no tick, whoever chose sees theirs, however often a card was drawn before.
            assert ticked(second) == [] and ticked(first) == [key[mine]]
    first.post(BALLOT, {"choice": [key[45_000]]})
    dear = re.findall(r'value="(\d+)"[^>]* disabled', first.get(BALLOT).content.decode())
    assert sorted(map(int, dear)) == sorted([key[12_000], key[8_000]])


def ticked(client: Client) -> list[int]:
    found = re.findall(r'name="choice" value="(\d+)"[^>]* checked', client.get(BALLOT).content.decode())
    return [int(key) for key in found]


def test_a_project_hidden_while_people_vote_loses_its_words_on_the_next_page():
    voter = people(1)[0]
    build_vote()
    hidden = Proposal.objects.get(cost=8_000)
    client = signed_in(voter)
    words = hidden.in_language("title")
    assert words in text(client.get(BALLOT))
    writer = hidden.contribution.author
    hide_contribution(contribution=hidden.contribution, by=writer, at=timezone.now(), rule="r", reason="r")
    for _time in range(2):
        page = text(client.get(BALLOT))
        assert words not in page and "A project that is no longer public" in page


def test_the_ballot_opens_by_itself_when_the_first_reader_comes():
    people(2)
    build_phase()
    assert not Vote.objects.exists()
    assert Client().get(BALLOT).status_code == 200
    assert Vote.objects.get().slots.count() == 2


# --- before identification ---


def test_a_visitor_fills_the_ballot_first_and_it_is_cast_after_the_log_in(django_capture_on_commit_callbacks):
    voter = people(1)[0]
    vote = build_vote()
    key = keys_by_cost(vote)
    visitor = Client(**HERE)
    page = visitor.get(BALLOT)
    assert "Sign in and vote" in text(page) and not page.cookies

    response = visitor.post(BALLOT, {"choice": [key[12_000]]})
    act = PendingAct.objects.get()
    assert response["Location"] == reverse("cocreation:waiting", args=[act.token]) and not response.cookies
    assert set(act.payload) == {"vote", "sealed", "title"} and len(act.payload["sealed"]) == 2 * 560
    assert all(sealed is None for _tag, sealed in stored(vote))

    with django_capture_on_commit_callbacks(execute=True):
        done = signed_in(voter).post(response["Location"])
    assert done["Location"] == BALLOT
    assert actions.own_choice(vote, voter, actions.options_of(vote)) == {key[12_000]}
    assert PendingAct.objects.get().payload == {}


def test_what_a_visitor_chose_waits_when_the_person_may_not_vote_yet():
    stranger = make_person("neu", "Neu", lives_in="dorf")
    people(1)
    vote = build_vote()
    Client(**HERE).post(BALLOT, {"choice": [keys_by_cost(vote)[8_000]]})
    act = PendingAct.objects.get()
    response = signed_in(stranger).post(reverse("cocreation:waiting", args=[act.token]))
    assert response.status_code == 403 and "address is confirmed" in text(response)
    assert PendingAct.objects.get().completed_at is None
    assert all(sealed is None for _tag, sealed in stored(vote))


def test_a_visitor_is_told_at_once_that_a_choice_is_too_dear():
    vote = build_vote()
    key = keys_by_cost(vote)
    response = Client(**HERE).post(BALLOT, {"choice": [key[45_000], key[12_000]]})
    assert response.status_code == 422 and not PendingAct.objects.exists()


def test_a_person_whose_address_is_not_confirmed_fills_in_the_ballot_and_it_waits():
    stranger = make_person("neu", "Neu", lives_in="dorf")
    vote = build_vote()
    page = text(signed_in(stranger).get(BALLOT))
    assert "Yours is not confirmed yet" in page and reverse("accounts:verifications") in page
    assert page.count(" disabled") == 0 and "Save my ballot" not in page and "Keep my ballot" in page
    response = signed_in(stranger).post(BALLOT, {"choice": [keys_by_cost(vote)[8_000]]})
    assert response.status_code == 302 and "/waiting/" in response["Location"]
    assert not Slot.objects.filter(choice__isnull=False).exists()


@pytest.mark.parametrize(
    ("starts", "ends", "says"), [(DAY, 2 * DAY, "opens on"), (-2 * DAY, -DAY, "closed on")]
)
def test_a_ballot_outside_its_time_says_when(starts, ends, says):
    build_phase(starts=starts, ends=ends)
    assert says in text(Client().get(BALLOT))
    response = signed_in(people(1)[0]).post(BALLOT, {"choice": ["1"]})
    assert response.status_code == 403 and says in text(response)


def test_a_draft_process_has_no_ballot_for_the_public():
    phase = build_phase()
    phase.process.published_at = None
    phase.process.save()
    for address in (BALLOT, RESULT, f"{RESULT}ballots.csv", f"{BALLOT}secrecy/"):
        assert Client().get(address).status_code == 404
    assert not Vote.objects.exists()


def test_the_process_says_that_you_voted_and_lets_you_change_it():
    voter = people(1)[0]
    vote = build_vote()
    phase = Phase.objects.select_related("process").get(pk=vote.pk)
    before = phase.kind.invitation(phase, voter, timezone.now())
    actions.cast(vote=vote, by=voter, chosen=[keys_by_cost(vote)[8_000]], at=timezone.now())
    after = phase.kind.invitation(phase, voter, timezone.now())
    assert (before.done, str(before.words)) == (False, "Vote on 3 projects")
    assert (after.done, str(after.done_words), after.url) == (True, "You have voted", BALLOT)


def test_an_invitation_costs_at_most_one_query(django_assert_max_num_queries):
    voter = people(1)[0]
    vote = build_vote()
    phase = Phase.objects.select_related("process").get(pk=vote.pk)
    phase.kind.invitation(phase, voter, timezone.now())
    with django_assert_max_num_queries(1):
        phase.kind.invitation(phase, voter, timezone.now())
    with django_assert_max_num_queries(1):
        phase.kind.total(phase)


# --- the result ---


@pytest.fixture
def counted() -> Vote:
    vote = build_vote(min_choices=2, costs=[12_000, 45_000, 8_000, 3_000])
    key = keys_by_cost(vote)
    ballots = [[key[12_000], key[8_000]]] * 5 + [[key[45_000], key[3_000]]] * 3 + [[key[8_000]]]
    actions.enter_ballots(vote=vote, ballots=ballots)
    let_it_end(vote)
    return vote


def test_the_result_page_counts_what_is_overdue_and_says_why_each_project_won(counted):
    page = text(Client().get(RESULT))
    assert Tally.objects.filter(vote=counted).exists()
    assert "3 projects get the money" in page and "9 people voted." in page
    assert "1 ballot was not complete and does not count." in page
    assert "Won because <b>5</b> people chose it. €8,000 fitted into the €50,000 that were left." in page
    assert "€45,000 did not fit into the €27,000 that were left; €18,000 were missing." in page
    assert "Equal votes: the tie rule decided the order." in page


def test_the_result_is_not_there_before_the_end():
    build_vote()
    response = Client().get(RESULT)
    assert response.status_code == 200 and "There is no result yet" in text(response)
    for name in ("ballots.csv", "ballots.pb", "count-yourself/"):
        assert Client().get(RESULT + name).status_code == 404
    assert not Tally.objects.exists()


def test_the_ballots_file_holds_every_ballot_under_a_fresh_key_and_matches_its_checksum(counted):
    Client().get(RESULT)
    body = Client().get(f"{RESULT}ballots.csv").getvalue()
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    assert len(rows) == 9 and set(rows[0]) == {"ballot", "projects", "counted"}
    assert {row["ballot"] for row in rows} == {
        str(pk) for pk in CastBallot.objects.values_list("pk", flat=True)
    }
    assert [row["counted"] for row in rows].count("no") == 1
    assert hashlib.sha256(body).hexdigest() == Tally.objects.get().input_hash
    assert Tally.objects.get().input_hash in text(Client().get(f"{RESULT}count-yourself/"))


def test_the_pb_program_counts_the_download_and_finds_the_same_winners_in_the_same_order(counted, tmp_path):
    Client().get(RESULT)
    file = tmp_path / "wahl.pb"
    file.write_bytes(Client().get(f"{RESULT}ballots.pb").getvalue())
    out = io.StringIO()
    call_command("pb", str(file), "--json", stdout=out)
    report = json.loads(out.getvalue())
    result = Tally.objects.get().result
    assert report["selected"] == result["selected"] and report["cost"] == result["cost"]
    assert report["equal_to_official"] is True


def test_titles_with_semicolons_quotes_and_lines_survive_the_download(counted, tmp_path):
    Proposal.objects.update(title='A; "B"\nC, D')
    Client().get(RESULT)
    file = tmp_path / "wahl.pb"
    file.write_bytes(Client().get(f"{RESULT}ballots.pb").getvalue())
    out = io.StringIO()
    call_command("pb", str(file), "--json", stdout=out)
    assert json.loads(out.getvalue())["selected"] == Tally.objects.get().result["selected"]


def test_a_project_hidden_by_moderation_keeps_its_place_but_not_its_words(counted):
    writer = Proposal.objects.first().contribution.author
    hidden = Proposal.objects.get(cost=8_000)
    hide_contribution(contribution=hidden.contribution, by=writer, at=timezone.now(), rule="r", reason="r")
    page = text(Client().get(RESULT))
    assert "A project that is no longer public" in page
    assert hidden.title not in page and hidden.receipt not in page
    assert hidden.title not in Client().get(f"{RESULT}ballots.pb").getvalue().decode()


def test_results_list_every_count_with_the_newest_first(django_assert_num_queries):
    for number in range(3):
        vote = build_vote(slug=f"wahl-{number}")
        Phase.objects.filter(pk=vote.pk).update(starts=timezone.now() - 9 * DAY, ends=timezone.now() - DAY)
        Vote.objects.filter(pk=vote.pk).update(opened_at=timezone.now() - 9 * DAY)
        actions.close_and_count(vote=vote, at=timezone.now() - (3 - number) * timedelta(hours=1))
    with django_assert_num_queries(1):
        page = text(Client().get("/en/results/votes/"))
    at = [page.index(f"/en/processes/wahl-{number}/result/") for number in (2, 1, 0)]
    assert at == sorted(at)


@pytest.mark.parametrize(("path", "most"), [(BALLOT, 4), (RESULT, 4)])
def test_pages_need_few_queries_whatever_the_number_of_projects(path, most, django_assert_max_num_queries):
    vote = build_vote(costs=[1_000 + n for n in range(12)])
    if path == RESULT:
        actions.enter_ballots(vote=vote, ballots=[[vote.options.first().pk]])
        let_it_end(vote)
    Client().get(path)
    with django_assert_max_num_queries(most):
        assert Client().get(path).status_code == 200


def test_the_ballot_of_a_signed_in_voter_needs_at_most_six_queries(django_assert_max_num_queries):
    voter = people(1)[0]
    vote = build_vote(costs=[1_000 + n for n in range(12)])
    client = signed_in(voter)
    client.post(BALLOT, {"choice": [vote.options.first().pk]})
    client.get(BALLOT)
    with django_assert_max_num_queries(6):  # five where what is kept is young enough
        client.get(BALLOT)
