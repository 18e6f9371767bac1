from celery import shared_task
from django.utils.translation import gettext_lazy as _

from groundwork import clock
from groundwork.jobs import retention
from groundwork.periodic import every


@every(seconds=3600, words=_("Clear away finished shared drafts"))
@shared_task(name="cowriting.sweep")
def sweep() -> None:
    """Drafts that ended 30 days ago are forgotten."""
    retention.apply("shared_drafts", clock.now())
