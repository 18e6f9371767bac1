"""What the rooms add to backups and restores, without anybody here knowing of them.

steps.add("erasures", Step(_("Erase again who was erased since"), erase_again))   # before the checks
checks.add("files", Check(_("Every attachment has its file"), missing_files))
delicate.add("votes", a_vote_is_open)
left_out.add("django_session", "django_session")
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from groundwork.answer import Words
from groundwork.registry import Registry

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `tables`: rows of each; `journal`: number and hash (hex) of the last sealed entry."""

    made_at: datetime
    tables: dict[str, int] = field(default_factory=dict)
    journal: tuple[int, str] = (0, "")
    migrations: dict[str, str] = field(default_factory=dict)
    media: int = 0
    media_bytes: int = 0
    index_sha256: str = ""
    delicate: bool = False
    server: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "tables": self.tables,
            "journal": list(self.journal),
            "migrations": self.migrations,
            "media": self.media,
            "media_bytes": self.media_bytes,
            "index_sha256": self.index_sha256,
            "delicate": self.delicate,
            "server": self.server,
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> Manifest:
        """ValueError for a format of another version."""
        if data.get("format") != FORMAT:
            raise ValueError(f"format {data.get('format')}")
        seq, chain = data["journal"]
        given = {
            name: data[name]
            for name in ("tables", "migrations", "media", "media_bytes", "index_sha256", "delicate", "server")
        }
        return cls(datetime.fromisoformat(data["made_at"]), journal=(seq, chain), **given)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do after a restore and before the checks. `run(made_at)` returns what it did, in words of operators."""

    words: Words
    run: Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Check:
    """A question whose answer is a list of what is wrong; empty means all is well."""

    words: Words
    run: Callable[[Manifest], list[str]]


steps: Registry[Step] = Registry("step after a restore")
checks: Registry[Check] = Registry("check after a restore")
# Is it a moment of which no more than one backup should exist? (Two copies of an open vote tell more than one.)
delicate: Registry[Callable[[], bool]] = Registry("delicate moment")
# Tables whose rows no backup holds.
left_out: Registry[str] = Registry("table without a backup")
left_out.add("django_session", "django_session")
