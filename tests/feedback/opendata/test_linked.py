"""JSON-LD on the pages of data sets and processes is right by our shapes, and a text cannot leave its element (REQ-45)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pyshacl import validate
from rdflib import RDF, Graph, Namespace

from feedback.opendata import actions
from groundwork import datasets
from groundwork.html.linked import script
from tests.world import World

SCHEMA = Namespace("https://schema.org/")
SHAPES = Path(__file__).with_name("jsonld-shapes.ttl")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def _on(client: Client, url: str) -> Graph:
    page = client.get(url).content.decode()
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return Graph().parse(data=found, format="json-ld")


def _right(graph: Graph) -> bool:
    return bool(validate(graph, shacl_graph=Graph().parse(SHAPES))[0])


@pytest.fixture
def pages(world: World, client: Client) -> dict[str, Graph]:
    actions.renew(world.now, wanted=[datasets.datasets.get("places")])
    urls = {"process": f"/de/processes/{world.collecting.slug}/", "dataset": "/en/data/places/", "waiting": "/de/data/votes/"}  # fmt: skip
    return {name: _on(client, url) for name, url in urls.items()}


def test_pages_say_in_data_what_they_say_in_words(pages: dict[str, Graph], world: World) -> None:
    assert {name: _right(graph) for name, graph in pages.items()} == dict.fromkeys(pages, True)
    process = pages["process"]
    (service,) = process.subjects(RDF.type, SCHEMA.GovernmentService)
    assert str(process.value(service, SCHEMA.name)) == world.collecting.title
    dated = [phase for phase in world.collecting.line if phase.starts]
    assert len(list(process.subjects(RDF.type, SCHEMA.Event))) == len(dated) > 0
    assert len(list(pages["dataset"].subjects(RDF.type, SCHEMA.DataDownload))) == 4


@pytest.mark.parametrize(
    ("page", "what"), [("process", "provider"), ("process", "startDate"), ("dataset", "license"), ("dataset", "sha256")]
)  # fmt: skip
def test_what_is_missing_is_seen(pages: dict[str, Graph], page: str, what: str) -> None:
    pages[page].remove((None, SCHEMA[what], None))
    assert not _right(pages[page])


def test_no_text_leads_out_of_its_element() -> None:
    evil = '</script><script>alert("&")</script>'
    made = script({"name": evil})
    inside = made.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside and "&" not in inside
    told: dict[str, Any] = json.loads(inside)
    assert told["name"] == evil
