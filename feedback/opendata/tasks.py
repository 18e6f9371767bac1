"""Celery's doors. Each may run twice or not at all without harm."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from cocreation.models import Process
from feedback.opendata import actions, figures, packages, redacting
from groundwork import clock
from groundwork.datasets import datasets
from groundwork.periodic import every


@every(seconds=900, words=_("Write open data that is due"))
@shared_task(name="opendata.renew")
def renew() -> None:
    actions.renew(clock.now())


@every(seconds=900, words=_("Count the figures of the city"))
@shared_task(name="opendata.count")
def count() -> None:
    figures.count(clock.now())


@every(seconds=300, words=_("Notice open data that was left half-way"))
@shared_task(name="opendata.notice_killed")
def notice_killed() -> None:
    actions.notice_killed(clock.now())


@every(seconds=300, words=_("Take what was erased or hidden out of older open data"))
@shared_task(name="opendata.take_out")
def take_out() -> None:
    redacting.take_out(clock.now())


@shared_task(name="opendata.write")
def write(slug: str) -> None:
    actions.renew(clock.now(), wanted=[datasets.get(slug)])


@every(seconds=900, words=_("Write data packages of processes that are due"))
@shared_task(name="opendata.renew_packages")
def renew_packages() -> None:
    packages.renew(clock.now())


@shared_task(name="opendata.write_package")
def write_package(slug: str) -> None:
    packages.renew(clock.now(), wanted=list(Process.objects.published().filter(slug=slug)))
