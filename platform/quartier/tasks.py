"""What the roof does by itself: a backup, where the city says where to and for whose key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from groundwork import clock
from groundwork.backup import sealing, writing
from groundwork.backup.sealing import Unreadable
from groundwork.jobs import api as jobs
from groundwork.periodic import every


@every(seconds=900, words=_("Make a backup when it is time"))
@shared_task(name="quartier.backup")
def backup() -> None:
    if settings.BACKUP_DIR and settings.BACKUP_PUBLIC_KEY:
        make_backup(clock.now())


def newest(folder: Path) -> datetime | None:
    """When the newest backup in a folder was made, by its name."""
    names = sorted(file.name for file in folder.glob("quartier-*.backup"))
    return datetime.strptime(names[-1][9:25], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if names else None


def make_backup(at: datetime) -> bool:
    """Unless the newest one is young enough. What goes wrong stands among the jobs, and the next round tries again."""
    folder = Path(settings.BACKUP_DIR)
    last = newest(folder)
    if last is not None and at - last < timedelta(hours=settings.BACKUP_HOURS):
        return False
    jobs.begin("backup", "city", at=at)
    try:
        file, manifest = writing.to_folder(folder, sealing.public_key(settings.BACKUP_PUBLIC_KEY))
        writing.prune(folder, settings.BACKUP_KEEP)
    except (Unreadable, OSError):
        jobs.fail("backup", "city", at=clock.now(), reason="backup")
        raise
    rows = sum(manifest.tables.values())
    jobs.finish("backup", "city", at=clock.now(), rows=rows, files=manifest.media, bytes=file.stat().st_size)
    return True
