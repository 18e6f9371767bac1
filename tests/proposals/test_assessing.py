"""The work of the offices in the open: whose it is, drafts, two signatures, questions, results."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cocreation.models import RoleGrant
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals import actions, assess_actions, rules
from proposals.actions import Details, Wording
from proposals.assess_forms import AssessmentForm
from proposals.assessing import progress, read_themes
from proposals.models import Assessment, Assignment, Clarification, Proposal
from quartier.builders import both, give_role, make_assessment, make_person, make_proposal
from tests.world import DAY

pytestmark = pytest.mark.django_db

WRITE = {"sec-fetch-site": "same-origin"}
YES = {
    "verdict": "feasible",
    "cost_from": "40000",
    "cost": "45000",
    "reason_de": "Das geht.",
    "competence": "city",
}
NO = {
    "verdict": "not_feasible", "reason_code": "law", "reason_de": "Das verbietet das Gesetz.",
    "way_on_de": "Auf dem Nachbargrundstück ginge es.", "competence": "city",
}  # fmt: skip


@pytest.fixture
def received(world) -> Proposal:
    return make_proposal(
        world.assessing, by=world.amina, place=world.village, at=world.now - 10 * DAY, title=both("Wegweiser", "Signposts")
    )  # fmt: skip


@pytest.fixture
def work(world, received) -> Assignment:
    assess_actions.assign_what_waits(world.now)
    return Assignment.objects.get(proposal=received)


@pytest.fixture
def otto(world):
    person = make_person("otto", "Otto Kern", lives_in="auental")
    give_role(person, RoleGrant.Role.OFFICIAL, office=world.parks, since=world.now - 90 * DAY)
    return person


def options(world, **fields) -> None:
    phase = world.assessing.phases.get(method="assessment")
    phase.set_opts(phase.kind.options(**fields))
    phase.save()
    world.assessing.__dict__.pop("line", None)


def found(content: dict[str, str]):
    form = AssessmentForm(content)
    assert form.is_valid(), form.errors
    return form.found


def hand_in(world, work, content=YES, *, by=None, seen=0):
    return assess_actions.hand_in(
        assignment=work, content=content, found=found(content), by=by or world.olga, at=world.now, seen=seen
    )


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Assessment, Assignment, Clarification, Entry))


# --- whose it is ---


def test_what_waits_goes_to_the_office_of_the_process_or_of_its_theme_once(world, received):
    options(world, by_theme="Klima: Amt für Finanzen\nunsinn: niemand", reserve=2)
    hot = make_proposal(
        world.assessing, by=world.amina, place=world.village, at=world.now - 9 * DAY, theme="climate",
        title=both("Hitze", "Heat"),
    )  # fmt: skip
    assert assess_actions.assign_what_waits(world.now) == 2
    assert assess_actions.assign_what_waits(world.now) == 0
    assert Assignment.objects.get(proposal=received).office == world.parks
    assert Assignment.objects.get(proposal=hot).office == world.money
    phase = world.assessing.phases.get(method="assessment")
    assert Assignment.objects.get(proposal=hot).due == phase.ends - 2 * DAY
    assert Entry.objects.filter(verb="proposal.assigned", subject_key=str(hot.pk)).count() == 1


def test_lines_that_name_nothing_are_a_gap_in_the_studio(world):
    themes, strange = read_themes("Klima: money\nAmpel: parks\nculture: GA")
    assert themes == {"climate": world.money.pk, "culture": world.parks.pk} and strange == ["Ampel: parks"]
    options(world, by_theme="Ampel: parks")
    phase = world.assessing.phases.get(method="assessment")
    assert [gap.field for gap in phase.kind.gaps(phase)] == ["by_theme"]


def test_an_office_hands_on_with_a_reason_and_its_draft_stays_behind(world, work):
    assess_actions.save_draft(assignment=work, content=YES, by=world.olga, at=world.now, seen=0)
    for bad in ({"to": world.parks}, {"reason": " "}, {"by": world.mo}):
        about = {"to": world.money, "reason": "Es geht um Geld.", "by": world.olga} | bad
        with pytest.raises(Refused):
            assess_actions.hand_on(assignment=work, at=world.now, **about)
    made = assess_actions.hand_on(
        assignment=work, to=world.money, reason="Es geht um Geld.", by=world.olga, at=world.now
    )
    work.refresh_from_db()
    assert (work.ended_at, work.handed_to, work.content) == (
        world.now,
        world.money,
        YES,
    )
    assert (made.office, made.note, made.due, made.content) == (world.money, "Es geht um Geld.", work.due, {})
    with pytest.raises(Refused):
        assess_actions.save_draft(assignment=work, content=NO, by=world.olga, at=world.now, seen=1)


def test_two_offices_the_proposal_moves_once_both_have_said_yes_and_at_once_on_a_no(world, received, work):
    plan = assess_actions.Distribution(world.assessing, world.money, None, (received.pk,), instead=False)
    assert assess_actions.distribute(plan=plan, by=world.olga, at=world.now)[1] == 1
    hand_in(world, work)
    received.refresh_from_db()
    assert received.stage == "received"
    other = received.assignments.get(office=world.money)
    hand_in(world, other, NO, by=world.ada)
    received.refresh_from_db()
    assert (received.stage, received.cost) == ("not_feasible", None)


def test_a_distribution_is_shown_before_done_at_once_and_undone(world, sign_in, received, work):
    client = sign_in(world.olga)
    address = "/de/desk/assess/distribute/assessing/"
    asked = {"office": "money", "how": "instead", "q": "Wegweiser"}
    before = counted()
    page = client.get(address, asked)
    assert page.context["preview"]["n"] == 1 and counted() == before
    gone = client.post(address, asked | {"do": "give"}, headers=WRITE)
    assert set(received.assignments.held().values_list("office__slug", flat=True)) == {"money"}
    page = client.get(gone["Location"])
    client.post(address, {"do": "undo", "batch": page.context["batch"]}, headers=WRITE)
    assert set(received.assignments.held().values_list("office__slug", flat=True)) == {"parks"}


def test_undo_leaves_what_somebody_has_begun_since(world, received, work):
    plan = assess_actions.Distribution(world.assessing, world.money, None, (received.pk,), instead=True)
    batch, _n = assess_actions.distribute(plan=plan, by=world.olga, at=world.now)
    new = received.assignments.held().get()
    assess_actions.save_draft(assignment=new, content=YES, by=world.ada, at=world.now, seen=0)
    assert (
        assess_actions.undo_distribution(process=world.assessing, batch=batch, by=world.olga, at=world.now)
        == 0
    )
    assert received.assignments.held().get() == new
    with pytest.raises(Refused):
        assess_actions.distribute(plan=plan, by=world.mo, at=world.now)


# --- drafts ---


def test_a_draft_is_seen_by_the_office_and_nobody_else(world, sign_in, otto, work, received):
    client = sign_in(world.olga)
    address = f"/de/desk/assess/{received.receipt}/"
    secret = YES | {"reason_de": "Noch nicht gesagt.", "office": str(world.parks.pk)}
    assert client.post(f"{address}draft/", secret, headers=WRITE).status_code == 200
    assert "Noch nicht gesagt." in sign_in(otto).get(address).content.decode()
    fiona = make_person("fiona", "Fiona Feld", lives_in="auental")
    give_role(fiona, RoleGrant.Role.OFFICIAL, office=world.money, since=world.now - 9 * DAY)
    pages = [
        sign_in(fiona).get(address),
        *(sign_in(None).get(f"/de/{path}") for path in (f"proposals/{received.receipt}/", f"r/{received.receipt}/", "processes/assessing/assessments/")),
    ]  # fmt: skip
    assert all(
        page.status_code == 200 and "Noch nicht gesagt." not in page.content.decode() for page in pages
    )
    refused = sign_in(fiona).post(f"{address}draft/", secret, headers=WRITE)
    assert refused.status_code == 403
    assert Assignment.objects.get(pk=work.pk).version == 1


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(world, sign_in, otto, work, received):
    assess_actions.save_draft(assignment=work, content=YES, by=otto, at=world.now, seen=0)
    with pytest.raises(assess_actions.Overtaken):
        assess_actions.save_draft(assignment=work, content=NO, by=world.olga, at=world.now, seen=0)
    address = f"/de/desk/assess/{received.receipt}/"
    sent = NO | {"office": str(world.parks.pk), "seen": "0"}
    response = sign_in(world.olga).post(address, sent, headers=WRITE)
    assert response.status_code == 409 and "Otto Kern" in response.content.decode()
    work.refresh_from_db()
    assert (work.version, work.content["verdict"]) == (1, "feasible")


# --- two signatures ---


def test_a_second_person_signs_and_then_it_is_public(world, otto, work, received):
    options(world, signatures="always")
    assert hand_in(world, work) is None
    assert not received.assessments.exists()
    work.refresh_from_db()
    assert rules.may_sign(otto, work, world.now)
    for who in (world.olga, world.mo, world.amina):
        with pytest.raises(Refused):
            assess_actions.sign(assignment=work, found=found(YES), by=who, at=world.now, seen=work.version)
    assert not received.assessments.exists()
    made = assess_actions.sign(assignment=work, found=found(YES), by=otto, at=world.now, seen=work.version)
    assert (made.by, made.signed_by, made.needs_signature) == (world.olga, otto, True)
    received.refresh_from_db()
    assert (received.stage, received.cost) == ("feasible", Decimal(45000))


def test_the_database_refuses_one_person_who_signs_for_two(world, otto, work):
    options(world, signatures="always")
    hand_in(world, work)
    work.refresh_from_db()
    made = assess_actions.sign(assignment=work, found=found(YES), by=otto, at=world.now, seen=work.version)
    for fields in ({"signed_by": world.olga}, {"signed_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.filter(pk=made.pk).update(**fields)


def test_sent_back_and_written_anew_it_waits_again(world, otto, work):
    options(world, signatures="always")
    hand_in(world, work)
    assess_actions.send_back(assignment=work, note="Der Zaun fehlt.", by=otto, at=world.now)
    work.refresh_from_db()
    assert (work.submitted_at, work.returned_note) == (None, "Der Zaun fehlt.")
    hand_in(world, work, YES | {"cost": "48000"}, by=otto, seen=work.version)
    work.refresh_from_db()
    # Whoever wrote last cannot sign it; the one who wrote first can.
    assert not rules.may_sign(otto, work, world.now) and rules.may_sign(world.olga, work, world.now)
    # Whoever changes it afterwards takes the signature away.
    assess_actions.save_draft(assignment=work, content=NO, by=world.olga, at=world.now, seen=work.version)
    assert Assignment.objects.get(pk=work.pk).submitted_at is None


def test_large_budgets_need_two_and_small_ones_one(world):
    assert not rules.needs_signature(world.assessing, world.now)
    ballot = world.assessing.phases.get(method="ballot")
    ballot.set_opts(ballot.kind.options(budget=Decimal(100_000)))
    ballot.save()
    world.assessing.__dict__.pop("line", None)
    assert rules.needs_signature(world.assessing, world.now)


# --- the finding ---


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"way_on_de": ""}, "way_on_de"),
        ({"reason_code": ""}, "reason_code"),
        ({"reason_code": "duplicate"}, "duplicate_of"),
        ({"reason_code": "duplicate", "duplicate_of": "2001-0001"}, "duplicate_of"),
        ({"competence": "other"}, "body"),
        ({"cost_from": "9", "cost": "8"}, "cost_from"),
        ({"cost_from": "9"}, "cost"),
        ({"year": "bald"}, "year"),
    ],
)
def test_a_no_says_why_and_how_it_goes_on(world, wrong, field):
    form = AssessmentForm(NO | wrong)
    assert not form.is_valid() and list(form.errors) == [field]


def test_a_range_counts_with_its_upper_end_unless_the_office_sets_the_figure(world, work, received):
    hand_in(world, work, YES | {"ballot_cost": "42000"})
    received.refresh_from_db()
    assert received.cost == Decimal(42000)
    assert received.moves.last().data == {"cost": "42000"}


def test_a_correction_has_a_reason_and_the_earlier_words_stay_readable(world, sign_in, work, received):
    first = hand_in(world, work)
    work.refresh_from_db()
    with pytest.raises(Refused):
        hand_in(world, work, NO, seen=work.version)
    assess_actions.correct(assignment=work, reason="Ein Kabel wurde gefunden.", by=world.olga, at=world.now)
    work.refresh_from_db()
    second = assess_actions.hand_in(
        assignment=work,
        content=NO,
        found=found(NO),
        by=world.olga,
        at=world.now + timedelta(hours=1),
        seen=work.version,
    )
    first.refresh_from_db()
    assert (first.replaced_at, second.correction) == (
        world.now + timedelta(hours=1),
        "Ein Kabel wurde gefunden.",
    )
    page = sign_in(None).get(f"/de/proposals/{received.receipt}/").content.decode()
    assert "Ein Kabel wurde gefunden." in page and "Das geht." not in page
    life = sign_in(None).get(f"/de/r/{received.receipt}/", follow=True).content.decode()
    assert "Das geht." in life and "Das verbietet das Gesetz." in life


def test_the_page_says_which_version_was_assessed_and_the_office_gets_it_back(world, sign_in, work, received):
    hand_in(world, work)
    actions.revise_proposal(
        proposal=received,
        wording=Wording("Wegweiser", "Neu.", "Mit Karte."),
        by=world.amina,
        at=world.now,
        seen=1,
    )
    page = sign_in(None).get(f"/de/proposals/{received.receipt}/").content.decode()
    assert "Fassung 1" in page and "Fassung 2" in page
    client = sign_in(world.olga)
    assert [row.proposal for row in client.get("/de/desk/assess/?show=changed").context["rows"]] == [received]
    sent = {"do": "holds", "office": str(world.parks.pk)}
    client.post(f"/de/desk/assess/{received.receipt}/", sent, headers=WRITE)
    assert client.get("/de/desk/assess/?show=changed").context["rows"] == []


# --- questions ---


def ask(world, work, days=6, **more):
    about = {"question": "Wo genau?", "due": world.now + days * DAY, "by": world.olga, "at": world.now}
    return assess_actions.ask_authors(assignment=work, **(about | more))


def test_while_the_authors_are_asked_the_clock_of_the_office_stands_still(world, work):
    due = work.due
    asked = ask(world, work)
    work.refresh_from_db()
    assert work.due == due + 6 * DAY and work.is_paused(world.now) and not work.is_overdue(due + DAY)
    assess_actions.answer_office(
        clarification=asked, answer="Am Tor.", by=world.amina, at=world.now + 2 * DAY
    )
    work.refresh_from_db()
    assert work.due == due + 2 * DAY and not work.is_paused(world.now + 2 * DAY)


def test_two_questions_at_once_stop_the_clock_once(world, work):
    due = work.due
    first, second = ask(world, work), ask(world, work, days=4)
    work.refresh_from_db()
    assert work.due == due + 6 * DAY
    assess_actions.answer_office(clarification=first, answer="A", by=world.amina, at=world.now + DAY)
    work.refresh_from_db()
    assert work.due == due + 4 * DAY
    assess_actions.answer_office(clarification=second, answer="B", by=world.amina, at=world.now + 3 * DAY)
    work.refresh_from_db()
    assert work.due == due + 3 * DAY


def test_an_office_asks_as_often_as_the_phase_allows_and_only_the_office(world, work):
    options(world, questions=1)
    work = Assignment.objects.get(pk=work.pk)
    with pytest.raises(Refused):
        ask(world, work, by=world.mo)
    ask(world, work)
    before = counted()
    with pytest.raises(Refused):
        ask(world, work)
    assert counted() == before


def test_the_author_answers_in_the_open_without_a_script(world, sign_in, work, received):
    asked = ask(world, work)
    me = sign_in(world.amina)
    assert "Wo genau?" in me.get("/de/me/").content.decode()
    address = f"/de/proposals/{received.receipt}/questions/{asked.pk}/"
    assert "Wo genau?" in me.get(address).content.decode()
    assert me.post(address, {"answer": ""}, headers=WRITE).status_code == 422
    unchanged = me.post(address, {"answer": "Am Tor.", "changed": "on"}, headers=WRITE)
    assert unchanged.status_code == 422 and list(unchanged.context["form"].errors) == ["changed"]
    assert sign_in(world.jonas).post(address, {"answer": "Ich!"}, headers=WRITE).status_code == 403
    asked.refresh_from_db()
    assert asked.answered_at is None
    assert me.post(address, {"answer": "Am Tor."}, headers=WRITE).status_code == 302
    for path in (f"/de/proposals/{received.receipt}/", f"/de/r/{received.receipt}/"):
        page = sign_in(None).get(path, follow=True).content.decode()
        assert "Wo genau?" in page and "Am Tor." in page
    assert me.post(address, {"answer": "Nochmal"}, headers=WRITE).status_code == 403


def test_the_authors_are_reminded_once_three_days_before(world, work):
    ask(world, work)
    later = world.now + 4 * DAY
    before = Entry.objects.filter(verb="clarification.reminded").count()
    assert assess_actions.remind_authors(world.now + DAY) == 0
    assert assess_actions.remind_authors(later) == 2  # and the one of the world
    assert assess_actions.remind_authors(later) == 0
    assert Entry.objects.filter(verb="clarification.reminded").count() == before + 2


# --- in the open ---


def test_rejections_stand_in_the_public_table_and_in_its_file(world, sign_in, work, received):
    Proposal.objects.filter(pk=received.pk).update(title="=Wegweiser")
    hand_in(world, work, NO)
    client = sign_in(None)
    page = client.get("/de/processes/assessing/assessments/")
    assert page.context["rows"][0]["refused"] and "Auf dem Nachbargrundstück" in page.content.decode()
    with CaptureQueriesContext(connection) as seen:
        assert not client.get("/de/processes/assessing/assessments/?verdict=feasible").context["rows"]
    assert len(seen) <= 9
    file = b"".join(client.get("/de/processes/assessing/assessments/?why=law&format=csv").streaming_content)
    assert "'=Wegweiser" in file.decode() and "Nachbargrundstück" in file.decode()


def test_what_is_not_public_is_not_in_the_table(world, sign_in):
    make_assessment(
        make_proposal(world.assessing, by=world.amina, place=world.village, at=world.now - 9 * DAY, title=both("Weg", "Gone")),
        by=world.olga, office=world.parks, at=world.now,
    )  # fmt: skip
    gone = Proposal.objects.get(title="Weg")
    actions.withdraw_proposal(proposal=gone, by=world.amina, at=world.now)
    assert sign_in(None).get("/de/processes/assessing/assessments/").context["rows"] == []


def test_the_process_says_how_far_the_offices_are(world, sign_in, work):
    before = progress(world.assessing, world.now)
    hand_in(world, work)
    after = progress(world.assessing, world.now)
    assert (after.done, after.all) == (before.done + 1, before.all)
    assert progress(world.collecting, world.now) is None
    assert f"{after.done} von {after.all}" in sign_in(None).get("/de/processes/assessing/").content.decode()


def test_who_observes_reads_and_does_not_write(world, sign_in, work, received):
    eve = make_person("eve", "Eve Look", lives_in="auental")
    give_role(eve, RoleGrant.Role.OBSERVER, process=world.assessing, since=world.now - DAY)
    address = f"/de/desk/assess/{received.receipt}/"
    assert sign_in(eve).get(address).status_code == 200
    sent = YES | {"office": str(world.parks.pk)}
    assert sign_in(eve).post(address, sent, headers=WRITE).status_code == 403
    assert sign_in(eve).post(f"{address}draft/", sent, headers=WRITE).status_code == 403
    work.refresh_from_db()
    assert work.version == 0


def test_the_queue_takes_as_many_queries_with_twenty_as_with_two(world, sign_in):
    def fill(n: int) -> None:
        for number in range(n):
            make_proposal(
                world.assessing, by=world.amina, place=world.village, at=world.now - 9 * DAY, channel="event",
                title=both(f"Nummer {number}", f"Number {number}"),
            )  # fmt: skip
        assess_actions.assign_what_waits(world.now)

    def queries() -> int:
        client = sign_in(world.olga)
        client.get("/de/desk/assess/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/de/desk/assess/").status_code == 200
        return len(seen)

    fill(2)
    few = queries()
    fill(20)
    assert queries() == few


def test_details_survive_the_way_from_the_form_to_the_page(world, sign_in, work, received):
    content = YES | {
        "yearly_cost": "1200", "estimate": "Preise der letzten Ausschreibung", "competence": "other",
        "body": "Straßenbauamt des Landes", "permit": "Baugenehmigung", "implementer": "money", "year": "2029",
    }  # fmt: skip
    made = hand_in(world, work, content)
    assert (made.year, made.implementer, made.body) == (2029, world.money, "Straßenbauamt des Landes")
    page = sign_in(None).get(f"/de/proposals/{received.receipt}/").content.decode()
    for words in (
        "Preise der letzten Ausschreibung",
        "Straßenbauamt des Landes",
        "Baugenehmigung",
        "2029",
        "40.000",
    ):
        assert words in page
    assert Details().way_on == {}
