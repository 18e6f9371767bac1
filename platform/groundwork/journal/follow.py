"""Let every reader catch up: a batch of effects and the cursor move in one transaction, or neither does."""

from __future__ import annotations

import logging

from django.db import transaction

from groundwork.journal.api import Reader, readers
from groundwork.journal.models import Cursor, Entry
from groundwork.journal.sealer import seal

log = logging.getLogger("quartier.journal")
BATCH = 500


def follow_all() -> int:
    """Seal, then run every reader up to the end. Returns how many entries the readers were given."""
    seal()
    given = 0
    for reader in readers:
        try:
            while count := _step(reader):
                given += count
        except Exception:
            # One broken reader must not keep the others from the journal; it stays where it was and is tried again.
            log.exception("journal.reader_failed", extra={"reader": reader.name})
    return given


def _start_of(reader: Reader) -> int:
    """Where a reader begins that has never read."""
    if not reader.from_now or Cursor.objects.filter(reader=reader.name).exists():
        return 0
    return Entry.objects.sealed().values_list("seq", flat=True).last() or 0


def _step(reader: Reader) -> int:
    with transaction.atomic():
        Cursor.objects.get_or_create(reader=reader.name, defaults={"seq": _start_of(reader)})
        cursor = Cursor.objects.select_for_update(skip_locked=True).filter(reader=reader.name).first()
        if cursor is None:  # another worker is reading for it
            return 0
        entries = list(Entry.objects.sealed().filter(seq__gt=cursor.seq)[:BATCH])
        if not entries:
            return 0
        wanted = [e for e in entries if reader.verbs is None or e.verb in reader.verbs]
        if wanted:
            reader.read(wanted)
        cursor.seq = entries[-1].seq or cursor.seq
        cursor.save()
        return len(entries)
