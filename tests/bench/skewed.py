"""The web application on a machine whose clock is wrong by CLOCK_AHEAD seconds: what gunicorn starts in `bench faults`.

Only what Python asks the time for is moved (`time.time`, `datetime.now`), and only in this process; how long something takes
is measured as before.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import time_machine

AHEAD = timedelta(seconds=float(os.environ["CLOCK_AHEAD"]))
time_machine.travel(datetime.now(UTC) + AHEAD, tick=True).start()

from quartier.wsgi import application  # noqa: E402, F401
