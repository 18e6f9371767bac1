"""Prints the published form of a data package; docs/participation-data-package-1.schema.json is its output."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand

from cocreation.data_package import schema


class Command(BaseCommand):
    help = "Print the JSON Schema of the participation data package, version 1."

    def handle(self, **options: object) -> None:
        self.stdout.write(json.dumps(schema("/data/package/v1/schema.json"), ensure_ascii=False, indent=1))
