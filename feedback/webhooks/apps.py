from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "feedback.webhooks"
    label = "webhooks"
