from django.apps import AppConfig


class VariantsConfig(AppConfig):
    name = "proposals.variants"
    label = "variants"
