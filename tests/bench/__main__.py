"""`python -m tests.bench NAME [ARGUMENTS]`: what `python3 dev.py bench NAME` runs on its own services."""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def names() -> list[str]:
    """Every module of this folder that is a bench, that is, has a `main`."""
    folder = Path(__file__).parent
    return sorted(
        path.stem
        for path in folder.glob("*.py")
        if "\ndef main(args: list[str])" in path.read_text() and path.stem != "crowds"
    )


def main(argv: list[str]) -> int:
    from devtools.console import Trouble, end_in_one_sentence

    try:
        if not argv or argv[0] not in names():
            raise Trouble(f"There is no such bench; there are: {', '.join(names())}.")
        return int(importlib.import_module(f"tests.bench.{argv[0]}").main(argv[1:]))
    except Trouble as trouble:
        return end_in_one_sentence(trouble)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    sys.exit(main(sys.argv[1:]))
