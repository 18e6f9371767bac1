"""Where a city does without this room, its tests go with it."""

from importlib.util import find_spec

if find_spec("feedback.webhooks") is None:
    collect_ignore_glob = ["test_*.py"]
