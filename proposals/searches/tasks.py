"""Celery's door: look whether something new fits."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from groundwork import clock
from groundwork.periodic import every
from proposals.searches import actions


@every(seconds=600, words=_("Look for news in saved searches"))
@shared_task(name="searches.look")
def look() -> None:
    actions.look(clock.now())
