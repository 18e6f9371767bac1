"""What the crowd of a bench was told decides what must be there afterwards."""

from __future__ import annotations

from tests.bench.scenario import UNANSWERED, City


def test_the_ballot_accepted_last_must_be_there_wherever_a_crowd_began() -> None:
    city = City([], [], [], choices=[[[n] for n in range(60)]])
    city.heard({"v:0:58": (1.0, 1.1), "v:0:59": (2.0, 2.1), "v:0:0": (3.0, 3.1), "s:7:9": (4.0, 4.1)})
    assert city.newest == {0: 0}
    assert city.may_be_stored(0)[0] == {0}
    # Another crowd, later, whose clock begins again.
    city.heard({"v:0:57": (0.2, 0.3)})
    assert city.may_be_stored(0) == [{n % 60} for n in range(57, 58 + UNANSWERED)]
    assert {56} not in city.may_be_stored(0)
