"""Write down the document of the public interface: `python3 dev.py manage openapi`."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand

from quartier.api import DOCUMENT, describe


class Command(BaseCommand):
    help = "Write platform/quartier/openapi.json anew."

    def handle(self, *args: object, **options: object) -> None:
        DOCUMENT.write_text(as_text(), encoding="utf-8")
        self.stdout.write(f"{DOCUMENT.name}: {len(describe()['paths'])} addresses.")


def as_text() -> str:
    return json.dumps(describe(), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
