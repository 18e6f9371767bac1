"""`manage.py import_pabulib FILE...`: finished votes of real cities, with their projects and every ballot.

One malformed file does not stop the others; it changes nothing, costs a line on stderr and the exit code 1.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from groundwork import clock
from proposals.ballots.pabulib import MalformedFile
from quartier.published_votes import NotImportable, take_over


class Command(BaseCommand):
    help = "Take over finished participatory-budgeting votes in Pabulib's .pb format, plain or gzipped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a .pb or .pb.gz file")

    def handle(self, *, files: list[str], **options: Any) -> None:
        failed = False
        for name in files:
            started = monotonic()
            try:
                process, new = take_over(Path(name), at=clock.now())
            except (MalformedFile, NotImportable) as error:
                failed = True
                self.stderr.write(f"{Path(name).name}: {error}")
                continue
            except OSError as error:
                failed = True
                self.stderr.write(f"{Path(name).name}: {error.strerror or error}")
                continue
            said = f"{monotonic() - started:.1f} s" if new else "was there already"
            self.stdout.write(f"{Path(name).name}: /processes/{process.slug}/result/ ({said})")
        if failed:
            raise SystemExit(1)
