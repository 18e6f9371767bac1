from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "proposals.ballots"
    label = "ballots"
