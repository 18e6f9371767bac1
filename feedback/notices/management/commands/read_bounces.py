"""`manage.py read_bounces [--maildir DIR]`: note mail that came back. Without a folder, one report on standard input, as a mail
server's pipe gives it; then 0 says that it was a report of ours, 1 that a person should read it."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feedback.notices import bouncing
from groundwork import clock


class Command(BaseCommand):
    help = "Notes mail that came back, from a Maildir or standard input."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--maildir", default=getattr(settings, "NOTICES_BOUNCE_MAILDIR", ""))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["maildir"]:
            noted = bouncing.read_maildir(options["maildir"], clock.now())
            self.stdout.write(f"{noted} reports noted.")
            return
        report = bouncing.read_report(sys.stdin.buffer.read(bouncing.MOST_BYTES))
        if report is None or not bouncing.note(report, clock.now()):
            raise CommandError("This is no report about a mail of ours.")
        self.stdout.write("Noted.")
