"""`manage.py verify_backup FILE --key KEYFILE`: read a backup to its end, without restoring anything."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from groundwork.backup import restoring, sealing
from groundwork.backup.sealing import Unreadable


class Command(BaseCommand):
    help = "Opens every byte of a backup and compares it with its hashes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--key", required=True, help="the file with the private key")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = sealing.private_key(Path(options["key"]).read_text())
            with Path(options["file"]).open("rb") as source:
                manifest = restoring.verify(source, key)
        except Unreadable as wrong:
            raise CommandError(str(wrong)) from None
        except OSError as wrong:
            raise CommandError(f"{wrong.filename}: {wrong.strerror}.") from None
        rows = sum(manifest.tables.values())
        self.stdout.write(
            f"Whole: made {manifest.made_at:%Y-%m-%d %H:%M} UTC, {rows} rows in {len(manifest.tables)} tables, "
            f"{manifest.media} files, journal to {manifest.journal[0]}."
        )
