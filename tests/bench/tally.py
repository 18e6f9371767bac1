"""`bench tally`: real elections counted end to end, file to result, and every stored result compared.

Each count runs in a fresh process: CPU seconds of reading the file and of counting it (user and system; what Python
and numpy need to start is not in it), and the most memory that process ever had. For sizes the shared files do not
reach a city is made up in the shape of a real one (`elections.py`); its file is deleted afterwards.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Any

from devtools.console import Trouble
from tests.bench.elections import FOLDER, make_up

REAL = "Poland_Wroclaw_2018.pb.gz"
DIVERSE = "Netherlands_Amsterdam_631.pb.gz"
MANY_PROJECTS = "Poland_Warszawa_2021_Praga-Poludnie.pb.gz"
POINTS = "Poland_Katowice_2025.pb.gz"


@dataclass(frozen=True, slots=True)
class Case:
    """One file and rule; targets for CPU seconds and for memory in MB where there are any."""

    file: str
    rule: str
    seconds: float | None = None
    megabytes: float | None = None


CASES = (
    Case(REAL, "greedy_cost", seconds=0.2),
    Case(REAL, "mes_cost", seconds=0.2),
    Case(REAL, "add1u_cost"),
    Case(REAL, "phragmen_x"),
    Case(DIVERSE, "mes_cost"),
    Case(DIVERSE, "add1_cost"),
    Case(DIVERSE, "phragmen_x"),
    Case(MANY_PROJECTS, "mes_card"),
    Case(MANY_PROJECTS, "add1_cost"),
    Case(POINTS, "mes_cum"),
    Case("made-up-60000", "greedy_cost"),
    Case("made-up-60000", "mes_cost"),
    Case("made-up-60000", "add1_cost", seconds=2.0),
    Case("made-up-100000", "greedy_cost", megabytes=100),
    Case("made-up-100000", "mes_cost", megabytes=100),
    Case("small-units", "add1_cost", seconds=10.0),
)
# The same district with all money in a unit of which it has 500 times as many: about a billion, added one by one.
MADE_UP = {
    "made-up-60000": {"voters": 60_000, "projects": 80, "times": 5},
    "made-up-100000": {"voters": 100_000, "projects": 80, "times": 9},
    "small-units": {"voters": 30_000, "projects": 30, "times": 125},
}


@dataclass(frozen=True, slots=True)
class Figure:
    file: str
    rule: str
    voters: int
    projects: int
    ballots: int
    read: float
    count: float
    megabytes: float
    funded: int
    added: int
    target: str
    met: bool | None


def one_count(path: str, rule: str) -> dict[str, Any]:
    """What a fresh process measures of itself."""
    from proposals.ballots import pabulib
    from proposals.ballots.tally import LEXICOGRAPHIC_ID, count

    if not rule.startswith("greedy"):
        import numpy  # noqa: F401 - its start is no part of a count
    started = process_time()
    election = pabulib.read(path)
    read = process_time()
    result = count(rule, election.profile, election.budget, tie_rule=LEXICOGRAPHIC_ID)
    counted = process_time()
    scale = 1024 if sys.platform != "darwin" else 1024**2
    return {
        "voters": election.profile.voters,
        "projects": len(election.projects),
        "ballots": len(election.profile.ballots),
        "read": round(read - started, 4),
        "count": round(counted - read, 4),
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale, 1),
        "funded": len(result.selected),
        "added": result.added,
    }


def measure(case: Case, path: Path) -> Figure:
    code = "import sys, json; from tests.bench.tally import one_count; print(json.dumps(one_count(*sys.argv[1:])))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), case.rule], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Trouble(f"{case.file} could not be counted by {case.rule}: {done.stderr.strip()[-300:]}")
    told = json.loads(done.stdout)
    met, targets = None, []
    if case.seconds is not None:
        met = told["read"] + told["count"] <= case.seconds
        targets.append(f"{case.seconds} s")
    if case.megabytes is not None:
        met = met is not False and told["megabytes"] <= case.megabytes
        targets.append(f"{case.megabytes} MB")
    return Figure(case.file, case.rule, **told, target=" and ".join(targets), met=met)


def compare(expected: dict[str, Any]) -> Iterator[tuple[str, str, str, bool, float]]:
    """File, rule, source, whether it is the same in order and cost, CPU seconds: of every stored result."""
    from proposals.ballots import pabulib
    from proposals.ballots.tally import LEXICOGRAPHIC_ID, amount_text, count

    for name, case in expected.items():
        election = pabulib.read(FOLDER / case["stored_as"])
        for rule, wanted in case["results"].items():
            started = process_time()
            result = count(rule, election.profile, election.budget, tie_rule=LEXICOGRAPHIC_ID)
            same = [*result.selected] == wanted["selected"] and amount_text(result.cost) == wanted["cost"]
            yield name, rule, wanted["source"], same, process_time() - started


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py bench tally", description="Real elections, counted end to end."
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--no-compare", action="store_true", help="only the measurements")
    options = parser.parse_args(args)
    if not (FOLDER / "expected.json").exists():
        raise Trouble(f"The real elections are not in {FOLDER}; PABULIB_DATA may name another folder.")
    out = sys.stderr if options.json else sys.stdout
    row = "{:<42} {:<12} {:>8} {:>5} {:>8} {:>7} {:>7} {:>6} {:>7} {:>7}  {}"
    print(
        row.format(
            "file",
            "rule",
            "voters",
            "proj",
            "distinct",
            "read s",
            "count s",
            "MB",
            "funded",
            "added",
            "target",
        ),
        file=out,
    )
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            path = FOLDER / case.file
            if case.file in MADE_UP:
                path = Path(folder) / f"{case.file}.pb"
                if not path.exists():
                    make_up(path, **MADE_UP[case.file])
            f = measure(case, path)
            figures.append(f)
            verdict = f"{f.target}: {'met' if f.met else 'MISSED'}" if f.target else ""
            print(
                row.format(
                    f.file[:42],
                    f.rule,
                    f.voters,
                    f.projects,
                    f.ballots,
                    f"{f.read:.3f}",
                    f"{f.count:.3f}",
                    f"{f.megabytes:.0f}",
                    f.funded,
                    f.added,
                    verdict,
                ),
                file=out,
                flush=True,
            )
    compared: dict[str, dict[str, Any]] = {}
    if not options.no_compare:
        for name, rule, source, same, seconds in compare(json.loads((FOLDER / "expected.json").read_text())):
            of = compared.setdefault(
                rule, {"compared": 0, "by_pabutools": 0, "seconds": 0.0, "slowest": 0.0, "different": []}
            )
            of["compared"] += 1
            of["by_pabutools"] += source.startswith("pabutools")
            of["seconds"] = round(of["seconds"] + seconds, 3)
            of["slowest"] = round(max(of["slowest"], seconds), 3)
            if not same:
                of["different"].append(name)
        for rule, of in compared.items():
            print(
                f"{rule:<14} {of['compared']:>4} stored results ({of['by_pabutools']} by pabutools), {len(of['different'])} different; "
                f"{of['seconds']:.1f} CPU s, slowest {of['slowest']:.2f}", file=out,
            )  # fmt: skip
    if options.json:
        print(json.dumps({"figures": [asdict(f) for f in figures], "compared": compared}))
    fine = all(f.met is not False for f in figures) and not any(of["different"] for of in compared.values())
    return 0 if fine else 1
