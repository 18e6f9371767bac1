"""The only place where addresses are registered, switched and removed, and where messages are asked for by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Person
from cocreation.models import RoleGrant
from feedback.webhooks import rules
from feedback.webhooks.kinds import TEST, kinds
from feedback.webhooks.models import Delivery, Webhook, new_salt
from groundwork.answer import require
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from cocreation.models import Process

State, Why = Delivery.State, Webhook.Why
KEPT = timedelta(days=30)
# So long a program may go on with the secret it has.
OVERLAP = timedelta(hours=24)


@transaction.atomic
def register(
    *,
    by: Person,
    name: str,
    url: str,
    chosen: Sequence[str],
    process: Process | None,
    for_team: bool,
    at: datetime,
) -> Webhook:
    """From now on this address is told. Its secret is `webhook.secret`, for this one answer."""
    Person.objects.select_for_update().get(pk=by.pk)  # so that two at once do not become one too many
    require(rules.may_register(by, process, for_team))
    webhook = Webhook(
        person=by, process=process, for_team=for_team, name=name, url=url, made_at=at,
        kinds=[slug for slug in kinds.slugs() if slug in set(chosen)],
    )  # fmt: skip
    webhook.full_clean()
    webhook.save()
    return webhook


@transaction.atomic
def switch(*, webhook: Webhook, on: bool, at: datetime) -> None:
    """Off: what waits is given up. On: it begins anew with what happens from now on. Twice is the same as once."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if on and webhook.off_at:
        Webhook.objects.filter(pk=webhook.pk).update(off_at=None, off_why="", failing_since=None)
    elif not on and not webhook.off_at:
        _off(webhook, Why.OWNER, at)


@transaction.atomic
def renew_secret(*, webhook: Webhook, at_once: bool, at: datetime) -> Webhook:
    """A new secret, `webhook.secret`, for this one answer. The one before holds for a day beside it, or ends `at_once`
    because somebody else may know it; one that still held from an earlier change ends in any case."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    webhook.old_salt, webhook.old_until = ("", None) if at_once else (webhook.salt, at + OVERLAP)
    webhook.salt = new_salt()
    webhook.save(update_fields=["salt", "old_salt", "old_until"])
    return webhook


def remove(*, webhook: Webhook) -> None:
    """With its log. Nothing more leaves for it."""
    webhook.delete()


@transaction.atomic
def send_test(*, webhook: Webhook, at: datetime) -> Delivery:
    """A message that says nothing but that it is a test; it goes the way of all others."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    require(rules.may_send(webhook, at))
    found = Delivery.objects.create(webhook=webhook, verb=TEST, at=at, made_at=at, due_at=at)
    _soon()
    return found


@transaction.atomic
def send_again(*, delivery: Delivery, at: datetime) -> Delivery:
    """The same message once more, as things stand now."""
    webhook = Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
    found = Delivery.objects.select_for_update().get(pk=delivery.pk)
    found.webhook = webhook
    require(rules.may_repeat(found, at))
    found.state, found.due_at, found.claimed_at, found.attempts, found.trouble = (
        State.WAITING,
        at,
        None,
        0,
        "",
    )
    found.save()
    _soon()
    return found


# --- what the way out does ---


@transaction.atomic
def give_up_address(webhook: Webhook, why: Webhook.Why, at: datetime) -> bool:
    """Switched off because it does not work; whoever looks after it is told in words. False when it is off already."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if webhook.off_at:
        return False
    _off(webhook, why, at)
    journal.record(
        "webhook.switched_off", on=webhook, at=at, process=webhook.process_id,
        data={"tell": _who_looks_after(webhook), "row": webhook.pk},
    )  # fmt: skip
    return True


def _off(webhook: Webhook, why: Webhook.Why, at: datetime) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(off_at=at, off_why=why)
    webhook.deliveries.filter(state=State.WAITING).update(
        state=State.FAILED, due_at=None, trouble=Delivery.Trouble.OFF
    )


def _who_looks_after(webhook: Webhook) -> list[int]:
    """Who registered it; where they have left a team's, those who set up the process."""
    if webhook.person_id:
        return [webhook.person_id]
    owners = RoleGrant.objects.filter(
        role=RoleGrant.Role.OWNER, process=webhook.process_id, ended_at__isnull=True
    )
    return sorted(set(owners.values_list("person", flat=True)))


def leave(person: Person, at: datetime) -> None:
    """An account closes: its own addresses go, those of a team stay with the team."""
    Webhook.objects.filter(person=person, for_team=False).delete()
    Webhook.objects.filter(person=person).update(person=None)


def forget_old_secrets(at: datetime) -> int:
    """They sign nothing any more; nor are they kept."""
    return Webhook.objects.filter(old_until__lte=at).update(old_salt="", old_until=None)


def forget_deliveries(at: datetime) -> int:
    """What was sent or given up a month ago is gone from the log."""
    return Delivery.objects.exclude(state=State.WAITING).filter(made_at__lt=at - KEPT).delete()[0]


def _soon() -> None:
    from feedback.webhooks.tasks import wake_after_commit

    wake_after_commit()
