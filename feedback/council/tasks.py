"""Celery's doors. Each may run twice or not at all without harm."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from feedback.council import actions
from feedback.council.models import Source
from groundwork import clock
from groundwork.periodic import every


@every(seconds=3600, words=_("Read papers and meetings of the council"))
@shared_task(name="council.read_all")
def read_all() -> None:
    for source in Source.objects.all():
        actions.read(source, at=clock.now())


@shared_task(name="council.read_one")
def read_one(key: int) -> None:
    for source in Source.objects.filter(pk=key):
        actions.read(source, at=clock.now())
