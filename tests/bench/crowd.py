"""A crowd of people with thoughts of their own: each waits a while, asks, reads, waits. In a process of its own.

`python -m tests.bench.crowd PLAN RESULT`: the plan is JSON {"ports": […], "seconds": …, "think": mean seconds between two
requests of a person, "people": [[step, …], …], "host": …}; a step is {"path", "kind", "cookie"?, "body"?, "type"?,
"status": [..], "sign"?, "id"?}. A `body` is text of bytes (latin-1), `type` what it is; `sign` is what the right answer
contains. People go through their steps, over and over unless "once". The crowd plays the proxy, too: a server that refuses a
connection is passed over; a reading whose connection broke is sent again to the next one, a write never.

The result: times by kind, what was answered wrongly and when, and the ids of the writes that were accepted, each with the seconds
at which it was sent and answered; `began_at` is the moment those seconds begin, by this machine's clock. Standard library alone.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

Step = dict[str, Any]
PATIENCE = 15.0


class Crowd:
    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.began, self.began_at = time.monotonic(), time.time()
        self.times: dict[str, list[float]] = {}
        self.accepted: dict[str, tuple[float, float]] = {}
        self.wrong: list[tuple[float, str, str]] = []
        self.refused: Counter[str] = Counter()
        self.again = 0

    async def run(self) -> dict[str, Any]:
        people = [self._live(number, steps) for number, steps in enumerate(self.plan["people"])]
        await asyncio.gather(*people)
        return {
            "seconds": time.monotonic() - self.began, "began_at": self.began_at, "accepted": self.accepted, "wrong": self.wrong[:2000],
            "wrong_count": len(self.wrong), "sent_again": self.again, "refused": dict(self.refused),
            "kinds": {kind: _percentiles(times) for kind, times in self.times.items()},
        }  # fmt: skip

    async def _live(self, number: int, steps: list[Step]) -> None:
        chance = random.Random(number)
        think, end = self.plan["think"], self.began + self.plan["seconds"]
        line = Line(self, number)
        place = 0 if self.plan.get("once") else chance.randrange(len(steps))
        # Nobody starts at the same moment, except where that is what is measured.
        await asyncio.sleep(chance.random() * min(think, self.plan.get("spread", think)))
        while time.monotonic() < end:
            await self._step(line, steps[place % len(steps)])
            place += 1
            if self.plan.get("once") and place >= len(steps):
                break
            await asyncio.sleep(chance.expovariate(1 / think) if think else 0)
        line.close()

    async def _step(self, line: Line, step: Step) -> None:
        started = time.monotonic()
        try:
            status, body = await asyncio.wait_for(line.ask(step), PATIENCE)
        except (TimeoutError, OSError, ConnectionError, ValueError, asyncio.IncompleteReadError) as error:
            line.close()
            self._bad(step, f"{type(error).__name__}")
            return
        if status not in step["status"] or step.get("sign", "").encode() not in body:
            self._bad(step, f"{status} {_said(body)}")
            return
        self.times.setdefault(step["kind"], []).append(time.monotonic() - started)
        if "id" in step:
            self.accepted[step["id"]] = (
                round(started - self.began, 3),
                round(time.monotonic() - self.began, 3),
            )

    def _bad(self, step: Step, words: str) -> None:
        self.wrong.append((round(time.monotonic() - self.began, 2), step["kind"], words))


class Line:
    """A kept-alive connection to one of the servers."""

    def __init__(self, crowd: Crowd, number: int) -> None:
        self.crowd, self.turn = crowd, number
        self.pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def close(self) -> None:
        if self.pair:
            self.pair[1].close()
            self.pair = None

    async def ask(self, step: Step) -> tuple[int, bytes]:
        writes = "body" in step
        for attempt in range(4):
            fresh = self.pair is None
            try:
                if self.pair is None:
                    await self._connect()
                return await self._ask(step)
            except (OSError, asyncio.IncompleteReadError):
                self.close()
                self.turn += 1
                # A write that may have arrived is not repeated; one on an idle line that was closed already did not.
                if attempt == 3 or (writes and fresh):
                    raise
                self.crowd.again += 1
        raise ConnectionError

    async def _connect(self) -> None:
        ports = self.crowd.plan["ports"]
        for attempt in range(2 * len(ports)):
            try:
                self.pair = await asyncio.wait_for(
                    asyncio.open_connection("127.0.0.1", ports[self.turn % len(ports)]), 3
                )
                return
            except (OSError, TimeoutError):
                self.turn += 1
                await asyncio.sleep(0.05 * attempt)
        raise ConnectionRefusedError("no server")

    async def _ask(self, step: Step) -> tuple[int, bytes]:
        assert self.pair
        reader, writer = self.pair
        writer.write(_request(step, self.crowd.plan["host"]))
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])}
        length = 0 if status in (204, 304) else int(headers.get("content-length", 0))
        body = await reader.readexactly(length) if length else b""
        if headers.get("connection", "").lower() == "close" or "content-length" not in headers:
            self.close()
        return status, body


def _request(step: Step, host: str) -> bytes:
    body = step.get("body")
    lines = [
        f"{'GET' if body is None else 'POST'} {step['path']} HTTP/1.1", f"Host: {host}", "X-Forwarded-Proto: https",
        "X-Forwarded-For: 192.0.2.7", "Accept: text/html", "Accept-Language: de", "Accept-Encoding: gzip, br" if not step.get("sign") else "Accept-Encoding: identity",
    ]  # fmt: skip
    if step.get("cookie"):
        lines.append(f"Cookie: {step['cookie']}")
    if body is not None:
        lines += [
            f"Origin: https://{host}", "Sec-Fetch-Site: same-origin",
            f"Content-Type: {step.get('type', 'application/x-www-form-urlencoded')}", f"Content-Length: {len(body)}",
        ]  # fmt: skip
    return ("\r\n".join([*lines, "", body or ""])).encode("latin-1")


def _said(body: bytes) -> str:
    """The sentence beside a field that was refused, else the headline."""
    text = body.decode("utf-8", "replace")
    if (start := text.find('<p class="kern-error">')) >= 0:
        words = text[start : text.find("</p>", start)].rpartition('class="kern-body">')[2]
        return words.removesuffix("</span>").partition(": ")[2][:80] or words[:80]
    start = text.find("<h1")
    return text[text.find(">", start) + 1 : text.find("</h1>", start)].strip()[:80] if start >= 0 else ""


def _percentiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)

    def at(share: float) -> float:
        return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)

    return {"n": len(ordered), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "most": at(1)}


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(Crowd(plan).run())))


if __name__ == "__main__":
    main()
