"""The page of jobs: what runs by itself stands there, what failed says why."""

from __future__ import annotations

import pytest

from tests.world import World


@pytest.mark.django_db
def test_every_periodic_task_and_every_failure_with_its_reason_stands_there(world: World, sign_in):
    page = sign_in(world.ada).get("/en/desk/jobs/").content.decode()
    for words in ("notices.send", "ballots.count_due", "journal.follow", "The file is not there any more"):
        assert words in page
    assert sign_in(world.jonas).get("/en/desk/jobs/").status_code == 403
