from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class GroundworkConfig(AppConfig):
    name = "groundwork"
    label = "groundwork"

    def ready(self) -> None:
        # Order = INSTALLED_APPS: lower houses declare before higher ones add to them.
        autodiscover_modules("datamap")
        autodiscover_modules("manifest")
