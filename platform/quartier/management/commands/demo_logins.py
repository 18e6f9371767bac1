"""Print the log-ins of the demo city, with the code of the moment where a second factor is asked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from groundwork import clock
from quartier.demo.codes import code
from quartier.demo.logins import LOGINS


class Command(BaseCommand):
    help = "Print the log-ins of the demo city."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: there are no such log-ins.")
        at = clock.now()
        with translation.override("en"):
            rows = [(str(login.role), login.email, login.password, login.totp_secret) for login in LOGINS]
        widths = [max(len(row[column] or "") for row in rows) for column in range(3)]
        for role, email, password, secret in rows:
            shown = f"  code {code(secret, at)}" if secret else ""
            self.stdout.write(
                f"{role:<{widths[0]}}  {email:<{widths[1]}}  {password:<{widths[2]}}{shown}".rstrip()
            )
