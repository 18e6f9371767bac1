"""`manage.py import_package FILE...`: processes from other cities, each whole or not at all.

A malformed file does not stop the others; it changes nothing, costs a line on stderr and the exit code 1.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from feedback.opendata.packing import Malformed, take_over
from groundwork import clock


class Command(BaseCommand):
    help = "Take over participation data packages (docs/data-package.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a participation data package (.zip)")

    def handle(self, *, files: list[str], **options: Any) -> None:
        failed = False
        for name in files:
            try:
                process, new = take_over(Path(name), at=clock.now())
            except Malformed as error:
                failed = True
                self.stderr.write(f"{Path(name).name}: {error}")
                continue
            except OSError as error:
                failed = True
                self.stderr.write(f"{Path(name).name}: {error.strerror or error}")
                continue
            said = "taken over" if new else "was there already"
            self.stdout.write(f"{Path(name).name}: /processes/{process.slug}/ ({said})")
        if failed:
            raise SystemExit(1)
