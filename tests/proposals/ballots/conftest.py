"""These tests are about casting and counting: what is counted is public at once. Two people: test_publishing.py."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def results_are_public_at_once(settings):
    settings.QUARTIER_RESULT_NEEDS_TWO = False
