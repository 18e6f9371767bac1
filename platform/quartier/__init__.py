"""The roof: settings, addresses and the pages that show the whole city at once.

It imports every house and is imported by none. It never holds a rule of the domain.
"""

from quartier.celery import app as celery_app

__all__ = ["celery_app"]
