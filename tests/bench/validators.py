"""`bench validators`: everything a city with 10,000 proposals publishes, judged by the standards' own validators.

The city of `bench seed` in an empty database, all its tables, its catalogue, its interface and the package of its largest process,
written by the code the worker runs. With `--demo` the demo city as it is founded, with the packages of all its processes. Every validator also gets a copy with one thing wrong, and has to see it. Ends with
status 1 where one finds something, or does not find what is wrong.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devtools.console import Trouble
from devtools.paths import ROOT


@dataclass
class Judged:
    what: str
    by: str
    things: str
    seconds: float = 0.0
    found: list[str] = field(default_factory=list)
    sees: bool = False

    def row(self) -> str:
        return f"| {self.what} | {self.by} | {self.things} | {len(self.found)} | {'yes' if self.sees else 'NO'} | {self.seconds:.1f} |"


def main(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench validators")
    parser.add_argument("--proposals", type=int, default=10_000)
    parser.add_argument("--demo", action="store_true", help="the demo city instead, all of its processes")
    asked = parser.parse_args(args)
    import django

    django.setup()
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    with _folder() as folder:
        if asked.demo:
            _found_the_demo()
        else:
            _build(asked.proposals)
        judged = list(_judge(folder))
    print(
        "| what | validator | checked | findings | sees what is wrong | seconds |\n|---|---|---|---|---|---|"
    )
    for each in judged:
        print(each.row())
    for each in judged:
        for line in each.found[:5]:
            print(f"{each.what}: {line}")
    if any(each.found or not each.sees for each in judged):
        raise Trouble("Not everything is right.")
    return 0


@contextmanager
def _folder() -> Iterator[Path]:
    from django.conf import settings
    from django.core.files.storage import FileSystemStorage, default_storage

    with tempfile.TemporaryDirectory(prefix="quartier-validators-") as name:
        settings.MEDIA_ROOT = name
        default_storage._wrapped = FileSystemStorage(location=name)  # type: ignore[attr-defined]
        yield Path(name)


def _build(proposals: int) -> None:
    from cocreation.models import Process
    from feedback.opendata import actions, figures, packages
    from groundwork import clock
    from proposals.models import Proposal
    from tests.bench.seed import BIG, Size, build

    if not Proposal.objects.exists():
        size = Size(
            people=20_000, verified=5_000, proposals=proposals, supports=20_000, comments=5_000, talk=1_000, follows=2_000
        )  # fmt: skip
        build(size, lambda words: print(words, file=sys.stderr))
    figures.count(clock.now())
    began = time.monotonic()
    actions.renew(clock.now())
    print(f"tables written in {time.monotonic() - began:.1f} s", file=sys.stderr)
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    new = packages.renew(clock.now(), wanted=[Process.objects.get(slug=BIG)])
    if new != [BIG]:
        raise Trouble("The package was not written.")
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(
        f"package written in {time.monotonic() - began:.1f} s, peak memory {more} MB higher", file=sys.stderr
    )


def _found_the_demo() -> None:
    from cocreation.models import Process
    from feedback.opendata import actions, figures, packages
    from feedback.opendata.models import ProcessPackage
    from groundwork import clock
    from quartier.demo.seed import build

    if not Process.objects.exists():
        build(lambda words: print(words, file=sys.stderr))
    figures.count(clock.now())
    actions.renew(clock.now())
    processes = list(Process.objects.published())
    packages.renew(clock.now(), wanted=processes)
    if ProcessPackage.objects.count() != len(processes):
        raise Trouble("Not every package was written.")


def _judge(folder: Path) -> Iterator[Judged]:
    yield from _tables(folder)
    yield _catalogue()
    yield _interface()
    yield _package()
    yield _papers()


def _timed(judged: Judged, judge: Callable[[], list[str]]) -> None:
    began = time.monotonic()
    judged.found = judge()
    judged.seconds = time.monotonic() - began


def _tables(folder: Path) -> Iterator[Judged]:
    from django.test import Client

    from feedback.opendata.models import Release
    from tests.feedback.opendata.test_validators import _csvw, _frictionless, _laid_out

    where = folder / "laid-out"
    where.mkdir()
    _laid_out(Client(SERVER_NAME="localhost"), where)
    found = list(Release.objects.newest())
    things = f"{len(found)} tables, {sum(each.rows for each in found):,} rows"
    frictionless, csvw = Judged("tables", "frictionless", things), Judged("tables", "csvw", things)
    _timed(frictionless, lambda: _frictionless(where))
    _timed(csvw, lambda: [] if _csvw(where / "csvw.json") else ["not valid"])
    table = where / "offices.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join([*lines, lines[1]]))
    frictionless.sees = bool(_frictionless(where))
    csvw.sees = not _csvw(where / "csvw.json")
    yield frictionless
    yield csvw


def _catalogue() -> Judged:
    from django.test import Client
    from rdflib import DCAT, DCTERMS, RDF

    from tests.feedback.opendata.test_validators import MUST, _violations
    from tests.feedback.opendata.test_validators import _catalogue as catalogue

    graph = catalogue(Client(SERVER_NAME="localhost"), "ttl")
    judged = Judged("catalogue", "pyshacl, DCAT-AP 3.0.1", f"{len(graph):,} triples")
    _timed(judged, lambda: _violations(graph, *MUST))
    node = next(graph.subjects(RDF.type, DCAT.Dataset))
    graph.remove((node, DCTERMS.title, None))
    judged.sees = bool(_violations(graph, *MUST))
    return judged


def _interface() -> Judged:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    document: dict[str, Any] = json.loads((ROOT / "platform/quartier/openapi.json").read_text())
    judged = Judged("interface", "openapi-spec-validator, 3.1", f"{len(document['paths'])} addresses")

    def errors() -> list[str]:
        return [error.message[:200] for error in OpenAPIV31SpecValidator(document).iter_errors()]

    _timed(judged, errors)
    del document["info"]["title"]
    judged.sees = bool(errors())
    return judged


def _package() -> Judged:
    import zipfile

    from django.core.files.storage import default_storage
    from jsonschema import Draft202012Validator

    from feedback.opendata import packing
    from feedback.opendata.models import ProcessPackage

    packages = list(ProcessPackage.objects.order_by("pk"))
    form = packing.schema()
    # Of one type each: "oneOf" over all of them would try every type for every line.
    valid = {
        name: Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": form["$defs"]})
        for name in form["$defs"]
    }
    records, size = sum(each.records for each in packages), sum(each.size for each in packages)
    things = f"{len(packages)} processes, {records:,} records, {size:,} bytes"
    judged = Judged("packages of processes", "jsonschema, our schema 1.0.0", things)

    def errors() -> list[str]:
        found = []
        for package in packages:
            with (
                default_storage.open(package.stored) as raw,
                zipfile.ZipFile(raw) as opened,
                opened.open(packing.RECORDS) as lines,
            ):
                for number, line in enumerate(lines, start=1):
                    record = json.loads(line)
                    found += [
                        f"package {package.pk}, line {number}: {error.message[:200]}"
                        for error in valid[record["type"]].iter_errors(record)
                    ]
        return found

    _timed(judged, errors)
    judged.sees = not valid["office"].is_valid({"type": "office", "slug": "parks"})
    return judged


def _papers() -> Judged:
    """Our results as papers of OParl, by the schemas beside the repository."""
    import os

    from django.test import Client
    from jsonschema import Draft202012Validator

    schemas = Path(
        os.environ.get("OPARL_SCHEMAS", str(ROOT.parent / "shared" / "data" / "specs" / "oparl-1.1"))
    )
    if not schemas.is_dir():
        raise Trouble(
            f"The schemas of OParl 1.1 are not here ({schemas}); OPARL_SCHEMAS says where they are."
        )
    client = Client(SERVER_NAME="localhost")
    objects = [client.get(f"/oparl/v1.1/{name}").json() for name in ("system", "body")]
    objects += client.get("/oparl/v1.1/papers").json()["data"]
    kinds = {thing["type"].rsplit("/", 1)[-1] for thing in objects}
    valid = {kind: Draft202012Validator(json.loads((schemas / f"{kind}.json").read_text())) for kind in kinds}
    judged = Judged("results as papers", "jsonschema, OParl 1.1", f"{len(objects)} objects")

    def errors() -> list[str]:
        return [
            f"{thing['id']}: {error.message[:200]}"
            for thing in objects
            for error in valid[thing["type"].rsplit("/", 1)[-1]].iter_errors(thing)
        ]

    _timed(judged, errors)
    judged.sees = not valid["Body"].is_valid({k: v for k, v in objects[1].items() if k != "paper"})
    return judged
