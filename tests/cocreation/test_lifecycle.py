"""From the draft to the archive: previews, planned publication to the second, stopping, and nothing public is deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from cocreation import lifecycle
from cocreation.methods import methods
from cocreation.models import ConfigChange, Phase, PreviewLink, Process
from groundwork.answer import Refused
from groundwork.html import say
from groundwork.journal.models import Entry

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
WHY = {"de": "Das Land hat das Geld gestrichen.", "en": "The state has cut the money."}


@pytest.fixture
def draft(world) -> Process:
    return world.processes["draft"]


# --- planned publication ---


def test_it_becomes_public_at_its_second_and_once(world, draft, client, time_machine):
    moment = (world.now + 2 * DAY).replace(microsecond=0)
    lifecycle.schedule_publication(process=draft, moment=moment, by=world.ada, at=world.now)
    time_machine.move_to(moment - SECOND, tick=False)
    assert lifecycle.publish_due(moment - SECOND) == 0
    assert client.get("/de/processes/draft/").status_code == 404
    time_machine.move_to(moment, tick=False)
    assert lifecycle.publish_due(moment) == 1
    assert lifecycle.publish_due(moment) == 0
    assert client.get("/de/processes/draft/").status_code == 200
    draft.refresh_from_db()
    assert (draft.published_at, draft.publish_at) == (moment, None)
    assert Entry.objects.filter(verb="process.published", process_id=draft.pk).count() == 1
    assert draft.gate_answers.exists()


def test_the_gate_is_asked_when_it_is_planned(world, draft):
    Process.objects.filter(pk=draft.pk).update(question_de="")
    with pytest.raises(Refused):
        lifecycle.schedule_publication(process=draft, moment=world.now + DAY, by=world.ada, at=world.now)
    # Too late for the seven days of notice before the first phase, which begins in ten days.
    Process.objects.filter(pk=draft.pk).update(question_de="Was soll entstehen?")
    with pytest.raises(Refused):
        lifecycle.schedule_publication(process=draft, moment=world.now + 4 * DAY, by=world.ada, at=world.now)
    with pytest.raises(ValidationError):
        lifecycle.schedule_publication(process=draft, moment=world.now, by=world.ada, at=world.now)
    draft.refresh_from_db()
    assert draft.publish_at is None


def test_the_gate_is_asked_again_when_the_moment_comes(world, draft, sign_in):
    moment = world.now + DAY
    lifecycle.schedule_publication(process=draft, moment=moment, by=world.ada, at=world.now)
    Process.objects.filter(pk=draft.pk).update(question_en="")
    assert lifecycle.publish_due(moment) == 0
    draft.refresh_from_db()
    assert (draft.published_at, draft.publish_at) == (None, None)
    with translation.override("en"):
        page = sign_in(world.ada).get("/en/studio/draft/life/").content.decode()
    assert "because something was missing" in page
    assert ConfigChange.objects.filter(process=draft, what="not_published", by=None).count() == 1


def test_a_plan_is_called_off(world, draft):
    moment = world.now + DAY
    lifecycle.schedule_publication(process=draft, moment=moment, by=world.ada, at=world.now)
    lifecycle.unschedule_publication(process=draft, by=world.ada, at=world.now)
    assert lifecycle.publish_due(moment) == 0
    with pytest.raises(Refused):
        lifecycle.unschedule_publication(process=draft, by=world.ada, at=world.now)


# --- preview ---


def test_a_link_opens_the_page_and_nothing_else_until_it_is_revoked(world, draft, client, sign_in):
    ada = sign_in(world.ada)
    assert ada.post("/de/studio/draft/life/", {"act": "preview"}, **HERE).status_code == 302
    link = PreviewLink.objects.valid().get()
    answer = client.get(f"/en/preview/{link.token}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Preview, not public" in page
    assert "noindex" in answer["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in page
    assert "calendar.ics" not in page
    for path in (
        "/en/processes/draft/",
        "/en/processes/draft/calendar.ics",
        "/en/processes/draft/proposals/",
    ):
        assert client.get(path).status_code == 404
    lifecycle.make_preview(process=draft, by=world.ada, at=world.now)  # a new one ends the old one
    assert client.get(f"/en/preview/{link.token}/").status_code == 404
    second = PreviewLink.objects.valid().get()
    lifecycle.revoke_preview(process=draft, by=world.ada, at=world.now)
    assert client.get(f"/en/preview/{second.token}/").status_code == 404


def test_once_public_the_link_leads_to_the_page(world, draft, client):
    link = lifecycle.make_preview(process=draft, by=world.ada, at=world.now)
    lifecycle.publish_process(process=draft, by=world.ada, at=world.now)
    assert client.get(f"/de/preview/{link.token}/")["Location"] == "/de/processes/draft/"
    with pytest.raises(Refused):
        lifecycle.make_preview(process=draft, by=world.ada, at=world.now)


# --- stop ---


@pytest.mark.parametrize("name", ["collecting", "assessing", "voting", "answering", "announced"])
def test_a_stop_refuses_every_act_with_reason_and_date(world, name):
    process = world.processes[name]
    lifecycle.stop_process(process=process, reason=WHY, by=world.ada, at=world.now)
    process = Process.objects.get(pk=process.pk)
    acts = sorted({act.slug for method in methods for act in method.acts})
    for act in acts:
        for person in (None, world.amina, world.olga, world.ada):
            answer = process.allows(act, person, world.now)
            assert not answer
            with translation.override("en"):
                assert WHY["en"] in str(answer.reason)
                assert say.day(world.now) in str(answer.reason)
            for phase in Phase.objects.filter(process=process):
                assert not phase.allows(act, person, world.now)


def test_a_stop_refuses_real_acts_and_the_page_says_so_on_top(world, sign_in):
    from proposals.actions import support_proposal
    from proposals.ballots.actions import cast
    from proposals.ballots.models import Slot, Vote

    for name in ("collecting", "voting"):
        lifecycle.stop_process(process=world.processes[name], reason=WHY, by=world.ada, at=world.now)
    proposal = type(world.fountain).objects.get(pk=world.fountain.pk)
    with pytest.raises(Refused):
        support_proposal(proposal=proposal, by=world.amina, at=world.now)
    vote = Vote.objects.select_related("phase__process").get(phase__process=world.voting)
    with pytest.raises(Refused):
        cast(vote=vote, by=world.amina, chosen=[], at=world.now)
    assert not Slot.objects.filter(vote=vote).exists()
    page = sign_in(world.amina).get("/en/processes/collecting/").content.decode()
    assert page.index(WHY["en"]) < page.index("<h1")
    assert "Nobody can take part here any more" in page
    form = {
        "title": "Neu",
        "summary": "Neu.",
        "body": "Neu.",
        "theme": "green",
        "place": world.village.pk,
        "language": "de",
    }
    answer = sign_in(world.amina).post("/en/processes/collecting/propose/", form, **HERE)
    assert answer.status_code == 403
    assert WHY["en"] in answer.content.decode()


def test_a_stopped_process_promises_no_dates_any_more(world, client):
    lifecycle.stop_process(process=world.assessing, reason=WHY, by=world.ada, at=world.now)
    lifecycle.stop_process(process=world.voting, reason=WHY, by=world.ada, at=world.now)
    for path in (
        "proposals/",
        "processes/assessing/",
        "processes/voting/",
        world.to_assess.get_absolute_url()[4:],
    ):
        page = client.get(f"/en/{path}").content.decode()
        assert "In assessment" not in page
        assert "By then" not in page


def test_a_stop_calls_off_the_vote_for_good(world):
    from proposals.ballots.actions import close_and_count
    from proposals.ballots.models import Vote
    from proposals.models import Proposal, Stage

    vote = Vote.objects.get(phase__process=world.voting)
    lifecycle.stop_process(process=world.voting, reason=WHY, by=world.ada, at=world.now)
    Phase.objects.filter(pk=vote.pk).update(ends=world.now - SECOND)
    assert close_and_count(vote=vote, at=world.now) is None
    assert not Proposal.objects.filter(process=world.voting, stage=Stage.ON_BALLOT).exists()


@pytest.mark.parametrize("reason", [{}, {"de": "Weil.", "en": ""}, {"de": " ", "en": "Because."}])
def test_a_stop_needs_its_reason(world, reason):
    with pytest.raises(ValidationError):
        lifecycle.stop_process(process=world.collecting, reason=reason, by=world.ada, at=world.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Process.objects.filter(pk=world.collecting.pk).update(stopped_at=world.now)
    assert not Process.objects.get(pk=world.collecting.pk).stopped_at


@pytest.mark.parametrize("name", ["amina", "olga", "mo", "clara"])
def test_only_the_administration_runs_the_life_of_a_process(world, draft, name):
    person, over = world.people[name], world.processes["answering"]
    for act in (
        lambda: lifecycle.stop_process(process=over, reason=WHY, by=person, at=world.now),
        lambda: lifecycle.archive_process(process=over, by=person, at=world.now),
        lambda: lifecycle.make_preview(process=draft, by=person, at=world.now),
        lambda: lifecycle.schedule_publication(
            process=draft, moment=world.now + DAY, by=person, at=world.now
        ),
    ):
        with pytest.raises(Refused):
            act()


# --- archive, and never deletion ---


def test_the_archive_takes_it_out_of_the_lists_and_keeps_it_readable(world, client):
    process = world.processes["assessing"]
    with pytest.raises(Refused):
        lifecycle.archive_process(process=process, by=world.ada, at=world.now)  # it runs
    lifecycle.stop_process(process=process, reason=WHY, by=world.ada, at=world.now)
    lifecycle.archive_process(process=process, by=world.ada, at=world.now)
    assert "/de/processes/assessing/" not in client.get("/de/processes/").content.decode()
    assert "/de/processes/assessing/" not in client.get("/de/processes/?state=over").content.decode()
    assert "/de/processes/assessing/" in client.get("/de/processes/?state=archived").content.decode()
    assert client.get("/de/processes/assessing/").status_code == 200
    lifecycle.unarchive_process(process=process, by=world.ada, at=world.now)
    assert "/de/processes/assessing/" in client.get("/de/processes/?state=over").content.decode()


def test_the_database_deletes_no_process_that_was_public(world, draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Process.objects.filter(pk=world.announced.pk)._raw_delete("default")
    world.proposals["planned"].contribution.delete()
    Process.objects.get(pk=draft.pk).delete()
    assert not Process.objects.filter(pk=draft.pk).exists()


# --- hand-over ---


def test_the_hand_over_lists_duties_with_dates_people_and_changes(world, sign_in):
    ada = sign_in(world.ada)
    page = ada.get("/en/studio/assessing/handover/").content.decode()
    assert "1 proposal to assess" in page
    assert "Olga Brandt" in page
    page = ada.get("/en/studio/answering/handover/").content.decode()
    assert "1 contribution to answer" in page
    assert "Ten benches by the river" in page
    assert "Paths without steps" in page
    lifecycle.stop_process(process=world.assessing, reason=WHY, by=world.ada, at=world.now)
    page = ada.get("/en/studio/assessing/handover/").content.decode()
    assert "to assess" not in page
    assert WHY["en"] in page


def test_another_office_leads_to_the_hand_over(world, sign_in):
    ada, draft = sign_in(world.ada), world.processes["draft"]
    form = {
        "title_de": draft.title_de, "title_en": draft.title_en, "office": world.money.pk, "promise": "consult",
        "minutes": 3, "hue": "river", "pattern": "river",
    }  # fmt: skip
    answer = ada.post("/de/studio/draft/texts/", form, **HERE)
    assert answer["Location"] == "/de/studio/draft/handover/"
