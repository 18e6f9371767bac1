"""Production refuses to start unsafe, in a fresh interpreter, and says in one sentence why."""

import os
import subprocess
import sys

import pytest

from devtools.check import SAFE
from devtools.paths import ROOT


def start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        **SAFE,
        **changes,
    }
    script = "from django.conf import settings; print(settings.SESSION_COOKIE_NAME, settings.DEBUG)"
    return subprocess.run(
        [sys.executable, "-c", script],
        env={name: value for name, value in environ.items() if value is not None},
        capture_output=True,
        text=True,
    )


def test_safe_settings_start():
    run = start()
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["__Host-session", "False"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 40 characters"),
        ({"DEBUG": "on"}, "DEBUG is on"),
        ({"SECURE_COOKIES": "off"}, "SECURE_COOKIES is off"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is '*'"),
        ({"ALLOWED_HOSTS": "city.example.org, *"}, "ALLOWED_HOSTS is '*'"),
        ({"SITE_URL": None}, "SITE_URL is not set"),
        ({"SITE_URL": "http://beteiligung.example.org"}, "SITE_URL must start with https://"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
        ({"REDIS_URL": None}, "REDIS_URL is not set"),
        ({"VOTE_KEYS_DIR": None}, "VOTE_KEYS_DIR is not set"),
    ],
    ids=lambda value: (
        "-".join(f"{name}={text}" for name, text in value.items()) if isinstance(value, dict) else ""
    ),
)
def test_unsafe_settings_do_not_start(changes, sentence):
    run = start(**changes)
    assert run.returncode != 0
    assert f"ImproperlyConfigured: {sentence}" in run.stderr.strip().splitlines()[-1]
