"""A job says how far it is and why it failed; none says that it is done when it failed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from groundwork import periodic
from groundwork.jobs import api as jobs
from groundwork.jobs.models import Job, Run

AT = datetime(2027, 5, 3, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    with jobs.kinds.temporarily("sums", jobs.JobKind("sums", "Sums", why={"odd": "An odd number."}.get)):
        yield


def test_a_job_goes_from_its_turn_to_its_result(kind):
    jobs.begin("sums", 7, at=AT, title="Seven", total=200, waiting=True)
    assert Job.objects.get().state == "waiting"
    jobs.begin("sums", 7, at=AT)
    jobs.tell("sums", 7, at=AT, done=50)
    assert Job.objects.get().percent == 25
    jobs.finish("sums", 7, at=AT, sum=28)
    job = Job.objects.get()
    assert (job.state, job.percent, job.result, job.title) == ("done", 100, {"sum": 28}, "Seven")


def test_a_job_that_failed_says_why_and_never_that_it_is_done(kind):
    jobs.begin("sums", 7, at=AT)
    jobs.fail("sums", 7, at=AT, reason="odd")
    assert jobs.reason_of(Job.objects.get()) == "An odd number."
    with pytest.raises(IntegrityError, match="failed_with_reason"), transaction.atomic():
        Job.objects.update(reason="")
    with pytest.raises(IntegrityError, match="over_has_an_end"), transaction.atomic():
        Job.objects.update(finished_at=None)
    jobs.begin("sums", 7, at=AT)  # tried again, it starts anew
    assert Job.objects.get().reason == "" and Job.objects.get().finished_at is None


def test_what_is_rolled_back_is_not_done(kind):
    jobs.begin("sums", 7, at=AT)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.finish("sums", 7, at=AT)
        raise ZeroDivisionError
    jobs.fail("sums", 7, at=AT, reason="")
    assert (Job.objects.get().state, Job.objects.get().reason) == ("failed", "error")


def test_every_periodic_task_leaves_when_it_ran_and_how_it_went(monkeypatch):
    from celery import shared_task

    @periodic.every(seconds=9, words="Nothing")
    @shared_task(name="tests.turn")
    def turn(fails: bool) -> None:
        if fails:
            raise ValueError("a secret of somebody")

    monkeypatch.delitem(periodic.schedule, "unused", raising=False)
    try:
        turn.apply(args=[False])
        assert not Run.objects.get(task="tests.turn").is_broken
        turn.apply(args=[True])
        run = Run.objects.get(task="tests.turn")
        assert run.is_broken and run.failure == "ValueError" and run.failures == 1
        turn.apply(args=[False])
        assert not Run.objects.get(task="tests.turn").is_broken
    finally:
        del periodic.schedule["tests.turn"]
