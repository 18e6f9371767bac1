"""Older versions stay, but not with what was erased or hidden since: the rows about it leave them, and the page says so."""

from __future__ import annotations

import csv
import json
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from cocreation.models import Contribution
from feedback.opendata import writing
from feedback.opendata.actions import FOLDER
from feedback.opendata.models import Release, ReleaseFile
from groundwork.datasets import Dataset, open_ones

Form = ReleaseFile.Form


def take_out(at: datetime) -> int:
    """Go through all versions that may hold rows of what is gone. Returns how many rows left."""
    left = 0
    gone_at = _gone()
    for dataset in open_ones() if gone_at else []:
        if not dataset.receipts:
            continue
        for release in Release.objects.filter(dataset=dataset.slug).order_by("number"):
            gone = gone_since(release, gone_at)
            if gone:
                left += redact(dataset, release, gone, at)
    return left


def _gone() -> dict[str, datetime]:
    """Receipt -> when it was erased or hidden, of all that is."""
    found = Contribution.objects.filter(Q(erased_at__isnull=False) | Q(hidden_at__isnull=False))
    return {
        receipt: max(moment for moment in moments if moment)
        for receipt, *moments in found.values_list("receipt", "erased_at", "hidden_at")
    }


def gone_since(release: Release, gone_at: dict[str, datetime] | None = None) -> set[str]:
    """Receipts of what is gone, but may still stand in the files of this version. One query, or none with `gone_at`."""
    since = release.taken_out_at or release.made_at
    return {receipt for receipt, at in (_gone() if gone_at is None else gone_at).items() if at >= since}


def redact(dataset: Dataset, release: Release, gone: set[str], at: datetime) -> int:
    """Write the files of a version again without the rows of these contributions. Returns how many rows left it."""
    files = {file.form: file for file in release.files.all()}
    with tempfile.TemporaryDirectory(prefix="opendata-") as name:
        folder = Path(name)
        found: dict[str, tuple[int, str]] = {}
        out = _table(files[Form.CSV], folder, dataset.receipts, gone, found)
        if not out:
            Release.objects.filter(pk=release.pk).update(taken_out_at=at)
            return 0
        _lines(files[Form.LINES], folder, dataset.receipts, gone, found)
        written = [
            writing.Written(form, folder / files[form].name, *found[form]) for form in (Form.CSV, Form.LINES)
        ]
        rows = release.rows - out
        written += writing.describe(dataset, folder, written, rows, release.number, release.made_at)
        stored = []
        for file in written:
            with file.path.open("rb") as opened:
                stored.append(
                    default_storage.save(
                        f"{FOLDER}/{dataset.slug}/{release.number}/{file.path.name}", File(opened)
                    )
                )
    old = [file.stored for file in files.values()]
    with transaction.atomic():
        for file, where in zip(written, stored, strict=True):
            release.files.filter(form=file.form).update(size=file.size, sha256=file.sha256, stored=where)
        Release.objects.filter(pk=release.pk).update(
            rows=rows, taken_out=release.taken_out + out, taken_out_at=at
        )
        # What is downloaded right now is read to its end; afterwards nobody finds it.
        transaction.on_commit(partial(_delete, old))
    return out


def _delete(stored: list[str]) -> None:
    for name in stored:
        default_storage.delete(name)


def _table(file: ReleaseFile, folder: Path, key: str, gone: set[str], found: dict[str, Any]) -> int:
    out = 0
    with (
        default_storage.open(file.stored) as raw,
        writing.text_file(folder / file.name, lambda *facts: found.__setitem__(Form.CSV, facts)) as kept,
    ):
        rows = csv.reader(line.decode() for line in raw)
        writer = csv.writer(kept)
        head = next(rows)
        writer.writerow(head)
        place = head.index(key)
        for row in rows:
            if row[place] in gone:
                out += 1
            else:
                writer.writerow(row)
    return out


def _lines(file: ReleaseFile, folder: Path, key: str, gone: set[str], found: dict[str, Any]) -> None:
    with (
        default_storage.open(file.stored) as raw,
        writing.text_file(folder / file.name, lambda *facts: found.__setitem__(Form.LINES, facts)) as kept,
    ):
        for line in raw:
            if json.loads(line)[key] not in gone:
                kept.write(line.decode())
