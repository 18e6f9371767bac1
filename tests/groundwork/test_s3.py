"""Files in an S3-compatible storage, against a server of our own that checks every signature by itself."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from groundwork.s3 import EMPTY, S3Storage, signature


def test_the_signature_is_the_one_of_the_published_example() -> None:
    """The example "GET Object" of the documentation of signature version 4."""
    at = datetime(2013, 5, 24, tzinfo=UTC)
    headers = {
        "host": "examplebucket.s3.amazonaws.com", "range": "bytes=0-9", "x-amz-content-sha256": EMPTY, "x-amz-date": "20130524T000000Z",
    }  # fmt: skip
    made = signature(
        "GET", "https://examplebucket.s3.amazonaws.com/test.txt", headers, EMPTY, at=at, region="us-east-1",
        key="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )  # fmt: skip
    assert made.endswith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")


class Bucket(BaseHTTPRequestHandler):
    files: dict[str, bytes] = {}
    broken = False

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.pop("size", str(len(body))))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _handle(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        at = datetime.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        digest = hashlib.sha256(data).hexdigest()
        signed = {
            "host": self.headers["Host"],
            "x-amz-date": self.headers["x-amz-date"],
            "x-amz-content-sha256": digest,
        }
        right = signature(
            self.command,
            f"http://{self.headers['Host']}{self.path}",
            signed,
            digest,
            at=at,
            region="eu",
            key="k",
            secret="s",
        )
        if self.headers["Authorization"] != right:
            return self._answer(403)
        if Bucket.broken:
            return self._answer(503)
        name = unquote(parts.path).removeprefix("/files/")
        if self.command == "PUT":
            Bucket.files[name] = data
            return self._answer(200)
        if parts.query:
            return self._answer(200, _listing(parse_qs(parts.query)))
        if name not in Bucket.files:
            return self._answer(404)
        if self.command == "DELETE":
            del Bucket.files[name]
            return self._answer(204)
        return self._answer(200, Bucket.files[name], Last_Modified=formatdate(usegmt=True))

    do_GET = do_PUT = do_DELETE = do_HEAD = _handle


def _listing(asked: dict[str, list[str]]) -> bytes:
    """Two at a time, so that the second page is asked for."""
    prefix, start = asked.get("prefix", [""])[0], int(asked.get("continuation-token", ["0"])[0])
    below = sorted(name[len(prefix) :] for name in Bucket.files if name.startswith(prefix))
    entries = sorted({name.split("/")[0] + ("/" if "/" in name else "") for name in below})
    shown, more = entries[start : start + 2], len(entries) > start + 2
    rows = "".join(
        f"<CommonPrefixes><Prefix>{escape(prefix + e)}</Prefix></CommonPrefixes>"
        if e.endswith("/")
        else f"<Contents><Key>{escape(prefix + e)}</Key></Contents>"
        for e in shown
    )
    token = f"<NextContinuationToken>{start + 2}</NextContinuationToken>" if more else ""
    return f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{rows}{token}</ListBucketResult>'.encode()


@pytest.fixture
def storage() -> Iterator[S3Storage]:
    Bucket.files, Bucket.broken = {}, False
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield S3Storage(f"http://127.0.0.1:{server.server_port}", "files", "eu", "k", "s")
    server.shutdown()
    server.server_close()


def test_what_is_saved_can_be_read_and_is_gone_after_it_was_deleted(storage: S3Storage) -> None:
    name = storage.save("uploads/ä b/plan #1.pdf", ContentFile(b"%PDF"))
    assert name == "uploads/ä b/plan #1.pdf" and storage.exists(name) and storage.size(name) == 4
    with storage.open(name) as opened:
        assert opened.read() == b"%PDF"
    assert abs((storage.get_modified_time(name) - timezone.now()).total_seconds()) < 5
    storage.delete(name)
    storage.delete(name)  # twice is as good as once
    assert not storage.exists(name)
    with pytest.raises(FileNotFoundError):
        storage.open(name)


def test_a_second_file_of_a_name_gets_another_name(storage: S3Storage) -> None:
    first, second = (storage.save("a.txt", ContentFile(text)) for text in (b"1", b"2"))
    assert first != second and storage.open(first).read() == b"1"


def test_folders_are_listed_over_several_pages(storage: S3Storage) -> None:
    for name in ("u/1/a", "u/2/b", "u/x", "u/y", "u/z", "other"):
        storage.save(name, ContentFile(b"x"))
    assert storage.listdir("u") == (["1", "2"], ["x", "y", "z"])
    with pytest.raises(FileNotFoundError):
        storage.listdir("never")


def test_a_storage_that_fails_or_does_not_know_us_is_an_error_of_the_disk(storage: S3Storage) -> None:
    storage.save("a", ContentFile(b"x"))
    stranger = S3Storage(storage.endpoint, "files", "eu", "k", "wrong")
    with pytest.raises(OSError, match="403"):
        stranger.open("a")
    Bucket.broken = True
    for act in (
        lambda: storage.save("b", ContentFile(b"x")),
        lambda: storage.delete("a"),
        lambda: storage.exists("a"),
    ):
        with pytest.raises(OSError, match="503"):
            act()
    assert Bucket.files == {"a": b"x"}
    with pytest.raises(OSError):
        S3Storage("http://127.0.0.1:9", "files", "eu", "k", "s").exists("a")
