from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "cocreation.moderation"
    label = "moderation"
