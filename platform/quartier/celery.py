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
    # The very dictionary: whoever starts by collecting the tasks (beat does) comes here in the middle of that, at the first one.
    sender.conf.beat_schedule = schedule


def know_tasks() -> None:
    """For whoever answers from several threads, before the first request. Celery collects tasks when the first one is asked for,
    under a lock of its own; a thread that imports a task meanwhile holds the lock of that module and waits for Celery's, while
    Celery waits for the module's. Both would wait for ever."""
    app.finalize(auto=True)
