"""Scans of the ballots of a batch: looked through by the file kit, kept beside the batch, deleted after the result.

They lie in a folder of their own in the media store, which nothing but `paperwork:scan` gives out.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cocreation import file_types
from cocreation.files import store
from groundwork.answer import No, Refused, require
from proposals.ballots.paperwork import rules
from proposals.ballots.paperwork.models import Batch, Scan

if TYPE_CHECKING:
    from accounts.models import Person

FOLDER = "scans"
MOST = 20
KEPT = timedelta(days=30)
KINDS = {"pdf": "application/pdf", "webp": "image/webp"}
NO_SCAN = No(_("A scan is a PDF or a picture."))


def add_scan(*, batch: Batch, file: BinaryIO, name: str, by: Person, at: datetime) -> Scan:
    """Take in a PDF as it came, or a picture written anew. Bytes first: a row never points at nothing."""
    require(rules.may_handle(by, batch.vote))
    if batch.scans.count() >= MOST:
        raise Refused(No(_("This batch has twenty scans already.")))
    kind, content = _read(file, name)
    stored = f"{FOLDER}/{secrets.token_hex(16)}"
    store(stored, content)
    try:
        return Scan.objects.create(
            batch=batch, name=file_types.clean_name(name, kind), type=kind, size=len(content),
            sha256=sha256(content).hexdigest(), stored=stored, uploaded_by=by, uploaded_at=at,
        )  # fmt: skip
    except BaseException:
        default_storage.delete(stored)
        raise


def _read(file: BinaryIO, name: str) -> tuple[str, bytes]:
    start = file.read(5)
    file.seek(0)
    if start == b"%PDF-":
        document = file_types.read_document(file, name)
        return document.type, document.content
    try:
        picture = file_types.read_picture(file)
    except Refused as refused:
        raise Refused(NO_SCAN if refused.answer is file_types.NO_PICTURE else refused.answer)
    return "webp", picture.versions[max(picture.versions)]


def remove_scan(*, scan: Scan, by: Person) -> None:
    require(rules.may_handle(by, scan.batch.vote))
    _remove(scan)


def _remove(scan: Scan) -> None:
    with transaction.atomic():
        scan.delete()
        transaction.on_commit(partial(default_storage.delete, scan.stored), robust=True)


def forget(at: datetime) -> int:
    """Delete scans thirty days after the result became public, those of stopped votes at once, and bytes without a row."""
    over = Scan.objects.filter(batch__vote__tally__published_at__lte=at - KEPT)
    stopped = Scan.objects.filter(batch__vote__phase__process__stopped_at__isnull=False)
    gone = [*over, *stopped.exclude(pk__in=over.values("pk"))]
    for scan in gone:
        _remove(scan)
    _sweep_bytes(at)
    return len(gone)


def _sweep_bytes(at: datetime) -> None:
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return
    known = set(Scan.objects.values_list("stored", flat=True))
    for name in names:
        path = f"{FOLDER}/{name}"
        if path not in known and default_storage.get_modified_time(path) < at - timedelta(days=1):
            default_storage.delete(path)
