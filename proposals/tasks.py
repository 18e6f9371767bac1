"""Celery's doors: what has to be done beside the pages. Each may run twice or not at all without harm."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from groundwork import clock
from groundwork.jobs import retention
from groundwork.periodic import every
from proposals import assess_actions, counts, exporting, exposure, hands, vocabulary


@every(seconds=60, words=_("Add up the numbers beside lists"))
@shared_task(name="proposals.fold_counts")
def fold_counts() -> None:
    counts.fold_counts()
    vocabulary.fold_words()


@shared_task(name="proposals.make_list")
def make_list(pk: int) -> None:
    exporting.make(pk)


@every(seconds=60, words=_("Finish and clear away lists as files"))
@shared_task(name="proposals.sweep_lists")
def sweep_lists() -> None:
    exporting.sweep(clock.now())


@every(seconds=600, words=_("Draw the fair order anew"))
@shared_task(name="proposals.draw_order")
def draw_order() -> None:
    """After midnight the order is drawn anew; the other runs of the day find nothing to do."""
    exposure.redraw(clock.now())
    exposure.forget_old(clock.now())


@every(seconds=30, words=_("Send invitations to write together"))
@shared_task(name="proposals.post_letters")
def post_letters() -> None:
    hands.post_letters(clock.now())


@every(seconds=24 * 3600, words=_("Forget invitations that have run out"))
@shared_task(name="proposals.forget_invitations")
def forget_invitations() -> None:
    """Addresses of people who never answered an invitation."""
    retention.apply("invitations", clock.now())


@every(seconds=60, words=_("Hand out what waits to the offices"))
@shared_task(name="proposals.assign_what_waits")
def assign_what_waits() -> None:
    assess_actions.assign_what_waits(clock.now())


@every(seconds=3600, words=_("Remind authors of questions to them"))
@shared_task(name="proposals.remind_authors")
def remind_authors() -> None:
    assess_actions.remind_authors(clock.now())


@shared_task(name="proposals.keep_shown")
def keep_shown(counted: list[tuple[str, int, int]]) -> None:
    exposure.keep(counted)
