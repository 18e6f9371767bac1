"""The seed of the benches still fits the tables, and what it counts beside the rows agrees with the rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.db.models import Count, F, Sum
from django.utils import timezone

from accounts.models import Person, Verification
from cocreation.conversation.models import Comment
from cocreation.models import Contribution, Process
from groundwork.journal import api as journal
from groundwork.journal.models import Entry
from groundwork.journal.sealer import seal, verify
from proposals.ballots.models import BallotOption
from proposals.models import ListCount, Proposal, Revision, Support
from tests.bench.seed import BIG, CITY, FULL, build


@pytest.fixture(params=[FULL.part(0.005), replace(CITY.part(0.002), ballot=5)], ids=["full", "city"])
def small(request, db, settings, tmp_path):
    settings.VOTE_KEYS_DIR = str(tmp_path)
    before = _shape()
    build(request.param)
    assert _shape() == before, "the seed left the tables otherwise than it found them"
    return request.param


def _shape() -> set[tuple[str, ...]]:
    """Every index and every constraint of the database, with its whole definition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select indexname, indexdef from pg_indexes where schemaname = 'public' union all"
            " select conrelid::regclass::text || conname, pg_get_constraintdef(oid) from pg_constraint"
            " where connamespace = 'public'::regnamespace"
        )
        return set(cursor.fetchall())


def test_a_small_part_of_the_city_is_built_and_agrees_with_itself(small, client):
    assert Process.objects.count() == small.processes
    assert Person.objects.count() == small.people
    assert Verification.objects.count() == small.verified
    assert Proposal.objects.filter(process__slug=BIG).count() == small.proposals
    assert Support.objects.count() == small.supports
    assert Contribution.objects.filter(kind="comment").count() == small.comments
    assert (
        Revision.objects.count() == Proposal.objects.count() == Proposal.objects.exclude(search=None).count()
    )
    rows = Proposal.objects.annotate(n=Count("supports_rows"))
    assert not rows.exclude(supports=F("n")).exists()
    assert ListCount.objects.aggregate(n=Sum("n"))["n"] == Proposal.objects.filter(is_public=True).count()
    assert Entry.objects.filter(seq=None).count() == 0
    journal.record("proposal.supported", on=Proposal.objects.first(), at=timezone.now())
    assert seal() == 1 and verify() is None, "the real sealer cannot go on where the seed stopped"
    if small.ballot:
        options = BallotOption.objects.values("vote").annotate(n=Count("pk")).values_list("n", flat=True)
        assert set(options) == {small.ballot}
        assert Comment.objects.count() == small.comments
    assert client.get(f"/de/processes/{BIG}/proposals/").status_code == 200
