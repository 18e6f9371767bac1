"""manage.py forget_answers: after the file with their keys was lost, the answers of people about themselves are worthless."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from feedback.reach.models import Answers


class Command(BaseCommand):
    help = "Deletes all answers of people about themselves; then new ones can be kept under a new key. Figures stay."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--yes", action="store_true", help="really delete them")

    def handle(self, *args: Any, **options: Any) -> None:
        number = Answers.objects.count()
        if not options["yes"]:
            self.stdout.write(f"{number} answers would be deleted. Say --yes to do it.")
            return
        Answers.objects.all().delete()
        self.stdout.write(f"{number} answers deleted.")
