"""The seed of the benches still fits the tables, and what it counts beside the rows agrees with the rows."""

from __future__ import annotations

import pytest
from django.db.models import Count, F, Sum

from accounts.models import Person, Verification
from cocreation.models import Contribution, Process
from groundwork.journal.models import Entry
from groundwork.journal.sealer import verify
from proposals.models import ListCount, Proposal, Revision, Support
from tests.bench.seed import BIG, FULL, build


@pytest.fixture
def small(db, settings, tmp_path):
    settings.VOTE_KEYS_DIR = str(tmp_path)
    size = FULL.part(0.005)
    build(size)
    return size


def test_a_two_hundredth_of_the_city_is_built_and_agrees_with_itself(small, client):
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
    assert Entry.objects.filter(seq=None).count() == 0 and verify() is None
    assert client.get(f"/de/processes/{BIG}/proposals/").status_code == 200
