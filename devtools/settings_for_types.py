"""The settings mypy loads: those of the tests, with managers whose types it can name."""

from quartier.settings.test import *  # noqa: F403
from quartier.settings.test import INSTALLED_APPS

INSTALLED_APPS = ["devtools.plain_managers.PlainManagers", *INSTALLED_APPS]
