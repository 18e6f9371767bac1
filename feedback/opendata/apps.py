from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    name = "feedback.opendata"
    label = "opendata"
