from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "feedback.council"
    label = "council"
