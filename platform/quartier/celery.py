"""Background work: real worker and beat processes, tasks found in every room's `tasks.py`, periodic ones beside them."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.settings.prod")

from celery import Celery

app = Celery("quartier")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def declare_periodic_tasks(sender: Celery, **kwargs: object) -> None:
    from groundwork.periodic import schedule

    sender.loader.import_default_modules()
    sender.conf.beat_schedule = dict(schedule)
