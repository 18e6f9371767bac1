"""Celery's door to the journal: woken after commit, and every few seconds in case a wake was lost."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from groundwork.journal.api import readers_begin
from groundwork.journal.follow import follow_all
from groundwork.periodic import every


@every(seconds=5, words=_("Pass on what happened to all readers"))
@shared_task(name="journal.follow")
def follow() -> None:
    readers_begin()
    follow_all()
