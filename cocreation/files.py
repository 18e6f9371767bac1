"""Files of contributions: taken in, put beside their contribution, given out, deleted.

Somebody who writes uploads before there is anything to upload to, and before anybody knows who they are. Such files wait
under the token of a draft, which is in the form and nowhere else, for seven days. `settle` puts them beside the contribution.

    token = files.new_draft()
    files.add_picture(draft=token, file=uploaded, name="oak.jpg", by=None, at=at)
    files.settle(contribution=contribution, draft=token, listed=[Listed(key, alt, caption)], by=person, at=at)

Rows say what there is, the media store holds the bytes. Bytes go after the rows have gone for good; what a crash leaves
behind, a sweep finds.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cocreation import file_types
from cocreation.models import Attachment, Contribution, PendingAct
from groundwork.answer import No, Refused

if TYPE_CHECKING:
    from accounts.models import Person

log = logging.getLogger("quartier.files")

KEEP_WAITING = timedelta(days=7)
PICTURES, DOCUMENTS = 6, 5
# Files that wait for somebody nobody knows: so many in all, lest anybody fills the disk without a name.
UNKNOWN = 2000
FOLDER = "files"

ENOUGH_PICTURES = No(_("There are six pictures already. Please remove one first."))
ENOUGH_DOCUMENTS = No(_("There are five documents already. Please remove one first."))
TOO_MANY_WAIT = No(
    _("Too many files of visitors wait at the moment."), _("Please log in first, then you can add files.")
)
NOT_STORED = No(
    _("The file could not be stored: our storage does not answer or is full. We know about it."),
    _("Your text is kept. Go on without the file, or try again later."),
)
NEEDS_ALT = No(_("Please say in a few words what can be seen in the picture."))


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as a form lists it, in the order they stand there. What is not listed is removed."""

    key: str
    alt: str = ""
    caption: str = ""


def new_draft() -> str:
    return secrets.token_urlsafe(24)


# --- taking in ---


def add_picture(
    *, draft: str, file: BinaryIO, name: str, by: Person | None, at: datetime, beside: int = 0
) -> Attachment:
    """Take in a picture: decoded, written anew in up to three widths. `beside`: how many stand there already."""
    _room(draft, Attachment.Kind.IMAGE, beside, by, at)
    picture = file_types.read_picture(file)
    widest = picture.versions[picture.width]
    row = Attachment(
        kind=Attachment.Kind.IMAGE, type="webp", name=file_types.clean_name(name, "webp"), width=picture.width,
        height=picture.height, size=sum(map(len, picture.versions.values())), sha256=sha256(widest).hexdigest(),
    )  # fmt: skip
    return _take_in(
        row, lambda: {row.path_of(wide): data for wide, data in picture.versions.items()}, draft, by, at
    )


def add_document(
    *, draft: str, file: BinaryIO, name: str, by: Person | None, at: datetime, beside: int = 0
) -> Attachment:
    """Take in a document, as it came, once it was looked through."""
    _room(draft, Attachment.Kind.DOCUMENT, beside, by, at)
    document = file_types.read_document(file, name)
    row = Attachment(
        kind=Attachment.Kind.DOCUMENT, type=document.type, name=file_types.clean_name(name, document.type),
        size=len(document.content), sha256=sha256(document.content).hexdigest(),
    )  # fmt: skip
    return _take_in(row, lambda: {row.stored: document.content}, draft, by, at)


def _room(draft: str, kind: str, beside: int, by: Person | None, at: datetime) -> None:
    there = Attachment.objects.of_draft(draft).filter(kind=kind).count() + beside
    if kind == Attachment.Kind.IMAGE and there >= PICTURES:
        raise Refused(ENOUGH_PICTURES)
    if kind == Attachment.Kind.DOCUMENT and there >= DOCUMENTS:
        raise Refused(ENOUGH_DOCUMENTS)
    if by is None:
        waiting = Attachment.objects.filter(contribution__isnull=True, uploaded_by__isnull=True)
        if waiting.filter(expires_at__gt=at).count() >= UNKNOWN:
            raise Refused(TOO_MANY_WAIT)


def _take_in(row: Attachment, contents: Any, draft: str, by: Person | None, at: datetime) -> Attachment:
    """Bytes first: a row never points at nothing. Bytes whose row does not come are swept."""
    random = secrets.token_hex(16)
    row.stored = f"{FOLDER}/{random[:2]}/{random}"
    row.draft, row.uploaded_by, row.uploaded_at, row.expires_at = draft, by, at, at + KEEP_WAITING
    written = []
    try:
        for path, data in contents().items():
            written.append(store(path, data))
        with transaction.atomic():
            row.order = Attachment.objects.of_draft(draft).count() + 1
            row.full_clean(exclude=["uploaded_by"])
            row.save(force_insert=True)
    except BaseException:
        for path in written:
            _erase(path)
        raise
    return row


def store(path: str, data: bytes) -> str:
    """The bytes where pages find them; returns where that is. Refused where the storage takes nothing: a full disk, a
    bucket that is away."""
    try:
        return default_storage.save(path, ContentFile(data))
    except OSError as problem:
        log.error("files.not_stored %s errno=%s", type(problem).__name__, problem.errno)
        raise Refused(NOT_STORED) from problem


# --- beside a contribution ---


@transaction.atomic
def settle(
    *, contribution: Contribution, draft: str, listed: Sequence[Listed], by: Person | None, at: datetime
) -> list[Attachment]:
    """Make the files of a contribution what the form lists: those of the draft join, those not listed go. Whether somebody
    may write here is asked by the caller's rule. Refused where a picture has no words for those who cannot see it."""
    found = {
        row.key: row
        for row in Attachment.objects.select_for_update(of=("self",)).filter(
            Q(contribution=contribution) | Q(pk__in=Attachment.objects.of_draft(draft).values("pk"))
        )
    }
    kept: list[Attachment] = []
    for each in {each.key: each for each in listed}.values():
        row = found.get(each.key)
        if row is None:
            continue
        if row.is_image and not each.alt.strip():
            raise Refused(NEEDS_ALT)
        row.alt, row.caption = each.alt.strip()[:250], each.caption.strip()[:200]
        row.contribution, row.draft, row.expires_at, row.order = contribution, "", None, len(kept) + 1
        row.uploaded_by = row.uploaded_by or by
        kept.append(row)
    for kind, most, no in (
        (Attachment.Kind.IMAGE, PICTURES, ENOUGH_PICTURES),
        (Attachment.Kind.DOCUMENT, DOCUMENTS, ENOUGH_DOCUMENTS),
    ):
        if sum(row.kind == kind for row in kept) > most:
            raise Refused(no)
    for row in kept:
        row.save(
            update_fields=["alt", "caption", "contribution", "draft", "expires_at", "order", "uploaded_by"]
        )
    keep = {row.pk for row in kept}
    remove(row for row in found.values() if row.pk not in keep)
    return kept


def from_payload(stored: dict[str, Any] | None) -> tuple[str, list[Listed]]:
    """The draft and what it lists, as a waiting act keeps them."""
    if not stored:
        return "", []
    return str(stored["draft"]), [Listed(*map(str, each)) for each in stored["listed"]]


def to_payload(draft: str, listed: Sequence[Listed]) -> dict[str, Any]:
    return {"draft": draft, "listed": [[each.key, each.alt, each.caption] for each in listed]}


# --- deleting ---


@transaction.atomic
def remove(rows: Iterable[Attachment]) -> int:
    """Delete files for good: the rows now, the bytes when that is safe."""
    gone = list(rows)
    if not gone:
        return 0
    Attachment.objects.filter(pk__in=[row.pk for row in gone]).delete()
    paths = [path for row in gone for path in row.paths()]
    transaction.on_commit(partial(_erase_all, paths), robust=True)
    return len(gone)


def remove_of(contribution: Contribution) -> int:
    """For whoever erases a contribution: its files go with it."""
    return remove(Attachment.objects.filter(contribution=contribution))


def forget_waiting_of(person: Person) -> int:
    """When an account closes: what it uploaded and never handed in."""
    return remove(Attachment.objects.filter(contribution__isnull=True, uploaded_by=person))


def added_by(person: Person) -> Iterator[tuple[str, Callable[[], Any]]]:
    """For somebody's copy of their data: files beside what they contributed and those they added elsewhere."""
    mine = Attachment.objects.filter(Q(contribution__author=person) | Q(uploaded_by=person))
    for row in mine.select_related("contribution").order_by("pk").iterator(chunk_size=200):
        where = row.contribution.receipt if row.contribution else "waiting"
        path = row.path_of(row.width) if row.width else row.stored
        yield f"{where}-{row.pk}-{row.name}", partial(default_storage.open, path, "rb")


def _erase_all(paths: list[str]) -> None:
    for path in paths:
        _erase(path)


def _erase(path: str) -> None:
    try:
        default_storage.delete(path)
    except OSError:  # the sweep tries again
        log.warning("files.not_deleted", exc_info=True)


def sweep(at: datetime) -> int:
    """Delete what nobody handed in, files of what was erased, and bytes without a row. Returns how many rows went.

    What belongs to an act that still waits for its confirmation stays as long as the act.
    """
    held = PendingAct.objects.waiting(at).filter(payload__has_key="files").values_list("payload", flat=True)
    drafts = {str(payload["files"]["draft"]) for payload in held if payload.get("files")}
    over = Attachment.objects.filter(
        Q(contribution__isnull=True, expires_at__lte=at) | Q(contribution__erased_at__isnull=False)
    )
    gone = remove(over.exclude(Q(contribution__isnull=True) & Q(draft__in=drafts)))
    _sweep_bytes(at)
    return gone


def _sweep_bytes(at: datetime) -> None:
    """Bytes older than a day whose row is not there: of a dry run that was removed, of a crash in between."""
    try:
        folders = default_storage.listdir(FOLDER)[0]
    except FileNotFoundError:
        return
    for folder in folders:
        names = default_storage.listdir(f"{FOLDER}/{folder}")[1]
        wanted = {f"{FOLDER}/{folder}/{name}" for name in names}
        stored = {path.removesuffix(".webp").split("-")[0] for path in wanted}
        known = set(Attachment.objects.filter(stored__in=stored).values_list("stored", flat=True))
        for path in wanted:
            if path.removesuffix(".webp").split("-")[0] not in known and _older(path, at):
                _erase(path)


def _older(path: str, at: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < at - timedelta(days=1)
    except OSError:
        return False
