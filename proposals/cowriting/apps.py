from django.apps import AppConfig


class CowritingConfig(AppConfig):
    name = "proposals.cowriting"
    label = "cowriting"
