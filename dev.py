#!/usr/bin/env python3
"""Quartier's two commands and their helpers. They need Python 3.11 to 3.13 and install everything else.

  python3 dev.py demo [--reset] [--port N] [--host H]   the demo city, with a real database, queue and workers
  python3 dev.py test [pytest arguments]                every test, real-browser tests included
  python3 dev.py check                                  lint, types, imports, translations, vendored files
  python3 dev.py bench NAME [arguments]                 a measurement of tests/bench
  python3 dev.py profile ADDRESS [--as E-MAIL]          where the milliseconds of a page of the demo go
  python3 dev.py cluster                                the demo's town on two web servers, two workers, a replica
  python3 dev.py shots DIR                              photographs of the main pages
  python3 dev.py manage COMMAND [arguments]             Django's command line, on the demo's data
  python3 dev.py messages [FILE.po ...]                 collect the texts to translate into locale/
  python3 dev.py sbom [--check]                         the list of components, from the lock files
  python3 dev.py schema [--check]                       the tables of a new city: written anew, or compared with the migrations
  python3 dev.py upgrade [COMMIT]                       the upgrade drill: old program and data, today's migrations
  python3 dev.py vendor [--check]                       fetch the front end's third-party files
  python3 dev.py help                                   this text

DATABASE_URL and REDIS_URL, when set, are used instead of the embedded PostgreSQL and Redis.
"""

# This file alone must also run on a Python that is too old, to say so. The rest is `devtools/`.
import os
import sys

OLDEST, TOO_NEW = (3, 11), (3, 14)
COMMANDS = (
    "demo",
    "test",
    "check",
    "bench",
    "profile",
    "cluster",
    "shots",
    "manage",
    "messages",
    "vendor",
    "sbom",
    "schema",
    "upgrade",
)


def main(argv):
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        version = ".".join(map(str, sys.version_info[:3]))
        print("Stopped: Quartier needs Python 3.11, 3.12 or 3.13; this is %s." % version, file=sys.stderr)  # noqa: UP031
        return 1
    command = argv[0] if argv else "help"
    if command in ("help", "-h", "--help"):
        print(__doc__)
        return 0
    if command not in COMMANDS:
        print("Stopped: there is no command %r; `python3 dev.py help` lists them." % command, file=sys.stderr)  # noqa: UP031
        return 1

    from devtools import bootstrap, console

    try:
        return bootstrap.hand_over(command, argv[1:])
    except console.Trouble as trouble:
        return console.end_in_one_sentence(trouble)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    sys.exit(main(sys.argv[1:]))
