"""Open data of the world: two tables are written, one of them twice; the others wait for their first version."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from groundwork.datasets import datasets

if TYPE_CHECKING:
    from tests.world import World


def build_data(world: World) -> None:
    if not apps.is_installed("feedback.opendata"):
        return
    from feedback.opendata import actions, figures, packages
    from feedback.opendata.models import ProcessPackage, ReleaseFile
    from groundwork import clock

    wanted = [datasets.get("places"), datasets.get("proposals")]
    actions.renew(world.now - timedelta(days=2), wanted=wanted)
    type(world.village).objects.filter(pk=world.village.pk).update(population=812)
    actions.renew(world.now - timedelta(hours=1), wanted=wanted)
    figures.count(world.now - timedelta(minutes=5))
    packages.renew(clock.now(), wanted=[world.processes[key] for key in ("answering", "collecting")])
    files = ReleaseFile.objects.values_list("stored", flat=True)
    for stored in [*files, *ProcessPackage.objects.values_list("stored", flat=True)]:
        with default_storage.open(stored) as opened:
            world.stored[stored] = opened.read()


def bring_back_data(world: World) -> None:
    """The files, where a test before this one swept them away, or another world has others under the same names."""
    for stored, content in world.stored.items():
        if default_storage.exists(stored):
            with default_storage.open(stored) as opened:
                if opened.read() == content:
                    continue
            default_storage.delete(stored)
        default_storage.save(stored, ContentFile(content))
    # What other worlds have left under names that nothing of this one points to.
    with contextlib.suppress(FileNotFoundError):
        for name in default_storage.listdir("packages")[1]:
            if f"packages/{name}" not in world.stored:
                default_storage.delete(f"packages/{name}")
