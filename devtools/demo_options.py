"""`demo`'s options, read before anything is installed: standard library only."""

import argparse

from devtools import ports


def parse(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py demo", description="The demo city on this machine.")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to serve on (only this machine by default)"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reset", action="store_true", help="forget all data and found the city again")
    options = parser.parse_args(args)
    ports.must_be_free(options.host, options.port)
    return options
