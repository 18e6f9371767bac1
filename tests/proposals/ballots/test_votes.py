"""A vote from its opening to its count: by the clock, once each, and only what the rules allow."""

from __future__ import annotations

import os
import random
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Person
from cocreation.models import Phase
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.ballots import actions, keys, rules, tasks
from proposals.ballots.models import BallotOption, CastBallot, Slot, Tally, Turnout, Vote
from proposals.ballots.sealing import NotReadable, new_key, unseal
from proposals.models import Proposal, Stage, StageMove
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


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def cast(vote: Vote, person: Person, costs: list[int]) -> rules.State:
    key = keys_by_cost(vote)
    return actions.cast(vote=vote, by=person, chosen=[key[cost] for cost in costs], at=timezone.now())


# --- opening ---


def test_a_vote_opens_by_the_clock_and_only_once():
    voters, phase = people(3), build_phase()
    with pytest.raises(Refused, match="opens on"):
        actions.open_vote(phase=phase, at=phase.starts - timedelta(seconds=1))
    assert not Vote.objects.exists() and not Slot.objects.exists()

    vote = actions.open_vote(phase=phase, at=phase.starts)
    before = stored(vote)
    again = actions.open_vote(phase=phase, at=timezone.now())

    assert again.pk == vote.pk and stored(again) == before
    assert len(before) == vote.eligible == len(voters)
    assert Entry.objects.filter(verb="vote.opened").count() == 1
    assert set(Proposal.objects.values_list("stage", flat=True)) == {Stage.ON_BALLOT}


def test_the_task_opens_what_the_clock_has_opened():
    build_phase(), build_phase(slug="later", starts=DAY, ends=2 * DAY)
    tasks.open_due()
    assert [vote.phase.process.slug for vote in Vote.objects.all()] == ["wahl"]


def test_options_keep_the_cost_they_had_when_the_vote_opened():
    vote = build_vote()
    Proposal.objects.update(cost=1)
    assert [int(option.cost) for option in vote.options.all()] == [8_000, 12_000, 45_000]
    assert [option.code for option in vote.options.all()] == ["01", "02", "03"]


def test_only_the_proposals_the_studio_picked_are_on_the_ballot():
    phase = build_phase()
    receipt = Proposal.objects.get(cost=45_000).receipt
    Phase.objects.filter(pk=phase.pk).update(options=phase.options | {"on_ballot": [receipt]})
    vote = actions.open_vote(phase=phase, at=timezone.now())
    assert [option.proposal.receipt for option in vote.options.all()] == [receipt]
    assert Proposal.objects.filter(stage=Stage.FEASIBLE).count() == 2


@pytest.mark.parametrize("missing", ["budget", "projects"])
def test_a_vote_without_money_or_projects_does_not_open_and_says_so(missing):
    phase = build_phase(costs=() if missing == "projects" else (5_000,))
    if missing == "budget":
        Phase.objects.filter(pk=phase.pk).update(options={})
    with pytest.raises(Refused, match="cannot open yet"):
        actions.open_vote(phase=phase, at=timezone.now())
    assert not Vote.objects.exists()
    assert not StageMove.objects.filter(stage=Stage.ON_BALLOT).exists()


def test_slots_are_made_for_exactly_the_eligible_and_lie_in_the_order_of_their_tags():
    here = people(5)
    make_person("away", "Weit weg", lives_in="anderswo", verified=True)
    make_person("unchecked", "Ungeprüft", lives_in="dorf")
    vote = build_vote(audience={"vote": {"level": "verified", "places": ["dorf"]}})
    secrets = keys.load(vote.pk, vote.public_key)
    with connection.cursor() as cursor:
        cursor.execute("select tag from ballots_slot order by ctid")
        tags = [bytes(row[0]) for row in cursor.fetchall()]
    assert tags == sorted(secrets.tag(person.pk) for person in here)


def test_whoever_may_vote_has_a_slot_and_nobody_else():
    """The inverse of the audience, as one query, says the same as the rule person by person."""
    people(4)
    make_person("unchecked", "Ungeprüft", lives_in="dorf")
    make_person("gone", "Gesperrt", lives_in="dorf", verified=True, is_active=False)
    for level in ("verified", "confirmed"):
        vote = build_vote(slug=f"wahl-{level}", audience={"vote": {"level": level}})
        at = timezone.now()
        asked = {person.pk for person in Person.objects.all() if rules.may_vote(person, vote, at)}
        assert asked == set(rules.eligible_people(vote.phase, at).values_list("pk", flat=True))
        assert vote.eligible == len(asked) == vote.slots.count()


def test_the_keys_lie_outside_the_database_and_only_their_owner_may_read_them():
    vote = build_vote()
    files = [
        file for file in Path(settings.VOTE_KEYS_DIR).iterdir() if file.name.startswith(f"vote-{vote.pk}-")
    ]
    assert len(files) == 1
    assert stat.S_IMODE(os.stat(files[0]).st_mode) == 0o600
    private = keys.load(vote.pk, vote.public_key).private
    assert private.hex() in files[0].read_text()
    assert bytes(vote.public_key) != private
    assert private.hex() not in repr(keys.load(vote.pk, vote.public_key))


# --- casting ---


def test_a_cast_is_one_update_of_one_slot_and_nothing_else():
    voter, *_others = people(6)
    vote = build_vote()
    before, entries = stored(vote), Entry.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        state = cast(vote, voter, [12_000, 8_000])
    writes = [query["sql"] for query in seen if not query["sql"].lower().lstrip().startswith("select")]
    assert len(writes) == 1 and writes[0].lstrip().startswith("update ballots_slot")
    changed = [new for old, new in zip(before, stored(vote), strict=True) if old != new]
    assert [tag for tag, _choice in changed] == [keys.load(vote.pk, vote.public_key).tag(voter.pk)]
    assert Entry.objects.count() == entries
    assert state.counts and state.spent == 20_000 and state.left == 30_000
    assert actions.own_choice(vote, voter, actions.options_of(vote)) == state.chosen


def test_changing_replaces_the_ballot_and_the_last_one_counts():
    voter = people(1)[0]
    vote = build_vote()
    for costs in ([45_000], [12_000], [8_000, 12_000]):
        cast(vote, voter, costs)
    let_it_end(vote)
    actions.close_and_count(vote=vote, at=timezone.now())
    key = keys_by_cost(vote)
    assert [set(ballot.choice) for ballot in CastBallot.objects.all()] == [{key[8_000], key[12_000]}]


REFUSALS: dict[str, tuple[list[Any], str]] = {
    "too dear": ([45_000, 12_000], "cost more than there is"),
    "too many": ([12_000, 8_000, 45_000], "at most"),
    "unknown": (["unknown"], "not on this ballot"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_ballot_against_the_rules_is_refused_in_words_and_changes_nothing(case):
    costs, sentence = REFUSALS[case]
    voter = people(1)[0]
    vote = build_vote(max_choices=2)
    cast(vote, voter, [8_000])
    before = stored(vote)
    chosen = [10**9 if cost == "unknown" else keys_by_cost(vote)[cost] for cost in costs]
    with pytest.raises(Refused, match=sentence):
        actions.cast(vote=vote, by=voter, chosen=chosen, at=timezone.now())
    assert stored(vote) == before


def test_the_refusal_names_the_project_that_is_too_dear():
    voter = people(1)[0]
    vote = build_vote()
    with pytest.raises(Refused, match="Project 1"):
        cast(vote, voter, [45_000, 12_000])


def test_an_option_of_another_vote_is_unknown():
    voter = people(1)[0]
    vote, other = build_vote(), build_vote(slug="andere")
    with pytest.raises(Refused, match="not on this"):
        actions.cast(vote=vote, by=voter, chosen=[other.options.first().pk], at=timezone.now())
    assert all(choice is None for _tag, choice in stored(vote) + stored(other))


@pytest.mark.parametrize("who", ["nobody", "unchecked", "elsewhere", "inactive"])
def test_only_the_eligible_vote(who):
    people(2)
    person = {
        "nobody": lambda: None,
        "unchecked": lambda: make_person("x", "X", lives_in="dorf"),
        "elsewhere": lambda: make_person("x", "X", lives_in="weit-weg", verified=True),
        "inactive": lambda: make_person("x", "X", lives_in="dorf", verified=True, is_active=False),
    }[who]()
    vote = build_vote(audience={"vote": {"level": "verified", "places": ["dorf"]}})
    before = stored(vote)
    with pytest.raises(Refused):
        actions.cast(vote=vote, by=person, chosen=[keys_by_cost(vote)[8_000]], at=timezone.now())
    assert stored(vote) == before


def test_eligibility_is_asked_at_the_cast_and_not_only_at_the_opening():
    voter = people(1)[0]
    vote = build_vote()
    voter.verifications.update(revoked_at=timezone.now())
    with pytest.raises(Refused, match="address"):
        cast(vote, voter, [8_000])
    assert all(choice is None for _tag, choice in stored(vote))


@pytest.mark.parametrize(("starts", "ends"), [(-2 * DAY, -DAY), (DAY, 2 * DAY)], ids=["over", "ahead"])
def test_the_clock_of_the_database_decides_whether_the_vote_is_open(starts, ends):
    """The application's clock stands in the middle of the phase; the database knows better."""
    voter = people(1)[0]
    vote = build_vote()
    now = timezone.now()
    Phase.objects.filter(pk=vote.pk).update(starts=now + starts, ends=now + ends)
    vote = Vote.objects.select_related("phase__process").get(pk=vote.pk)
    before = stored(vote)
    middle = now + (starts + ends) / 2
    with time_machine.travel(middle, tick=False), pytest.raises(Refused, match=r"closed on|opens on"):
        assert rules.may_vote(voter, vote, timezone.now())
        cast(vote, voter, [8_000])
    assert stored(vote) == before


@pytest.mark.parametrize(
    ("border", "wrong_by"),
    [("ends", timedelta(minutes=2)), ("starts", timedelta(minutes=-2))],
    ids=["ahead", "behind"],
)
def test_a_server_whose_clock_is_wrong_refuses_nobody_while_the_vote_is_open(client, border, wrong_by):
    """A minute from its border the vote is open by the database's clock; the server's says "over", or "not yet"."""
    voter = people(1)[0]
    vote = build_vote()
    now = timezone.now()
    minute = timedelta(minutes=1)
    Phase.objects.filter(pk=vote.pk).update(**{border: now + (minute if border == "ends" else -minute)})
    vote = Vote.objects.select_related("phase__process").get(pk=vote.pk)
    client.force_login(voter)
    address = reverse("ballots:ballot", args=[vote.phase.process.slug])
    key = keys_by_cost(vote)[8_000]
    with time_machine.travel(now + wrong_by, tick=False):
        assert f'value="{key}"' in client.get(address).content.decode()
        assert client.post(address, {"choice": [key]}).status_code == 302
    assert actions.own_choice(vote, voter, actions.options_of(vote)) == frozenset([key])


def test_the_moment_of_the_end_is_outside():
    """[starts, ends): the database is asked with its own moment as the end."""
    voter = people(1)[0]
    vote = build_vote()
    with connection.cursor() as cursor:  # statement_timestamp() of the cast is later than this one
        cursor.execute("update cocreation_phase set ends = statement_timestamp() where id = %s", [vote.pk])
    with pytest.raises(Refused):
        actions.cast(vote=vote, by=voter, chosen=[], at=timezone.now() - timedelta(minutes=5))
    assert all(choice is None for _tag, choice in stored(vote))


def test_too_few_is_stored_but_does_not_count_yet():
    voter, other = people(2)
    vote = build_vote(min_choices=2)
    state = cast(vote, voter, [8_000])
    assert not state.counts and state.missing == 1
    cast(vote, other, [8_000, 12_000])
    let_it_end(vote)
    tally = actions.close_and_count(vote=vote, at=timezone.now())
    assert (tally.result["ballots"], tally.result["incomplete"]) == (2, 1)
    assert {turn["votes"] for turn in tally.result["rounds"]} == {"1", "0"}


def test_somebody_who_becomes_eligible_later_votes_too_hidden_among_slots_of_nobody():
    people(2)
    vote = build_vote()
    late = people(1, "late")[0]
    state = cast(vote, late, [8_000])
    assert state.counts
    vote.refresh_from_db()
    assert vote.eligible == 3
    assert vote.slots.count() == 2 + actions.BATCH


def test_nothing_in_the_database_reads_a_sealed_choice():
    voter = people(1)[0]
    vote = build_vote()
    cast(vote, voter, [8_000])
    tag, sealed = stored(vote)[0]
    other, _public = new_key()
    with pytest.raises(NotReadable):
        unseal(other, sealed, bound_to=tag)
    # Everything the database knows about the vote, tried as a key.
    known = [bytes(vote.public_key), tag, sealed[:32], bytes(32)]
    for key in known:
        with pytest.raises(NotReadable):
            unseal(key, sealed, bound_to=tag)
    assert unseal(keys.load(vote.pk, vote.public_key).private, sealed, bound_to=tag)


# --- what the tables tell ---


def test_slots_and_ballots_hold_no_time_no_number_and_no_person():
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name, data_type, column_default from information_schema.columns"
            " where table_name in ('ballots_slot', 'ballots_castballot') order by 1, 2"
        )
        found = {(table, column): kind for table, column, kind, _default in cursor.fetchall()}
    assert found == {
        ("ballots_slot", "tag"): "bytea",
        ("ballots_slot", "vote_id"): "bigint",
        ("ballots_slot", "choice"): "bytea",
        ("ballots_slot", "closed"): "character varying",  # that somebody votes on paper, not what
        ("ballots_castballot", "id"): "uuid",
        ("ballots_castballot", "vote_id"): "bigint",
        ("ballots_castballot", "choice"): "ARRAY",
        ("ballots_castballot", "points"): "ARRAY",
        ("ballots_castballot", "channel"): "character varying",
    }


@pytest.mark.parametrize("column", ["tag", "choice"])
def test_the_database_refuses_a_slot_of_another_length(column):
    vote = build_vote()
    row = {"tag": bytes(32), "choice": bytes(560)} | {column: b"short"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(vote=vote, **row)


def test_no_order_in_the_tables_tells_who_cast_which_ballot():
    """The attack of the design: guess by every order the data files hold. Chance finds 1 of 60 in each."""
    voters = people(60)
    vote = build_vote(costs=[1_000 * (n + 1) for n in range(6)], budget=10**6)
    options = [option.pk for option in actions.options_of(vote)]
    # 60 different choices out of 6 options: voter n takes the bits of n + 1.
    order = random.Random(7).sample(range(60), 60)
    for n in order:
        actions.cast(
            vote=vote,
            by=voters[n],
            chosen=[key for bit, key in enumerate(options) if (n + 1) >> bit & 1],
            at=timezone.now(),
        )
    let_it_end(vote)
    actions.close_and_count(vote=vote, at=timezone.now())
    with connection.cursor() as cursor:
        for by in ("ctid", "xmin::text::bigint, ctid", "id"):
            cursor.execute(f"select choice from ballots_castballot order by {by}")
            guessed = [sum(1 << options.index(key) for key in choice) - 1 for (choice,) in cursor.fetchall()]
            for truth in (order, sorted(order)):
                hits = sum(a == b for a, b in zip(guessed, truth, strict=True))
                assert hits <= 6, f"ordered by {by}, {hits} of 60 ballots were found"


# --- turnout and mixing ---


def test_the_turnout_is_published_only_for_twenty_new_ballots_or_after_the_end():
    voters = people(22)
    vote = build_vote()
    for number, voter in enumerate(voters[:21], start=1):
        cast(vote, voter, [8_000])
        published = actions.mix_and_publish(vote=vote, at=timezone.now())
        assert (published is not None) == (number == 20)
    assert list(Turnout.objects.values_list("count", flat=True)) == [20]
    let_it_end(vote)
    actions.close_and_count(vote=vote, at=timezone.now())
    assert sorted(Turnout.objects.values_list("count", flat=True)) == [20, 21]


def test_mixing_writes_every_slot_anew_in_the_order_of_the_tags_and_loses_no_choice():
    voters = people(25)
    vote = build_vote()
    for voter in voters:
        cast(vote, voter, [8_000])
    before = stored(vote)
    actions.mix_and_publish(vote=vote, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("select tag, xmin::text from ballots_slot order by ctid")
        rows = [(bytes(tag), xmin) for tag, xmin in cursor.fetchall()]
    assert stored(vote) == before
    assert [tag for tag, _xmin in rows] == sorted(tag for tag, _xmin in rows)
    assert len({xmin for _tag, xmin in rows}) == 1


# --- counting ---


def counted_vote() -> tuple[Vote, Tally]:
    voters = people(6)
    vote = build_vote()
    for voter in voters[:4]:
        cast(vote, voter, [12_000, 8_000])
    for voter in voters[4:]:
        cast(vote, voter, [45_000])
    let_it_end(vote)
    tally = actions.close_and_count(vote=vote, at=timezone.now())
    assert tally is not None
    return vote, tally


def test_a_vote_is_not_counted_while_the_database_says_it_is_open():
    voter = people(1)[0]
    vote = build_vote()
    cast(vote, voter, [8_000])
    before = stored(vote)
    assert actions.close_and_count(vote=vote, at=timezone.now() + 9 * DAY) is None
    assert stored(vote) == before and not Tally.objects.exists()


def test_the_count_is_greedy_told_round_by_round_and_moves_every_project():
    _vote, tally = counted_vote()
    assert tally.result["selected"] == ["01", "02"]
    assert [
        (turn["project"], turn["votes"], turn["outcome"], turn["missing"]) for turn in tally.result["rounds"]
    ] == [
        ("01", "4", "funded", "0"),
        ("02", "4", "funded", "0"),
        ("03", "2", "does not fit", "15000"),
    ]
    assert tally.result["rounds"][0]["tied_with"] == ["02"]
    assert set(Proposal.objects.filter(stage=Stage.CHOSEN).values_list("cost", flat=True)) == {8_000, 12_000}
    assert Proposal.objects.get(stage=Stage.NOT_CHOSEN).cost == 45_000
    assert StageMove.objects.get(stage=Stage.NOT_CHOSEN).data == {"votes": 2, "rank": 3, "missing": "15000"}
    assert not Slot.objects.exists() and CastBallot.objects.count() == 6
    assert tally.result["channels"] == {"web": 6}


def test_counting_twice_changes_nothing():
    vote, tally = counted_vote()
    before = [
        list(model.objects.order_by("pk").values())
        for model in (Vote, Tally, CastBallot, Turnout, StageMove, BallotOption)
    ]
    entries = Entry.objects.count()
    again = actions.close_and_count(vote=vote, at=timezone.now() + DAY)
    tasks.count_due()
    assert again == tally
    assert before == [
        list(model.objects.order_by("pk").values())
        for model in (Vote, Tally, CastBallot, Turnout, StageMove, BallotOption)
    ]
    assert Entry.objects.count() == entries


def test_a_counted_vote_takes_no_more_ballots_even_when_its_phase_is_extended():
    vote, _tally = counted_vote()
    voter = Person.objects.get(email="voter0@example.org")
    Phase.objects.filter(pk=vote.pk).update(ends=timezone.now() + DAY)
    stale = Vote.objects.select_related("phase__process").get(pk=vote.pk)
    stale.counted_at = None  # a request that read the row before the count
    with pytest.raises(Refused):
        cast(stale, voter, [8_000])
    assert not Slot.objects.exists() and CastBallot.objects.count() == 6


def test_the_task_counts_what_the_clock_has_closed():
    people(1)
    vote = build_vote()
    let_it_end(vote)
    tasks.count_due()
    assert Tally.objects.get().vote_id == vote.pk


def test_a_missing_key_stops_only_its_own_vote(monkeypatch):
    people(1)
    first, second = build_vote(), build_vote(slug="zweite")
    for vote in (first, second):
        let_it_end(vote)
    Vote.objects.filter(pk=first.pk).update(public_key=bytes(32))
    tasks.count_due()
    assert list(Tally.objects.values_list("vote", flat=True)) == [second.pk]
    assert Slot.objects.filter(vote=first).exists()


def test_the_journal_holds_batches_and_sums_and_never_a_cast():
    counted_vote()
    entries = Entry.objects.filter(subject_label__startswith="ballots.")
    assert [(entry.verb, entry.actor_id) for entry in entries.order_by("id")] == [
        ("vote.opened", None),
        ("vote.counted", None),
        ("vote.published", None),
    ]
