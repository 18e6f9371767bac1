"""Phases open and close by the clock alone, exactly at their borders, and never overlap in a lane."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cocreation.models import Phase
from quartier.builders import both, make_phase, make_process

BERLIN = ZoneInfo("Europe/Berlin")
MICRO = timedelta(microseconds=1)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.fixture
def process(world):
    return make_process(
        "grenzen", both("Grenzen", "Borders"), office=world.parks, places=[world.town], published_at=world.now
    )


# Ordinary days, the night that loses an hour and the night that has one twice.
BORDERS = [
    ("2027-05-08T08:00", "2027-05-23T18:00"),
    ("2027-03-28T01:30", "2027-03-28T03:30"),
    ("2027-10-31T01:30", "2027-10-31T03:30"),
]


@pytest.mark.parametrize(("starts", "ends"), BORDERS)
def test_a_phase_is_open_from_its_first_to_before_its_last_moment(process, time_machine, world, starts, ends):
    phase = make_phase(process, "p", "ideas", both("P", "P"), starts=berlin(starts), ends=berlin(ends))
    for moment, is_open in [
        (phase.starts - MICRO, False),
        (phase.starts, True),
        (phase.ends - MICRO, True),
        (phase.ends, False),
    ]:
        time_machine.move_to(moment, tick=False)
        assert phase.is_open(moment) is is_open
        assert Phase.objects.open(moment).filter(pk=phase.pk).exists() is is_open
        assert bool(process.allows("propose", world.amina, moment)) is is_open


SECOND = timedelta(seconds=1)
# A border in each of the two hours from two to three of the night that has them twice, and right at the hour that is left out.
NIGHTS = [
    (datetime.fromisoformat("2027-10-31T02:30+02:00"), datetime.fromisoformat("2027-10-31T02:30+01:00")),
    (datetime.fromisoformat("2027-10-31T02:30+01:00"), datetime.fromisoformat("2027-11-02T08:00+01:00")),
    (datetime.fromisoformat("2027-03-28T03:00+02:00"), datetime.fromisoformat("2027-03-28T04:00+02:00")),
]


@pytest.mark.parametrize(("starts", "ends"), NIGHTS)
def test_pages_follow_the_clock_to_the_second_without_any_job(
    process, time_machine, client, sign_in, world, starts, ends
):
    make_phase(process, "p", "ideas", both("P", "P"), starts=starts, ends=ends)
    form = {"title": "Schatten", "summary": "Bäume.", "body": "Es ist heiß.", "theme": "green", "place": world.village.pk, "language": "de"}  # fmt: skip
    here = {"HTTP_SEC_FETCH_SITE": "same-origin"}
    for moment, is_open in [
        (starts - SECOND, False),
        (starts, True),
        (ends - SECOND, True),
        (ends, False),
    ]:
        time_machine.move_to(moment, tick=False)
        page = client.get("/de/processes/grenzen/").content.decode()
        assert ("/grenzen/propose/" in page) is is_open, moment
        sent = sign_in(world.amina).post("/de/processes/grenzen/propose/", form, **here)
        assert (sent.status_code == 302) is is_open, moment
    assert process.contributions.count() == 2


def test_the_hour_that_comes_twice_holds_two_phases_one_after_the_other(process):
    (first, second) = NIGHTS[:2]
    make_phase(process, "first", "ideas", both("1", "1"), starts=first[0], ends=first[1])
    make_phase(process, "second", "ideas", both("2", "2"), starts=second[0], ends=second[1])
    with pytest.raises(ValidationError):
        Phase(
            process=process, key="third", method="ideas", name="3", starts=first[1] - SECOND, ends=second[1]
        ).full_clean()


def test_the_nights_of_the_clock_change_have_their_real_length(process):
    spring = make_phase(
        process, "s", "ideas", both("S", "S"), starts=berlin(BORDERS[1][0]), ends=berlin(BORDERS[1][1])
    )
    autumn = make_phase(
        process, "a", "ideas", both("A", "A"), starts=berlin(BORDERS[2][0]), ends=berlin(BORDERS[2][1])
    )
    spring.refresh_from_db()
    autumn.refresh_from_db()
    assert spring.ends - spring.starts == timedelta(hours=1)
    assert autumn.ends - autumn.starts == timedelta(hours=3)


def test_what_is_not_open_says_when_it_will_be_or_was(process, world):
    phase = make_phase(
        process,
        "p",
        "ideas",
        both("Ideen", "Ideas"),
        starts=berlin("2027-05-08T08:00"),
        ends=berlin("2027-05-23T18:00"),
    )
    before = process.allows("propose", world.amina, phase.starts - MICRO)
    after = process.allows("propose", world.amina, phase.ends)
    assert "8.\xa0Mai 2027, 8\xa0Uhr" in str(before.reason)
    assert "23.\xa0Mai 2027, 18\xa0Uhr" in str(after.reason)


def overlapping(process, **change):
    first = process.phases.filter(key="first").first() or make_phase(
        process,
        "first",
        "ideas",
        both("1", "1"),
        starts=berlin("2027-05-01T00:00"),
        ends=berlin("2027-05-10T00:00"),
    )
    fields = {
        "process": process,
        "key": "second",
        "method": "ideas",
        "name": "2",
        "starts": first.ends - MICRO,
        "ends": berlin("2027-05-20T00:00"),
    }
    return Phase(**(fields | change))


def test_overlapping_phases_are_refused_in_words(process):
    with pytest.raises(ValidationError) as refused:
        overlapping(process).full_clean()
    assert "überschneiden" in str(refused.value) or "must not overlap" in str(refused.value)
    assert process.phases.count() == 1


def test_the_database_refuses_overlapping_phases_whoever_writes_them(process):
    second = overlapping(process)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """insert into cocreation_phase (process_id, key, method, lane, "order", name, text, starts, ends, acts,
               audience, options) values (%s, 'raw', 'ideas', 0, 1, 'raw', '', %s, %s, '{}', '{}', '{}')""",
            [process.pk, second.starts, second.ends],
        )
    assert process.phases.count() == 1


def test_phases_may_touch_and_run_beside_each_other_in_lanes(process):
    overlapping(process, starts=berlin("2027-05-10T00:00")).save()
    overlapping(process, key="beside", lane=1).save()
    assert process.phases.count() == 3


def test_an_end_before_the_start_is_a_sentence_not_a_failure(process):
    with pytest.raises(ValidationError) as refused:
        overlapping(process, starts=berlin("2027-06-10T00:00")).full_clean()
    assert "ends" in refused.value.message_dict


def test_neighbours_can_move_together_in_one_statement(process):
    overlapping(process, starts=berlin("2027-05-10T00:00")).save()
    from django.db.models import F

    moved = process.phases.update(starts=F("starts") + timedelta(days=5), ends=F("ends") + timedelta(days=5))
    assert moved == 2
