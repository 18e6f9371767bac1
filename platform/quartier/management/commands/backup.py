"""`manage.py backup DIR`: an encrypted backup of the database and the media. `--new-key` makes a pair of keys."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from groundwork.backup import sealing, writing
from groundwork.backup.sealing import Unreadable


class Command(BaseCommand):
    help = "Writes an encrypted backup into a folder. Keys of votes, sessions and uploads on their way are not in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", default=settings.BACKUP_DIR, help="default: BACKUP_DIR")
        parser.add_argument(
            "--for",
            dest="public",
            default=settings.BACKUP_PUBLIC_KEY,
            help="the public key; default: BACKUP_PUBLIC_KEY",
        )
        parser.add_argument("--keep", type=int, default=0, help="afterwards keep only so many of the newest")
        parser.add_argument(
            "--new-key", metavar="FILE", help="make a pair of keys, write the private one into FILE"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            self._new_key(Path(options["new_key"]))
            return
        if not options["folder"] or not options["public"]:
            raise CommandError(
                "Name a folder and the public key (BACKUP_DIR, BACKUP_PUBLIC_KEY); --new-key FILE makes one."
            )
        folder = Path(options["folder"])
        try:
            file, manifest = writing.to_folder(folder, sealing.public_key(options["public"]))
        except Unreadable as wrong:
            raise CommandError(str(wrong)) from None
        rows = sum(manifest.tables.values())
        size = file.stat().st_size
        self.stdout.write(
            f"{file}: {rows} rows, {manifest.media} files, journal to {manifest.journal[0]}, {size} bytes."
        )
        for gone in writing.prune(folder, options["keep"]) if options["keep"] else []:
            self.stdout.write(f"{gone} was taken away.")

    def _new_key(self, file: Path) -> None:
        if file.exists():
            raise CommandError(f"{file} exists already; a key is never overwritten.")
        private, public = sealing.new_key()
        file.touch(mode=0o600)
        file.write_text(f"{private}\n")
        self.stdout.write(f"BACKUP_PUBLIC_KEY={public}")
        self.stderr.write(
            f"The private key is in {file}. Take it off this machine, to two places: without it no backup can be read."
        )
