"""Money over places: published with every share, fixed before anybody hands in, kept by the vote, told to everybody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Person
from cocreation.models import Place, Process
from cocreation.panels import studio_sections
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.ballots import actions as ballots
from proposals.ballots import counting, pabulib
from proposals.ballots.models import CastBallot
from proposals.budgets.actions import publish_division, set_envelope
from proposals.budgets.dividing import Plan
from proposals.budgets.division_form import DivisionForm
from proposals.budgets.formula import Formula, Measures
from proposals.budgets.models import Division, Envelope, Share
from proposals.models import Proposal, Stage
from quartier.builders import both, make_phase, make_place
from tests.proposals.ballots.voting import DAY, build_phase

pytestmark = pytest.mark.django_db
FORMULA = Formula(population=1, deprivation=1, base=1_000_00, solidarity_percent=20, solidarity_places=1)
PLAN = Plan(
    total=Decimal("50000.01"),
    formula=FORMULA,
    measures=[Measures("berg", 300, 40, 10), Measures("tal", 700, 10, 5)],
    source=both("Statistik 2026", "Statistics 2026"),
)
WHY = both("Neue Zahlen.", "New figures.")


def admin() -> Person:
    return Person.objects.get(email="writer@example.org")


def build() -> Process:
    """A public process of the village with two parts; nothing has been handed in, ideas open tomorrow."""
    phase = build_phase(starts=50 * DAY, ends=60 * DAY, costs=())
    process = phase.process
    process.phases.exclude(pk=phase.pk).delete()
    now = timezone.now()
    make_phase(process, "in", "ideas", both("Ideen", "Ideas"), starts=now + DAY, ends=now + 9 * DAY)
    check = both("Prüfung", "Check")
    make_phase(process, "check", "assessment", check, starts=now + 10 * DAY, ends=now + 20 * DAY)
    village = Place.objects.get(slug="dorf")
    for slug, name, people, x in (("berg", "Berg", 300, 100), ("tal", "Tal", 700, 300)):
        make_place(slug, both(name, name), parent=village, population=people, map_x=x, map_y=200)
    Place.objects.filter(slug="tal").update(
        boundary={"type": "Polygon", "coordinates": [[[250, 200], [350, 200], [300, 280], [250, 200]]]}
    )
    return Process.objects.get(pk=process.pk)


def publish(process: Process, plan: Plan = PLAN, at: timedelta = timedelta()) -> Division:
    return publish_division(process=process, plan=plan, by=admin(), at=timezone.now() + at)


def rows() -> tuple[object, ...]:
    return (
        list(Division.objects.order_by("pk").values()),
        list(Share.objects.order_by("pk").values()),
        list(Envelope.objects.values()),
        Entry.objects.count(),
    )


def check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def refused_by_database(do) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        do()
        check_now()


def test_a_published_division_sets_the_budget_its_shares_and_what_the_vote_keeps_to():
    process = build()
    division = publish(process)
    check_now()
    shares = {share.place.slug: share for share in division.shares.all()}
    assert sum(share.amount for share in shares.values()) == Decimal("50000.01")
    assert shares["berg"].solidarity == 10_000 and shares["tal"].solidarity == 0
    # 38,000.01 are left: half by 300 : 700 residents, half by 120 : 70 deprived ones.
    assert shares["berg"].amount == Decimal("28700.00") and shares["tal"].amount == Decimal("21300.01")
    phase = process.phases.get(key="vote")
    assert Envelope.objects.get().amount == phase.opts.budget == Decimal("50000.01")
    assert phase.opts.by_place == [
        {"place": "berg", "amount": "28700.00"}, {"place": "tal", "amount": "21300.01"},
    ]  # fmt: skip
    assert Entry.objects.filter(verb="money.divided").count() == 1


def test_a_later_version_says_why_and_what_was_published_stays():
    process = build()
    publish(process)
    before = rows()
    with pytest.raises(Refused, match=r"why|warum"):
        publish(process, replace(PLAN, common=Decimal(10_000)))
    assert rows() == before
    second = publish(process, replace(PLAN, common=Decimal(10_000), reason=WHY))
    check_now()
    assert second.number == 2 and sum(s.amount for s in second.shares.all()) == Decimal("40000.01")
    refused_by_database(lambda: Division.objects.filter(number=1).update(population=9))
    refused_by_database(lambda: Share.objects.all().update(rank=1))
    refused_by_database(lambda: Share.objects.first().delete())
    refused_by_database(lambda: second.delete())


def test_once_people_may_hand_in_nothing_can_be_divided_anew():
    process = build()
    publish(process)
    before = rows()
    with pytest.raises(Refused, match=r"Ideen|Ideas"):
        publish(process, replace(PLAN, reason=WHY), at=2 * DAY)
    assert rows() == before
    copy = Division.objects.get()
    copy.pk, copy.number, copy.published_at = None, 2, timezone.now() + 2 * DAY
    for language in ("de", "en"):
        setattr(copy, f"reason_{language}", "x")
    refused_by_database(copy.save)
    stranger = Person.objects.create(email="x@example.org", public_name="X")
    with pytest.raises(Refused):
        publish_division(process=process, plan=PLAN, by=stranger, at=timezone.now())
    assert rows() == before


def test_the_database_keeps_the_sum_to_the_cent():
    process = build()
    division = publish(process)
    share = division.shares.first()
    share.pk, share.place = None, Place.objects.get(slug="dorf")
    refused_by_database(share.save)
    refused_by_database(lambda: Envelope.objects.update(amount=Decimal(50_000)))
    with pytest.raises(Refused, match=r"places|Orte"):
        set_envelope(process=process, amount=Decimal(1), title=both("", ""), by=admin(), at=timezone.now())
    set_envelope(
        process=process, amount=PLAN.total, title=both("Geld", "Money"), by=admin(), at=timezone.now()
    )
    assert len(process.phases.get(key="vote").opts.by_place) == 2
    themes = [{"theme": "youth", "percent": 5}]
    with pytest.raises(Refused):
        set_envelope(
            process=process,
            amount=PLAN.total,
            title=both("", ""),
            by=admin(),
            at=timezone.now(),
            reserves=themes,
        )


def test_while_it_is_a_draft_a_new_division_takes_the_place_of_the_old_one():
    process = build()
    Process.objects.filter(pk=process.pk).update(published_at=None)
    publish(Process.objects.get(pk=process.pk))
    again = publish(Process.objects.get(pk=process.pk), replace(PLAN, common=Decimal(1)))
    check_now()
    assert again.number == 1 and Division.objects.get() == again


def test_the_vote_pays_from_the_share_of_a_place_first_and_everybody_reads_who_got_what(tmp_path):
    """Berg has 28,700.00 and Tal 21,300.01. Tal's big project has the most votes, but does not fit into its share."""
    process = build()
    publish(process)
    check_now()
    now = timezone.now()
    process.phases.filter(key="in").update(starts=now - 9 * DAY, ends=now - 5 * DAY)
    process.phases.filter(key="check").update(starts=now - 5 * DAY, ends=now - DAY)
    process.phases.filter(key="vote").update(starts=now - DAY, ends=now + DAY)
    from tests.proposals.ballots.voting import make_assessment, make_proposal

    office = process.office
    for place, cost in (("berg", 8_000), ("tal", 30_000), ("tal", 20_000), ("dorf", 9_000)):
        proposal = make_proposal(
            process, by=admin(), place=Place.objects.get(slug=place), at=now - 6 * DAY,
            title=both(f"{place} {cost}", f"{place} {cost}"),
        )  # fmt: skip
        make_assessment(
            proposal, by=admin(), office=office, at=now - 4 * DAY, cost=cost,
            signed_by=Person.objects.get(email="second@example.org"),
        )  # fmt: skip
    vote = ballots.open_vote(phase=process.phases.get(key="vote"), at=now)
    code = {int(option.cost): option.code for option in vote.options.all()}
    assert vote.reserves == [
        {"place": "berg", "amount": "28700", "projects": [code[8_000]]},
        {"place": "tal", "amount": "21300.01", "projects": [code[20_000], code[30_000]]},
    ]
    with translation.override("en"):
        page = Client().get("/en/processes/wahl/ballot/").content.decode()
        assert "Every place has a share of the money: Berg" in page
    keys = {option.code: option.pk for option in vote.options.all()}
    for votes, cost in ((4, 30_000), (3, 9_000), (2, 20_000), (1, 8_000)):
        for _n in range(votes):
            CastBallot.objects.create(vote=vote, choice=[keys[code[cost]]], channel=CastBallot.Channel.WEB)
    vote.slots.all().delete()
    tally = ballots.tally_vote(vote, at=now)
    ballots.publish_tally(tally, at=now)
    # Each place's own first; of the 22,000.01 left over, what has the most votes and fits.
    assert tally.result["selected"] == [code[8_000], code[20_000], code[9_000]]
    assert Proposal.objects.filter(stage=Stage.CHOSEN).count() == 3
    file = tmp_path / "wahl.pb"
    file.write_text("".join(counting.pabulib_file(vote, tally, ballots.options_of(vote))))
    assert pabulib.read(file).reserves == tuple(counting.reserves_of(vote))
    with translation.override("en"):
        result = Client().get("/en/processes/wahl/result/").content.decode()
        page = Client().get("/en/processes/wahl/money/").content.decode()
    assert "of the share for “Tal”" in result
    assert "Who got what" in page and "berg 8000" in page and "All places together" in page
    assert page.count('<svg class="areas"') == 2 and 'd="M250 240L350 240L300 160L250 240Z"' in page
    assert "€21,300.01" in page.replace("\N{NO-BREAK SPACE}", "") and "style=" not in page


def test_everybody_reads_how_the_money_is_divided_and_can_reckon_it_again():
    process = build()
    client = Client()
    assert client.get("/de/processes/wahl/money/").status_code == 404
    publish(process)
    publish(
        process, replace(PLAN, reason=WHY, formula=replace(FORMULA, by_points=True, bands=(200, 500, 900)))
    )
    page = client.get("/de/processes/wahl/money/").content.decode()
    assert "Neue Zahlen." in page and "Statistik 2026" in page and "10.000" in page
    assert client.get("/de/processes/wahl/money/?version=1").status_code == 200
    assert client.get("/de/processes/wahl/money/?version=3").status_code == 404
    lines = client.get("/de/processes/wahl/money/shares.csv").content.decode().splitlines()
    assert lines[1].split(",")[:8] == ["1", "berg", "Berg", "300", "40", "10", "0", "4"]
    assert sum(Decimal(line.split(",")[-1]) for line in lines[1:]) == PLAN.total
    assert "/money/" in client.get("/de/processes/wahl/").content.decode()


def test_the_studio_previews_without_storing_and_publishes_from_what_people_type():
    process = build()
    section = studio_sections.get("shares")
    keys = {place.slug: place.pk for place in Place.objects.all()}
    typed = {
        "total": "50.000,01", "common": "", "base": "1.000", "solidarity_percent": "20", "solidarity_places": "1",
        "method": "shares", "binding": "on", "weight_population": "1", "weight_deprivation": "1",
        "source_de": "Statistik", "source_en": "Statistics",
    }  # fmt: skip
    for slug, people, poor, lack in (("berg", 300, 40, 10), ("tal", 700, 10, 5)):
        typed |= {
            f"population_{keys[slug]}": str(people), f"deprivation_{keys[slug]}": str(poor),
            f"deficit_{keys[slug]}": str(lack), f"priority_{keys[slug]}": "",
        }  # fmt: skip
    before = rows()
    form = section.handle(process, admin(), timezone.now(), typed | {"do": "preview"})
    assert isinstance(form, DivisionForm) and not form.errors and rows() == before
    assert form.shown is not None
    assert [row.amount for row in form.shown["rows"]] == [Decimal("28700.00"), Decimal("21300.01")]
    for wrong, field in [
        ({"base": "30.000"}, "base"), ({"solidarity_places": "3"}, "solidarity_places"),
        ({"weight_population": "0", "weight_deprivation": ""}, "weight_population"), ({"common": "50.000,01"}, "common"),
        ({"method": "points"}, "band_1"), ({f"population_{keys['tal']}": "0"}, f"population_{keys['tal']}"),
        ({"total": "viel"}, "total"),
    ]:  # fmt: skip
        form = section.handle(process, admin(), timezone.now(), typed | wrong)
        assert isinstance(form, DivisionForm) and list(form.errors) == [field], wrong
        assert form.shown is None
    assert rows() == before
    assert section.handle(process, admin(), timezone.now(), typed) is None
    assert Division.objects.get().shares.count() == 2
    again = section.context(process, admin(), timezone.now())
    assert "reason_de" in again["form"].fields and json.dumps(again["form"].initial["total"], default=str)
