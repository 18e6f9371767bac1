"""What pages ask: the data sets with their newest versions, one with all its versions, and a few of its rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.opendata import metadata
from feedback.opendata.models import Release, ReleaseFile
from feedback.opendata.redacting import gone_since
from groundwork.datasets import INTERNAL, OPEN, Dataset, datasets

EXAMPLES = 5
LONGEST = 90


@dataclass(frozen=True, slots=True)
class Bar:
    words: str
    n: int
    share: float


def newest() -> dict[str, Release]:
    """The newest version of every data set, with its files. Two queries."""
    return {release.dataset: release for release in Release.objects.newest().prefetch_related("files")}


def began() -> dict[str, datetime]:
    """When each data set was written first."""
    return dict(Release.objects.filter(number=1).values_list("dataset", "made_at"))


def listed() -> list[tuple[Dataset, Release | None]]:
    """What the catalogue shows: what is open first, then what can be asked for."""
    found = newest()
    shown = [dataset for dataset in datasets if dataset.tier != INTERNAL]
    return [
        (dataset, found.get(dataset.slug))
        for dataset in sorted(shown, key=lambda each: (each.tier != OPEN, str(each.title).casefold()))
    ]


def versions(slug: str) -> list[Release]:
    """All versions, the newest first, each with its files. Two queries."""
    return list(Release.objects.filter(dataset=slug).order_by("-number").prefetch_related("files"))


def find(slug: str) -> Dataset | None:
    dataset = datasets.find(slug)
    return dataset if dataset is not None and dataset.tier != INTERNAL else None


def examples(dataset: Dataset, release: Release) -> list[list[str]]:
    """The first rows of a version, as they stand in its file, long texts cut; without what is gone since."""
    file = next((file for file in release.files.all() if file.form == ReleaseFile.Form.LINES), None)
    if file is None:
        return []
    names = [column["name"] for column in release.columns]
    gone = gone_since(release) if dataset.receipts else set()
    found = []
    try:
        with default_storage.open(file.stored) as opened:
            for line in opened:
                row = json.loads(line)
                if gone and row[dataset.receipts] in gone:
                    continue
                found.append([_short(row[name]) for name in names])
                if len(found) == EXAMPLES:
                    break
    except FileNotFoundError:
        return []
    return found


def _short(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def bars(dataset: Dataset, release: Release) -> list[Bar]:
    """The rows by value of the column the picture is about, in words."""
    if not dataset.chart or not release.counts:
        return []
    words = {code: str(said) for code, said in dataset.column(dataset.chart).choices}
    most = max(n for _value, n in release.counts) or 1
    return [
        Bar(_("all others") if value is None else words.get(value, str(value)) or _("not said"), n, 100 * n / most)
        for value, n in release.counts
    ]  # fmt: skip


def dictionary(release: Release | None, dataset: Dataset) -> Sequence[dict[str, Any]]:
    """The columns in the reader's language: of the version as it was, of the declaration before the first one."""
    language = "en" if get_language() == "en" else "de"
    columns = release.columns if release is not None else metadata.described(dataset.columns)
    return [
        column
        | {
            "words": column["words"][language],
            "means": column["means"][language],
            "unit": column["unit"][language],
            "choices": [(code, said[language]) for code, said in column["choices"]],
        }
        for column in columns
    ]


def tables(found: dict[str, Release], path: Any) -> list[metadata.Table]:
    """The newest tables of all open data sets; `path(release, file)` says where each is."""
    made = []
    for dataset in datasets:
        release = found.get(dataset.slug)
        if release is None or dataset.tier != OPEN:
            continue
        file = next(file for file in release.files.all() if file.form == ReleaseFile.Form.CSV)
        made.append(
            metadata.Table(
                dataset, path(release, file), file.size, file.sha256, release.rows, release.number, _utc(release.made_at)
            )
        )  # fmt: skip
    return made


def _utc(at: datetime) -> str:
    from feedback.opendata.cells import plain

    return str(plain(at))
