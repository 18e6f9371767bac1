from django.apps import AppConfig


class MergingConfig(AppConfig):
    name = "proposals.merging"
    label = "merging"
