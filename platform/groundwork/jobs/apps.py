from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "groundwork.jobs"
    label = "jobs"

    def ready(self) -> None:
        from groundwork.jobs import watching

        watching.connect()
