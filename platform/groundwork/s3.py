"""Files in a storage that speaks S3 (MinIO, Ceph, Garage, a provider's): one bucket, shared by all web servers and workers.

Small on purpose: save, open, delete, exists, size, listdir, get_modified_time, by the addresses of the bucket's path
(`endpoint/bucket/name`) and signature version 4. Nobody but the application reads the bucket; there is no public address,
files are given out by the view that asks who may see them.

    MEDIA_STORAGE=s3  S3_ENDPOINT=https://…  S3_BUCKET=…  S3_REGION=…  S3_KEY=…  S3_SECRET=…
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import requests
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils import timezone
from django.utils.deconstruct import deconstructible

from groundwork import outbound

EMPTY = hashlib.sha256(b"").hexdigest()
# A storage that does not answer must not hold a web server's thread for long (seconds to connect, to answer).
PATIENCE = (3, 20)
_XML = "{http://s3.amazonaws.com/doc/2006-03-01/}"


def signature(
    method: str,
    url: str,
    headers: dict[str, str],
    payload_hash: str,
    *,
    at: datetime,
    region: str,
    key: str,
    secret: str,
) -> str:
    """The header `Authorization` of AWS signature version 4. `headers` are those that are signed, with `host`."""
    parts = urlsplit(url)
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    signed = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    canonical = "\n".join([method, parts.path or "/", query, lines, names, payload_hash])
    day, moment = at.strftime("%Y%m%d"), at.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{day}/{region}/s3/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signing = f"AWS4{secret}".encode()
    for step in (day, region, "s3", "aws4_request"):
        signing = hmac.new(signing, step.encode(), hashlib.sha256).digest()
    found = hmac.new(signing, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"AWS4-HMAC-SHA256 Credential={key}/{scope},SignedHeaders={names},Signature={found}"


@deconstructible
class S3Storage(Storage):
    def __init__(self, endpoint: str, bucket: str, region: str, key: str, secret: str) -> None:
        self.endpoint, self.bucket, self.region = endpoint.rstrip("/"), bucket, region
        self.key, self.secret = key, secret
        self._session = outbound.session(own=endpoint)

    # --- what Django's storages do ---

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("Files of this storage are written with save().")
        found = self._ask("GET", name)
        if found.status_code == 404:
            raise FileNotFoundError(name)
        return File(BytesIO(self._fine(found).content), name)

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        data = content.read()
        self._fine(self._ask("PUT", name, data if isinstance(data, bytes) else data.encode()))
        return name

    def delete(self, name: str) -> None:
        found = self._ask("DELETE", name)
        if found.status_code != 404:
            self._fine(found)

    def exists(self, name: str) -> bool:
        found = self._ask("HEAD", name)
        if found.status_code == 404:
            return False
        self._fine(found)
        return True

    def size(self, name: str) -> int:
        return int(self._head(name).headers["Content-Length"])

    def get_modified_time(self, name: str) -> datetime:
        return parsedate_to_datetime(self._head(name).headers["Last-Modified"]).astimezone(
            timezone.get_current_timezone()
        )

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """(folders, files) directly below; FileNotFoundError where there is nothing, as a folder that was never made."""
        prefix = f"{path.strip('/')}/" if path.strip("/") else ""
        folders: list[str] = []
        files: list[str] = []
        token = ""
        while True:
            asked = {"list-type": "2", "prefix": prefix, "delimiter": "/"} | (
                {"continuation-token": token} if token else {}
            )
            query = "&".join(
                f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(asked.items())
            )
            tree = ElementTree.fromstring(self._fine(self._ask("GET", "", query=query)).content)  # noqa: S314 - of our own storage
            folders += [
                str(each.findtext(f"{_XML}Prefix"))[len(prefix) :].rstrip("/")
                for each in tree.iter(f"{_XML}CommonPrefixes")
            ]
            files += [
                name
                for each in tree.iter(f"{_XML}Contents")
                if (name := str(each.findtext(f"{_XML}Key"))[len(prefix) :])
            ]
            token = tree.findtext(f"{_XML}NextContinuationToken") or ""
            if not token:
                break
        if prefix and not folders and not files:
            raise FileNotFoundError(path)
        return folders, files

    # --- speaking ---

    def _head(self, name: str) -> requests.Response:
        found = self._ask("HEAD", name)
        if found.status_code == 404:
            raise FileNotFoundError(name)
        return self._fine(found)

    def _fine(self, found: requests.Response) -> requests.Response:
        """OSError for what went wrong, as with a disk."""
        if found.status_code >= 300:
            raise OSError(f"The storage answered {found.status_code}.")
        return found

    def _ask(self, method: str, name: str, data: bytes = b"", query: str = "") -> requests.Response:
        path = "/".join(quote(part, safe="-_.~") for part in name.split("/"))
        url = f"{self.endpoint}/{self.bucket}{f'/{path}' if path else '/'}{f'?{query}' if query else ''}"
        at, digest = datetime.now(UTC), hashlib.sha256(data).hexdigest() if data else EMPTY
        headers = {
            "host": urlsplit(url).netloc, "x-amz-date": at.strftime("%Y%m%dT%H%M%SZ"), "x-amz-content-sha256": digest,
        }  # fmt: skip
        headers["Authorization"] = signature(
            method, url, headers, digest, at=at, region=self.region, key=self.key, secret=self.secret
        )
        # requests' own errors are OSErrors.
        return self._session.request(method, url, data=data or None, headers=headers, timeout=PATIENCE)
