"""Where a city does without this room, its tests go with it."""

from importlib.util import find_spec

if find_spec("feedback.notices") is None:
    collect_ignore_glob = ["test_*.py"]

collect_ignore = [] if find_spec("proposals.ballots") else ["test_reminders.py"]
