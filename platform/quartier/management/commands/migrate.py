"""Django's `migrate`; an empty database begins with what the migrations of yesterday left behind (quartier/schema.py)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from quartier import schema


class Command(Migrate):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--from-nothing",
            action="store_true",
            help="Every migration, one after the other, also on an empty database.",
        )

    def handle(self, *args: Any, **options: Any) -> Any:
        parts = ("app_label", "fake", "fake_initial", "plan", "check_unapplied", "from_nothing")
        whole = not any(options[part] for part in parts)
        made = whole and schema.load(connections[options["database"]])
        if made and options["verbosity"] > 0:
            self.stdout.write("The tables were made in one step; newer migrations follow.")
        return super().handle(*args, **options)
