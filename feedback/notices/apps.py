from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "feedback.notices"
    label = "notices"
