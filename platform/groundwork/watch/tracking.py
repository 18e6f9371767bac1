"""Errors handed to an error tracker that speaks Sentry's protocol (Sentry, GlitchTip), where the city runs one.

What is sent is what stands in the log: kinds of errors, places in the code, route, task and request id. No messages, no
values, no person, no address. Sent by one thread from a short queue: a tracker that is slow or away costs a request nothing, and
what does not fit is dropped, because the log has it anyway.
"""

from __future__ import annotations

import json
import logging
import queue
import re
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from groundwork import outbound
from groundwork.watch import context, logs

WAITING = 100
AN_HOUR = 200
_FRAME = re.compile(r"(?P<file>.+):(?P<line>\d+) (?P<function>.+)")


@dataclass(frozen=True, slots=True)
class Address:
    """`https://KEY@host/path/PROJECT`, as such trackers print it. ValueError when it is none."""

    url: str
    key: str

    @classmethod
    def of(cls, dsn: str) -> Address:
        parts = urlsplit(dsn)
        path, _, project = parts.path.rpartition("/")
        if parts.scheme not in ("https", "http") or not parts.username or not parts.hostname or not project:
            raise ValueError("ERRORS_DSN is no address of an error tracker: https://KEY@host/PROJECT.")
        place = parts.netloc.rpartition("@")[2]
        return cls(f"{parts.scheme}://{place}{path}/api/{project}/envelope/", parts.username)


def event_of(record: logging.LogRecord) -> dict[str, Any]:
    """One log record in the tracker's words."""
    now = context.get()
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    values = []
    for each in reversed(logs.chain(error) if error else []):
        places = [_FRAME.fullmatch(frame) for frame in each["frames"]]
        stack = [
            {"filename": place["file"], "lineno": int(place["line"]), "function": place["function"]}
            for place in places
            if place
        ]
        values.append({"type": each["kind"], "value": "", "stacktrace": {"frames": stack}})
    return {
        "event_id": uuid.uuid4().hex,
        "timestamp": record.created,
        "platform": "python",
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": {"formatted": logs.event_of(record)},
        "tags": {name: str(now[name]) for name in ("route", "task", "request_id") if name in now},
        "exception": {"values": values},
    }


class Tracker(logging.Handler):
    """Hands records of level error on. Without an address it does nothing at all."""

    def __init__(self, dsn: str = "", most_an_hour: int = AN_HOUR) -> None:
        super().__init__(logging.ERROR)
        self.address = Address.of(dsn) if dsn else None
        self.waiting: queue.Queue[dict[str, Any]] = queue.Queue(WAITING)
        self.most, self.hour, self.sent = most_an_hour, 0, 0
        self.thread: threading.Thread | None = None
        self.starting = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        if self.address is None or context.is_quiet():
            return
        try:
            self.waiting.put_nowait(event_of(record))
        except queue.Full:
            return
        with self.starting:
            # Looked at each time: a process that forked has the queue and not the thread.
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._work, name="error tracker", daemon=True)
                self.thread.start()

    def _work(self) -> None:
        assert self.address
        with outbound.session(own=self.address.url) as session:
            while True:
                event = self.waiting.get()
                if self._may_send():
                    self._send(session, self.address, event)
                self.waiting.task_done()

    def _may_send(self) -> bool:
        """A storm of errors is one error; the tracker need not hear all of it."""
        hour = int(time.monotonic() // 3600)
        if hour != self.hour:
            self.hour, self.sent = hour, 0
        self.sent += 1
        return self.sent <= self.most

    def _send(self, session: requests.Session, address: Address, event: dict[str, Any]) -> None:
        head = json.dumps({"event_id": event["event_id"]})
        body = "\n".join([head, json.dumps({"type": "event"}), json.dumps(event)])
        auth = f"Sentry sentry_version=7, sentry_client=quartier/1, sentry_key={address.key}"
        try:
            session.post(
                address.url,
                data=body.encode(),
                headers={"X-Sentry-Auth": auth, "Content-Type": "application/x-sentry-envelope"},
                timeout=5,
                allow_redirects=False,
            )
        except requests.RequestException:
            return  # saying so in the log would be an error about an error, again and again
