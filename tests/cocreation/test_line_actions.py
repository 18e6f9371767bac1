"""The line of phases in the studio: added, removed, put back, doubled, moved; the others make room and nothing overlaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cocreation import line_actions
from cocreation.actions import change_phase
from cocreation.methods import methods
from cocreation.models import Contribution, Phase, Process, RemovedPhase
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from quartier.builders import both, make_phase, make_process
from tests.cocreation.test_studio import change
from tests.world import DAY

BERLIN = ZoneInfo("Europe/Berlin")


def fresh(process: Process) -> Process:
    return Process.objects.get(pk=process.pk)


def shape(process: Process, lane: int = 0) -> list[tuple[str, str, str]]:
    def day(moment: datetime | None) -> str:
        return f"{timezone.localtime(moment):%m-%d %H:%M}" if moment else ""

    return [(p.key, day(p.starts), day(p.ends)) for p in fresh(process).line if p.lane == lane]


@pytest.fixture
def process(world) -> Process:
    """Ideas in March, a pause of three days, assessment over the change of the clocks, the answer right behind."""
    found = make_process("linie", both("Linie", "Line"), office=world.parks, places=[world.town])
    for key, method, starts, ends in [
        ("ideas", "ideas", "2027-03-01T08:00", "2027-03-22T08:00"),
        ("assessment", "assessment", "2027-03-25T08:00", "2027-04-08T08:00"),
        ("answer", "answer", "2027-04-08T08:00", "2027-04-18T08:00"),
    ]:
        begin, end = (datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (starts, ends))
        make_phase(found, key, method, both(key, key), starts=begin, ends=end)
    return fresh(found)


def phase(process: Process, key: str) -> Any:
    return next(p for p in fresh(process).line if p.key == key)


def move(world, process, key, **where) -> list[str]:
    shifted = line_actions.move_phase(phase=phase(process, key), by=world.ada, at=world.now, **where)
    return [p.key for p in shifted]


def test_a_new_phase_makes_room_for_itself_and_no_more(world, process):
    added: Any = line_actions.add_phase(
        process=process, method=methods.get("assessment"), after="ideas", by=world.ada, at=world.now
    )
    assert (added.key, added.name_de, added.name_en) == (
        "assessment-2", "Prüfung durch die Ämter", "Assessment by the offices",
    )  # fmt: skip
    assert added.acts == ["assess", "support", "comment", "amend"]
    days = (added.ends - added.starts).days
    assert shape(process)[1][1] == "03-22 08:00"
    begins = timezone.localtime(added.ends)
    assert shape(process)[2][:2] == (
        "assessment",
        f"{begins:%m-%d %H:%M}",
    )  # the pause of three days is used up
    assert [key for key, *_dates in shape(process)] == ["ideas", "assessment-2", "assessment", "answer"]
    assert (phase(process, "answer").ends - phase(process, "answer").starts).days == 10
    assert days >= 14


def test_a_lane_runs_beside_and_moves_nobody(world, process):
    before = shape(process)
    added = line_actions.add_phase(
        process=process, method=methods.get("ideas"), lane=1, beside="assessment", by=world.ada, at=world.now
    )
    assert added.starts == phase(process, "assessment").starts
    assert shape(process) == before
    with pytest.raises(Refused):
        line_actions.add_phase(
            process=process, method=methods.get("ideas"), lane=3, by=world.ada, at=world.now
        )


def test_places_change_and_lengths_and_pauses_stay(world, process):
    assert move(world, process, "assessment", place=0) == ["ideas"]
    assert shape(process) == [
        ("assessment", "03-01 08:00", "03-15 08:00"),
        ("ideas", "03-18 08:00", "04-08 08:00"),  # the pause stays between the first and the second
        ("answer", "04-08 08:00", "04-18 08:00"),
    ]
    move(world, process, "assessment", place=1)
    assert shape(process)[0] == ("ideas", "03-01 08:00", "03-22 08:00")
    assert shape(process)[1] == ("assessment", "03-25 08:00", "04-08 08:00")


def test_to_another_lane_and_back_without_holes(world, process):
    assert move(world, process, "assessment", lane=1) == []
    assert shape(process, 1) == [("assessment", "03-25 08:00", "04-08 08:00")]
    assert move(world, process, "answer", lane=1) == []
    assert [key for key, *_dates in shape(process, 1)] == ["assessment", "answer"]
    # With "ideas" the last one leaves the first lane: the lanes are counted anew.
    assert move(world, process, "ideas", lane=1) == []
    assert [key for key, *_dates in shape(process)] == ["ideas", "assessment", "answer"]
    assert shape(process, 1) == []


def test_what_is_in_the_way_in_another_lane_comes_first(world, process):
    make_phase(
        process, "beside", "ideas", both("B", "B"), lane=1,
        starts=phase(process, "ideas").starts + DAY, ends=phase(process, "assessment").starts + DAY,
    )  # fmt: skip
    assert move(world, process, "beside", lane=0) == ["answer"]
    assert [key for key, *_dates in shape(process)] == ["ideas", "assessment", "beside", "answer"]
    assert phase(process, "beside").starts == phase(process, "assessment").ends


def test_what_was_removed_is_put_back_where_it_was(world, process):
    before = shape(process)
    whole: Any = Phase.objects.filter(process=process, key="assessment").values().get()
    removed = line_actions.remove_phase(phase=phase(process, "assessment"), by=world.ada, at=world.now)
    assert [key for key, *_dates in shape(process)] == ["ideas", "answer"]
    line_actions.restore_phase(removed=removed, by=world.ada, at=world.now)
    assert shape(process) == before
    again: Any = Phase.objects.filter(process=process, key="assessment").values().get()
    differs = {name for name in whole if whole[name] != again[name]}
    assert differs <= {"id", "version", "changed_at", "changed_by_id", "order"}
    assert not RemovedPhase.objects.filter(process=process).exists()


def test_put_back_without_dates_where_something_else_runs(world, process):
    removed = line_actions.remove_phase(phase=phase(process, "assessment"), by=world.ada, at=world.now)
    longer = phase(process, "ideas")
    change_phase(phase=longer, change=change(longer, ends=longer.ends + 7 * DAY), by=world.ada, at=world.now)
    back = line_actions.restore_phase(removed=removed, by=world.ada, at=world.now)
    assert (back.starts, back.ends) == (None, None)


def test_what_holds_contributions_is_not_removed(world):
    draft = world.processes["draft"]
    assert Contribution.objects.filter(phase=draft.line[0]).exists()
    with pytest.raises(Refused, match=r"contributions|Beiträge"):
        line_actions.remove_phase(phase=draft.line[0], by=world.ada, at=world.now)
    with pytest.raises(Refused):
        line_actions.change_method(
            phase=draft.line[0], method=methods.get("answer"), by=world.ada, at=world.now
        )
    assert fresh(draft).line[0].method == "ideas"


def test_double_and_another_method(world, process):
    first = phase(process, "ideas")
    change_phase(phase=first, change=change(first, acts=["propose"]), by=world.ada, at=world.now)
    copy: Any = line_actions.duplicate_phase(phase=phase(process, "ideas"), by=world.ada, at=world.now)
    assert (copy.key, copy.name_de, copy.acts, copy.starts) == (
        "ideas-2", "ideas (2)", ["propose"], phase(process, "ideas").ends,
    )  # fmt: skip
    assert shape(process)[1] == (
        "ideas-2",
        "03-22 08:00",
        "04-12 08:00",
    )  # three weeks on the clock, not 21 x 24 hours
    dates = (copy.starts, copy.ends)
    other: Any = line_actions.change_method(
        phase=copy, method=methods.get("answer"), by=world.ada, at=world.now
    )
    other.refresh_from_db()
    assert (other.method, other.acts, other.name_de) == ("answer", ["answer"], "ideas (2)")
    assert (other.starts, other.ends) == dates


def test_a_public_process_changes_only_ahead_and_says_so(world):
    public = world.processes["collecting"]
    before = shape(public)
    for act in (
        lambda: move(world, public, "ideas", place=1),
        lambda: move(world, public, "assessment", place=0),
        lambda: move(world, public, "ballot", place=1),
        lambda: line_actions.remove_phase(phase=phase(public, "assessment"), by=world.ada, at=world.now),
        lambda: line_actions.remove_phase(phase=phase(public, "ideas"), by=world.ada, at=world.now),
        lambda: line_actions.remove_phase(phase=phase(public, "answer"), by=world.ada, at=world.now),
        lambda: line_actions.add_phase(
            process=public, method=methods.get("ideas"), by=world.ada, at=world.now
        ),
        lambda: line_actions.change_method(
            phase=phase(public, "ballot"), method=methods.get("ideas"), by=world.ada, at=world.now
        ),
    ):
        with pytest.raises(Refused):
            act()
    assert shape(public) == before
    assert not Entry.objects.filter(verb="process.changed").exists()
    public = world.processes["announced"]
    assert move(world, public, "ballot", place=1) == ["assessment"]
    told = Entry.objects.filter(verb="process.changed").order_by("pk")
    assert {entry.data["phase"] for entry in told} == {"ballot", "assessment"}
    assert all(set(entry.data["changed"]) <= {"starts", "ends"} for entry in told)
    line_actions.remove_phase(phase=phase(public, "assessment"), by=world.ada, at=world.now)
    assert [key for key, *_dates in shape(public)] == ["ideas", "ballot", "answer"]


@pytest.mark.parametrize("name", ["amina", "olga", "mo", "clara"])
def test_only_the_administration_changes_the_line(world, process, name):
    by, before = world.people[name], shape(process)
    for act in (
        lambda: line_actions.move_phase(phase=phase(process, "answer"), place=0, by=by, at=world.now),
        lambda: line_actions.remove_phase(phase=phase(process, "answer"), by=by, at=world.now),
        lambda: line_actions.duplicate_phase(phase=phase(process, "answer"), by=by, at=world.now),
        lambda: line_actions.add_phase(process=process, method=methods.get("ideas"), by=by, at=world.now),
    ):
        with pytest.raises(Refused):
            act()
    assert shape(process) == before


def test_dates_changed_by_hand_bring_the_phases_into_order(world, process):
    first = phase(process, "ideas")
    later = phase(process, "answer").ends
    change_phase(
        phase=first, change=change(first, starts=later, ends=later + timedelta(days=5)), by=world.ada, at=world.now
    )  # fmt: skip
    assert [key for key, *_dates in shape(process)] == ["assessment", "answer", "ideas"]
