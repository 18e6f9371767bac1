"""Promises on their way: nothing public is rewritten, money adds up, hands are counted, small numbers stay hidden."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from statistics import median_low

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from accounts.models import Verification
from cocreation import files
from feedback import actions, keeping_rules, links, reports
from feedback.board import Choice, as_geojson, facets
from feedback.models import (
    Commitment,
    Ending,
    EvaluationReport,
    HandOver,
    Opinion,
    Pledge,
    Release,
    Reopening,
    Spending,
    Task,
    Update,
    day_of,
)
from feedback.page import results_of, tasks_of
from groundwork import small_numbers
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.actions import move_stage, support_proposal
from proposals.models import Proposal, Stage
from quartier.builders import both, make_person
from tests.feedback.test_rules_and_actions import answer, promised
from tests.world import DAY, World

pytestmark = pytest.mark.django_db
WHY = both("Der Boden trägt nicht.", "The ground does not carry it.")


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def delivered(world: World, **more) -> Commitment:
    return actions.deliver(commitment=promised(world, **more), by=world.olga, at=world.now)


def say(world: World, commitment: Commitment, *values: str) -> None:
    """So many people answer, each once, all three questions."""
    for number, value in enumerate(values):
        person = make_person(f"asked-{commitment.pk}-{Opinion.objects.count()}-{number}", f"Nr. {number}")
        actions.answer_by_link(
            commitment=commitment, person=person, value=value, as_promised="yes", used="often", at=world.now
        )
    commitment.refresh_from_db()


# --- the database keeps what was said ---


def test_the_database_neither_deletes_nor_rewrites_what_a_promise_went_through(world: World):
    commitment = promised(world)
    actions.spend(
        commitment=commitment, day=day_of(world.now), amount=Decimal(400), what_for=both("Holz", "Wood"),
        by=world.olga, at=world.now,
    )  # fmt: skip
    actions.hand_over(commitment=commitment, to=world.money, reason=WHY, by=world.olga, at=world.now)
    actions.post_update(commitment=commitment, text=WHY, by=world.ada, at=world.now)
    actions.offer_task(
        commitment=commitment, title=both("Gießen", "Water"), people=2, hours=Decimal(1),
        until=day_of(world.now) + DAY, by=world.ada, at=world.now,
    )  # fmt: skip
    actions.give_up(commitment=commitment, reason=WHY, by=world.ada, at=world.now)
    for change in (
        "delete from feedback_spending", "update feedback_spending set amount = 1", "delete from feedback_handover",
        "update feedback_handover set reason_de = 'x'", "delete from feedback_ending",
        "update feedback_ending set reason_de = 'x'", "delete from feedback_update",
        "update feedback_update set text_de = 'x'", "delete from feedback_task", "delete from feedback_commitment",
        "update feedback_commitment set title_de = 'x'", "update feedback_commitment set first_due = first_due - 1",
        "update feedback_commitment set budget = 1", "update feedback_commitment set spent = 1",
        "update feedback_commitment set given_up_at = null", "update feedback_commitment set due = due + 1",
        f"update feedback_commitment set office_id = {world.parks.pk}, title_de = 'x'",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    commitment.refresh_from_db()
    assert (
        commitment.title in ("Bänke an der Aue", "Benches by the river")
        and commitment.spent == 400
        and commitment.given_up_at
    )


def test_an_office_or_an_end_without_its_public_reason_is_refused_by_the_database(world: World):
    commitment = promised(world)
    for change in (f"office_id = {world.money.pk}", "given_up_at = now()"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update feedback_commitment set {change}")
    with pytest.raises(ValidationError):
        actions.give_up(commitment=commitment, reason=both("", ""), by=world.olga, at=world.now)
    commitment.refresh_from_db()
    assert commitment.office_id == world.parks.pk and commitment.given_up_at is None
    assert not Ending.objects.exists() and not HandOver.objects.exists()


# --- on its way ---


def test_what_was_given_up_counts_as_not_kept_and_nothing_is_added_to_it(world: World):
    commitment = promised(world)
    actions.give_up(commitment=commitment, reason=WHY, by=world.olga, at=world.now)
    kept = facets(Choice(), world.now).kept
    assert (kept.kept, kept.of) == (0, 1) and verbs()[-1] == "commitment.given_up"
    step = commitment.milestones.first()
    assert step is not None
    for act in (
        lambda: actions.complete_milestone(milestone=step, by=world.olga, at=world.now),
        lambda: actions.deliver(commitment=commitment, by=world.olga, at=world.now),
        lambda: actions.post_update(commitment=commitment, text=WHY, by=world.olga, at=world.now),
        lambda: actions.give_up(commitment=commitment, reason=WHY, by=world.olga, at=world.now),
    ):
        with pytest.raises(Refused):
            act()
    assert Update.objects.count() == 0


def test_the_money_is_the_sum_of_its_entries_whoever_wrote_them(world: World):
    commitment = promised(world)
    first = commitment.milestones.get(order=1)
    actions.complete_milestone(milestone=first, by=world.olga, at=world.now, spent=Decimal(4000))
    for amount in (250, -50):
        actions.spend(
            commitment=commitment, day=day_of(world.now), amount=Decimal(amount), what_for=both("Holz", "Wood"),
            by=world.olga, at=world.now,
        )  # fmt: skip
    actions.deliver(commitment=commitment, by=world.olga, at=world.now, spent=Decimal(5000))
    commitment.refresh_from_db()
    assert [each.amount for each in Spending.objects.order_by("pk")] == [4000, 250, -50, 800]
    assert commitment.spent == 5000
    with pytest.raises(Refused):
        actions.spend(
            commitment=commitment, day=day_of(world.now), amount=Decimal(-9000), what_for=both("x", "x"),
            by=world.olga, at=world.now,
        )  # fmt: skip
    assert Spending.objects.count() == 4


def test_news_carry_pictures_with_words_and_without_the_place_of_the_camera(world: World):
    from PIL import Image

    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Geheimnis-Kamera"
    Image.new("RGB", (80, 60), "seagreen").save(made, "JPEG", exif=exif)
    draft, commitment = files.new_draft(), promised(world)
    row = files.add_picture(
        draft=draft, file=io.BytesIO(made.getvalue()), name="bau.jpg", by=world.olga, at=world.now
    )
    given = {"commitment": commitment, "text": WHY, "by": world.olga, "at": world.now, "draft": draft}
    with pytest.raises(Refused):
        actions.post_update(**given, listed=[files.Listed(row.key)])
    assert Update.objects.count() == 0
    update = actions.post_update(**given, listed=[files.Listed(row.key, "Ein Kran hebt eine Bank.")])
    (kept,) = update.contribution.attachments.all()
    from django.core.files.storage import default_storage

    with default_storage.open(kept.paths()[0]) as stored:
        assert b"Geheimnis-Kamera" not in stored.read()
    # Moderation can take it off the pages as anything else that is said.
    assert update.contribution.is_public and update.contribution.receipt


def test_a_whole_list_of_winners_is_promised_or_none_of_it(world: World):
    first, second = world.answering0, world.proposals["answering1"]
    for proposal in (first, second):
        move_stage(proposal, Stage.CHOSEN, at=world.now)

    def winner(proposal: Proposal, days: int) -> actions.Winner:
        return actions.Winner(
            proposal, world.parks, both("Bank", "Bench"), day_of(world.now) + days * DAY, Decimal(9)
        )

    with pytest.raises(Refused):
        actions.promise_winners(winners=[winner(first, 9), winner(second, -9)], by=world.olga, at=world.now)
    assert Commitment.objects.count() == 0
    made = actions.promise_winners(winners=[winner(first, 9), winner(second, 9)], by=world.olga, at=world.now)
    first.refresh_from_db()
    assert len(made) == 2 and first.stage == Stage.PROMISED
    with pytest.raises(Refused):
        actions.promise_winners(winners=[winner(first, 9)], by=world.olga, at=world.now)


# --- hands ---


def test_hands_are_taken_only_as_long_as_some_are_wanted_and_named_only_with_consent(world: World):
    commitment = promised(world)
    task = actions.offer_task(
        commitment=commitment, title=both("Streichen", "Paint"), people=2, hours=Decimal(3),
        until=day_of(world.now) + DAY, by=world.olga, at=world.now,
    )  # fmt: skip
    mine = actions.take_on(task=task, by=world.amina, at=world.now, is_named=True)
    theirs = actions.take_on(task=task, by=world.jonas, at=world.now)
    for who in (world.ines, world.amina, None):
        with pytest.raises(Refused):
            actions.take_on(task=task, by=who, at=world.now)
    assert Pledge.objects.count() == 2
    actions.report_done(pledge=mine, hours=Decimal("2.5"), by=world.amina, at=world.now)
    actions.report_done(pledge=theirs, hours=Decimal(4), by=world.jonas, at=world.now)
    with pytest.raises(Refused):
        actions.take_back(pledge=theirs, by=world.amina, at=world.now)
    _doing, thanks = tasks_of(commitment, None, world.now)
    assert (thanks.hours, thanks.people, thanks.named) == (Decimal("6.5"), 2, [world.amina.public_name])
    actions.take_back(pledge=mine, by=world.amina, at=world.now)
    assert tasks_of(commitment, None, world.now)[1].named == []
    # The journal says that somebody did, never who.
    assert not Entry.objects.filter(verb__in=["task.taken_on", "task.done"], actor_id__isnull=False).exists()
    with pytest.raises(Refused):
        actions.take_on(task=Task.objects.get(), by=world.ines, at=world.now + 3 * DAY)


def test_nobody_speaks_for_an_organisation_they_are_no_member_of(world: World):
    task = actions.offer_task(
        commitment=promised(world), title=both("x", "x"), people=2, hours=Decimal(3), until=day_of(world.now) + DAY,
        by=world.olga, at=world.now,
    )  # fmt: skip
    garden = world.ines.memberships.confirmed().get().organisation
    with pytest.raises(Refused):
        actions.take_on(task=task, by=world.amina, at=world.now, organisation=garden)
    actions.take_on(task=task, by=world.ines, at=world.now, organisation=garden, is_named=True)
    assert Pledge.objects.count() == 1


# --- does it work? ---


def test_nothing_is_shown_below_ten_answers_and_no_later_figure_speaks_of_fewer_than_ten(world: World):
    commitment = delivered(world)
    say(world, commitment, *["yes"] * 9)
    (people,) = results_of(commitment)
    assert (people.answers, people.missing, people.questions) == (9, 1, []) and not Release.objects.exists()
    say(world, commitment, "no")
    assert (commitment.works_yes, commitment.works_no) == (9, 1)
    say(world, commitment, *["no"] * 9)
    assert (commitment.opinions_count, commitment.works_yes, commitment.works_no) == (19, 9, 1)
    say(world, commitment, "no")
    assert (commitment.works_yes, commitment.works_no) == (9, 11)
    answers = list(Release.objects.order_by("pk").values_list("answers", flat=True))
    assert answers == [10, 20]
    for change in ("delete from feedback_release", "update feedback_release set yes = 0, no = answers"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_the_poster_is_counted_apart_and_only_so_often_from_one_network(world: World, client):
    commitment = delivered(world)
    url = f"/de/commitments/{commitment.pk}/ask/"
    sent = {"value": "yes", "as_promised": "yes", "used": "often"}
    here = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    assert client.get(url).status_code == 200 and not client.cookies
    links.MOST, most = 2, links.MOST
    try:
        codes = [client.post(url, sent, **here).status_code for _ in range(3)]
    finally:
        links.MOST = most
    commitment.refresh_from_db()
    assert codes == [200, 200, 403] and commitment.opinions_count == 0
    people, poster = results_of(commitment)
    assert (people.answers, poster.answers, poster.missing) == (0, 2, 8)


def test_the_link_of_a_message_answers_once_for_its_person_without_a_log_in(world: World, client):
    commitment = delivered(world)
    url = f"/de{links.link_for(commitment.pk, world.amina.pk).removeprefix('/de').removeprefix('/en')}"
    here = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    assert client.get(url).status_code == 200
    assert client.post(url, {"value": "yes"}, **here).status_code == 422
    for value in ("yes", "no"):
        assert (
            client.post(url, {"value": value, "as_promised": "no", "used": "never"}, **here).status_code
            == 302
        )
    said = Opinion.objects.get()
    assert (said.person, said.value, said.used) == (world.amina, "no", "never")
    assert client.get(url[:-3] + "xx/").status_code == 404
    actions.evaluate(commitment=commitment, by=world.olga, at=world.now)
    assert client.post(url, {"value": "yes", "as_promised": "no", "used": "never"}, **here).status_code == 403


def test_a_low_score_is_asked_again_as_a_new_idea_that_quotes_how_it_went(world: World, client):
    phase = next(phase for phase in world.collecting.line if "propose" in phase.acts)
    commitment = delivered(world)
    say(world, commitment, *["yes"] * 4, *["no"] * 6)  # 40 of 100 are enough
    with pytest.raises(Refused):
        actions.reopen(commitment=commitment, phase=phase, by=world.olga, at=world.now)
    say(world, commitment, *["no"] * 10)
    assert keeping_rules.works_too_little(commitment)
    with pytest.raises(Refused):
        actions.reopen(commitment=commitment, phase=phase, by=world.amina, at=world.now)
    assert not Reopening.objects.exists()
    new = actions.reopen(commitment=commitment, phase=phase, by=world.olga, at=world.now)
    assert new.is_public and new.contribution.author is None and new.title.startswith("Noch einmal")
    shown = client.get(f"/de/commitments/{commitment.pk}/").content.decode()
    assert new.receipt in shown
    told = client.get(f"/de/proposals/{new.receipt}/").content.decode()
    assert f"/de/commitments/{commitment.pk}/" in told and "20" in told
    with pytest.raises(Refused):
        actions.reopen(commitment=commitment, phase=phase, by=world.olga, at=world.now)


# --- the board ---


def test_filters_stand_in_the_address_and_the_map_and_the_feed_show_the_same(world: World, client):
    place = world.answering0.place
    answer(world, world.answering0)
    first, second = promised(world, world.answering0), promised(world)
    choice = Choice(places=(place.slug,))
    assert facets(choice, world.now).total == 1
    assert choice.narrow(Commitment.objects.all(), world.now).get() == first
    assert choice.address() == f"?place={place.slug}"
    page = client.get(f"/de/commitments/?place={place.slug}&state=promised").content.decode()
    assert f'id="c{first.pk}"' in page and f'id="c{second.pk}"' not in page
    feed = client.get(f"/de/commitments/feed/?place={place.slug}").content.decode()
    assert f"/commitments/{first.pk}</id>" in feed and f"/commitments/{second.pk}</id>" not in feed
    assert all(f["properties"]["url"] for f in as_geojson([first, second], world.now)["features"])
    found = json.loads(client.get(f"/de/commitments/points/?place={place.slug}").content)
    assert len(found["features"]) <= 1


# --- the report ---


def test_the_figures_of_a_report_equal_a_recount_by_hand(world: World):
    process, at = world.answering, world.now + 40 * DAY
    for person in (world.amina, world.jonas):
        for name in ("answering0", "answering1"):
            try:
                support_proposal(proposal=world.proposals[name], by=person, at=world.now - 100 * DAY)
            except Refused:
                continue
    answer(world, world.answering0)
    answer(world, world.proposals["answering1"], status="not_accepted")
    promised(world, world.answering0)
    numbers = reports.numbers_of(process, at)
    entries = list(Entry.objects.filter(process_id=process.pk))
    public = {p.pk for p in Proposal.objects.public(process)}
    assert numbers.people == len({e.actor_id for e in entries if e.verb in reports.TOOK_PART and e.actor_id})
    assert numbers.proposals == len(public) and numbers.influenced == 1 and numbers.answered == 2
    days = []
    for key in public:
        said = {e.verb: e.at for e in reversed(entries) if e.subject_key == str(key)}
        if "contribution.answered" in said and "proposal.published" in said:
            days.append((said["contribution.answered"] - said["proposal.published"]).days)
    assert numbers.days == (median_low(days) if days else None)
    assert sum(numbers.promises.values()) == 1
    # A handful of people took part: no group of them is named.
    assert all(n is None or n == 0 or n >= 10 for n in (*numbers.acts.values(), *numbers.kinds.values()))
    assert reports.Numbers.read(json.loads(json.dumps(numbers.as_json()))) == numbers


def test_a_report_counts_more_people_than_a_statement_has_parameters(world: World):
    Verification.objects.filter(person=world.amina).update(age_band="18-21")
    assert reports._ages({world.amina.pk, *range(10**9, 10**9 + 70_000)}) == {"18-21": 1}


def test_a_report_comes_after_the_end_once_and_stands(world: World):
    process = world.answering
    given = {"process": process, "learned": WHY, "changes": both("", ""), "by": world.ada}
    with pytest.raises(Refused):
        actions.publish_report(**given, at=world.now)
    ended = keeping_rules.ended_at(process)
    assert ended is not None
    assert [p.pk for p in reports.owed(world.ada, ended + DAY)] == [process.pk]
    assert not reports.is_overdue(world.ada, ended + 90 * DAY)
    assert reports.is_overdue(world.ada, ended + 91 * DAY)
    made = actions.publish_report(**given, at=ended + DAY)
    assert made.due == day_of(ended + 90 * DAY) and verbs()[-1] == "report.published"
    with pytest.raises(Refused):
        actions.publish_report(**given, at=ended + DAY)
    for change in (
        "delete from feedback_evaluationreport",
        "update feedback_evaluationreport set numbers = '{}'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert EvaluationReport.objects.count() == 1 and not reports.owed(world.ada, ended + DAY)


def test_the_report_and_the_poster_are_tagged_pdfs(world: World):
    from feedback.report_pages import as_pdf

    ended = keeping_rules.ended_at(world.answering)
    assert ended is not None
    report = actions.publish_report(
        process=world.answering, learned=WHY, changes=WHY, by=world.ada, at=ended + DAY
    )
    commitment = delivered(world)
    for made in (as_pdf(report, [(commitment, "fertig")]), links.poster(commitment)):
        assert made.startswith(b"%PDF") and b"pdfuaid" in made


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        ({"a": 30, "b": 4}, {"a": None, "b": None}),
        ({"a": 30, "b": 40, "c": 4}, {"a": None, "b": 40, "c": None}),
        ({"a": 30, "b": 7, "c": 4}, {"a": 30, "b": None, "c": None}),
        ({"a": 30, "b": 0}, {"a": 30, "b": 0}),
    ],
)
def test_a_small_group_cannot_be_had_by_subtraction(groups: dict[str, int], shown: dict[str, int | None]):
    assert small_numbers.protected(groups) == shown


@override_settings(SMALL_NUMBERS_K=2)
def test_no_setting_shows_groups_below_five():
    assert small_numbers.k() == 5
