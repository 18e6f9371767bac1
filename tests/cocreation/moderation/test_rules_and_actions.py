"""Who may what, what a decision does and undoes, and what the database refuses whatever asks."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from cocreation.actions import hide_contribution, restore_contribution
from cocreation.conversation.actions import CommentText, publish_comment
from cocreation.conversation.models import Comment
from cocreation.conversation.talks import Talk
from cocreation.models import Contribution
from cocreation.moderation import actions, intake, queries, rules
from cocreation.moderation.actions import Verdict
from cocreation.moderation.models import Appeal, Case, Claim, Decision, Mark, Report, Watch
from groundwork.answer import Refused
from quartier.builders import give_role, make_person
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(world: World) -> World:
    """The world before anybody reported anything."""
    Appeal.objects.all().delete()
    Report.objects.all().delete()
    Case.objects.exclude(state="closed").delete()
    return world


HIDE = Verdict("hide", "respect", "„Idioten“", "Bitte ohne Beleidigung.")
CHANGE = Verdict("change", "private", "Die Telefonnummer einer Nachbarin.", "Bitte ohne die Nummer.")
FINE = Verdict("fine")
HOUR = timedelta(hours=1)


def reported(world: World, by: Person | None = None, **more: Any) -> Case:
    thing = more.pop("contribution", world.fountain.contribution)
    words: dict[str, Any] = {"rule": "respect", "words": "Nicht gut.", "at": world.now} | more
    return actions.report(contribution=thing, by=by, **words).case


def second(world: World) -> Person:
    cem = make_person("cem", "Cem Aydin", lives_in="auental")
    give_role(cem, "moderator", since=world.now - timedelta(days=9))
    return cem


def seen(contribution: Contribution) -> bool:
    return Contribution.objects.public().filter(pk=contribution.pk).exists()


# --- reports ---


def test_the_same_person_reporting_twice_has_reported_once(world: World):
    case = reported(world, world.ines)
    assert reported(world, world.ines, words="Noch einmal.") == case
    assert Report.objects.count() == 1 and Report.objects.get().words == "Nicht gut."
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(
            contribution=case.contribution, case=case, by=world.ines, rule="law", words="x", at=world.now
        )
    reported(world, email="A@example.org")
    reported(world, email="a@example.org ")
    assert Report.objects.count() == 2 and Case.objects.exclude(state="closed").count() == 1


def test_a_report_hides_nothing_and_nobody_reports_themselves(world: World):
    for number in range(8):
        reported(world, email=f"{number}@example.org")
    assert seen(world.fountain.contribution)
    with pytest.raises(Refused):
        reported(world, world.amina)
    with pytest.raises(Refused):
        reported(world, world.ines, contribution=world.hidden.contribution)
    assert Report.objects.count() == 8


def test_nobody_floods_moderation(world: World, client):
    case = reported(world, world.jonas)
    others = Contribution.objects.public().exclude(author=world.ines).exclude(pk=case.contribution_id)[:1]
    Report.objects.bulk_create(
        Report(contribution=case.contribution, case=case, rule="law", words="x", at=world.now, token=f"t{n}")
        for n in range(rules.MOST_REPORTS_A_DAY)
    )
    Report.objects.filter(token__startswith="t").update(by=None)
    Report.objects.filter(pk=Report.objects.filter(token="t0").get().pk).update(by=world.ines)
    assert rules.may_report(world.ines, others[0], world.now)
    send = {"rule": "law", "words": "x", "email": ""}
    ours = {"sec-fetch-site": "same-origin"}
    answers = [
        client.post(
            f"/de/report/{world.fountain.receipt}/", send | {"words": f"{n}"}, headers=ours
        ).status_code
        for n in range(11)
    ]
    assert answers == [302] * 10 + [403]


# --- claims ---


def test_one_case_one_moderator_for_half_an_hour(world: World):
    case, cem = reported(world), second(world)
    actions.claim(case=case, by=world.mo, at=world.now)
    for act in (
        lambda: actions.claim(case=case, by=cem, at=world.now),
        lambda: actions.decide(case=case, verdict=FINE, by=cem, at=world.now),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(case=case, by=cem, at=world.now, until=world.now + HOUR)
    assert Claim.objects.get().by == world.mo
    actions.claim(case=case, by=cem, at=world.now, word="Mo ist krank.")
    assert [(c.by.public_name, c.ended_at is None) for c in Claim.objects.order_by("pk")] == [
        ("Mo Bilgin", False), ("Cem Aydin", True),
    ]  # fmt: skip
    actions.decide(case=case, verdict=FINE, by=world.mo, at=world.now + HOUR)  # it ran out by the clock
    assert not Claim.objects.filter(ended_at=None).exists()


# --- decisions ---


def test_a_decision_needs_rule_fact_and_reason(world: World):
    case = reported(world)
    for verdict in (
        Verdict("hide"), Verdict("hide", "nonsense", "a", "b"), Verdict("hide", "respect", "", "b"), Verdict("change", "law", "a", " "),
    ):  # fmt: skip
        with pytest.raises(Refused):
            actions.decide(case=case, verdict=verdict, by=world.mo, at=world.now)
    assert seen(world.fountain.contribution) and not case.decisions.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            case=case, contribution=case.contribution, process=case.process, kind="proposal", outcome="hide",
            at=world.now, took=HOUR, appeal_until=world.now + HOUR,
        )  # fmt: skip


def test_only_moderators_decide_and_never_about_themselves(world: World):
    case = reported(world)
    for person in (world.amina, world.olga, world.clara):
        with pytest.raises(Refused):
            actions.decide(case=case, verdict=HIDE, by=person, at=world.now)
    mine = reported(world, world.mo, contribution=world.trees.contribution)
    with pytest.raises(Refused):
        actions.decide(case=mine, verdict=FINE, by=world.mo, at=world.now)
    assert not Decision.objects.filter(case__in=[case, mine]).exists()


def test_undo_brings_everything_back_for_ten_minutes_and_later_with_a_reason(world: World):
    case = reported(world, world.ines)
    decision = actions.decide(case=case, verdict=HIDE, by=world.mo, at=world.now)
    assert not seen(case.contribution) and Report.objects.get().upheld is True
    late = world.now + timedelta(minutes=11)
    with pytest.raises(Refused):
        actions.undo(decision=decision, by=world.mo, at=late)
    assert not seen(case.contribution)
    actions.undo(decision=decision, by=world.mo, at=late, why="Falsch gelesen.")
    case.refresh_from_db()
    assert seen(case.contribution) and case.state == "open" and Report.objects.get().upheld is None
    assert case.marks.get().kind == Mark.Kind.REOPENED


def test_many_are_decided_at_once_and_come_back_at_once(world: World):
    cem = second(world)
    things = [world.fountain.contribution, world.trees.contribution, world.comments["public"].contribution]
    cases = [reported(world, contribution=thing) for thing in things]
    actions.claim(case=cases[1], by=cem, at=world.now)
    done = actions.decide_many(cases=cases, verdict=HIDE, by=world.mo, at=world.now)
    assert len(done.decisions) == 2 and [case for case, _why in done.left_out] == [cases[1]]
    assert [seen(thing) for thing in things] == [False, True, False]
    assert actions.undo_batch(batch=done.batch, by=world.mo, at=world.now) == 2
    assert all(seen(thing) for thing in things)


def test_a_change_waits_for_its_author_and_comes_back_when_somebody_agrees(world: World):
    comment = world.comments["public"]
    case = reported(world, contribution=comment.contribution)
    decision = actions.decide(case=case, verdict=CHANGE, by=world.mo, at=world.now)
    case.refresh_from_db()
    assert not seen(comment.contribution) and case.state == "author"
    with pytest.raises(Refused):
        actions.change(decision=decision, texts={"text": "x"}, by=world.jonas, at=world.now)
    actions.change(decision=decision, texts={"text": "Mehr Schatten, danke."}, by=world.amina, at=world.now)
    case.refresh_from_db()
    assert case.state == "open" and not seen(comment.contribution)
    actions.decide(case=case, verdict=FINE, by=world.mo, at=world.now + HOUR)
    assert seen(comment.contribution) and Comment.objects.get(pk=comment.pk).text == "Mehr Schatten, danke."
    decision.refresh_from_db()
    assert decision.settled_at


def test_whatever_hides_something_leaves_a_statement(world: World):
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="law", reason="Verboten."
    )
    decision = Decision.objects.get(contribution=world.fountain.contribution)
    assert (decision.rule["slug"], decision.reason, decision.hiding.rule) == ("law", "Verboten.", "law")
    restore_contribution(contribution=world.fountain.contribution, by=world.mo, at=world.now)
    decision.refresh_from_db()
    assert decision.undone_at


def test_a_rule_that_changes_leaves_old_decisions_as_they_were(world: World):
    decision = actions.decide(case=reported(world), verdict=HIDE, by=world.mo, at=world.now)
    wanted = [actions.Wanted("respect", {"de": "Neu", "en": "New"}, {"de": "Anders.", "en": "Other."})]
    actions.set_rules(process=world.collecting, rules=wanted, watch={}, by=world.ada, at=world.now)
    assert [rule.name for rule in rules_in(world)] == ["Neu"]
    decision.refresh_from_db()
    assert decision.rule_name == "Respekt"


def rules_in(world: World) -> list[Any]:
    from cocreation.moderation.standard import rules_of

    return rules_of(world.collecting)


# --- appeals ---


def test_somebody_else_decides_about_an_appeal_says_rule_and_database(world: World):
    decision = actions.decide(case=reported(world), verdict=HIDE, by=world.mo, at=world.now)
    appeal = actions.appeal(decision=decision, words="Nein.", by=world.amina, at=world.now)
    with pytest.raises(Refused):
        actions.decide_appeal(appeal=appeal, reversed=True, reason="Doch.", by=world.mo, at=world.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(
            decided_by=world.mo, decided_at=world.now, outcome="upheld", reason="So."
        )
    assert not seen(world.fountain.contribution)
    with pytest.raises(Refused):
        actions.appeal(decision=decision, words="Noch einmal.", by=world.amina, at=world.now)
    with pytest.raises(Refused):
        actions.appeal(decision=decision, words="Ich auch.", by=world.jonas, at=world.now)
    actions.decide_appeal(appeal=appeal, reversed=True, reason="Ein Zitat.", by=second(world), at=world.now)
    assert seen(world.fountain.contribution)


def test_an_appeal_is_possible_for_half_a_year(world: World):
    decision = actions.decide(case=reported(world), verdict=HIDE, by=world.mo, at=world.now)
    with pytest.raises(Refused):
        actions.appeal(decision=decision, words="Nein.", by=world.amina, at=world.now + timedelta(days=184))
    assert not Appeal.objects.exists()
    actions.appeal(decision=decision, words="Nein.", by=world.amina, at=world.now + timedelta(days=182))


def test_a_reporter_appeals_against_nothing_wrong_and_the_author_gets_a_statement(world: World):
    case = reported(world, world.ines)
    decision = actions.decide(case=case, verdict=FINE, by=world.mo, at=world.now)
    report = case.reports.get()
    appeal = actions.appeal(decision=decision, words="Doch.", by=world.ines, report=report, at=world.now)
    actions.decide_appeal(
        appeal=appeal, reversed=True, reason="Es beleidigt.", by=second(world), at=world.now
    )
    assert not seen(world.fountain.contribution)
    made = Decision.objects.restricting().get(contribution=world.fountain.contribution)
    assert made.rule["slug"] == "respect" and rules.may_appeal(world.amina, made, world.now)
    report.refresh_from_db()
    assert report.upheld is True


# --- what comes in ---


def say(world: World, by: Person, text: str, at: Any = None) -> Comment:
    phase = next(phase for phase in world.collecting.line if phase.key == "talk")
    phase.process = world.collecting
    return publish_comment(talk=Talk(phase=phase), text=CommentText(text, "de"), by=by, at=at or world.now)


def test_first_posts_wait_only_where_the_process_says_so(world: World):
    neu = make_person("neu", "Neu Hier", lives_in="auental", verified=True)
    assert say(world, neu, "Ich bin neu hier.").is_public
    Contribution.objects.filter(author=neu).delete()
    Watch.objects.create(process=world.collecting, first_posts_wait=True)
    made = say(world, neu, "Ich bin wirklich neu.")
    case = Case.objects.get(contribution=made.contribution)
    assert not made.is_public and made.contribution.held_at and case.marks.get().kind == "first"
    assert say(world, world.amina, "Ich bin schon lange hier.").is_public
    assert Contribution.objects.visible_to(neu).filter(pk=made.pk).exists()
    assert not Contribution.objects.visible_to(world.amina).filter(pk=made.pk).exists()
    actions.decide(case=case, verdict=FINE, by=world.mo, at=world.now + HOUR)
    assert seen(made.contribution) and say(world, neu, "Danke fürs Lesen.").is_public


def test_words_and_links_are_marked_or_wait(world: World):
    watch = Watch.objects.create(process=world.collecting, words="Glücksspiel\nbillige Kredite", most_links=1)
    marked = say(world, world.amina, "Nie wieder GLÜCKSSPIEL!")
    assert (
        marked.is_public
        and Case.objects.get(contribution=marked.contribution).marks.get().detail == "Glücksspiel"
    )
    assert not Case.objects.filter(
        contribution=say(world, world.amina, "Kredite sind selten billig.").contribution
    ).exists()
    Watch.objects.filter(pk=watch.pk).update(words_wait=True, links="wait")
    assert not say(world, world.amina, "billige   Kredite hier").is_public
    assert not say(world, world.amina, "https://a.example und https://b.example").is_public
    assert say(world, world.amina, "nur https://a.example").is_public


def test_the_same_text_from_three_is_a_wave_and_from_one_is_not(world: World):
    text = "Wir wollen endlich einen sicheren Radweg bis nach Lindach, sofort!"
    for _n in range(3):
        say(world, world.amina, text)
    assert not Mark.objects.filter(kind="wave").exists()
    say(world, world.jonas, "wir wollen endlich einen sicheren Radweg bis nach Lindach – sofort")
    assert not Mark.objects.filter(kind="wave").exists()
    last = say(world, world.ines, "Wir wollen endlich einen sichren Radweg bis nach Lindach. Sofort!")
    assert Mark.objects.filter(kind="wave").count() == 5
    assert all(seen(mark.case.contribution) for mark in Mark.objects.all())
    assert last.is_public


def test_limits_say_until_when(world: World):
    Watch.objects.create(process=world.collecting, comments_an_hour=3)
    for n in range(3):
        say(world, world.amina, f"Satz {n}")
    before = Comment.objects.count()
    with pytest.raises(Refused) as refused:
        say(world, world.amina, "Und noch einer")
    assert "3" in str(refused.value) and Comment.objects.count() == before
    assert say(world, world.ines, "Ich auch.").is_public
    assert say(world, world.amina, "Später.", world.now + HOUR + timedelta(minutes=1)).is_public


# --- the log ---


def test_statistics_are_sums_of_the_log(world: World):
    cem = second(world)
    things = [world.fountain, world.trees, world.comments["public"], world.comments["question"]]
    for number, thing in enumerate(things):
        case = reported(world, contribution=thing.contribution)
        verdict = (HIDE, FINE, CHANGE, HIDE)[number]
        decision = actions.decide(case=case, verdict=verdict, by=world.mo, at=world.now + HOUR * (number + 1))
        if number == 0:
            appeal = actions.appeal(decision=decision, words="Nein.", by=world.amina, at=world.now + HOUR * 2)
            actions.decide_appeal(appeal=appeal, reversed=True, reason="Ja.", by=cem, at=world.now + HOUR * 3)
        if number == 3:
            actions.undo(decision=decision, by=world.mo, at=decision.at)
    for process in (None, world.collecting):
        lines = [queries.line_of(each) for each in queries.log_of(process)]
        figures = queries.statistics(process)
        assert figures.total == len(lines) == sum(figures.by_outcome.values())
        for slug, n in figures.by_outcome.items():
            assert n == sum(line.slug == slug for line in lines)
        for slug, n in figures.by_rule.items():
            assert n == sum(line.rule_slug == slug and bool(line.rule) for line in lines)
        assert figures.reversed == sum(line.appeal_slug == "reversed" for line in lines) == 1
        assert figures.median.total_seconds() == median(line.duration.total_seconds() for line in lines)
    assert figures.by_outcome["taken_back"] == 1


def test_trust_grows_with_reports_that_were_right(world: World):
    first = reported(world, world.ines)
    assert intake.trusts_of(first.reports.all()) == {first.reports.get().pk: 0.5}
    actions.decide(case=first, verdict=HIDE, by=world.mo, at=world.now)
    other = reported(world, world.ines, contribution=world.comments["public"].contribution)
    assert intake.trusts_of(other.reports.all()) == {other.reports.get().pk: pytest.approx(2 / 3)}
