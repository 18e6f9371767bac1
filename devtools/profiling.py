"""Where the milliseconds of a page go: `python3 dev.py profile ADDRESS`. Runs inside the settings of the demo or a bench.

The page is asked for through Django's own client, so everything but the web server is in it. Four views of the same page:
CPU of a plain run; each query with its time; own time by layer; the dearest functions. The profiler itself makes calls
dearer, so its times are for comparing with each other.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import re
import sys
import time
from collections import Counter
from statistics import median
from typing import Any
from urllib.parse import urlsplit

LAYERS = (
    ("templates", r"django/(template|templatetags)/|template_partials|/templatetags/"),
    ("translations", r"django/utils/(translation|text|formats)|gettext"),
    ("database: building SQL and objects", r"django/db/|modeltranslation"),
    ("database: waiting and reading", r"psycopg|django/db/backends/"),
    ("cache", r"django/core/cache|redis"),
    ("addresses", r"django/urls"),
    ("requests and middleware", r"django/(core|middleware|http|contrib|utils)|whitenoise|csp|allauth|htmx"),
    ("our own code", r"/(accounts|cocreation|proposals|feedback|platform)/"),
)


def options(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py profile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", help="a path of the demo (/de/proposals/) or a whole address")
    parser.add_argument(
        "--as", dest="email", default="", help="signed in as the person of this e-mail address"
    )
    parser.add_argument("--times", type=int, default=20, help="how often each view asks for it (20)")
    parser.add_argument(
        "--cold", action="store_true", help="what is kept in memory is forgotten before each request"
    )
    parser.add_argument("--most", type=int, default=20, help="how many functions (20)")
    return parser.parse_args(args)


def run(asked: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.conf import settings

    from devtools.prepare import collect_static

    collect_static()
    settings.SHARED_PAGES = False  # a page from the cache has no profile
    ask = _asker(asked)
    status = ask().status_code
    if status != 200:
        print(
            f"{asked.address} answers {status}; a profile is taken of pages that answer 200.", file=sys.stderr
        )
        return 1
    for _ in range(3):
        ask()
    _plain(ask, asked.times)
    _queries(ask)
    _layers(ask, asked.times, asked.most)
    return 0


def _asker(asked: argparse.Namespace) -> Any:
    from django.conf import settings
    from django.core.cache import caches
    from django.test import Client

    from proposals import memory

    parts = urlsplit(asked.address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    host = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS != ["*"] else "localhost"
    client = Client(HTTP_HOST=host, HTTP_X_FORWARDED_PROTO="https", HTTP_ACCEPT_LANGUAGE="de")
    if asked.email:
        from django.contrib.auth import get_user_model

        from devtools.console import Trouble

        person = get_user_model().objects.filter(email=asked.email).first()
        if person is None:
            raise Trouble(f"Nobody here has the address {asked.email}.")
        client.force_login(person)

    def ask() -> Any:
        if asked.cold:
            caches["fragments"].clear()
            memory.forget()
        return client.get(path)

    return ask


def _plain(ask: Any, times: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    spent, waited, size = [], [], 0
    for _ in range(times):
        before = time.process_time()
        size = len(ask().content)
        spent.append(1000 * (time.process_time() - before))
        with CaptureQueriesContext(connection) as queries:
            ask()
        waited.append(1000 * sum(float(query["time"]) for query in queries.captured_queries))
    print(
        f"CPU of the application: {median(spent):.2f} ms ({min(spent):.2f} to {max(spent):.2f}, {times} requests)"
    )
    print(f"Waiting for the database: {median(waited):.2f} ms. The page: {size / 1024:.1f} KB.\n")


def _queries(ask: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask()
    print(f"Queries: {len(captured)}")
    for query in captured.captured_queries:
        words = re.sub(
            r"SELECT .*? FROM", "SELECT … FROM", query["sql"].replace('"', ""), count=1, flags=re.S
        )
        print(f"  {1000 * float(query['time']):6.1f} ms  {' '.join(words.split())[:150]}")
    print()


def _layers(ask: Any, times: int, most: int) -> None:
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    for _ in range(times):
        ask()
    profile.disable()
    found = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    own: Counter[str] = Counter()
    for (file, _line, name), (_calls, _all, spent, _cumulative, _callers) in found.items():
        own[_layer(file, name)] += spent
    total = sum(own.values())
    print(f"Own time by layer, with the profiler's burden ({1000 * total / times:.2f} ms a request):")
    for layer, spent in own.most_common():
        print(f"  {1000 * spent / times:7.2f} ms  {100 * spent / total:4.0f} %  {layer}")
    print(f"\nThe {most} dearest functions (own ms, with what they call, calls a request):")
    dearest = sorted(found.items(), key=lambda item: -item[1][2])[:most]
    for (file, line, name), (_primitive, calls, spent, cumulative, _callers) in dearest:
        print(
            f"  {1000 * spent / times:7.3f}  {1000 * cumulative / times:7.3f}  {calls / times:7.1f}"
            f"  {_short(file)}:{line} {name}"
        )


def _layer(file: str, name: str) -> str:
    for layer, pattern in LAYERS:
        if re.search(pattern, file):
            return layer
    return "Python itself"


def _short(file: str) -> str:
    return re.sub(
        r"^.*site-packages/",
        "",
        re.sub(r"^.*/(?=(accounts|cocreation|proposals|feedback|platform)/)", "", file),
    )


def main(args: list[str]) -> int:
    return run(options(args))


if __name__ == "__main__":
    from devtools.console import Trouble, end_in_one_sentence

    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(end_in_one_sentence(trouble))
