"""A real worker reads the register and is killed in the middle: nothing is half done, and the next one does it all."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

import tests.world
from cocreation import tasks
from cocreation.checks import jobs, register
from cocreation.models import Eligibility, RegisterImport
from groundwork import private
from quartier.celery import app
from tests import keepsake
from tests.cocreation.checks.checking import HEAD, switch_on, table, upload
from tests.world import build_world

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROWS = 40_000


def wait_for(true, what: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.02)


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_finishes(
    celery_worker_process, monkeypatch
):
    monkeypatch.setattr(tests.world, "build_votes", lambda world: None)
    monkeypatch.setattr(tests.world, "build_feedback", lambda world: None)
    world = keepsake.world(build_world, "before the votes")
    process = switch_on(world.collecting)
    lines = [f"{n:08};Name;86150;01.02.1990" for n in range(ROWS)]
    job = upload(process, world.ada, table(*lines, head=HEAD))
    columns = register.Layout.read(job.layout).guess(register.COLUMNS)
    register.start(job=job, columns=columns, by=world.ada)

    def now() -> RegisterImport:
        return RegisterImport.objects.get(pk=job.pk)

    wait_for(lambda: now().rows > 0, "the first rows")
    celery_worker_process.kill()
    app.control.purge()
    assert now().state == "running" and not Eligibility.objects.filter(process=process).exists()
    assert private.path_of(job.token).exists()

    celery_worker_process.restart()
    RegisterImport.objects.filter(pk=job.pk).update(
        beat_at=timezone.now() - jobs.SILENT - timedelta(seconds=1)
    )
    jobs.sweep(RegisterImport, tasks.import_register, timezone.now())
    wait_for(lambda: now().is_over, "the second attempt")
    assert (now().state, now().added, now().attempt) == ("done", ROWS, 2)
    assert Eligibility.objects.filter(process=process).count() == ROWS
    assert not private.path_of(job.token).exists()
