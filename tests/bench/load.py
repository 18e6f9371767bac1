"""The load generator: a small HTTP client with kept-alive connections, in a process of its own, loopback only.

Reads one JSON object a line: {"plan": name, "sequences": [[{"request": text, "status": 200}, ...], ...]} to learn what
to send, then {"run": name, "port": …, "connections": …, "seconds": …, "count": …, "start": …} to send it. A sequence is
always finished by the connection that began it, so that what it changed is changed back. A step may have a "kind"; the
answer gives the p95 of each kind. Standard library alone.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

Step = dict[str, Any]
GIVE_UP = 60.0


class Broken(Exception):
    """The server closed, or answered something that this client does not read."""


class Connection:
    """One kept-alive connection that works through sequences."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.steps: list[Step] = []
        self.buffer = b""
        self.sent_at = 0.0

    def connect(self) -> socket.socket:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.socket

    def send(self) -> None:
        assert self.socket
        self.buffer = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.steps[0]["request"].encode("latin-1"))

    def receive(self) -> tuple[int, int, bool] | None:
        """(status, bytes of the body, may the connection be used again), or None while the answer is not complete."""
        assert self.socket
        piece = self.socket.recv(262_144)
        if not piece:
            raise Broken("closed")
        self.buffer += piece
        head, mark, body = self.buffer.partition(b"\r\n\r\n")
        if not mark:
            return None
        lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
        }
        status = int(lines[0].split()[1])
        length = 0 if status in (204, 304) else int(headers.get("content-length", -1))
        if length < 0:
            raise Broken(f"an answer {status} without a length")
        if len(body) < length:
            return None
        return status, length, headers.get("connection", "").lower() != "close"


def run(
    sequences: Sequence[list[Step]],
    *,
    port: int,
    connections: int,
    seconds: float,
    count: int,
    start: int = 0,
) -> dict[str, Any]:
    """Send until `count` requests are done or `seconds` are over. What was answered wrongly is told, not counted."""
    waiting = _around(sequences, start)
    lines = [Connection(port) for _ in range(connections)]
    times: list[float] = []
    kinds: dict[str, list[float]] = {}
    done = sizes = begun = 0
    wrong: list[str] = []
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:

        def proceed(line: Connection) -> None:
            """The next step, or the next sequence while there is time; else this connection is finished."""
            nonlocal begun
            if not line.steps:
                if begun >= count or time.perf_counter() - began > seconds:
                    return
                line.steps = list(next(waiting))
                begun += len(line.steps)
            if line.socket is None:
                selector.register(line.connect(), selectors.EVENT_READ, line)
            line.send()

        def drop(line: Connection) -> None:
            if line.socket is not None:
                selector.unregister(line.socket)
                line.socket.close()
                line.socket = None

        for line in lines:
            proceed(line)
        while any(line.steps for line in lines) and time.perf_counter() - began < seconds + GIVE_UP:
            for key, _ in selector.select(1):
                line = key.data
                try:
                    answer = line.receive()
                except Broken as trouble:
                    # A server may end an idle connection; then the step is simply sent again on a new one.
                    drop(line)
                    if not line.steps:
                        continue
                    wrong.append(str(trouble))
                    if len(wrong) > 20:
                        line.steps = []
                    proceed(line)
                    continue
                if answer is None:
                    continue
                status, length, reusable = answer
                step = line.steps.pop(0)
                if status == step["status"]:
                    times.append(time.perf_counter() - line.sent_at)
                    if "kind" in step:
                        kinds.setdefault(step["kind"], []).append(times[-1])
                    sizes += length
                    done += 1
                else:
                    wrong.append(f"{step['request'].split(' HTTP', 1)[0]} answered {status}")
                if not reusable:
                    drop(line)
                proceed(line)
        took = time.perf_counter() - began
        for line in lines:
            drop(line)
    times.sort()
    return {
        "requests": done,
        "seconds": took,
        "bytes": sizes,
        "wrong": wrong[:5],
        "wrong_count": len(wrong),
        "p50_ms": 1000 * times[len(times) // 2] if times else 0.0,
        "p95_ms": 1000 * times[int(len(times) * 0.95)] if times else 0.0,
        "p95_of": {kind: 1000 * sorted(each)[int(len(each) * 0.95)] for kind, each in kinds.items()},
    }


def _around(sequences: Sequence[list[Step]], start: int) -> Iterator[list[Step]]:
    place = start
    while True:
        yield sequences[place % len(sequences)]
        place += 1


class Client:
    """The parent's end: starts the process, teaches it plans, orders runs."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._places: dict[str, int] = {}

    def learn(self, plan: str, sequences: Sequence[list[Step]]) -> None:
        self._ask({"plan": plan, "sequences": sequences})

    def run(self, plan: str, **limits: Any) -> dict[str, Any]:
        """Goes on in the plan where the last run of it stopped."""
        answer = self._ask({"run": plan, "start": self._places.get(plan, 0), **limits})
        self._places[plan] = self._places.get(plan, 0) + int(answer["requests"])
        return answer

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(10)

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("The load generator ended.")
        return dict(json.loads(answer))


def serve() -> None:
    plans: dict[str, list[list[Step]]] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "plan" in order:
            plans[order["plan"]] = order["sequences"]
            answer: dict[str, Any] = {"learned": len(order["sequences"])}
        else:
            answer = run(plans[order.pop("run")], **order)
        print(json.dumps(answer), flush=True)


def main(args: list[str]) -> int:
    """`bench load`: the crowd, which has a generator of its own (crowd.py)."""
    from tests.bench import crowds

    return crowds.main(args)


if __name__ == "__main__":
    serve()
