"""`manage.py export_package SLUG FILE`: everything public about a process as a participation data package."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cocreation.models import Process
from feedback.opendata import packing
from groundwork import clock


class Command(BaseCommand):
    help = "Write the participation data package of a published process (docs/data-package.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("process", metavar="SLUG", help="its name in addresses: /processes/SLUG/")
        parser.add_argument("file", metavar="FILE", help="the file to write; it must not exist")

    def handle(self, *, process: str, file: str, **options: Any) -> None:
        found = Process.objects.published().filter(slug=process).first()
        if found is None:
            raise CommandError(f"There is no published process named {process!r}.")
        half = Path(f"{file}.part")
        try:
            if Path(file).exists():
                raise CommandError(f"{file} exists already.")
            with half.open("xb") as out:
                content, counts = packing.write(found, out, at=clock.now())
            os.replace(half, file)
        except OSError as error:
            half.unlink(missing_ok=True)
            raise CommandError(f"{file}: {error.strerror or error}")
        what = ", ".join(f"{n} {kind}" for kind, n in counts.items())
        self.stdout.write(f"{file}: {what}\nsha256 of the records: {content}")
