"""Answers to those who left an address, and what is forgotten. Every run finds by itself what is undone."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from cocreation.moderation import mails
from groundwork import clock
from groundwork.jobs import retention
from groundwork.periodic import every


@every(seconds=60, words=_("Confirm reports to those who made them"))
@shared_task(name="moderation.answer")
def answer() -> None:
    mails.answer_reporters(clock.now())


@every(seconds=3600, words=_("Forget who reported what long ago"))
@shared_task(name="moderation.forget")
def forget() -> None:
    retention.apply("reports", clock.now())
