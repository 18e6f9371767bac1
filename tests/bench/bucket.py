"""A storage of files that speaks S3, for the bench: `python -m tests.bench.bucket PORT FOLDER`.

It checks every signature, keeps each object as a file that is whole or not there, and answers 507 when its disk is full. Killed
and started again it has what it had. Key, secret and region are those below; the bucket is called `files`.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from groundwork.s3 import signature

BUCKET, REGION, KEY, SECRET = "files", "eu", "bench", "not-a-secret"


class Objects(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder = Path()

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, status: int, body: bytes = b"", length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _handle(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/healthz":
            return self._answer(200)
        if not self._is_signed(data):
            return self._answer(403)
        name = unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}/")
        place = self.folder / hashlib.sha256(name.encode()).hexdigest()
        if self.command == "PUT":
            return self._answer(200 if self._keep(place, data) else 507)
        if not place.exists():
            return self._answer(404)
        if self.command == "DELETE":
            place.unlink(missing_ok=True)
            return self._answer(204)
        body = place.read_bytes()
        changed = formatdate(place.stat().st_mtime, usegmt=True)
        return self._answer(200, body, len(body), Last_Modified=changed)

    do_GET = do_PUT = do_DELETE = do_HEAD = _handle

    def _keep(self, place: Path, data: bytes) -> bool:
        draft = place.with_name(f"{place.name}.{threading.get_ident()}")
        try:
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(place)
        except OSError:
            draft.unlink(missing_ok=True)
            return False
        return True

    def _is_signed(self, data: bytes) -> bool:
        digest, host = hashlib.sha256(data).hexdigest(), self.headers.get("Host", "")
        said = self.headers.get("x-amz-date", "")
        try:
            at = datetime.strptime(said, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            return False
        right = signature(
            self.command, f"http://{host}{self.path}", {"host": host, "x-amz-date": said, "x-amz-content-sha256": digest},
            digest, at=at, region=REGION, key=KEY, secret=SECRET,
        )  # fmt: skip
        return self.headers.get("Authorization") == right


if __name__ == "__main__":
    Objects.folder = Path(sys.argv[2])
    Objects.folder.mkdir(parents=True, exist_ok=True)
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Objects).serve_forever(0.1)
