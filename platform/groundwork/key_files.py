"""Keys in files outside the database: made once, by whoever comes first, and never written again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def read_or_make(file: Path, made: Mapping[str, str]) -> dict[str, Any]:
    """What the file says. Where there is none, `made` is written first, readable by the server's user alone."""
    with suppress(FileExistsError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside and linked: of two processes that come first together one file wins, and it is complete.
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump(dict(made), out)
            out.flush()
            os.fsync(out.fileno())
        try:
            if not file.exists():
                os.link(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    found: dict[str, Any] = json.loads(file.read_text())
    return found
