"""What an uploaded file really is: told by its content, never by its name or by what the browser says.

Pictures are decoded and written anew, so that nothing of the original stays: no place of a camera, no thumbnail, no hidden
second file. Documents keep their bytes, so they are looked through: no macros, nothing that unpacks to a flood, nothing that
runs by itself. They are only ever handed out as downloads.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from groundwork.answer import No, Refused

MEGABYTE = 1024 * 1024
PICTURE_BYTES, DOCUMENT_BYTES = 8 * MEGABYTE, 10 * MEGABYTE
WIDTHS = (400, 800, 1600)
# What a picture may hold before it is decoded. A JPEG is decoded smaller, so it may be what a good camera makes.
PIXELS, JPEG_PIXELS, LONGEST = 30_000_000, 64_000_000, 20_000
# What a camera writes as MPO is opened as the JPEG it begins with.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

MEMBERS, UNPACKED, RATIO = 3000, 100 * MEGABYTE, 150
TYPES = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
_ODF = {TYPES[short]: short for short in ("odt", "ods", "odp")}
_OOXML = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_RUNS = re.compile(
    r"vbaproject|vbadata|activex|oleobject|(^|/)(basic|scripts)/|\.(exe|dll|js|jse|vbs|vbe|wsf|hta|jar|bat|cmd|ps1|lnk|html?|svgz?)$",
    re.IGNORECASE,
)
_MARKUP = re.compile(rb"^\s*(<[!?a-z/]|#!|MZ|\x7fELF)", re.IGNORECASE)

NO_PICTURE = No(
    _("This is no picture we can read."), _("Please choose a photo or drawing as JPEG, PNG, WebP or GIF.")
)
NO_DOCUMENT = No(
    _("This is no document we can pass on."),
    _("Possible are PDF, OpenDocument, Word, Excel and PowerPoint without macros, plain text and CSV."),
)
TOO_MANY_PIXELS = No(
    _("This picture has too many pixels."), _("Please make it smaller, 4000 pixels wide are plenty.")
)
MACROS = No(
    _("This document contains macros or programs. It could harm those who open it."),
    _("Please save it without macros, or as PDF."),
)
PACKED = No(_("This document unpacks to far more than it seems. We cannot pass it on."))
PICTURE_TOO_BIG = No(_("This picture is too big. At most 8 megabytes are possible."))
DOCUMENT_TOO_BIG = No(_("This document is too big. At most 10 megabytes are possible."))
EMPTY = No(_("This file is empty."))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew: WebP by width, the widest last."""

    width: int
    height: int
    versions: dict[int, bytes]


@dataclass(frozen=True, slots=True)
class Document:
    """A document by its short type ("pdf") and its bytes as they came."""

    type: str
    content: bytes


def widths_of(width: int) -> list[int]:
    """In which widths a picture that was `width` wide is kept: never wider than it was."""
    return sorted({min(each, width) for each in WIDTHS})


def read_picture(file: BinaryIO) -> Picture:
    """Decode a picture and write it anew. Refused where it is none, or where decoding it would be a flood."""
    content = _content(file, PICTURE_BYTES, PICTURE_TOO_BIG)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            # Only the header was read so far.
            width, height = opened.size
            allowed = JPEG_PIXELS if opened.format in ("JPEG", "MPO") else PIXELS
            if width < 1 or height < 1:
                raise Refused(NO_PICTURE)
            if width * height > allowed or max(width, height) > LONGEST:
                raise Refused(TOO_MANY_PIXELS)
            opened.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
            opened.seek(0)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
            plain = upright.convert("RGBA" if has_holes else "RGB")
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(TOO_MANY_PIXELS)
    except Exception:  # whatever a decoder stumbles over: it is not a picture for us
        raise Refused(NO_PICTURE)
    plain.info.clear()
    widest = plain.size[0]
    versions, size = {}, plain.size
    for wide in widths_of(min(widest, WIDTHS[-1])):
        high = max(1, round(plain.size[1] * wide / widest))
        out = io.BytesIO()
        shown = plain if wide == widest else plain.resize((wide, high), Image.Resampling.LANCZOS)
        shown.save(out, "WEBP", quality=78, method=4)
        versions[wide], size = out.getvalue(), shown.size
    return Picture(size[0], size[1], versions)


def read_document(file: BinaryIO, name: str) -> Document:
    """Which document this is. The name only decides between two kinds of plain text."""
    content = _content(file, DOCUMENT_BYTES, DOCUMENT_TOO_BIG)
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:] or re.search(rb"/(JavaScript|JS|Launch)\b", content):
            raise Refused(MACROS if b"%%EOF" in content[-2048:] else NO_DOCUMENT)
        return Document("pdf", content)
    if content.startswith(b"PK\x03\x04"):
        return Document(_office(content), content)
    return Document(_text(content, name), content)


def _content(file: BinaryIO, most: int, too_big: No) -> bytes:
    content = file.read(most + 1)
    if len(content) > most:
        raise Refused(too_big)
    if not content:
        raise Refused(EMPTY)
    return content


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            unpacked, small = sum(m.file_size for m in members), sum(m.compress_size for m in members)
            # Members that overlap claim more packed bytes than the file has.
            if len(members) > MEMBERS or small > len(content) or unpacked > UNPACKED:
                raise Refused(PACKED)
            if unpacked > MEGABYTE and unpacked > RATIO * max(small, 1):
                raise Refused(PACKED)
            names = [member.filename for member in members]
            if any(_leads_out(name) for name in names) or any(m.flag_bits & 1 for m in members):
                raise Refused(NO_DOCUMENT)
            if any(_RUNS.search(name) for name in names):
                raise Refused(MACROS)
            return _short_type(packed, names)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, EOFError, NotImplementedError):
        raise Refused(NO_DOCUMENT)
    except (OSError, RuntimeError):
        raise Refused(NO_DOCUMENT)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name


def _short_type(packed: zipfile.ZipFile, names: list[str]) -> str:
    if names and names[0] == "mimetype":
        found = _ODF.get(_first_bytes(packed, "mimetype", 200).decode("ascii", "replace").strip())
        if found and "content.xml" in names:
            return found
    if "[Content_Types].xml" in names:
        if b"macroenabled" in _first_bytes(packed, "[Content_Types].xml", MEGABYTE).lower():
            raise Refused(MACROS)
        for part, short in _OOXML.items():
            if part in names:
                return short
    raise Refused(NO_DOCUMENT)


def _first_bytes(packed: zipfile.ZipFile, name: str, most: int) -> bytes:
    with packed.open(name) as member:
        return member.read(most)


def _text(content: bytes, name: str) -> str:
    short = name.rpartition(".")[2].lower()
    if (
        short not in ("txt", "csv")
        or b"\x00" in content
        or _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf"))
    ):
        raise Refused(NO_DOCUMENT)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(NO_DOCUMENT)
    return short


def clean_name(name: str, extension: str) -> str:
    """The name somebody gave a file, as text to show: no folders, no second extension, nothing invisible, ours at the end."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    stem = shown.rpartition(".")[0] or shown
    stem = re.sub(r"[<>:\"|?*&'`%;=]+", " ", stem.replace(".", "-"))
    return f"{' '.join(stem.split()).strip(' -')[:80].strip() or 'file'}.{extension}"
