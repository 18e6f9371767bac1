"""One number, one definition: page, desk, open data and programs show the same figure, and it is the one that was counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Person
from feedback import queries
from feedback.opendata import actions, figures
from feedback.opendata.models import Figure, Release
from groundwork import datasets
from groundwork.html import say
from groundwork.metrics import Metric, metrics
from proposals.models import Proposal
from tests.world import World

AT = datetime(2027, 9, 12, 4, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def test_page_desk_table_programs_and_the_interface_tell_the_same(
    world: World, client: Client, sign_in: Callable[[Person | None], Client]
) -> None:
    Figure.objects.all().delete()
    assert figures.count(world.now) == len(metrics)
    actions.renew(world.now, wanted=[datasets.datasets.get("figures")])
    told = {each.metric.slug: each.value for each in figures.current()}
    assert told["proposals"] == Proposal.objects.public().count()
    kept = queries.kept_on_time(world.now)
    assert told["promises-on-time"] == (
        (Decimal(100 * kept.kept) / kept.of).quantize(Decimal("0.1")) if kept.of else None
    )
    page = client.get("/de/figures/").content.decode()
    desk = sign_in(world.ada).get("/de/desk/figures/").content.decode()
    programs = {row["metric"]: row["value"] for row in client.get("/data/figures.json").json()["figures"]}
    api = {row["metric"]: row["value"] for row in client.get("/api/v1/figures").json()["items"]}
    release = Release.objects.get(dataset="figures")
    with default_storage.open(release.files.get(form="csv").stored) as opened:
        table = {
            row["metric"]: row["value"]
            for row in csv.DictReader(io.StringIO(opened.read().decode(), newline=""))
        }
    for slug, value in told.items():
        assert programs[slug] == api[slug] == value, slug
        assert client.get(f"/api/v1/figures/{slug}").json()["value"] == value, slug
        assert Decimal(table[slug]) == value if value is not None else table[slug] == "", slug
        found = figures.find(slug)
        assert found is not None and found.value == value
        if value is not None:
            shown = f'class="num">{say.number(value)}'
            assert shown in page, slug
            assert f'class="n">{say.number(value)}' in desk, slug
    assert len(programs) == len(told) == len(table) == len(api) == len(metrics)


def test_a_figure_keeps_what_it_was() -> None:
    numbers = iter([3, 3, 5])
    metric = Metric("m", "M", "M", "M", value=lambda at: next(numbers))
    with metrics.temporarily("m", metric):
        for day in range(3):
            figures.count(AT + timedelta(days=day))
        rows = [(row.value, row.at, row.fresh_at) for row in Figure.objects.filter(metric="m").order_by("at")]
        assert rows == [
            (3, AT, AT + timedelta(days=1)), (5, AT + timedelta(days=2), AT + timedelta(days=2)),
        ]  # fmt: skip


def test_a_figure_about_people_moves_in_steps_nobody_can_be_read_from() -> None:
    """REQ-33: 9 are too few; 12 are told as 10; four more are not told; ten more are."""
    numbers = iter([9, 12, 16, 22, 9])
    metric = Metric("m", "M", "M", "M", value=lambda at: next(numbers), people=True)
    told = []
    with metrics.temporarily("m", metric):
        for day in range(5):
            figures.count(AT + timedelta(days=day))
            found = figures.find("m")
            assert found is not None
            told.append(found.value)
    assert told == [None, 10, 10, 20, None]


def test_there_is_no_figure_nobody_declared() -> None:
    assert figures.find("shoe-size") is None
