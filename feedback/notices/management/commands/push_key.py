"""`manage.py push_key`: a new key for messages on devices, as lines for the environment. Nothing is stored."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Make a key for messages on devices and print it as lines for the environment."

    def handle(self, *args: Any, **options: Any) -> None:
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        key = urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
        self.stdout.write(f"WEBPUSH_PRIVATE_KEY={key}\nWEBPUSH_CONTACT=mailto:{settings.CITY_EMAIL}")
