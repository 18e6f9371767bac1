"""Celery's door to the journal: woken after commit, and every few seconds in case a wake was lost."""

from celery import shared_task

from groundwork.journal.follow import follow_all
from groundwork.periodic import every


@every(seconds=5)
@shared_task(name="journal.follow")
def follow() -> None:
    follow_all()
