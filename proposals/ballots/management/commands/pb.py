"""`manage.py pb FILE...`: count Pabulib files, without touching the database.

Every file is read, counted by each --rule and compared with the winners the city itself marked in the file.
One malformed file does not stop the others; it costs a line on stderr and the exit code 1.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Any, Literal

from django.core.management.base import BaseCommand

from proposals.ballots import pabulib
from proposals.ballots.tally import (
    LEXICOGRAPHIC_ID,
    LOT,
    RULES,
    RULES_TO_COMPARE,
    TIE_RULES,
    TallyResult,
    TieRule,
    WrongBallots,
    amount_text,
    compared_with_votes,
    count,
    drawn_by_lot,
)


@dataclass(frozen=True, slots=True)
class Report:
    """What is said about one file and one rule; as JSON, exactly these keys."""

    file: str
    rule: str
    selected: Sequence[str]
    cost: str
    official: Sequence[str] | None
    equal_to_official: bool | None
    seconds: float

    @classmethod
    def on(cls, name: str, election: pabulib.Election, result: TallyResult, seconds: float) -> Report:
        official = election.official
        return cls(
            file=name,
            rule=result.rule,
            selected=result.selected,
            cost=amount_text(result.cost),
            official=official,
            equal_to_official=None if official is None else set(official) == set(result.selected),
            seconds=round(seconds, 4),
        )


VERDICTS = {True: "same", False: "different", None: "not stated"}


def tie_rule_of(meta: Mapping[str, str]) -> TieRule:
    """The rule for ties the file names, with the seed of its lot; by id where it names none that we know."""
    name = meta.get("tie_rule", "")
    if name == LOT and meta.get("tie_seed"):
        return drawn_by_lot(meta["tie_seed"])
    return TIE_RULES.find(name) or LEXICOGRAPHIC_ID


class Command(BaseCommand):
    help = "Count participatory-budgeting elections in Pabulib's .pb format, plain or gzipped."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a .pb or .pb.gz file")
        parser.add_argument(
            "--rule",
            action="append",
            choices=RULES.slugs(),
            dest="rules",
            help="the rule to count by, more than one allowed; greedy_cost if none is named",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object per line")

    def handle(self, *, files: list[str], rules: list[str] | None, **options: Any) -> None:
        self.as_json, self.rounds = options["json"], options["verbosity"] > 1
        self.width = max(len(Path(file).name) for file in files)
        if not self.as_json:
            self.row("file", "rule", "funded", "cost", "budget", "official", "CPU s")
        done = [self.count(Path(file), rules or ["greedy_cost"]) for file in files]
        if not all(done):
            raise SystemExit(1)

    def count(self, path: Path, rules: list[str]) -> bool:
        """Report on one file; False, and a line on stderr, when it cannot be counted."""
        try:
            started = process_time()
            election = pabulib.read(path)
            reading = process_time() - started
        except pabulib.MalformedFile as error:
            return self.fail(path, str(error))
        except OSError as error:
            return self.fail(path, error.strerror or str(error))
        counted = True
        for rule in rules:
            try:
                started = process_time()
                result = count(
                    rule,
                    election.profile,
                    election.budget,
                    tie_rule=tie_rule_of(election.meta),
                    reserves=election.reserves if RULES.get(rule).takes_reserves else (),
                )
                if election.meta.get("comparison") == "satisfaction" and rule in RULES_TO_COMPARE:
                    result = compared_with_votes(
                        election.profile, result, election.budget, tie_rule=tie_rule_of(election.meta)
                    )[0]
                self.say(Report.on(path.name, election, result, reading + process_time() - started), result)
            except WrongBallots as error:
                counted = self.fail(path, f"{rule}: {error}")
        return counted

    def fail(self, path: Path, reason: str) -> Literal[False]:
        self.stderr.write(f"{path.name}: {reason}")
        return False

    def say(self, report: Report, result: TallyResult) -> None:
        if self.as_json:
            self.stdout.write(json.dumps(asdict(report)))
            return
        funded = f"{len(result.selected)}/{len(result.rounds)}"
        official = VERDICTS[report.equal_to_official]
        budget = amount_text(result.budget)
        self.row(report.file, report.rule, funded, report.cost, budget, official, f"{report.seconds:.3f}")
        if self.rounds:
            for told in result.rounds:
                self.stdout.write(f"    {told}")

    def row(self, file: str, rule: str, *cells: str) -> None:
        numbers = "".join(f"{cell:>14}" for cell in cells)
        self.stdout.write(f"{file:<{self.width}}  {rule:<12}{numbers}")
