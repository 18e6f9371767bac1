"""Tagged PDFs (PDF/UA-1) from typst templates, and QR codes for them.

typesetting.pdf(TEMPLATE, {"lang": "de", "title": "…"})     # the template reads `json(bytes(sys.inputs.about))`
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst


def pdf(template: Path, about: Mapping[str, Any]) -> bytes:
    """The template set with these values; nothing of the machine's own fonts, so it looks the same everywhere."""
    made = typst.compile(
        template.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"about": json.dumps(about)},
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)
    return made


def qr(text: str) -> str:
    """A QR code as SVG, with the quiet zone of four modules the standard asks for; it survives a fold."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, scale=1, xmldecl=False)
    return out.getvalue().decode()
