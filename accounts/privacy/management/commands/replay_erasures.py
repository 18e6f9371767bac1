"""After a restore: forget again whoever was forgotten since the copy was made. `--check` only says how many wait (exit 1)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.privacy import forgetting
from groundwork import clock


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if anybody waits")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        if check:
            if waiting := len(forgetting.outstanding()):
                raise CommandError(f"{waiting} erasure(s) have to be replayed.")
            self.stdout.write("Nothing to replay.")
            return
        self.stdout.write(f"{forgetting.replay(clock.now())} erasure(s) replayed.")
