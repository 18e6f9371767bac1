"""A dry run shows how a draft goes, with invented people; nobody else ever hears of it, and it goes without a trace."""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate
from django.core import mail
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.models import Person
from cocreation import dry_run
from cocreation.actions import hide_contribution, publish_process
from cocreation.announcing import announce_phases
from cocreation.models import Contribution, DryRun, Phase, Process
from cocreation.queries import search_processes
from cocreation.querysets import listed
from groundwork.answer import Refused
from groundwork.journal import api as journal
from groundwork.journal.models import Entry
from proposals.actions import support_proposal
from proposals.budgets.models import Envelope
from proposals.counts import counts_of
from proposals.models import Proposal
from proposals.queries import search
from tests.visits import MISSING, showing_what_is_missing

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def rehearse(world, phase: str = "ideas") -> DryRun:
    return dry_run.start(process=world.processes["draft"], phase=phase, by=world.ada, at=timezone.now())


def forward(run: DryRun, phase: str, world) -> DryRun:
    return dry_run.go_to(run=run, phase=phase, by=world.ada, at=timezone.now())


def rows() -> dict[str, int]:
    """How many rows every table has; sessions aside."""
    return {
        model._meta.label: models.QuerySet(model).count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label != "sessions.Session"
    }


def everything() -> dict[str, list]:
    """Every row that is there, as it stands, but for sessions and cursors."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table == "django_session":
                continue
            cursor.execute(f'select md5(t::text) from "{table}" t order by 1')
            found[table] = cursor.fetchall()
    return found


def keys() -> set[str]:
    folder = settings.VOTE_KEYS_DIR
    return set(os.listdir(folder)) if os.path.isdir(folder) else set()


def test_the_chosen_phase_is_open_now_and_the_earlier_ones_have_happened(world):
    run = rehearse(world, "ballot")
    now = timezone.now()
    assert [phase.key for phase in run.process.open_phases(now)] == ["ballot"]
    proposals = Proposal.objects.filter(process=run.process)
    assert proposals.count() == 10
    assert proposals.filter(stage="on_ballot").count() == 9
    assert proposals.filter(stage="not_feasible").count() == 1
    assert run.notes["ideas"]
    assert run.notes["ballot"]
    # The distances of the draft are those of the rehearsal.
    draft = {phase.key: phase for phase in world.processes["draft"].line}
    shifts = {phase.starts - draft[phase.key].starts for phase in run.process.line}
    assert len(shifts) == 1


def test_one_goes_from_phase_to_phase_to_the_answer(world):
    run = rehearse(world)
    assert Proposal.objects.filter(process=run.process, stage="received").count() == 10
    for key in ("assessment", "ballot", "answer"):
        run = forward(run, key, world)
        open_now = run.process.open_phases(timezone.now())
        assert [phase.key for phase in open_now if phase.lane == 0] == [key]
    chosen = Proposal.objects.filter(process=run.process)
    assert chosen.filter(stage="answered").count() == 10
    assert set(run.ended) - {"talk"} == {"ideas", "assessment", "ballot"}
    moments = Contribution.objects.filter(process=run.process).values_list("created_at", flat=True)
    ideas = run.process.phases.get(key="ideas")
    assert all(ideas.starts <= moment < ideas.ends for moment in moments)


def test_going_back_begins_afresh(world):
    run = rehearse(world, "ballot")
    again = forward(run, "ideas", world)
    assert again.pk != run.pk
    assert Process.objects.filter(dry_run_of=world.processes["draft"]).count() == 1
    assert not Proposal.objects.filter(process=run.pk).exists()


def test_it_goes_without_a_trace_and_touches_nobody_elses_rows(world):
    Envelope.objects.create(process=world.processes["draft"], amount=Decimal(50_000), title_de="Geld")
    before, files, numbers = everything(), keys(), rows()
    run = rehearse(world, "answer")
    during = rows()
    assert during["proposals.Proposal"] == numbers["proposals.Proposal"] + 10
    assert during["ballots.CastBallot"] > numbers["ballots.CastBallot"]
    assert during["journal.Entry"] == numbers["journal.Entry"]
    dry_run.remove(process=world.processes["draft"], by=world.ada)
    assert rows() == numbers
    assert everything() == before
    assert keys() == files
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    assert not Process.objects.filter(pk=run.pk).exists()


def test_nobody_hears_of_it(world, sign_in, client):
    run = rehearse(world, "ballot")
    sandbox, now = run.process, timezone.now()
    assert not Process.objects.published().filter(pk=sandbox.pk).exists()
    assert sandbox not in Process.objects.visible_to(None)
    assert sandbox not in Process.objects.visible_to(world.amina)
    assert sandbox not in Process.objects.visible_to(world.mo)
    for person in (None, world.amina, world.olga, world.mo):
        seen = Contribution.objects.visible_to(person)
        assert not seen.filter(process=sandbox).exists()
    assert not [process for process in listed(world.ada, now) if process.is_dry_run]
    assert not [process for process in search_processes("Geheimnis", now) if process.is_dry_run]
    assert not [proposal for proposal in search("Trinkbrunnen Spielplatz", "de") if proposal.process_id < 0]
    assert not Proposal.objects.public().filter(process=sandbox).exists()
    assert counts_of().total() == Proposal.objects.public().count()
    assert announce_phases(now) == 0 or not Entry.objects.filter(process_id=sandbox.pk).exists()
    receipt = Proposal.objects.filter(process=sandbox).first().receipt
    for reader in (client, sign_in(world.amina), sign_in(world.mo), sign_in(world.olga)):
        for address in (f"/de/processes/{sandbox.slug}/", f"/de/proposals/{receipt}/"):
            assert reader.get(address).status_code == 404, address
    pages = [
        "/de/",
        "/de/processes/",
        "/de/proposals/",
        "/de/results/",
        "/de/search/?q=Trinkbrunnen",
        "/de/studio/",
    ]
    for address in [*pages, "/de/desk/", "/de/desk/assess/", "/de/desk/answer/"]:
        text = sign_in(world.ada).get(address).content.decode()
        assert sandbox.slug not in text, address
        assert "DEMO-" not in text, address
    assert not mail.outbox


def test_its_receipts_take_no_number_of_the_citys(world):
    with connection.cursor() as cursor:
        cursor.execute("select last_value from cocreation_receipt")
        before = cursor.fetchone()
        run = rehearse(world)
        cursor.execute("select last_value from cocreation_receipt")
        assert cursor.fetchone() == before
    receipts = Contribution.objects.filter(process=run.process).values_list("receipt", flat=True)
    assert all(receipt.startswith("DEMO-") for receipt in receipts)


def test_the_journal_refuses_it(world):
    run = rehearse(world)
    count = Entry.objects.count()
    journal.record("process.changed", on=run.process, process=run.process, at=timezone.now())
    journal.record_many(
        [{"verb": "process.changed", "on": run.process, "process": run.pk, "at": timezone.now()}]
    )
    assert Entry.objects.count() == count
    with pytest.raises(IntegrityError, match="no_rehearsal"), transaction.atomic():
        Entry.objects.create(
            verb="process.changed", subject_label="x", subject_key="1", process_id=run.pk, at=timezone.now()
        )


def test_it_is_never_published(world):
    run = rehearse(world)
    with pytest.raises(Refused):
        publish_process(process=run.process, by=world.ada, at=timezone.now())
    with pytest.raises(IntegrityError, match="dry_run_is_apart"), transaction.atomic():
        Process.objects.filter(pk=run.pk).update(published_at=timezone.now())


def test_only_a_draft_is_rehearsed_and_only_by_the_administration(world):
    for person, process in [
        (world.ada, world.collecting),
        (world.amina, world.processes["draft"]),
        (world.olga, world.processes["draft"]),
    ]:
        with pytest.raises(Refused):
            dry_run.start(process=process, phase="ideas", by=person, at=timezone.now())
    assert not DryRun.objects.exists()


def test_invented_people_cannot_log_in_and_are_in_no_electorate(world, client):
    run = rehearse(world, "ballot")
    guest = run.people.first()
    assert guest.invented
    assert not guest.is_active
    assert "(erfunden)" in guest.public_name
    assert guest not in world.voting.people()
    assert set(run.process.people()) == set(run.people.all())
    with pytest.raises(IntegrityError, match="invented_cannot_log_in"), transaction.atomic():
        Person.objects.filter(pk=guest.pk).update(is_active=True)
    with pytest.raises(IntegrityError, match="invented_cannot_log_in"), transaction.atomic():
        Person.objects.filter(pk=guest.pk).update(password="md5$x$y")
    assert authenticate(email=guest.email, password="!") is None
    client.post("/de/identify/password/reset/", {"email": guest.email}, **HERE)
    assert not [
        letter for letter in mail.outbox if guest.email in letter.to and "password/reset" in letter.body
    ]


def test_real_people_do_nothing_in_it(world):
    run = rehearse(world)
    now = timezone.now()
    for person in (None, world.amina, world.ada):
        answer = run.process.allows("propose", person, now)
        assert not answer
        assert not run.process.line[0].allows("propose", person, now)
    proposal = Proposal.objects.filter(process=run.process).first()
    with pytest.raises(Refused):
        support_proposal(proposal=proposal, by=world.amina, at=now)


def test_moderators_have_no_work_with_it(world):
    run = rehearse(world)
    contribution = Contribution.objects.filter(process=run.process).first()
    for person in (world.mo, world.ada):
        with pytest.raises(Refused):
            hide_contribution(contribution=contribution, by=person, at=timezone.now(), rule="law", reason="x")


def test_an_invented_person_does_nothing_elsewhere(world):
    run = rehearse(world)
    guest = dry_run.as_guest(run.people.first(), run.process)
    seen = set(Process.objects.visible_to(guest))
    assert seen == {run.process}
    assert {c.process_id for c in Contribution.objects.visible_to(guest)} == {run.pk}


def test_the_way_through_the_studio(world, sign_in):
    ada, here = sign_in(world.ada), "/en/studio/draft/dry-run/"
    assert "In which phase shall it begin?" in ada.get(here).content.decode()
    assert ada.post(f"{here}go/", {"phase": "nowhere"}, **HERE).status_code == 404
    assert ada.post(f"{here}go/", {"phase": "ideas"}, **HERE).status_code == 302
    run = dry_run.of(world.processes["draft"])
    sandbox = run.process
    page = ada.get(f"/en/processes/{sandbox.slug}/").content.decode()
    assert "<b>DEMO</b>" in page
    assert "You act as" not in page
    guest = run.people.order_by("pk").first()
    answer = ada.post(f"{here}act/", {"person": guest.pk}, **HERE)
    assert answer["Location"] == f"/en/processes/{sandbox.slug}/"
    for address in (
        f"/en/processes/{sandbox.slug}/",
        f"/en/processes/{sandbox.slug}/proposals/",
        f"/en/processes/{sandbox.slug}/propose/",
    ):
        page = ada.get(address).content.decode()
        assert "<b>DEMO</b>" in page, address
        assert f"You act as {guest.public_name}" in page
    form = {
        "title": "Ein Steg am See", "summary": "Zum Sitzen.", "body": "Weil er fehlt.", "theme": "meeting",
        "place": str(world.town.pk), "language": "de",
    }  # fmt: skip
    done = ada.post(f"/en/processes/{sandbox.slug}/propose/", form, **HERE)
    assert done.status_code == 302, done.content.decode()[-2000:]
    proposal = Proposal.objects.get(title="Ein Steg am See")
    assert proposal.contribution.author_id == guest.pk
    assert "<b>DEMO</b>" in ada.get(done["Location"]).content.decode()
    other = Proposal.objects.filter(process=sandbox).exclude(contribution__author=guest).first()
    ada.post(f"/en/proposals/{other.receipt}/support/", **HERE)
    # On every other page she is herself, and in the studio too.
    assert "Ada" in ada.get("/en/me/").content.decode()
    assert "<b>DEMO</b>" not in ada.get("/en/").content.decode()
    with showing_what_is_missing():
        for address in (here, f"/en/processes/{sandbox.slug}/"):
            page = ada.get(address)
            assert page.status_code == 200
            assert MISSING not in page.content.decode()
    assert ada.post(f"{here}go/", {"phase": "assessment"}, **HERE).status_code == 302
    assert ada.post(f"{here}go/", {"phase": "ballot"}, **HERE).status_code == 302
    ballot = ada.get(f"/en/processes/{sandbox.slug}/ballot/")
    assert ballot.status_code == 200
    assert "<b>DEMO</b>" in ballot.content.decode()
    options = sandbox.phases.get(key="ballot").vote.options.order_by("cost")
    cast = ada.post(f"/en/processes/{sandbox.slug}/ballot/", {"choice": [options[0].pk]}, **HERE)
    assert cast.status_code == 302, cast.content.decode()[-2000:]
    assert ada.post(f"{here}go/", {"phase": "answer"}, **HERE).status_code == 302
    assert ada.get(f"/en/processes/{sandbox.slug}/result/").status_code == 200
    assert ada.post(f"{here}remove/", **HERE).status_code == 302
    assert ada.get(f"/en/processes/{sandbox.slug}/").status_code == 404
    assert not Person.objects.filter(invented=True).exists()


def test_nobody_stands_in_for_anybody_without_the_role(world, sign_in):
    run = rehearse(world)
    guest = run.people.first()
    client = sign_in(world.amina)
    session = client.session
    session["stand_in"] = {str(run.pk): guest.pk}
    session.save()
    assert client.get(f"/en/processes/{run.process.slug}/").status_code == 404


def test_it_goes_by_itself_after_a_month_or_when_the_process_is_public(world):
    run = rehearse(world)
    assert dry_run.sweep(timezone.now()) == 0
    assert dry_run.sweep(timezone.now() + 31 * DAY) == 1
    assert not Process.objects.filter(pk=run.pk).exists()
    run = rehearse(world)
    Process.objects.filter(pk=world.processes["draft"].pk).update(published_at=timezone.now())
    assert dry_run.sweep(timezone.now()) == 1
    assert not Person.objects.filter(invented=True).exists()


def test_what_cannot_be_rehearsed_is_said(world):
    Phase.objects.filter(process=world.processes["draft"], key="ballot").update(
        options={"version": 1, "budget": None}
    )
    run = rehearse(world, "ballot")
    assert "Budget" in run.notes["ballot"]
