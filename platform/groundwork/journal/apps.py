from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "groundwork.journal"
    label = "journal"
