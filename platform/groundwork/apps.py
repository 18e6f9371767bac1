from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class GroundworkConfig(AppConfig):
    name = "groundwork"
    label = "groundwork"

    def ready(self) -> None:
        from groundwork import context_storage, watch

        context_storage.use()
        watch.connect()
        # Order = INSTALLED_APPS: lower houses declare before higher ones add to them.
        autodiscover_modules("datamap")
        autodiscover_modules("manifest")
        autodiscover_modules("datasets")
        autodiscover_modules("data_package")
        from groundwork import living_connections

        living_connections.connect()
