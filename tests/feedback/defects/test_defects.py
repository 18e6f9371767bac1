"""Problems people report: each has an office and a date, is answered in public, and is seen by who may see it (REQ-51)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import Person
from cocreation.erasing import erase_contributions, wipe
from cocreation.models import Contribution, Follow, PendingAct
from cocreation.wordings import pieces_of
from feedback.actions import answer_contribution
from feedback.defects import actions, geo, queries, rules
from feedback.defects.actions import Report
from feedback.defects.listing import alike
from feedback.defects.models import Defect, Service
from feedback.models import OfficialAnswer
from feedback.notices.models import Notice
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from quartier.builders import both, give_role, make_person
from tests.feedback.notices.spreading import spread
from tests.visits import OURS, client_of
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DONE = both("Erledigt.", "Done.")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def report(world: World, by: str = "jonas", at: datetime | None = None, **about: Any) -> Defect:
    usual: dict[str, Any] = {
        "service": Service.objects.get(code="lamp"),
        "text": "Die Lampe ist aus.",
        "place": world.town,
        "address": "Am Markt 9",
    }
    return actions.report_defect(report=Report(**usual | about), by=world.people[by], at=at or world.now)


def sent(world: World, **more: str) -> dict[str, str]:
    usual = {
        "service": "lamp",
        "text": "Die Lampe vor der Schule ist aus.",
        "place": str(world.town.pk),
        "address": "Schulweg 1",
        "language": "de",
        "map_x": "500",
        "map_y": "400",
    }
    return usual | more


# --- reporting ---


def test_a_report_gets_a_number_its_office_and_a_date(world: World) -> None:
    made = report(world)
    assert made.contribution.receipt == made.receipt and made.is_public
    assert made.due == world.now + 5 * DAY and made.status == "open"
    assert made.service.office == world.parks
    entry = Entry.objects.get(verb="defect.reported", subject_key=str(made.pk))
    assert entry.data == {"service": "lamp", "office": "parks"}


def test_without_an_open_phase_nothing_can_be_reported(world: World) -> None:
    phase = rules.open_phase(world.now)
    assert phase is not None
    phase.ends = world.now
    phase.save()
    before = Contribution.objects.count()
    with pytest.raises(Refused, match="no reports"):
        report(world)
    answer = client_of(world, "jonas").post(reverse("defects:new"), sent(world), headers=OURS)
    assert answer.status_code == 403 and Contribution.objects.count() == before


def test_nobody_reports_more_than_twenty_a_day(world: World) -> None:
    for _n in range(rules.MOST_A_DAY):
        report(world)
    with pytest.raises(Refused, match="20"):
        report(world)
    assert Defect.objects.filter(contribution__author=world.jonas).count() == rules.MOST_A_DAY + 1
    report(world, at=world.now + DAY)


def test_what_is_not_offered_any_more_is_refused_also_by_a_form_that_was_open_before(world: World) -> None:
    with pytest.raises(Refused, match="any more"):
        report(world, service=Service.objects.get(code="ferry"))
    answer = client_of(world, "jonas").post(
        reverse("defects:new"), sent(world, service="ferry"), headers=OURS
    )
    assert answer.status_code == 422


@pytest.mark.usefixtures("closed")
def test_a_report_says_where_it_is(world: World) -> None:
    before = Defect.objects.count()
    answer = client_of(world, "jonas").post(
        reverse("defects:new"), sent(world, address="", map_x="", map_y=""), headers=OURS
    )
    assert answer.status_code == 422 and Defect.objects.count() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Defect.objects.filter(pk=world.defects["closed"].pk).update(address="", map_x=None, map_y=None)


def test_the_page_shows_open_reports_close_by_before_it_takes_another(world: World) -> None:
    open_one = world.defects["open"]
    near = sent(world, map_x="121", map_y="130", place=str(world.village.pk))
    client = client_of(world, "jonas")
    answer = client.post(reverse("defects:new"), near, headers=OURS)
    assert answer.status_code == 422 and open_one.receipt in answer.content.decode()
    assert not Defect.objects.filter(contribution__author=world.jonas, service__code="lamp").exists()
    answer = client.post(reverse("defects:new"), near | {"seen": "1"}, headers=OURS)
    assert answer.status_code == 302
    assert Defect.objects.filter(contribution__author=world.jonas, service__code="lamp").count() == 1


def test_only_the_same_kind_close_by_and_open_is_alike(world: World) -> None:
    here = {"service": "lamp", "place": str(world.town.pk), "map_x": 118.0, "map_y": 128.0}
    assert [each.pk for each in alike(here)] == [world.defects["open"].pk]
    assert alike(here | {"map_x": 300.0}) == []
    assert alike(here | {"service": "ferry"}) == []
    words_only = {"service": "bin", "place": str(world.town.pk)}
    assert [each.pk for each in alike(words_only)] == [world.defects["overdue"].pk]  # not the hidden one


def test_who_is_not_known_writes_first_and_it_counts_after_the_log_in(world: World) -> None:
    answer = Client().post(reverse("defects:new"), sent(world), headers=OURS)
    kept = PendingAct.objects.get(act=rules.ACT)
    assert answer.status_code == 302 and kept.pk in answer["Location"]
    assert not Defect.objects.filter(address="Schulweg 1").exists()
    from cocreation import pending

    url = pending.complete(kept.pk, by=world.jonas, at=world.now)
    made = Defect.objects.get(address="Schulweg 1")
    assert made.contribution.author == world.jonas and url == f"{made.get_absolute_url()}?new=1"


# --- who sees it ---


def test_a_hidden_report_is_on_no_list_no_map_and_in_no_data(world: World) -> None:
    hidden = world.defects["hidden"]
    for name in ("list", "points"):
        body = client_of(world, "visitor").get(reverse(f"defects:{name}")).content.decode()
        assert "Geheimnis" not in body and hidden.receipt not in body
    assert client_of(world, "amina").get(hidden.get_absolute_url()).status_code == 404
    assert client_of(world, "jonas").get(hidden.get_absolute_url()).status_code == 200
    from groundwork.datasets import datasets

    assert hidden.receipt not in {row[0] for row in datasets.get("defects").query()}
    mine = client_of(world, "jonas").get(reverse("defects:list") + "?mine=yes").content.decode()
    assert hidden.receipt in mine or "Geheimnis" in mine


@pytest.mark.usefixtures("closed")
def test_filters_find_what_they_say(world: World) -> None:
    client = client_of(world, "visitor")

    def shows(query: str) -> set[str]:
        body = client.get(reverse("defects:list") + query).content.decode()
        return {key for key, each in world.defects.items() if each.get_absolute_url() in body}

    assert shows("") == {"open", "overdue", "closed"}
    assert shows("?status=open") == {"open", "overdue"}
    assert shows("?status=overdue") == {"overdue"}
    assert shows("?status=closed&service=lamp") == {"closed"}
    assert shows("?place=lindach") == {"open"}
    assert shows("?status=nonsense&service=nonsense&place=nonsense&mine=yes") == {"open", "overdue", "closed"}


def test_a_list_of_many_takes_the_queries_of_a_list_of_few(world: World) -> None:
    client = client_of(world, "visitor")

    def queries_of(name: str) -> int:
        client.get(reverse(name))
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(reverse(name))
        return len(found)

    few = {name: queries_of(name) for name in ("defects:list", "defects:points")}
    for number in range(9):
        report(world, text=f"Lampe {number} ist aus.")
    assert {name: queries_of(name) for name in few} == few


def test_erasing_takes_the_words_and_the_spot_away(world: World) -> None:
    made = world.defects["open"]
    erase_contributions(world.amina, world.now)
    wipe([made.pk], world.now)
    made.refresh_from_db()
    assert not made.is_public and "Lampe" not in made.text
    assert pieces_of([made.contribution])[made.pk][0].text == made.text


def test_who_reported_it_takes_it_back_and_nobody_else_does(world: World) -> None:
    made = world.defects["open"]
    with pytest.raises(Refused, match="Only who reported"):
        actions.withdraw_defect(defect=made, by=world.ines, at=world.now)
    made.refresh_from_db()
    assert made.is_public
    actions.withdraw_defect(defect=made, by=world.amina, at=world.now)
    made.refresh_from_db()
    assert not made.is_public
    with pytest.raises(Refused, match="already"):
        actions.withdraw_defect(defect=made, by=world.amina, at=world.now)


# --- the office ---


def test_the_office_closes_it_with_a_reason_and_its_clock_is_kept(world: World) -> None:
    made = world.defects["overdue"]
    actions.answer_defect(defect=made, status="done", reason=DONE, by=world.olga, at=world.now)
    made.refresh_from_db()
    assert made.status == "closed" and made.closed_at == made.updated_at == world.now
    answer = OfficialAnswer.objects.get(contribution=made.pk)
    assert (answer.due, answer.office, answer.by) == (made.due, world.parks, world.olga)


@pytest.mark.usefixtures("closed")
def test_an_interim_answer_leaves_it_open_and_needs_a_date_and_a_later_one_opens_it_again(
    world: World,
) -> None:
    made = world.defects["closed"]
    with pytest.raises(ValidationError, match="next date"):
        actions.answer_defect(defect=made, status="being_checked", reason=DONE, by=world.olga, at=world.now)
    made.refresh_from_db()
    assert made.status == "closed" and OfficialAnswer.objects.filter(contribution=made.pk).count() == 1
    when = (world.now + 9 * DAY).date()
    actions.answer_defect(
        defect=made, status="in_progress", reason=DONE, by=world.olga, at=world.now, next_date=when
    )
    made.refresh_from_db()
    assert made.status == "open" and made.closed_at is None
    assert made.is_overdue(made.due) and not made.is_overdue(world.now)  # only an outcome stops the clock


@pytest.mark.parametrize("status", ["accepted", "received", "nonsense"])
def test_other_answers_do_not_exist_for_reports(world: World, status: str) -> None:
    with pytest.raises(Refused, match="does not exist"):
        actions.answer_defect(
            defect=world.defects["open"], status=status, reason=DONE, by=world.olga, at=world.now,
            next_date=world.now.date(),
        )  # fmt: skip
    assert not OfficialAnswer.objects.filter(contribution=world.defects["open"].pk).exists()


def test_another_office_does_not_answer_not_even_through_the_hall(world: World) -> None:
    money = make_person("kasse", "Kasimir Kasse")
    give_role(money, "official", office=world.money, since=world.now - DAY)
    made = world.defects["open"]
    about: dict[str, Any] = {"status": "done", "reason": DONE, "by": money, "at": world.now}
    with pytest.raises(Refused, match="Only the responsible office"):
        actions.answer_defect(defect=made, **about)
    with pytest.raises(Refused, match="Another office"):
        answer_contribution(contribution=made.contribution, office=world.money, **about)
    made.refresh_from_db()
    assert made.status == "open" and not OfficialAnswer.objects.filter(contribution=made.pk).exists()
    assert queries.waiting(money, world.now) == 0 and queries.waiting(world.olga, world.now) == 2


def test_a_hidden_report_is_not_answered_in_public(world: World) -> None:
    made = world.defects["hidden"]
    with pytest.raises(Refused, match="not public"):
        actions.answer_defect(defect=made, status="done", reason=DONE, by=world.olga, at=world.now)
    assert not OfficialAnswer.objects.filter(contribution=made.pk).exists()


def test_who_reported_and_who_follows_is_told_in_their_language(world: World) -> None:
    made = world.defects["overdue"]  # ines reads English
    client_of(world, "jonas").post(reverse("defects:follow", args=[made.receipt]), headers=OURS)
    assert Follow.objects.filter(contribution=made.pk, person=world.jonas).exists()
    actions.answer_defect(defect=made, status="done", reason=DONE, by=world.olga, at=world.now)
    spread(world)
    told = Notice.objects.filter(contribution=made.pk, verb="contribution.answered")
    assert set(told.values_list("person__public_name", flat=True)) == {"Ines Pohl", "Jonas Petersen"}
    for name, words in (
        ("ines", f"Problem report {made.receipt}"),
        ("jonas", f"Mängelmeldung {made.receipt}"),
    ):
        language = "en" if name == "ines" else "de"
        inbox = client_of(world, name).get(f"/{language}/me/messages/").content.decode()
        assert words in inbox


@pytest.mark.usefixtures("closed")
def test_the_life_record_tells_the_whole_way(world: World) -> None:
    made = world.defects["closed"]
    for name in ("cocreation:record", "defects:defect"):
        body = client_of(world, "visitor").get(reverse(name, args=[made.receipt])).content.decode()
        assert "The lamp has been replaced." in body and "Ines Pohl" in body and "Street lamp" in body


def test_words_carry_the_language_they_were_written_in(world: World) -> None:
    address = reverse("defects:defect", args=[world.defects["open"].receipt])
    assert (
        '<div class="prose" lang="de"><p>Die Lampe'
        in client_of(world, "visitor").get(address).content.decode()
    )


# --- the catalogue ---


def test_only_the_administration_keeps_the_catalogue_and_a_code_stays(world: World) -> None:
    values = {
        "code": "bench", "name_de": "Bank", "name_en": "Bench", "office": world.parks, "days": 3, "is_offered": True,
    }  # fmt: skip
    with pytest.raises(Refused, match="administration"):
        actions.keep_service(service=None, values=values, by=world.olga, at=world.now)
    assert not Service.objects.filter(code="bench").exists()
    made = actions.keep_service(service=None, values=values, by=world.ada, at=world.now)
    changed = actions.keep_service(
        service=made, values=values | {"code": "other", "days": 4}, by=world.ada, at=world.now
    )
    assert (changed.code, changed.days) == ("bench", 4)
    with pytest.raises(ValidationError):
        actions.keep_service(service=made, values={"days": 0}, by=world.ada, at=world.now)
    made.refresh_from_db()
    assert made.days == 4
    assert Entry.objects.filter(verb="service.kept").count() == 2


def test_a_changed_service_moves_no_date_that_was_given(world: World) -> None:
    made = world.defects["open"]
    actions.keep_service(service=made.service, values={"days": 99}, by=world.ada, at=world.now)
    due = made.due
    made.refresh_from_db()
    assert made.due == due


# --- places ---


def test_points_travel_between_map_and_world(settings: Any) -> None:
    settings.CITY_MAP_CORNERS = "50.975,10.9,50.895,11.073"
    for x, y in ((0.0, 0.0), (118.0, 128.0), (600.0, 440.0)):
        where = geo.in_world(x, y)
        assert where is not None
        back = geo.on_map(*where)
        assert back is not None and back == pytest.approx((x, y), abs=0.01)
    assert geo.on_map(50.8949, 11.0) is None and geo.on_map(float("nan"), 11.0) is None
    settings.CITY_MAP_CORNERS = ""
    assert geo.in_world(1.0, 1.0) is None and geo.on_map(50.9, 11.0) is None
    settings.CITY_MAP_CORNERS = "50.8,10.9,50.9,11"  # north and south mixed up
    with pytest.raises(ValueError, match="north,west,south,east"):
        geo.corners()
    assert [each.id for each in geo.corners_are_corners(None)] == ["defects.E001"]
    settings.CITY_MAP_CORNERS = "50.975,10.9,50.895,11.073"
    assert geo.corners_are_corners(None) == []


def test_guests_report_where_the_audience_lets_them(world: World) -> None:
    """Nothing of its own: the audience of the phase decides, as everywhere."""
    phase = rules.open_phase(world.now)
    assert phase is not None
    phase.audience = {rules.ACT: {"level": "verified"}}
    phase.save()
    person: Person = world.jonas
    answer = rules.may_report(person, rules.open_phase(world.now), world.now)
    assert not answer and answer.identify
    assert rules.may_report(world.amina, rules.open_phase(world.now), world.now)
