"""For mypy alone: managers keep the classes that the source gives them.

At run time modeltranslation puts classes of its own in their place, made on the fly. The Django plugin of mypy, which
looks at the loaded models, cannot follow that and would know nothing about any manager of a translated model.
"""

from django.apps import AppConfig
from modeltranslation import translator


class PlainManagers(AppConfig):
    """Stands before modeltranslation in INSTALLED_APPS: its `ready` runs first."""

    name = "devtools"

    def ready(self) -> None:
        translator.add_manager = lambda model: None
