"""Prints the published form of a process package; docs/process-package.schema.json is its output."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand

from cocreation.packages import schema


class Command(BaseCommand):
    help = "Print the JSON Schema of a process package (quartier-process, version 1)."

    def handle(self, **options: object) -> None:
        self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=1))
