"""Background work of the privacy desk."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from accounts.privacy import exporting, forgetting
from groundwork import clock
from groundwork.periodic import every


@shared_task(name="privacy.make_export")
def make_export(pk: int) -> None:
    exporting.make(pk)


@shared_task(name="privacy.forget")
def forget(pk: int) -> None:
    forgetting.run(pk)


@every(seconds=300, words=_("Finish erasures that were left half-way"))
@shared_task(name="privacy.sweep_erasures")
def sweep_erasures() -> None:
    forgetting.sweep(clock.now())


@every(seconds=300, words=_("Finish and clear away copies of people's data"))
@shared_task(name="privacy.sweep_exports")
def sweep_exports() -> None:
    exporting.sweep(clock.now())
