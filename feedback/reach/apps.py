from django.apps import AppConfig


class ReachConfig(AppConfig):
    name = "feedback.reach"
    label = "reach"
