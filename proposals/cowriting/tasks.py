from celery import shared_task

from groundwork import clock
from groundwork.periodic import every
from proposals.cowriting import actions


@every(seconds=3600)
@shared_task(name="cowriting.sweep")
def sweep() -> None:
    """Drafts that ended 30 days ago are forgotten."""
    actions.sweep(at=clock.now())
