"""The second reader, the reply clock, one answer to many, the end of a process, the two-way trace, and talking back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cocreation import lifecycle
from cocreation.models import RoleGrant
from feedback import actions, clocks, rules
from feedback.actions import Wording
from feedback.models import (
    AnswerDraft,
    FollowUp,
    Helpful,
    OfficialAnswer,
    Plan,
    PlanParagraph,
    PlanSource,
    ReplyClock,
    ReplyDate,
)
from feedback.notices.models import Notice
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.actions import support_proposal
from proposals.merging.cluster_actions import Naming, add_to_cluster, make_cluster
from proposals.models import Proposal, Stage, Support
from quartier.builders import both, give_role, make_person, make_proposal
from tests.feedback.notices.spreading import spread
from tests.feedback.test_pages import SENT, page
from tests.world import DAY, World

pytestmark = pytest.mark.django_db

YES = Wording("accepted", both("Wir bauen das.", "We will build it."), "doable")
NO = Wording("not_accepted", both("Das Geld reicht nicht.", "There is not enough money."), "too_dear")


def answer_phase(world: World, **options):
    phase = clocks.answer_phase(world.answering)
    phase.set_opts(phase.kind.options(**options))
    phase.save()
    world.answering.__dict__.pop("line", None)
    return phase


def colleague(world: World, name: str = "otto", **more):
    person = make_person(name, name.title(), lives_in="auental")
    give_role(person, RoleGrant.Role.OFFICIAL, office=world.parks, since=world.now - DAY, **more)
    return person


def drafted(world: World, by=None) -> AnswerDraft:
    draft = actions.save_draft(
        process=world.answering, contribution=world.answering0.contribution, office=world.parks,
        content={"status": "accepted"}, by=by or world.olga, at=world.now,
    )  # fmt: skip
    return actions.hand_in(draft=draft, by=by or world.olga, at=world.now)


# --- the second reader ---


def test_an_answer_is_published_by_its_second_reader_and_never_by_its_writer(world: World):
    answer_phase(world, alone="nobody")
    with pytest.raises(Refused, match="zweite Person"):
        actions.answer_contribution(
            contribution=world.answering0.contribution, office=world.parks, status="accepted", reason=YES.reason,
            by=world.olga, at=world.now,
        )  # fmt: skip
    draft, otto = drafted(world), colleague(world)
    with pytest.raises(Refused):
        actions.publish_draft(draft=draft, wording=YES, by=world.olga, at=world.now, seen=draft.version)
    assert not OfficialAnswer.objects.exists()
    (made,) = actions.publish_draft(draft=draft, wording=YES, by=otto, at=world.now, seen=draft.version)
    assert (made.by, made.read_by, made.signed_as) == (world.olga, otto, "official")
    with pytest.raises(Refused):
        actions.publish_draft(draft=draft, wording=YES, by=otto, at=world.now, seen=draft.version)
    assert OfficialAnswer.objects.count() == 1


def test_heads_may_skip_the_second_reader_where_the_phase_says_so(world: World):
    answer_phase(world, alone="heads")
    head = colleague(world, "hanna", head=True)
    assert rules.needs_reader(world.olga, world.answering, world.parks, world.now)
    assert not rules.needs_reader(head, world.answering, world.parks, world.now)


def test_what_was_changed_after_handing_in_waits_no_more(world: World):
    draft, otto = drafted(world), colleague(world)
    actions.save_draft(
        process=world.answering, contribution=world.answering0.contribution, office=world.parks,
        content={"status": "done"}, by=world.olga, at=world.now,
    )  # fmt: skip
    with pytest.raises(Refused, match="geändert"):
        actions.publish_draft(draft=draft, wording=YES, by=otto, at=world.now, seen=draft.version)
    assert not OfficialAnswer.objects.exists()


def test_a_reader_sends_back_with_words_and_the_writer_hears_of_it(world: World):
    draft, otto = drafted(world), colleague(world)
    with pytest.raises(Refused):
        actions.send_back(draft=draft, note=" ", by=otto, at=world.now)
    actions.send_back(draft=draft, note="Die Kosten fehlen.", by=otto, at=world.now)
    entry = Entry.objects.get(verb="answer.returned")
    assert entry.data["tell"] == [world.olga.pk]


def test_the_desk_hands_in_and_the_reader_publishes(world: World, sign_in):
    answer_phase(world, alone="nobody")
    otto = colleague(world)
    sent = {
        "office": str(world.parks.pk),
        "status": "accepted",
        "reason_code": "doable",
        "reason_de": "Wir bauen es.",
    }
    url = f"/de/desk/answers/{world.answering0.receipt}/"
    response = sign_in(world.olga).post(url, sent, **SENT)
    draft = AnswerDraft.objects.get()
    assert response.url.endswith(f"/desk/answers/drafts/{draft.pk}/") and not OfficialAnswer.objects.exists()
    assert "Wir bauen es." not in page(sign_in(None), world.answering0.get_absolute_url())
    reader = sign_in(otto)
    assert "Wir bauen es." in page(reader, response.url)
    assert reader.post(response.url, {"do": "publish", "seen": draft.version}, **SENT).status_code == 302
    made = OfficialAnswer.objects.get()
    assert (made.by, made.read_by, made.reason_code) == (world.olga, otto, "doable")


@pytest.mark.parametrize("change", [{"reason_de": "Anders"}, {"reason_code": "law"}, {"by_id": 1}])
def test_the_database_keeps_a_published_answer_as_it_was_said(world: World, change: dict):
    drafted(world)
    actions.answer_contribution(
        contribution=world.answering0.contribution, office=world.parks, status="accepted", reason=YES.reason,
        by=world.olga, at=world.now,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialAnswer.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialAnswer.objects.all()._raw_delete("default")


# --- the reply clock ---


def test_the_date_is_fixed_at_the_publication_and_moving_the_phase_does_not_move_it(world: World):
    fixed = clocks.fix_date(world.answering, world.now)
    assert fixed.due == world.answering.answer_by
    type(world.answering).objects.filter(pk=world.answering.pk).update(answer_by=world.now + 400 * DAY)
    world.answering.refresh_from_db()
    assert clocks.fix_date(world.answering, world.now).due == fixed.due
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplyDate.objects.update(due=world.now + 400 * DAY)


def test_an_office_is_reminded_twice_then_late_then_its_head_hears_of_it(world: World):
    """A frozen clock from three weeks before the date to a week after it, day by day."""
    due = clocks.fix_date(world.answering, world.now).due
    ReplyDate.objects.exclude(process=world.answering).delete()
    head = colleague(world, "hanna", head=True)
    told: list[tuple[int, str, str, int, list[int]]] = []
    for day in range(-21, 8):
        with time_machine.travel(due + day * DAY, tick=False):
            clocks.remind(due + day * DAY)
            clocks.remind(due + day * DAY)  # a job may run twice
            for entry in Entry.objects.filter(verb__in=["reply.reminded", "reply.escalated"])[len(told) :]:
                told.append((day, entry.verb, entry.data["step"], entry.data["n"], entry.data["tell"]))
    office = sorted([world.olga.pk, head.pk])
    assert told == [
        (-14, "reply.reminded", "14", 4, office),
        (-3, "reply.reminded", "3", 4, office),
        (1, "reply.reminded", "late", 4, office),
        (3, "reply.escalated", "head", 4, [head.pk]),
    ]


def test_the_pages_say_how_long_it_takes_and_how_late_it_is(world: World, sign_in):
    due = clocks.fix_date(world.answering, world.now).due
    client, url = sign_in(None), world.answering0.get_absolute_url()
    with time_machine.travel(due - 5 * DAY, tick=False):
        assert "fällig in 5 Tagen" in page(client, url)
        assert "fällig in 5 Tagen" in page(client, world.answering.get_absolute_url())
    with time_machine.travel(due + 3 * DAY, tick=False):
        assert "seit 3 Tagen überfällig" in page(client, url)
        assert "Grünflächenamt" in page(client, "/de/answers/")
        row = next(row for row in clocks.rates(due + 3 * DAY) if row.name == "Grünflächenamt")
        assert (row.kept, row.of, row.overdue) == (0, 4, 4)


def test_only_an_outcome_stops_the_clock_and_only_in_time_counts(world: World):
    due = clocks.fix_date(world.answering, world.now).due
    given = {"office": world.parks, "reason": YES.reason, "by": world.olga}
    actions.answer_contribution(
        contribution=world.answering0.contribution, status="being_checked", at=due - DAY, next_date=(due + 9 * DAY).date(), **given
    )  # fmt: skip
    assert world.answering0.pk in clocks.without_outcome(world.answering)
    actions.answer_contribution(
        contribution=world.answering0.contribution, status="accepted", at=due + DAY, **given
    )
    actions.answer_contribution(
        contribution=world.answering1.contribution, status="accepted", at=due - DAY, **given
    )
    (row,) = [row for row in clocks.rates(due + 2 * DAY) if row.name == "Grünflächenamt"]
    assert (row.kept, row.of, row.overdue) == (1, 4, 2)


def test_enough_supporters_start_a_clock_from_the_moment_they_are_enough(world: World):
    phase = clocks.answer_phase(world.collecting)
    phase.set_opts(phase.kind.options(threshold=2, days=20))
    phase.save()
    world.collecting.__dict__.pop("line", None)
    clocks.fix_date(world.collecting, world.now)
    Support.objects.filter(proposal=world.fountain).delete()
    Proposal.objects.filter(pk=world.fountain.pk).update(supports=0)
    assert clocks.start_clocks(world.now) == 0
    for number in range(3):
        who = make_person(f"supporter{number}", f"Supporter {number}", lives_in="auental", verified=True)
        support_proposal(proposal=world.fountain, by=who, at=world.now + timedelta(hours=number))
    Proposal.objects.filter(pk=world.fountain.pk).update(supports=3)
    assert clocks.start_clocks(world.now + 2 * DAY) == 1 and clocks.start_clocks(world.now + 2 * DAY) == 0
    clock = ReplyClock.objects.get()
    assert clock.reached_at == world.now + timedelta(hours=1) and clock.due == clock.reached_at + 20 * DAY
    # It does not wait for the assessment any more.
    assert rules.may_answer(world.olga, world.fountain.contribution, world.parks, world.now)
    assert not rules.may_answer(world.olga, world.trees.contribution, world.parks, world.now)


# --- one answer to many ---


def forty(world: World, n: int = 40) -> list[Proposal]:
    made = []
    for number in range(n):
        by = make_person(f"author{number}", f"Author {number}", lives_in="auental", verified=True)
        made.append(
            make_proposal(
                world.answering, by=by, place=world.town, at=world.answering.line[0].starts + DAY,
                title=both(f"Bank Nummer {number}", f"Bench number {number}"),
                summary=both(f"Mein Satz {number}.", f"My sentence {number}."),
            )
        )  # fmt: skip
    return made


def test_an_answer_to_a_cluster_of_forty_reaches_each_author_once_with_their_own_text(world: World, sign_in):
    proposals = forty(world)
    cluster = make_cluster(
        process=world.answering,
        naming=Naming("Bänke", "Benches", "Alles über Bänke.", "All about benches."),
        by=world.ada,
        at=world.now,
    )
    add_to_cluster(cluster=cluster, proposals=proposals, by=world.ada, at=world.now)
    spread(world)
    Notice.objects.all().delete()
    client = sign_in(world.olga)
    url = f"/de/desk/answers/many/{world.answering.slug}/?group=cluster:{cluster.pk}"
    sent = {
        "office": str(world.parks.pk), "status": "not_accepted", "reason_code": "too_dear", "reason_de": "Das Geld reicht nicht.",
    }  # fmt: skip
    shown = client.post(url, sent | {"do": "preview"}, **SENT).content.decode()
    assert "Mein Satz 0." in shown and "40 Beiträge" in shown and not OfficialAnswer.objects.exists()
    mark = shown.split('name="seen" value="')[1].split('"')[0]
    assert client.post(url, sent | {"do": "publish", "seen": "other"}, **SENT).status_code == 200
    assert not OfficialAnswer.objects.exists()
    assert client.post(url, sent | {"do": "publish", "seen": mark}, **SENT).status_code == 302
    assert OfficialAnswer.objects.count() == 40
    assert Proposal.objects.filter(pk__in=[each.pk for each in proposals], stage=Stage.ANSWERED).count() == 40
    spread(world)
    from feedback.notices import words

    for number, proposal in enumerate(proposals):
        (notice,) = Notice.objects.filter(
            person=proposal.contribution.author_id, verb="contribution.answered"
        )
        said = words.said(notice, words.gather([notice]))
        assert f"Mein Satz {number}." in said.text and said.quote == "Das Geld reicht nicht."


def test_an_older_draft_to_many_stays_when_what_takes_its_place_is_refused(
    world: World, sign_in, monkeypatch
):
    from groundwork.answer import No

    keys = [each.pk for each in forty(world, 3)]
    sent = {
        "office": str(world.parks.pk), "status": "not_accepted", "reason_code": "too_dear", "reason_de": "Das Geld reicht nicht.",
    }  # fmt: skip
    old = actions.save_draft(
        process=world.answering, office=world.parks, content=sent, by=world.olga, at=world.now, targets=keys
    )
    client, url = sign_in(world.olga), f"/de/desk/answers/many/{world.answering.slug}/?draft={old.pk}"
    mark = client.post(url, sent | {"do": "preview"}, **SENT).content.decode()
    mark = mark.split('name="seen" value="')[1].split('"')[0]

    def refuse(**about):
        raise Refused(No("Not now."))

    monkeypatch.setattr(actions, "publish_draft", refuse)
    assert client.post(url, sent | {"do": "publish", "seen": mark}, **SENT).status_code == 403
    assert AnswerDraft.objects.filter(targets=keys).get().pk == old.pk and not OfficialAnswer.objects.filter(
        contribution__in=keys
    )
    monkeypatch.undo()
    assert client.post(url, sent | {"do": "publish", "seen": mark}, **SENT).status_code == 302
    assert OfficialAnswer.objects.filter(contribution__in=keys).count() == 3
    assert not AnswerDraft.objects.filter(pk=old.pk).exists()


def test_the_number_of_statements_does_not_grow_with_the_number_of_answers(world: World):
    proposals = [each.pk for each in forty(world, 12)]

    def statements(keys: list[int]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            actions.answer_many(
                process=world.answering,
                targets=keys,
                office=world.parks,
                wording=NO,
                by=world.olga,
                at=world.now,
            )
        return len(seen)

    few = statements(proposals[:2])
    assert statements(proposals[2:]) == few


def test_what_is_hidden_meanwhile_is_left_out_and_a_wrong_wording_publishes_nothing(world: World):
    keys = [world.answering0.pk, world.hidden.pk]
    with pytest.raises(ValidationError):
        actions.answer_many(
            process=world.answering, targets=keys, office=world.parks, wording=Wording("accepted", {"de": ""}),
            by=world.olga, at=world.now,
        )  # fmt: skip
    assert not OfficialAnswer.objects.exists()
    made = actions.answer_many(
        process=world.answering, targets=keys, office=world.parks, wording=YES, by=world.olga, at=world.now
    )
    assert [answer.contribution_id for answer in made] == [world.answering0.pk]
    with pytest.raises(Refused):
        actions.answer_many(
            process=world.answering,
            targets=keys,
            office=world.parks,
            wording=YES,
            by=world.amina,
            at=world.now,
        )


# --- the end of a process ---


def test_a_process_closes_only_when_everybody_has_an_outcome_and_was_told(world: World):
    process, later = world.answering, world.now + 200 * DAY
    assert len(clocks.without_outcome(process)) == 4
    with pytest.raises(Refused, match="4 Beiträge"):
        lifecycle.archive_process(process=process, by=world.ada, at=later)
    process.refresh_from_db()
    assert process.archived_at is None
    actions.answer_many(
        process=process, targets=clocks.without_outcome(process), office=world.parks, wording=NO, by=world.olga, at=world.now
    )  # fmt: skip
    with pytest.raises(Refused, match="noch nicht benachrichtigt"):
        lifecycle.archive_process(process=process, by=world.ada, at=later)
    spread(world)
    assert lifecycle.lacking(process, later) == []
    assert lifecycle.archive_process(process=process, by=world.ada, at=later).archived_at == later


# --- the two-way trace ---


def plan_of(world: World) -> Plan:
    return actions.make_plan(
        process=world.answering, office=world.parks, title=both("Auenplan", "River plan"),
        paragraphs=[both("Es gibt Bänke.", "There are benches."), both("Es gibt Licht.", "There is light.")],
        by=world.olga, at=world.now, link="https://example.org/beschluss",
    )  # fmt: skip


def test_a_plan_shows_what_stands_behind_it_and_each_contribution_where_it_landed(world: World, sign_in):
    plan = plan_of(world)
    with pytest.raises(Refused, match=world.fountain.receipt):
        actions.tie(plan=plan, sources={1: [world.fountain.receipt]}, by=world.olga)  # of another process
    with pytest.raises(Refused):
        actions.publish_plan(plan=plan, by=world.olga, at=world.now)
    actions.tie(plan=plan, sources={2: [world.answering0.receipt]}, by=world.olga)
    client = sign_in(None)
    page(client, plan.get_absolute_url(), 404)
    actions.publish_plan(plan=plan, by=world.olga, at=world.now)
    assert world.answering0.in_language("title", "de") in page(client, plan.get_absolute_url())
    shown = page(client, world.answering0.get_absolute_url())
    assert f"/plans/{plan.pk}/#p2" in shown and "Auenplan" in shown
    assert "Auenplan" in page(client, f"/de/r/{world.answering0.receipt}/")
    assert "Auenplan" in page(client, world.answering.get_absolute_url())


@pytest.mark.parametrize("model", [Plan, PlanParagraph, PlanSource])
def test_an_adopted_text_is_never_changed_nor_deleted(world: World, model):
    plan = plan_of(world)
    actions.tie(plan=plan, sources={2: [world.answering0.receipt]}, by=world.olga)
    actions.publish_plan(plan=plan, by=world.olga, at=world.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.all()._raw_delete("default")
    with pytest.raises(Refused):
        actions.tie(plan=plan, sources={}, by=world.olga)
    Plan.objects.update(by=None)  # the person behind it may be forgotten
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanParagraph.objects.update(text_de="Anders")


# --- talking back ---


def answered(world: World) -> OfficialAnswer:
    return actions.answer_contribution(
        contribution=world.answering0.contribution, office=world.parks, status="accepted", reason=YES.reason,
        by=world.olga, at=world.now,
    )  # fmt: skip


def test_authors_and_supporters_say_once_whether_an_answer_helped(world: World):
    given = answered(world)
    author = world.answering0.contribution.author
    Support.objects.get_or_create(proposal=world.answering0, person=world.ines, defaults={"at": world.now})
    for person, yes in [(author, True), (world.ines, False), (world.ines, True)]:
        actions.say_helpful(answer=given, yes=yes, by=person, at=world.now)
    assert Helpful.objects.filter(yes=True).count() == Helpful.objects.count() == 2
    with pytest.raises(Refused):
        actions.say_helpful(answer=given, yes=True, by=world.clara, at=world.now)
    assert Helpful.objects.count() == 2


def test_the_author_asks_once_and_the_office_replies_once_in_the_open(world: World, sign_in):
    given, author = answered(world), world.answering0.contribution.author
    with pytest.raises(Refused):
        actions.ask_about(answer=given, question="Wann?", by=world.ines, at=world.now)
    asked = actions.ask_about(answer=given, question="Wann geht es los?", by=author, at=world.now)
    with pytest.raises(Refused):
        actions.ask_about(answer=given, question="Und wo?", by=author, at=world.now)
    assert Entry.objects.get(verb="answer.questioned").data["tell"] == [world.olga.pk]
    with pytest.raises(Refused):
        actions.reply_to(follow_up=asked, reply={"de": "Im Mai."}, by=world.mo, at=world.now)
    actions.reply_to(follow_up=asked, reply=both("Im Mai.", "In May."), by=world.olga, at=world.now + DAY)
    with pytest.raises(Refused):
        actions.reply_to(follow_up=asked, reply={"de": "Im Juni."}, by=world.olga, at=world.now + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.update(reply_de="Im Juni.")
    shown = page(sign_in(None), world.answering0.get_absolute_url())
    assert "Wann geht es los?" in shown and "Im Mai." in shown
