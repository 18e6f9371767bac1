"""A picture and a document beside proposals in every state, and one that waits for its proposal."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from cocreation import files
from cocreation.file_types import read_picture
from cocreation.files import Listed
from tests.worlds.data import bring_back_data

if TYPE_CHECKING:
    from cocreation.models import Attachment, Contribution
    from tests.world import World

BESIDE = ("fountain", "draft", "hidden", "withdrawn", "erased", "planned")


@lru_cache
def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "seagreen").save(out, kind)
    return out.getvalue()


def add_picture(
    contribution: Contribution, world: World, alt: str = "Ein Brunnen", **words: str
) -> Attachment:
    draft = files.new_draft()
    found = files.add_picture(
        draft=draft,
        file=io.BytesIO(picture_bytes()),
        name="brunnen.png",
        by=contribution.author,
        at=world.now,
    )
    already = [Listed(row.key, row.alt, row.caption) for row in contribution.attachments.all()]
    files.settle(
        contribution=contribution, draft=draft, listed=[*already, Listed(found.key, alt, words.get("caption", ""))],
        by=contribution.author, at=world.now,
    )  # fmt: skip
    found.refresh_from_db()
    return found


def build_files(world: World) -> None:
    for name in BESIDE:
        contribution = world.proposals[name].contribution
        world.files[name] = add_picture(
            contribution, world, "Geheimnis" if name != "fountain" else "Ein Brunnen"
        )
    world.files["waiting"] = files.add_document(
        draft=files.new_draft(),
        file=io.BytesIO(b"Geheimnis."),
        name="liste.txt",
        by=world.jonas,
        at=world.now,
    )


def bring_back(world: World) -> None:
    """The bytes of the world's files, where a test before this one deleted them."""
    for file in world.files.values():
        for path in file.paths():
            if not default_storage.exists(path):
                default_storage.save(path, ContentFile(_bytes_of(file)))
    bring_back_data(world)


def _bytes_of(file: Attachment) -> bytes:
    if not file.is_image:
        return b"Geheimnis."
    return next(iter(read_picture(io.BytesIO(picture_bytes())).versions.values()))
