"""Training: six topics, 24 months, and then the clock alone takes the role away."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from cocreation import roles
from cocreation.models import Contribution, RoleGrant, Topic, Training
from cocreation.staffing import record_training, trainings_to_renew, withdraw_training
from cocreation.training import ends_on, trained
from groundwork.answer import Refused
from quartier.builders import give_role
from tests.cocreation.test_roles import HERE, again, hide

DAY = timedelta(days=1)
ALL = tuple(Topic.values)


def local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def test_a_training_counts_until_the_same_day_two_years_later():
    assert ends_on(date(2026, 5, 3)) == date(2028, 5, 3)
    assert ends_on(date(2028, 2, 29)) == date(2030, 3, 1)


def test_every_topic_has_to_be_current_and_the_newest_of_each_counts():
    at = local(date(2026, 6, 1))
    assert trained([(ALL, date(2025, 1, 1))]).is_current(at)
    assert not trained([(ALL[:-1], date(2025, 1, 1))]).is_current(at)
    assert trained([(ALL[:-1], date(2025, 1, 1))]).missing == (ALL[-1],)
    both = trained([(ALL, date(2023, 1, 1)), (ALL[:3], date(2026, 1, 1)), (ALL[3:], date(2025, 2, 1))])
    assert both.is_current(at) and both.until == date(2027, 2, 1)
    assert not trained([]).is_current(at)


def test_the_training_ends_at_midnight_of_the_city():
    reach = trained([(ALL, date(2024, 6, 1))])
    assert reach.is_current(local(date(2026, 5, 31), 23, 59))
    assert not reach.is_current(local(date(2026, 6, 1)))


@pytest.mark.parametrize("role", ["moderator", "facilitator", "owner"])
def test_an_expired_training_withdraws_the_role_by_the_clock_alone(world, role):
    person = world.jonas
    office = {"office": world.parks} if role == "owner" else {}
    completed = timezone.localdate(world.now) - 30 * DAY
    give_role(person, role, trained_on=completed, since=world.now - 40 * DAY, **office)
    last = local(ends_on(completed)) - timedelta(seconds=1)
    for at, counts in [(last, True), (last + timedelta(seconds=1), False)]:
        with time_machine.travel(at, tick=False):
            assert roles.roles_of(again(person)).is_staff is counts
            assert (role in roles.roles_of(again(person)).resting) is not counts


def test_what_needs_no_training_goes_on_without(world):
    for role, person in [("official", world.olga), ("clerk", world.clara), ("admin", world.ada)]:
        assert not Training.objects.filter(person=person).exists()
        assert role in roles.roles_of(again(person)).names


def test_a_moderator_whose_training_ran_out_is_told_on_the_desk_and_moderates_nothing(world, sign_in):
    Training.objects.filter(person=world.mo).update(completed_on=date(2020, 2, 1))
    client = sign_in(world.mo)
    page = client.get("/de/desk/")
    assert page.status_code == 200
    assert "2022" in page.content.decode() and "ruht" in page.content.decode()
    refused = client.get("/de/desk/hidden/")
    assert refused.status_code == 403 and "ruht" in refused.content.decode()
    with pytest.raises(Refused):
        hide(world, "fountain", world.mo)
    assert not Contribution.objects.visible_to(again(world.mo)).filter(pk=world.hidden.pk).exists()
    record_training(
        person=world.mo,
        topics=ALL,
        completed_on=timezone.localdate(world.now),
        by=again(world.ada),
        at=world.now,
    )
    assert sign_in(world.mo).get("/de/desk/hidden/").status_code == 200


def test_thirty_days_before_the_person_and_the_administration_are_reminded(world, sign_in):
    assert trainings_to_renew(world.now) == 0
    assert "läuft am" not in sign_in(world.mo).get("/de/desk/").content.decode()
    soon = timezone.localdate(world.now) + 29 * DAY
    Training.objects.filter(person=world.mo).update(completed_on=soon.replace(year=soon.year - 2))
    assert trainings_to_renew(world.now) == 1
    assert "läuft am" in sign_in(world.mo).get("/de/desk/").content.decode()
    assert "Schulung läuft ab am" in sign_in(world.ada).get("/de/desk/people/").content.decode()


def test_a_record_taken_back_does_not_count_and_stays(world):
    training = world.mo.trainings.get()
    withdraw_training(training=training, by=world.ada, at=world.now)
    assert roles.roles_of(again(world.mo)).resting == ["moderator"]
    assert Training.objects.get(pk=training.pk).withdrawn_by == world.ada


@pytest.mark.parametrize("form, field", [
    ({"completed_on": "2026-01-01"}, "topics"), ({"topics": "ethics", "completed_on": "31.02."}, "completed_on"),
    ({"topics": "ethics", "completed_on": "2999-01-01"}, "completed_on"),
])  # fmt: skip
def test_a_wrong_record_says_what_is_wrong_beside_its_field(world, sign_in, form, field):
    page = sign_in(world.ada).post(f"/de/desk/people/{world.mo.pk}/training/", form, **HERE)
    assert page.status_code == 422 and page.context["form"].errors.keys() == {field}
    assert world.mo.trainings.count() == 1


def test_only_administrators_record_trainings_and_never_their_own(world):
    about = {"topics": ALL, "completed_on": date(2026, 1, 1), "at": world.now}
    with pytest.raises(Refused):
        record_training(person=world.mo, by=world.clara, **about)
    with pytest.raises(Refused):
        record_training(person=world.ada, by=world.ada, **about)
    assert not Training.objects.filter(person=world.ada).exists()
    assert RoleGrant.objects.filter(person=world.ada, role="admin").exists()
