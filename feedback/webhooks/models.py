"""An address that is told, and each message to it."""

from __future__ import annotations

import secrets
from base64 import b64encode
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cocreation.models import Contribution, Process
from feedback.webhooks.kinds import verbs_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person

BEGINS = "whsec_"


def new_salt() -> str:
    return secrets.token_urlsafe(24)


def new_message() -> str:
    return f"msg_{secrets.token_urlsafe(18)}"


def _key_of(salt: str) -> bytes:
    return salted_hmac("feedback.webhooks", salt, algorithm="sha256").digest()


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def on(self) -> WebhookQuerySet:
        return self.filter(off_at__isnull=True)

    def looked_after_by(self, person: Person) -> WebhookQuerySet:
        """One's own, and those of the teams one belongs to: whoever may set up the process."""
        from cocreation.roles import roles_of

        mine, team = Q(person=person), roles_of(person).configures
        return self.filter(mine | (Q(for_team=True) & team.narrow("process__")) if team else mine)


class Webhook(models.Model):
    """Where, what of, and whether it works. The key its messages are signed with is made from `salt` and the city's secret
    key, so the database alone signs nothing."""

    class Why(models.TextChoices):
        OWNER = "owner", _("switched off by you or your team")
        FAILED = "failed", _("it did not take our messages for three days")
        GONE = "gone", _("it said that nobody is there any more (410)")

    # Empty where whoever registered it for a team has left.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    process = models.ForeignKey(Process, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    for_team = models.BooleanField(default=False)
    name = models.CharField(_("What is it for?"), max_length=60)
    url = models.CharField(_("Address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=20))
    salt = models.CharField(max_length=40, default=new_salt, editable=False)
    made_at = models.DateTimeField()
    # Whether an answer of the interface may say the secret of this object: that which made it, and no other.
    tells_secret = False
    # The secret before the newest one: messages carry its signature as well until then.
    old_salt = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    old_until = models.DateTimeField(null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    off_why = models.CharField(max_length=6, choices=Why.choices, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("address that is told")
        constraints = [
            models.CheckConstraint(condition=~Q(kinds=[]), name="webhooks_webhook_tells_something"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(for_team=True), name="webhooks_webhook_is_somebodys"
            ),
            models.CheckConstraint(
                condition=Q(for_team=False) | Q(process__isnull=False),
                name="webhooks_webhook_team_has_a_process",
            ),
            models.CheckConstraint(
                condition=Q(off_at__isnull=True, off_why="") | (Q(off_at__isnull=False) & ~Q(off_why="")),
                name="webhooks_webhook_off_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(old_until__isnull=True, old_salt="")
                | (Q(old_until__isnull=False) & ~Q(old_salt="")),
                name="webhooks_webhook_old_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        """Shown once, when it is made; afterwards only used to sign."""
        return BEGINS + b64encode(self.key).decode()

    @property
    def key(self) -> bytes:
        return _key_of(self.salt)

    def keys_at(self, at: datetime) -> list[bytes]:
        """What a message is signed with at this moment: the newest key first, then the one before while it holds."""
        old = [self.old_salt] if self.old_until and at < self.old_until else []
        return [_key_of(salt) for salt in (self.salt, *old)]

    @property
    def verbs(self) -> frozenset[str]:
        return verbs_of(self.kinds)

    @property
    def state(self) -> str:
        if self.off_at:
            return "off"
        return "failing" if self.failing_since else "on"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def of(self, webhook: Webhook) -> DeliveryQuerySet:
        return self.filter(webhook=webhook).order_by("-pk")


class Delivery(models.Model):
    """One message to one address. It holds no words: what it says is read when it leaves, and only what anybody sees then."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        DELIVERED = "delivered", _("taken")
        FAILED = "failed", _("given up")
        NOTHING = "nothing", _("not sent: no longer public")

    class Trouble(models.TextChoices):
        STATUS = "status", _("answered with another status than 2xx")
        SLOW = "slow", _("took longer than ten seconds")
        NAME = "name", _("the name was not found")
        CERTIFICATE = "certificate", _("its certificate does not hold")
        UNREACHABLE = "unreachable", _("no connection")
        UNSAFE = "unsafe", _("leads to an address inside a network, where we do not go")
        OFF = "off", _("the address was switched off")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    # What the receiver knows it by: the same at every try.
    message = models.CharField(max_length=40, unique=True, default=new_message)
    entry_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=60, blank=True)
    subject_key = models.CharField(max_length=40, blank=True)
    process = models.ForeignKey(Process, null=True, on_delete=models.CASCADE, related_name="+")
    contribution = models.ForeignKey(Contribution, null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=12, choices=Trouble.choices, blank=True)
    milliseconds = models.PositiveIntegerField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to an address")
        constraints = [
            models.UniqueConstraint(fields=["webhook", "entry_id"], name="webhooks_delivery_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", due_at__isnull=False)
                | (~Q(state="waiting") & Q(due_at__isnull=True)),
                name="webhooks_delivery_waits_for_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="webhooks_log"),
            models.Index(fields=["due_at", "id"], name="webhooks_due", condition=Q(state="waiting")),
            models.Index(fields=["made_at"], name="webhooks_old"),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.verb}"
