"""Settings of the worker that is killed: its mails are counted, and its lease is short."""

import os
from pathlib import Path

from quartier.settings.test import *  # noqa: F403

EMAIL_BACKEND = "tests.feedback.notices.mailbox.CountingOutbox"
EMAIL_FILE_PATH = Path(os.environ["COUNTED_MAILS"])
EMAIL_PAUSE = 0.1
EMAIL_PAUSE_AFTER = float(os.environ.get("PAUSE_AFTER", "0"))
NOTICES_LEASE_SECONDS = 2
NOTICES_CHUNK = int(os.environ.get("NOTICES_CHUNK", "5000"))
