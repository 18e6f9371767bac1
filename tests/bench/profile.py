"""`bench profile ADDRESS [--scale city]`: where the milliseconds of a page of the large city go (devtools/profiling.py)."""

from __future__ import annotations

from devtools import profiling
from tests.bench import servers


def main(args: list[str]) -> int:
    size = "full"
    if "--scale" in args:
        place = args.index("--scale")
        size = args[place + 1]
        args = args[:place] + args[place + 2 :]
    asked = profiling.options(args)
    with servers.city(size) as url:
        servers.become_production(url)
        return profiling.run(asked)
