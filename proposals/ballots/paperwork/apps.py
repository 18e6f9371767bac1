from django.apps import AppConfig


class PaperworkConfig(AppConfig):
    name = "proposals.ballots.paperwork"
    label = "paperwork"
