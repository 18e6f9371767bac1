"""Background work of the hall."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from cocreation import dry_run, pending
from cocreation.announcing import announce_phases
from cocreation.checks import jobs, letters, register
from cocreation.lifecycle import publish_due
from cocreation.models import LetterBatch, RegisterImport
from groundwork import clock
from groundwork.jobs import retention
from groundwork.periodic import every


@every(seconds=60, words=_("Announce phases that open and close"))
@shared_task(name="cocreation.announce_phases")
def announce() -> None:
    announce_phases(clock.now())


@every(seconds=10, words=_("Publish processes at their planned time"))
@shared_task(name="cocreation.publish_due")
def publish_planned() -> None:
    publish_due(clock.now())


@every(seconds=3600, words=_("Forget what waited too long for a log-in"))
@shared_task(name="cocreation.forget_pending")
def forget_pending() -> None:
    retention.apply("pending", clock.now())


@every(seconds=3600, words=_("Remove files that belong to nothing"))
@shared_task(name="cocreation.sweep_files")
def sweep_files() -> None:
    retention.apply("files", clock.now())


@every(seconds=3600, words=_("Forget uploaded processes nobody took over"))
@shared_task(name="cocreation.forget_packages")
def forget_packages() -> None:
    retention.apply("packages", clock.now())


@every(seconds=3600, words=_("Clear away dry runs"))
@shared_task(name="cocreation.sweep_dry_runs")
def sweep_dry_runs() -> None:
    dry_run.sweep(clock.now())


@every(seconds=900, words=_("Complete what waited for a confirmation"))
@shared_task(name="cocreation.complete_pending")
def complete_pending() -> None:
    pending.complete_all(clock.now())


# --- checks ---


@shared_task(name="cocreation.import_register")
def import_register(pk: int) -> None:
    jobs.run(RegisterImport, pk, register.read)


@shared_task(name="cocreation.make_letters")
def make_letters(pk: int) -> None:
    jobs.run(LetterBatch, pk, letters.make)


@every(seconds=60, words=_("Go on with registers that were left half-way"))
@shared_task(name="cocreation.sweep_uploads")
def sweep_uploads() -> None:
    jobs.sweep(RegisterImport, import_register, clock.now())
    jobs.sweep(LetterBatch, make_letters, clock.now())


@every(seconds=3600, words=_("Forget what confirmations no longer need"))
@shared_task(name="cocreation.forget_checks")
def forget_checks() -> None:
    retention.apply("checks", clock.now())
