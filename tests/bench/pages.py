"""`bench pages`: what a page costs, in CPU, beside a bare view with one query on the same server in the same minutes.

CPU is user and system time of the app's worker processes and of all processes of PostgreSQL, divided by requests. The
ratio is page by floor. In a turn page and floor alternate several times a second, so that both meet the same machine; a
run is five turns and counts only when their floors lie within 15 % of each other; the ratio is the median of its five.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from devtools.paths import VAR
from tests.bench import servers, traffic, weight
from tests.bench.load import Client
from tests.bench.servers import Postgres, Server, spent

ROUNDS = 5
MOST_ROUNDS = 16
# A turn is so many slices of the page, each with a slice of the floor half as long right after it.
SLICES = 6
SPREAD = 0.15
CONNECTIONS = 4
DATABASE_MS = 1.5
QUERIES = 9
WEIGHT_KB = 100
REQUESTS = 15
# Not statements of ours: what opens and closes a transaction.
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Turn:
    """What requests of one kind cost, in one go of the load generator or in the slices of a turn together."""

    application_ms: float
    database_ms: float
    requests_per_second: float
    p95_ms: float
    requests: int

    @classmethod
    def of(cls, slices: list[Turn]) -> Turn:
        """Together: each slice weighs as many requests as it had; the p95 is the middle one of theirs."""
        n = sum(each.requests for each in slices)
        return cls(
            sum(each.application_ms * each.requests for each in slices) / n,
            sum(each.database_ms * each.requests for each in slices) / n,
            n / sum(each.requests / each.requests_per_second for each in slices),
            median(each.p95_ms for each in slices),
            n,
        )

    @property
    def cpu_ms(self) -> float:
        return self.application_ms + self.database_ms


@dataclass
class Result:
    """A page's figures: medians of the run that counts, or of the best one when none does."""

    page: traffic.Page
    turns: list[Turn]
    floors: list[Turn]
    queries: int
    queries_cold: int
    size: dict[str, int]

    @property
    def spread(self) -> float:
        costs = [floor.cpu_ms for floor in self.floors]
        return max(costs) / min(costs) - 1

    @property
    def rejected(self) -> bool:
        return self.spread > SPREAD

    @property
    def ratio(self) -> float:
        return median(turn.cpu_ms / floor.cpu_ms for turn, floor in zip(self.turns, self.floors, strict=True))

    def missed(self) -> list[str]:
        said = []
        if self.ratio > self.page.target:
            said.append(f"{self.ratio:.1f}x > {self.page.target:g}x")
        if not self.page.writes and (ms := median(turn.database_ms for turn in self.turns)) > DATABASE_MS:
            said.append(f"database {ms:.2f} ms > {DATABASE_MS} ms")
        if not self.page.writes and self.queries > QUERIES:
            said.append(f"{self.queries} queries > {QUERIES}")
        return said

    def as_json(self) -> dict[str, Any]:
        def middle(name: str, digits: int = 3) -> float:
            return round(median(getattr(turn, name) for turn in self.turns), digits)

        return {
            "page": self.page.name, "reader": self.page.who, "ratio": round(self.ratio, 2), "target": self.page.target,
            "cpu_ms": middle("cpu_ms"), "application_ms": middle("application_ms"), "database_ms": middle("database_ms"),
            "requests_per_second": middle("requests_per_second", 1), "p95_ms": middle("p95_ms", 1),
            "queries": self.queries, "queries_cold": self.queries_cold, "bytes": self.size,
            "floor_ms": round(median(floor.cpu_ms for floor in self.floors), 3), "floor_spread": round(self.spread, 3),
            "rejected": self.rejected, "requests": sum(turn.requests for turn in self.turns), "missed": self.missed(),
        }  # fmt: skip


class Bench:
    """The two servers, the load generator and the clock of both."""

    def __init__(
        self, app: Server, uncached: Server, floor: Server, postgres: Postgres, client: Client, seconds: float
    ) -> None:
        self.app, self.uncached, self.floor = app, uncached, floor
        self.postgres, self.client, self.seconds = postgres, client, seconds
        client.learn("floor", [[traffic.request("/")]])

    def turn(
        self, plan: str, server: Server, seconds: float, connections: int = CONNECTIONS, count: int = 20_000
    ) -> Turn:
        before = spent(server, self.postgres)
        told = self.client.run(plan, port=server.port, connections=connections, seconds=seconds, count=count)
        cost = spent(server, self.postgres) - before
        if told["wrong_count"]:
            raise RuntimeError(
                f"{plan}: {told['wrong_count']} wrong answers, for example {'; '.join(told['wrong'])}"
            )
        n = told["requests"]
        return Turn(
            1000 * cost.application / n, 1000 * cost.database / n, n / told["seconds"], told["p95_ms"], n
        )

    def measure(self, page: traffic.Page) -> tuple[list[Turn], list[Turn]]:
        """(five turns of the page, their five floors): the first that count, else those closest together."""
        self.client.learn(page.slug, page.sequences)
        self._warm(page)
        turns: list[Turn] = []
        floors: list[Turn] = []
        best: tuple[float, int] = (float("inf"), 0)
        while len(turns) < MOST_ROUNDS:
            turn, floor = self.alternate(page)
            turns.append(turn)
            floors.append(floor)
            if len(turns) >= ROUNDS:
                start = len(turns) - ROUNDS
                costs = [floor.cpu_ms for floor in floors[start:]]
                best = min(best, (max(costs) / min(costs) - 1, start))
                if best[0] <= SPREAD:
                    break
        start = best[1]
        return turns[start : start + ROUNDS], floors[start : start + ROUNDS]

    def alternate(self, page: traffic.Page) -> tuple[Turn, Turn]:
        """(page, floor) of one turn."""
        of_page, of_floor = [], []
        for _ in range(SLICES):
            of_page.append(self.turn(page.slug, self._server(page), self.seconds / SLICES))
            of_floor.append(self.turn("floor", self.floor, self.seconds / SLICES / 2))
        return Turn.of(of_page), Turn.of(of_floor)

    def _warm(self, page: traffic.Page) -> None:
        """Compiled templates, what the memory of both workers keeps, and prepared statements: PostgreSQL plans each
        anew ten times on each connection, so a page of many shapes takes longer to be as it is on an ordinary day.
        """
        everywhere = servers.WORKERS * servers.THREADS
        self.turn("floor", self.floor, 0.3)
        self.turn(page.slug, self._server(page), 1.5 * self.seconds, connections=everywhere)
        if page.shapes > 1:
            wanted = 10 * page.shapes * everywhere
            self.turn(page.slug, self._server(page), 10 * self.seconds, connections=everywhere, count=wanted)

    def _server(self, page: traffic.Page) -> Server:
        """What a visitor's page costs when nobody has drawn it is measured where nothing is kept."""
        return self.uncached if page.who == "anonymous" else self.app


def count_queries(page: traffic.Page) -> tuple[int, int]:
    """The most statements a request of this page sends: when memory is warm, and at first sight."""
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from proposals import memory

    def ask(path: str) -> int:
        client = traffic.browser(page.cookie)
        with CaptureQueriesContext(connection) as captured:
            if client.get(path).status_code != 200:
                raise RuntimeError(f"{path} is broken")
        return sum(not query["sql"].startswith(FRAME) for query in captured.captured_queries)

    paths = page.addresses[:: max(1, len(page.addresses) // 25)]
    # The caches a visitor's page is drawn from; and for pages from the cache, and those made of them, that cache itself.
    settings.SHARED_PAGES = page.who != "anonymous"
    caches["fragments"].clear()
    memory.forget()
    cold = max(ask(path) for path in paths[:5])
    if settings.SHARED_PAGES:
        for path in (*paths, *paths):  # others were there before: the second one has it kept
            ask(path)
    # Each twice: what is kept for a stretch of time may end between two requests.
    return max(min(ask(path), ask(path)) for path in paths), cold


def count_of_write(page: traffic.Page) -> tuple[int, int]:
    """The same for a POST, read from the request lines of its first sequences."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    most = 0
    for sequence in page.sequences[:5]:
        for step in sequence:
            lines = step["request"].split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            client = traffic.browser(headers["Cookie"])
            names = {
                f"HTTP_{name.upper().replace('-', '_')}": headers[name]
                for name in ("Origin", "HX-Request")
                if name in headers
            }
            with CaptureQueriesContext(connection) as captured:
                answer = client.post(lines[0].split()[1], **names)
            if answer.status_code != step["status"]:
                raise RuntimeError(f"{lines[0]} answered {answer.status_code}")
            most = max(most, sum(not query["sql"].startswith(FRAME) for query in captured.captured_queries))
    return most, most


def sizes(page: traffic.Page) -> dict[str, int]:
    """Bytes of the middle one of a few answers: plain, and as a proxy would compress them."""
    import brotli

    if page.writes:
        return {}
    client = traffic.browser(page.cookie)
    bodies = sorted((client.get(path).content for path in page.addresses[:15]), key=len)
    body = bodies[len(bodies) // 2]
    return {
        "plain": len(body),
        "gzip": len(gzip.compress(body, 6)),
        "brotli": len(brotli.compress(body, quality=5)),
    }


def main(args: list[str]) -> int:
    options = _options(args)
    say: Callable[[str], None] = lambda words: print(words, file=sys.stderr, flush=True)  # noqa: E731
    with ExitStack() as stack:
        url = stack.enter_context(servers.city(options.scale))
        if options.prepare:
            return 0
        postgres = Postgres.find(url)
        servers.become_production(url)
        pages = [
            page
            for page in traffic.pages()
            if not options.only or page.name in options.only or page.slug in options.only
        ]
        if not pages:
            say("No such page.")
            return 2
        counted, weighed, broken = {}, {}, []
        for page in list(pages):
            try:
                counted[page.slug] = (count_of_write if page.writes else count_queries)(page)
                weighed[page.slug] = sizes(page)
            except Exception as error:  # one broken page must not hide the figures of the others
                say(f"{page.slug} is broken: {type(error).__name__}: {error}")
                broken.append(page.slug)
                pages.remove(page)
        log = VAR / "log"
        app = stack.enter_context(
            servers.serve("quartier.wsgi", os.environ, log / "bench-app.log", options.worker_class)
        )
        alone = os.environ | {"SHARED_PAGES": "no"}
        uncached = stack.enter_context(
            servers.serve("quartier.wsgi", alone, log / "bench-uncached.log", options.worker_class)
        )
        floor = stack.enter_context(
            servers.serve("tests.bench.floor", os.environ, log / "bench-floor.log", options.worker_class)
        )
        client = Client()
        stack.callback(client.close)
        bench = Bench(app, uncached, floor, postgres, client, options.seconds)
        servers.quiet(postgres)
        results = []
        if not options.json:
            _head()
        for page in pages:
            turns, floors = bench.measure(page)
            results.append(Result(page, turns, floors, *counted[page.slug], weighed[page.slug]))
            if options.json:
                say(f"{page.slug}: {results[-1].ratio:.1f}x{' (rejected)' if results[-1].rejected else ''}")
            else:
                _line(results[-1])
        visit = [] if options.only or "home, anonymous" in broken else weight.first_visit(app.port, "/de/")
    if options.json:
        print(json.dumps(_whole(results, visit, options), ensure_ascii=False))
    else:
        _foot(results, visit)
    fine = (
        not broken and not _too_heavy(visit) and not any(each.rejected or each.missed() for each in results)
    )
    return 0 if fine else 1


def _options(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py bench pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    parser.add_argument(
        "--only",
        action="append",
        help='a page ("list") or one reader\'s ("list, signed in"); may be repeated',
    )
    parser.add_argument(
        "--scale",
        default="full",
        choices=["full", "city", "city-tenth"],
        help="full: 10,000 proposals in one process (about a minute to build); city: in each of twelve, 500,000 people, "
        "2 million supports, 1 million comments, 1,400 projects on a ballot (some minutes); city-tenth: a tenth of that",
    )
    parser.add_argument("--prepare", action="store_true", help="only build the city; the next run copies it")
    parser.add_argument(
        "--seconds",
        type=float,
        default=3,
        help="length of one turn of a page, without its floor (half as long)",
    )
    parser.add_argument(
        "--worker-class",
        default="gthread",
        choices=["gthread", "sync"],
        help="gthread is what the Dockerfile starts",
    )
    return parser.parse_args(args)


# --- words ---


def _visit(visit: list[weight.Loaded]) -> dict[str, Any]:
    return {
        "bytes": sum(each.size for each in visit), "requests": len(visit),
        "parts": {each.path: each.size for each in sorted(visit, key=lambda each: -each.size)},
    }  # fmt: skip


def _too_heavy(visit: list[weight.Loaded]) -> bool:
    return sum(each.size for each in visit) > WEIGHT_KB * 1024 or len(visit) > REQUESTS


def _whole(results: list[Result], visit: list[weight.Loaded], options: argparse.Namespace) -> dict[str, Any]:
    import django
    import gunicorn

    return {
        "server": f"gunicorn {gunicorn.__version__} {options.worker_class}", "workers": servers.WORKERS, "threads": servers.THREADS,
        "connections": CONNECTIONS, "django": django.__version__, "python": sys.version.split()[0], "cores": os.cpu_count(),
        "pages": [result.as_json() for result in results],
    } | ({"first_visit": _visit(visit)} if visit else {})  # fmt: skip


WIDTHS = (16, 10, 8, 7, 7, 8, 8, 8, 14, 8, 8, 8)
COLUMNS = (
    "page",
    "reader",
    "CPU ms",
    "app",
    "db",
    "floor",
    "ratio",
    "req/s",
    "p95 ms queries",
    "KB",
    "gzip KB",
    "br KB",
)


def _row(cells: tuple[str, ...]) -> str:
    return "".join(
        f"{cell:<{width}}" if i < 2 else f"{cell:>{width}}"
        for i, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )


def _head() -> None:
    print(_row(COLUMNS), flush=True)


def _line(result: Result) -> None:
    told = result.as_json()
    kilobytes = [f"{size / 1024:.1f}" for size in told["bytes"].values()] or ["", "", ""]
    print(
        _row((
            told["page"], told["reader"], f"{told['cpu_ms']:.2f}", f"{told['application_ms']:.2f}", f"{told['database_ms']:.2f}",
            f"{told['floor_ms']:.3f}", f"{told['ratio']:.1f}x", f"{told['requests_per_second']:.0f}",
            f"{told['p95_ms']:.1f} {told['queries']:>7}", *kilobytes,
        )),
        *([f"  REJECTED: the floors differ by {100 * result.spread:.0f} %"] if result.rejected else []),
        *([f"  MISSED: {', '.join(result.missed())}"] if result.missed() else []),
        flush=True,
    )  # fmt: skip


def _foot(results: list[Result], visit: list[weight.Loaded]) -> None:
    if visit:
        told = _visit(visit)
        print(
            f"first visit: {told['bytes'] / 1024:.1f} KB compressed, {told['requests']} requests, without pictures"
            + (f"  MISSED: {WEIGHT_KB} KB, {REQUESTS} requests" if _too_heavy(visit) else "")
        )
        for path, size in told["parts"].items():
            print(f"  {size / 1024:7.1f} KB  {path}")
    rejected = [result.page.slug for result in results if result.rejected]
    if rejected:
        print(
            f"Rejected, because the machine was busy with something else: {'; '.join(rejected)}. Measure again."
        )
