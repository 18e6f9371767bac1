"""`manage.py restore FILE --key KEYFILE`: into an empty database and an empty media folder, checked before anybody is served."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from groundwork.backup import restoring, sealing
from groundwork.backup.sealing import Unreadable


class Command(BaseCommand):
    help = "Restores a backup into an empty city. Nobody is served before every check has passed."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--key", required=True, help="the file with the private key")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = sealing.private_key(Path(options["key"]).read_text())
            with Path(options["file"]).open("rb") as source:
                manifest, done, found = restoring.restore(source, key)
        except Unreadable as wrong:
            raise CommandError(str(wrong)) from None
        except OSError as wrong:
            raise CommandError(f"{wrong.filename}: {wrong.strerror}.") from None
        self.stdout.write(f"Restored as of {manifest.made_at:%Y-%m-%d %H:%M} UTC.")
        for words in done:
            self.stdout.write(words)
        for words, wrong_things in found.items():
            self.stdout.write(f"{words}: {'well' if not wrong_things else '; '.join(wrong_things[:20])}")
        if any(found.values()):
            raise CommandError(
                "Not every check has passed. The database stays closed: nobody is served from it."
            )
        self.stdout.write(
            "Every check has passed; the database is open. `migrate` brings it to the version of the program."
        )
