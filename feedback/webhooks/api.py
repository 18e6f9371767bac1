"""Addresses that are told, for programs: the same form, rules and actions as on the pages."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from rest_framework import serializers

from cocreation.models import Process
from feedback.webhooks import actions
from feedback.webhooks.forms import SecretForm, WebhookForm
from feedback.webhooks.kinds import GONE, TEST, VERBS, kinds
from feedback.webhooks.models import Delivery, Webhook
from groundwork.webapi.bodies import Body, by_slug
from groundwork.webapi.lists import Filter, Listing
from groundwork.webapi.scopes import WEBHOOKS
from groundwork.webapi.shown import Shown, moment, words
from groundwork.webapi.view import Asked, Endpoint, Made, lists, reads, writes

KINDS = [(slug, slug) for slug in kinds.slugs()]


class WebhookOut(Shown):
    id = serializers.IntegerField(source="pk")
    name = words()
    url = words("Where our messages go.")
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=KINDS))
    process = words("Slug; null: of all processes.", source="process.slug", default=None, allow_null=True)
    for_team = serializers.BooleanField(help_text="Everybody who may set up the process looks after it.")
    state = serializers.ChoiceField(choices=[("on", "on"), ("failing", "failing"), ("off", "off")])
    off_why = serializers.ChoiceField(choices=[("", ""), *Webhook.Why.choices])
    made_at = moment()
    off_at = moment(allow_null=True)
    old_secret_until = moment(
        "Until then the secret before holds as well.", source="old_until", allow_null=True
    )
    secret = serializers.SerializerMethodField(
        help_text="What messages are signed with: in the answer that registered or renewed it, and null ever after."
    )

    def get_secret(self, found: Webhook) -> str | None:
        return found.secret if found.tells_secret else None


class DeliveryOut(Shown):
    id = serializers.IntegerField(source="pk")
    message = words("What the receiver knows it by (`webhook-id`).")
    type = serializers.ChoiceField(
        choices=[(verb, verb) for verb in (TEST, GONE, *sorted(VERBS))], source="verb"
    )
    at = moment("When it happened.")
    state = serializers.ChoiceField(choices=Delivery.State.choices)
    attempts = serializers.IntegerField()
    tried_at = moment(allow_null=True)
    due_at = moment("When it is tried next.", allow_null=True)
    status = serializers.IntegerField(allow_null=True, help_text="What the address answered.")
    trouble = serializers.ChoiceField(choices=[("", ""), *Delivery.Trouble.choices])


def _mine(asked: Asked, id: int) -> Webhook:
    return get_object_or_404(Webhook.objects.looked_after_by(asked.person).select_related("process"), pk=id)


BODY = Body(
    WebhookForm, names={"process": by_slug(Process)}, optional=["for_team", "process"],
    about={"process": "Slug; without it, all processes.", "kinds": f"Some of: {', '.join(kinds.slugs())}."},
)  # fmt: skip


SECRET = Body(SecretForm)


class Webhooks(Endpoint):
    tag = "webhooks"

    @lists(
        WebhookOut, id="listWebhooks", words="Addresses that are told for you and your teams", scope=WEBHOOKS,
        listing=Listing({"newest": ("-pk",)}), needs_person=True,
    )  # fmt: skip
    def get(self, asked: Asked) -> QuerySet[Webhook]:
        return Webhook.objects.looked_after_by(asked.person).select_related("process")

    @writes(
        WebhookOut, id="registerWebhook", words="Register an address", scope=WEBHOOKS, body=BODY, status=201,
        about="It is told of the public events you choose. Its secret is in this answer only: sent again with the same "
        "`Idempotency-Key`, the answer holds none.",
    )  # fmt: skip
    def post(self, asked: Asked) -> Made:
        form = WebhookForm(BODY.read(asked.sent), person=asked.person)
        BODY.check(form, asked.sent)
        made = actions.register(by=asked.person, at=asked.at, **form.about)
        told = Webhook.objects.select_related("process").get(pk=made.pk)
        made.tells_secret = True
        return Made(made, reverse("api_v1:webhook", args=[made.pk]), kept=told)


class OneWebhook(Endpoint):
    tag = "webhooks"

    @reads(WebhookOut, id="readWebhook", words="One address", scope=WEBHOOKS, needs_person=True)
    def get(self, asked: Asked, id: int) -> Webhook:
        return _mine(asked, id)

    @writes(None, id="removeWebhook", words="Remove an address, with its list of messages", scope=WEBHOOKS)
    def delete(self, asked: Asked, id: int) -> None:
        actions.remove(webhook=_mine(asked, id))


class WebhookSecret(Endpoint):
    tag = "webhooks"

    @writes(
        WebhookOut, id="renewSecret", words="A new secret", scope=WEBHOOKS, body=SECRET,
        about="The one before holds for 24 hours beside it, or ends `at_once`. The new one is in this answer only: sent again with "
        "the same `Idempotency-Key`, the answer holds none.",
    )  # fmt: skip
    def post(self, asked: Asked, id: int) -> Made:
        form = SecretForm(SECRET.read(asked.sent))
        SECRET.check(form, asked.sent)
        found = _mine(asked, id)
        made = actions.renew_secret(webhook=found, at_once=form.cleaned_data["at_once"], at=asked.at)
        told = _mine(asked, id)
        made.tells_secret = True
        return Made(made, kept=told)


class WebhookSwitch(Endpoint):
    tag = "webhooks"

    @writes(WebhookOut, id="switchWebhookOn", words="Switch it on", scope=WEBHOOKS)
    def put(self, asked: Asked, id: int) -> Webhook:
        """It is told what happens from now on."""
        actions.switch(webhook=_mine(asked, id), on=True, at=asked.at)
        return _mine(asked, id)

    @writes(WebhookOut, id="switchWebhookOff", words="Switch it off", scope=WEBHOOKS)
    def delete(self, asked: Asked, id: int) -> Webhook:
        """What waits is given up."""
        actions.switch(webhook=_mine(asked, id), on=False, at=asked.at)
        return _mine(asked, id)


class Deliveries(Endpoint):
    tag = "webhooks"

    @lists(
        DeliveryOut, id="listDeliveries", words="What was sent to an address", scope=WEBHOOKS, needs_person=True,
        listing=Listing(
            {"newest": ("-pk",)}, {"state": Filter("state", "Only in this state.", Delivery.State.values)}
        ),
    )  # fmt: skip
    def get(self, asked: Asked, id: int) -> QuerySet[Delivery]:
        return Delivery.objects.filter(webhook=_mine(asked, id))

    @writes(DeliveryOut, id="testWebhook", words="Send a test", scope=WEBHOOKS, status=201)
    def post(self, asked: Asked, id: int) -> Delivery:
        return actions.send_test(webhook=_mine(asked, id), at=asked.at)


class Again(Endpoint):
    tag = "webhooks"

    @writes(DeliveryOut, id="sendAgain", words="Send a message again", scope=WEBHOOKS)
    def post(self, asked: Asked, id: int, number: int) -> Delivery:
        """The same message, as things stand now."""
        found = get_object_or_404(Delivery.objects.filter(webhook=_mine(asked, id)), pk=number)
        return actions.send_again(delivery=found, at=asked.at)


urlpatterns = [
    path("webhooks", Webhooks.as_view(), name="webhooks"),
    path("webhooks/<int:id>", OneWebhook.as_view(), name="webhook"),
    path("webhooks/<int:id>/secret", WebhookSecret.as_view(), name="webhook_secret"),
    path("webhooks/<int:id>/on", WebhookSwitch.as_view(), name="webhook_on"),
    path("webhooks/<int:id>/deliveries", Deliveries.as_view(), name="webhook_deliveries"),
    path("webhooks/<int:id>/deliveries/<int:number>/again", Again.as_view(), name="webhook_again"),
]
