"""The parts of `bench faults` that decide what it says."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile

from devtools.cluster import Cluster
from groundwork.s3 import S3Storage
from tests.bench import parts
from tests.bench.faults import FAULTS, LONG_ENOUGH, MOST_GROWTH, _judged, slope_of


def line(an_hour: float, noise: float = 0.0, minutes: int = 20) -> list[tuple[float, float]]:
    return [(5.0 * n, 200 + an_hour * 5 * n / 3600 + noise * (-1) ** n) for n in range(12 * minutes)]


def test_the_slope_of_memory_is_in_megabytes_an_hour_with_its_error():
    slope, error = slope_of(line(30))
    assert (round(slope, 3), round(error, 3)) == (30.0, 0.0)
    slope, error = slope_of(line(0, noise=5))
    assert abs(slope) < 1 < error


@pytest.mark.parametrize(
    ("an_hour", "noise", "minutes", "verdict"),
    [
        (MOST_GROWTH + 1, 0.0, 20, "grows"),
        (MOST_GROWTH - 1, 0.0, 20, "flat"),
        (MOST_GROWTH + 1, 20.0, 20, "flat"),  # nobody can tell that from noise
        (900.0, 0.0, LONG_ENOUGH - 1, "too short"),
    ],
)
def test_memory_grows_when_it_rises_faster_than_the_rule_and_than_noise(an_hour, noise, minutes, verdict):
    assert _judged(line(an_hour, noise, minutes), minutes)["verdict"] == verdict


def test_every_fault_has_a_name_of_its_own():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_the_storage_of_the_bench_keeps_what_it_took_when_it_is_killed(tmp_path: Any):
    cluster = Cluster(tmp_path, {}, [], "")
    settings = parts.add_bucket(cluster, tmp_path / "store")
    part = cluster["storage"]
    try:
        where = settings["S3_ENDPOINT"], settings["S3_BUCKET"], settings["S3_REGION"]
        storage = S3Storage(*where, settings["S3_KEY"], settings["S3_SECRET"])
        storage.save("a/ä.txt", ContentFile(b"there"))
        part.kill()
        with pytest.raises(OSError):
            storage.save("b.txt", ContentFile(b"away"))
        part.start()
        assert storage.open("a/ä.txt").read() == b"there" and not storage.exists("b.txt")
        with pytest.raises(OSError, match="403"):
            S3Storage(*where, settings["S3_KEY"], "guessed").open("a/ä.txt")
    finally:
        part.kill()
