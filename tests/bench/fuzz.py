"""The public interface against a lot of nonsense: `python3 dev.py bench fuzz --examples 200`. The suite does the same with two."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench fuzz")
    parser.add_argument(
        "--examples", type=int, default=100, help="of each kind, for each operation and each of three askers"
    )
    examples = parser.parse_args(args).examples
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/quartier/api/test_fuzz.py",
        "-n",
        "0",
        "-q",
        "-s",
        "-p",
        "no:warnings",
        "--timeout",
        "0",
    ]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | {"FUZZ_EXAMPLES": str(examples)}, check=False
    ).returncode
