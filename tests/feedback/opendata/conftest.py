"""Files of these tests lie in a folder of their own, as in production, not in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage

from feedback.opendata.models import ProcessPackage, Release
from tests import keepsake
from tests.world import World


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the versions are stored."""
    kept = FileSystemStorage(location=tmp_path / "media")
    default_storage._setup() if not hasattr(default_storage._wrapped, "open") else None  # type: ignore[attr-defined]
    monkeypatch.setattr(default_storage, "_wrapped", kept)
    return tmp_path / "media"


@pytest.fixture
def world(db: None, standing_world: None) -> World:
    """The world before anything was published as data: these tests do that themselves."""
    found = keepsake.world()
    Release.objects.all().delete()
    ProcessPackage.objects.all().delete()
    return found
