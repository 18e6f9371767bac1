"""An error tracker gets kinds and places, and a tracker that is away costs nothing."""

from __future__ import annotations

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from groundwork.watch import context
from groundwork.watch.tracking import Address, Tracker

NAME = "Zerlinde Canaria"


class Received(BaseHTTPRequestHandler):
    got: list[tuple[str, str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, self.headers["X-Sentry-Auth"], body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def tracker():
    Received.got = []
    server = HTTPServer(("127.0.0.1", 0), Received)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Tracker(f"http://key@127.0.0.1:{server.server_port}/city/7")
    server.shutdown()
    server.server_close()


def hand_over(tracker: Tracker, message: str, *args: object) -> None:
    log = logging.Logger("quartier.tests")
    log.addHandler(tracker)
    try:
        raise ValueError(NAME)
    except ValueError:
        log.exception(message, *args)


def test_what_is_sent_is_what_stands_in_the_log(tracker):
    context.bind(request_id="ab" * 8, route="proposals:propose")
    try:
        hand_over(tracker, "page.failed who=%s number=%s", NAME, 3)
    finally:
        context.clear()
    tracker.waiting.join()
    ((path, auth, body),) = Received.got
    assert path == "/city/api/7/envelope/" and "sentry_key=key" in auth
    assert b"Zerlinde" not in body
    event = json.loads(body.split(b"\n")[2])
    assert event["tags"] == {"request_id": "ab" * 8, "route": "proposals:propose"}
    assert event["message"]["formatted"] == "page.failed who=… number=3"
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "")
    assert error["stacktrace"]["frames"][-1]["function"] == "hand_over"


def test_a_storm_is_cut_off(tracker):
    tracker.most = 2
    for _ in range(5):
        hand_over(tracker, "page.failed")
    tracker.waiting.join()
    assert len(Received.got) == 2


def test_a_tracker_that_is_away_is_no_error():
    away = Tracker("http://key@127.0.0.1:9/7")
    hand_over(away, "page.failed")
    away.waiting.join()
    assert away.thread is not None and away.thread.is_alive()


def test_without_an_address_nothing_is_done():
    none = Tracker("")
    hand_over(none, "page.failed")
    assert none.waiting.empty() and none.thread is None


@pytest.mark.parametrize("dsn", ["nonsense", "https://host/7", "ftp://key@host/7", "https://key@host/"])
def test_a_wrong_address_is_said_at_the_start(dsn):
    with pytest.raises(ValueError, match="ERRORS_DSN"):
        Address.of(dsn)
