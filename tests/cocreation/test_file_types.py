"""Hostile files: what they really are is told by content; pictures are written anew, documents looked through (REQ-114)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cocreation import file_types
from groundwork.answer import Refused

GPS = 0x8825
ODT = "application/vnd.oasis.opendocument.text"


def picture(kind="JPEG", size=(1200, 900), mode="RGB", **how) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "teal").save(out, kind, **how)
    return out.getvalue()


def packed(members, compression=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def odt(*more) -> bytes:
    return packed([("mimetype", ODT), ("content.xml", "<x/>"), *more])


def docx(*more, types="<Types/>") -> bytes:
    return packed([("[Content_Types].xml", types), ("word/document.xml", "<x/>"), *more])


def png_of(width: int, height: int) -> bytes:
    """A few bytes that claim to be a huge picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def reads(content: bytes) -> file_types.Picture:
    return file_types.read_picture(io.BytesIO(content))


@contextmanager
def refused(answer):
    with pytest.raises(Refused) as found:
        yield
    assert found.value.answer is answer


def test_a_picture_is_kept_in_three_widths_and_never_wider_than_it_was():
    assert list(reads(picture(size=(2400, 1800))).versions) == [400, 800, 1600]
    small = reads(picture(size=(500, 300)))
    assert list(small.versions) == [400, 500] and (small.width, small.height) == (500, 300)
    assert all(data[8:12] == b"WEBP" for data in small.versions.values())


def test_nothing_of_the_camera_stays_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "GEHEIM"
    exif.get_ifd(GPS)[2] = (48.0, 12.0, 3.0)
    taken = picture(size=(1200, 600), exif=exif, comment=b"GEHEIM")
    assert b"GEHEIM" in taken and Image.open(io.BytesIO(taken)).getexif().get_ifd(GPS)
    found = reads(taken)
    assert found.width < found.height
    for data in found.versions.values():
        again = Image.open(io.BytesIO(data))
        assert not again.getexif() and not again.getexif().get_ifd(GPS)
        assert b"GEHEIM" not in data and b"EXIF" not in data and b"XMP" not in data


def test_of_a_moving_picture_the_first_frame_stays():
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    (data,) = reads(out.getvalue()).versions.values()
    still = Image.open(io.BytesIO(data))
    assert getattr(still, "n_frames", 1) == 1 and still.convert("RGB").tobytes()[0] > 200


def test_what_is_hidden_behind_the_end_of_a_picture_is_gone():
    for data in reads(picture("PNG") + b"<script>alert(1)</script>" + docx()).versions.values():
        assert b"<script" not in data and b"PK\x03\x04" not in data


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"<html><body onload=alert(1)>",
        b"GIF89a/*<script>alert(1)</script>*/=1;",
        b"%PDF-1.4 %%EOF",
        b"\xff\xd8\xff\xe0 not really",
        b"BM" + b"\0" * 200,
        b"II*\0" + b"\0" * 200,
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9",
        picture()[:400],
        docx(),
        b"",
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(Refused):
        reads(content)


@pytest.mark.parametrize("size", [(60_000, 60_000), (30_000, 10), (10_000, 9_000)])
def test_a_flood_of_pixels_is_refused_before_it_is_decoded(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with refused(file_types.TOO_MANY_PIXELS):
        reads(png_of(*size))


def test_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(file_types, "PICTURE_BYTES", 1000)
    with refused(file_types.PICTURE_TOO_BIG):
        reads(picture("PNG") + b"\0" * 2000)


# --- documents ---


def document(content: bytes, name: str) -> str:
    return file_types.read_document(io.BytesIO(content), name).type


@pytest.mark.parametrize(
    ("content", "name", "is_really"),
    [
        (b"%PDF-1.7\n1 0 obj\n%%EOF\n", "plan.pdf", "pdf"),
        (b"%PDF-1.7\n1 0 obj\n%%EOF\n", "plan.docx", "pdf"),
        (odt(), "plan.exe", "odt"),
        (docx(), "plan.odt", "docx"),
        ("Bänke;3\n".encode(), "liste.csv", "csv"),
        (b"Three benches.", "list.txt", "txt"),
    ],
)
def test_a_document_is_what_its_content_says(content, name, is_really):
    assert document(content, name) == is_really


@pytest.mark.parametrize(
    "content",
    [
        docx(("word/vbaProject.bin", "x")),
        docx(types="<Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>"),
        docx(("word/embeddings/oleObject1.bin", "x")),
        docx(("word/media/setup.EXE", "MZ")),
        odt(("Basic/Standard/Module1.xml", "x")),
        odt(("Scripts/python/x.py", "x")),
        b"%PDF-1.7\n<< /S /JavaScript /JS (app.alert(1)) >>\n%%EOF",
        b"%PDF-1.7\n<< /S /Launch >>\n%%EOF",
    ],
)
def test_macros_and_programs_are_refused(content):
    with refused(file_types.MACROS):
        document(content, "plan.docx")


@pytest.mark.parametrize(
    "content",
    [
        docx(("word/media/flood.xml", b"\0" * 60_000_000)),
        docx(*[(f"word/{n}.xml", b"") for n in range(file_types.MEMBERS)]),
    ],
)
def test_a_zip_bomb_is_refused_without_unpacking(content):
    with refused(file_types.PACKED):
        document(content, "plan.docx")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script>", "page.html"),
        (b"<html><script>alert(1)</script>", "page.txt"),
        (b"\xef\xbb\xbf  <!doctype html>", "page.csv"),
        (b"#!/bin/sh\nrm -rf /", "list.txt"),
        (b"MZ\x90\0", "setup.txt"),
        (b"MZ\x90\0", "setup.pdf.exe"),
        (b"<svg onload=alert(1)>", "drawing.svg"),
        (b"plain", "plain.js"),
        (b"\xff\xfe\x00broken", "list.txt"),
        (b"GIF89a%PDF-1.7 %%EOF", "both.pdf"),
        (b"%PDF-1.7 without an end", "plan.pdf"),
        (packed([("whatever.txt", "x")]), "plan.docx"),
        (packed([("../../etc/passwd", "x"), ("[Content_Types].xml", ""), ("word/document.xml", "")]), "plan.docx"),
        (b"PK\x03\x04broken", "plan.docx"),
        (picture(), "photo.pdf"),
        (b"", "empty.txt"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused(content, name):
    with pytest.raises(Refused):
        document(content, name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("plan.pdf.exe", "plan-pdf.pdf"),
        ("plan.html.pdf", "plan-html.pdf"),
        ("fdp.\N{RIGHT-TO-LEFT OVERRIDE}exe.pdf", "fdp-exe.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x 1.pdf"),
        ('"><img src=x onerror=alert(1)>.pdf', "img src x onerror alert(1).pdf"),
        ("Spielplatz Süd.pdf", "Spielplatz Süd.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "file.pdf"),
    ],
)
def test_a_name_becomes_harmless_text(name, shown):
    assert file_types.clean_name(name, "pdf") == shown


@given(st.text(max_size=300))
@settings(max_examples=50, deadline=None)
def test_whatever_a_file_is_called_its_name_is_short_one_line_and_ends_truly(name):
    shown = file_types.clean_name(name, "odt")
    assert shown.endswith(".odt") and len(shown) <= 100 and shown.count(".") == 1
    assert not set(shown) & set('<>"/\\:\r\n\x00') and shown.isprintable()
