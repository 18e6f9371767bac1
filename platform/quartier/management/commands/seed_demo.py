"""`manage.py seed_demo`: fill an empty database with the demo city."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cocreation.models import Place
from quartier.demo import seed


class Command(BaseCommand):
    help = "Builds the demo city Auental in an empty database. Does nothing where a city stands already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="leave quietly when there is a city already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Place.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There is a city in this database already; the demo wants an empty one.")
        seed.build(say=lambda words: self.stdout.write(f"  {words}"))
        self.stdout.write("  Auental stands.")
