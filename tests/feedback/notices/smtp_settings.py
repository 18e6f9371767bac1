"""Settings of workers that send to smtp_sink.py: small chunks, short leases, a server that may hang up."""

import os

from quartier.settings.test import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("SINK_PORT", "0"))
EMAIL_TIMEOUT = 3
NOTICES_LEASE_SECONDS = 0.3
NOTICES_CHUNK = 7
NOTICES_MOST_A_WEEK = 1_000_000
NOTICES_BOUNCE_ADDRESS = "bounces@example.org"
