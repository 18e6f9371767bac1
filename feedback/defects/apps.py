from django.apps import AppConfig


class DefectsConfig(AppConfig):
    name = "feedback.defects"
    label = "defects"
