from django.apps import AppConfig


class AmendmentsConfig(AppConfig):
    name = "proposals.amendments"
    label = "amendments"
