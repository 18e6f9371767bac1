"""What we publish about our tables is right by the standards' own validators; each of them also sees what is wrong (REQ-43, REQ-44)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from csvw import CSVW
from django.core.files.storage import default_storage
from django.test import Client
from frictionless import Package, system
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, Graph

from devtools.paths import ROOT
from feedback.opendata import actions
from feedback.opendata.models import Release
from groundwork import datasets
from tests.world import World

AT = datetime(2027, 9, 12, 4, 0, tzinfo=UTC)
# Beside the repository, as the elections are.
BESIDE = ROOT.parent / "shared" / "data" / "specs" / "dcat-ap-3.0.1"
SHAPES = Path(os.environ.get("DCAT_AP_SHAPES", str(BESIDE)))
needs_shapes = pytest.mark.skipif(
    not SHAPES.is_dir() and not os.environ.get("CI"),
    reason=f"The shapes of DCAT-AP 3.0.1 are not here ({SHAPES}); DCAT_AP_SHAPES says where they are.",
)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


@pytest.fixture
def city(world: World) -> World:
    actions.renew(AT)
    assert Release.objects.count() == len(datasets.open_ones())
    return world


def _laid_out(client: Client, where: Path) -> Path:
    """All tables with the two documents about all of them, in one folder, as somebody would download them."""
    package, group = (client.get(url).json() for url in ("/data/datapackage.json", "/data/csvw.json"))
    for document, name in ((package, "datapackage.json"), (group, "csvw.json")):
        text = re.sub(r'"http[^"]*?/data/[a-z-]+/\d+/([a-z-]+\.csv)"', r'"\1"', json.dumps(document))
        (where / name).write_text(text)
    for release in Release.objects.prefetch_related("files"):
        for file in release.files.all():
            if file.form == "csv":
                with default_storage.open(file.stored) as opened:
                    (where / file.name).write_bytes(opened.read())
    return where


# --- tables ---


def _frictionless(folder: Path) -> list[str]:
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    return [f"{error.type}: {error.message}" for task in report.tasks for error in task.errors] + [
        str(error) for error in report.errors
    ]


def _csvw(document: Path) -> bool:
    """Whether the document and the tables it describes are right. The validator says no or raises where it finds something."""
    try:
        return bool(CSVW(str(document), validate=True).is_valid)
    except ValueError:
        return False


def _break(file: Path, change: Callable[[str], str]) -> None:
    text = file.read_bytes().decode()
    changed = change(text)
    assert changed != text
    file.write_bytes(changed.encode())


def test_all_tables_are_a_data_package_whose_keys_resolve(city: World, client: Client, tmp_path: Path) -> None:  # fmt: skip
    folder = _laid_out(client, tmp_path)
    assert _frictionless(folder) == []
    # … and the validator would see it: a checksum, a key that leads nowhere, a text where a number stands.
    document = folder / "datapackage.json"
    whole = document.read_text()
    document.write_text(re.sub(r', "bytes": \d+, "hash": "[^"]*"', "", whole))
    offices = folder / "offices.csv"
    kept = offices.read_bytes()
    lines = kept.decode().splitlines(keepends=True)
    offices.write_text("".join(lines[:1]))
    assert any(error.startswith("foreign-key") for error in _frictionless(folder))
    offices.write_bytes(kept)
    _break(folder / "proposals.csv", lambda text: re.sub(r",(\d+),(\d+),", r",many,\2,", text, count=1))
    assert any(error.startswith("type-error") for error in _frictionless(folder))
    document.write_text(whole)
    assert any("hash" in error or "byte" in error for error in _frictionless(folder))


def test_all_tables_are_right_for_csv_on_the_web(city: World, client: Client, tmp_path: Path) -> None:
    folder = _laid_out(client, tmp_path)
    assert _csvw(folder / "csvw.json")
    # … and it sees a text where a number stands, and a key twice.
    _break(folder / "proposals.csv", lambda text: re.sub(r",(\d+),(\d+),", r",many,\2,", text, count=1))
    assert not _csvw(folder / "csvw.json")
    twice = tmp_path / "twice"
    twice.mkdir()
    _laid_out(client, twice)
    _break(twice / "offices.csv", lambda text: text + text.splitlines(keepends=True)[1])
    assert not _csvw(twice / "csvw.json")


def test_the_description_beside_a_table_is_right_by_itself(city: World, tmp_path: Path) -> None:
    for file in Release.objects.get(dataset="commitments").files.all():
        with default_storage.open(file.stored) as opened:
            (tmp_path / file.name).write_bytes(opened.read())
    assert _csvw(tmp_path / "commitments.csv-metadata.json")
    assert _frictionless(tmp_path) == []


# --- the catalogue ---


@cache
def _shapes(*names: str) -> Graph:
    found = Graph()
    for name in names:
        found.parse(SHAPES / name)
    return found


MUST = ("shapes.ttl", "range.ttl")


def _violations(graph: Graph, *names: str) -> list[str]:
    _conforms, report, _text = validate(graph, shacl_graph=_shapes(*names), advanced=True)
    sh = "http://www.w3.org/ns/shacl#"
    query = f"select ?node ?path ?message where {{ ?r <{sh}focusNode> ?node . optional {{ ?r <{sh}resultPath> ?path }} optional {{ ?r <{sh}resultMessage> ?message }} }}"
    return sorted({f"{node} {path}: {message}" for node, path, message in report.query(query)})  # type: ignore[union-attr, misc]


def _catalogue(client: Client, form: str) -> Graph:
    answer = client.get(f"/data/catalog.{form}")
    assert answer.status_code == 200
    return Graph().parse(data=answer.content, format="turtle" if form == "ttl" else "json-ld")


@needs_shapes
def test_the_catalogue_is_right_by_dcat_ap(city: World, client: Client) -> None:
    turtle = _catalogue(client, "ttl")
    assert _violations(turtle, *MUST) == []
    assert len(list(turtle.subjects(RDF.type, DCAT.Dataset))) == len(
        [each for each in datasets.datasets if each.tier != datasets.INTERNAL]
    )
    from rdflib.compare import isomorphic

    assert isomorphic(turtle, _catalogue(client, "jsonld"))


@needs_shapes
def test_the_catalogue_says_what_is_recommended(city: World, client: Client) -> None:
    missing = _violations(_catalogue(client, "ttl"), "shapes_recommended.ttl")
    # Our places have no address among the authorities, the tables no end, and there is no kind of data set that fits.
    lines = {line for line in missing if not re.search(r"/(spatial|temporal|type): ", line)}
    # Nothing can be downloaded of what has to be asked for.
    assert all("comments-with-words" in line and "distribution" in line for line in lines), lines


@needs_shapes
@pytest.mark.parametrize("what", [DCTERMS.title, DCTERMS.description])
def test_a_catalogue_without_a_title_is_seen(city: World, client: Client, what: Any) -> None:
    graph = _catalogue(client, "ttl")
    node = next(graph.subjects(RDF.type, DCAT.Dataset))
    graph.remove((node, what, None))
    assert [line for line in _violations(graph, *MUST) if str(node) in line and str(what) in line]
