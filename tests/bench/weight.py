"""What a first visit loads: the page and every style, script, font and symbol it names, as they travel."""

from __future__ import annotations

import gzip
import http.client
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests.bench.servers import HOST

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")


@dataclass(frozen=True)
class Loaded:
    """One answer: bytes as sent, and what it said."""

    path: str
    size: int
    text: str


class _Names(HTMLParser):
    """Addresses a browser follows by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "link" and set(given.get("rel", "").split()) & {
            "stylesheet",
            "preload",
            "modulepreload",
            "icon",
            "manifest",
        }:
            self.found.append(given.get("href", ""))
        elif tag == "script" or tag == "img":
            self.found.append(given.get("src", ""))
        elif tag in ("use", "image"):
            self.found.append(given.get("href", given.get("xlink:href", "")))


def first_visit(port: int, path: str) -> list[Loaded]:
    """Everything without pictures, each address once. The page itself counts as the proxy compresses it."""
    page = _get(port, path, "identity")
    html = page.text
    loaded = [Loaded(path, len(gzip.compress(html.encode(), 6)), html)]
    names = _Names()
    names.feed(html)
    waiting = [urljoin(path, name) for name in names.found if name and not name.startswith("#")]
    seen = {path}
    letters = {ord(letter) for letter in html}
    while waiting:
        address = urlsplit(waiting.pop(0)).path
        if not address or address in seen or address.startswith("data:") or address.endswith(PICTURES):
            continue
        seen.add(address)
        answer = _get(port, address, "br, gzip")
        loaded.append(answer)
        waiting += [urljoin(address, name) for name in _named_in(answer, letters)]
    return loaded


def _get(port: int, path: str, encoding: str) -> Loaded:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Accept-Encoding": encoding,
            "Accept-Language": "de",
        }
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        sort, packed = answer.headers.get("Content-Type", ""), answer.headers.get("Content-Encoding", "")
        if "font" in sort or path.endswith(".woff2"):
            return Loaded(path, len(body), "")
        return Loaded(path, len(body), _unpacked(body, packed).decode(errors="replace"))
    finally:
        connection.close()


def _unpacked(body: bytes, packed: str) -> bytes:
    import brotli

    return {"br": brotli.decompress, "gzip": gzip.decompress}.get(packed, bytes)(body)


def _named_in(loaded: Loaded, letters: set[int]) -> list[str]:
    if loaded.path.endswith(".css"):
        text = re.sub(r"/\*.*?\*/", "", loaded.text, flags=re.S)
        faces = re.findall(r"@font-face\s*\{(.*?)\}", text, flags=re.S)
        rest = re.sub(r"@font-face\s*\{.*?\}", "", text, flags=re.S)
        named = [_url(face) for face in faces if _is_needed(face, letters)]
        return [*filter(None, named), *_urls(rest), *re.findall(r"""@import\s+["']([^"']+)["']""", rest)]
    if loaded.path.endswith((".js", ".mjs")):
        return re.findall(
            r"""(?:^|[;}\n])\s*(?:import|export)\s*(?:[\w*{}\s,$]+\sfrom\s*)?["']([^"']+)["']""", loaded.text
        )
    return []


def _urls(css: str) -> list[str]:
    found = re.findall(r"""url\(\s*["']?([^"')]+)["']?\s*\)""", css)
    return [name for name in found if not name.startswith(("data:", "#"))]


def _url(face: str) -> str | None:
    return next(iter(_urls(face)), None)


def _is_needed(face: str, letters: set[int]) -> bool:
    """A browser loads a face with a range only when a letter of the page lies in it."""
    ranges = re.search(r"unicode-range\s*:\s*([^;]+)", face)
    if not ranges:
        return True
    for part in ranges[1].split(","):
        first, _, last = part.strip()[2:].partition("-")
        low, high = int(first.replace("?", "0"), 16), int((last or first).replace("?", "F"), 16)
        if any(low <= letter <= high for letter in letters):
            return True
    return False
