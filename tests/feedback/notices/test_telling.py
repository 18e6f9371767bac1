"""Who is told of what: fan-out, visibility, rhythm."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from cocreation.actions import PhaseChange, change_phase, follow, hide_contribution, restore_contribution
from cocreation.conversation.actions import CommentText, insert_comment
from cocreation.conversation.talks import Talk
from cocreation.lifecycle import stop_process
from cocreation.models import Contribution
from feedback.notices import fanout
from feedback.notices.actions import choose_rhythm
from feedback.notices.manifest import read
from feedback.notices.models import FanOut, Kind, Notice, Rhythm, due_at
from feedback.notices.words import gather, said
from feedback.reaching import reach, reach_of_many
from groundwork.journal import api as journal
from groundwork.journal.models import Entry
from proposals.actions import move_stage
from quartier.builders import both, make_person, make_supports
from tests import keepsake
from tests.feedback.conftest import before_the_votes
from tests.feedback.notices.spreading import read_on, spread
from tests.feedback.test_rules_and_actions import answer, promised
from tests.world import DAY, World

pytestmark = pytest.mark.django_db


def told(verb: str) -> dict[str, str]:
    """Public name -> kind, of everybody who was told of this verb."""
    return dict(Notice.objects.filter(verb=verb).values_list("person__public_name", "kind"))


def entry(verb: str, on: Any, world: World, **about: Any) -> Entry:
    return journal.record(
        verb, on=on, at=about.pop("at", world.now), process=about.pop("process", None), **about
    )


@pytest.fixture
def crowd(db: None, standing_world: None) -> World:
    """Amina wrote it, Jonas and Ines support it, Mo follows it, Clara follows the process; Ada has nothing to do with it."""
    return keepsake.later("a crowd", before_the_votes, _gather)


def _gather(world: World) -> None:
    spread(world)  # what happened while the world was built
    Notice.objects.all().delete()
    thing = world.answering0
    make_supports(thing, [(world.jonas, world.now), (world.ines, world.now)])
    follow(person=world.mo, contribution=thing.contribution, at=world.now)
    follow(person=world.clara, process=thing.process, at=world.now)


def test_author_supporters_and_followers_hear_of_an_answer_each_once(crowd: World):
    follow(person=crowd.jonas, contribution=crowd.answering0.contribution, at=crowd.now)
    follow(person=crowd.jonas, process=crowd.answering, at=crowd.now)
    answer(crowd, crowd.answering0)
    spread(crowd)
    assert told("contribution.answered") == {
        crowd.amina.public_name: Kind.MINE,
        crowd.jonas.public_name: Kind.CITY,
        crowd.ines.public_name: Kind.CITY,
        crowd.mo.public_name: Kind.CITY,
        crowd.clara.public_name: Kind.FOLLOWED,
    }
    assert Notice.objects.filter(verb="contribution.answered").count() == 5


def test_the_desk_says_how_many_hear_of_an_answer_and_so_many_do(crowd: World):
    """Whoever commented and whoever follows the place count, too; who answers, and closed accounts, do not."""
    thing = crowd.answering0
    follow(person=crowd.olga, contribution=thing.contribution, at=crowd.now)
    follow(person=crowd.ada, place=crowd.town, at=crowd.now)
    said_by = make_person("karl", "Karl")
    contribution = Contribution(kind="comment", process=thing.process, author=said_by, created_at=crowd.now)
    contribution.publish(crowd.now)
    contribution.save()
    talk = Talk(on=thing.contribution)
    insert_comment(contribution, talk, CommentText("Dort ist kein Schatten."), by=said_by)
    Person.objects.filter(pk=crowd.mo.pk).update(is_active=False)
    said = reach(thing.process, thing.pk, crowd.olga)
    assert reach_of_many(thing.process, [thing.pk], crowd.olga) == (1, said)
    answer(crowd, thing)
    spread(crowd)
    assert len(told("contribution.answered")) == said + 1
    assert {"Karl", crowd.ada.public_name} < set(told("contribution.answered"))


def test_whoever_acts_is_not_told_of_it(crowd: World):
    follow(person=crowd.olga, contribution=crowd.answering0.contribution, at=crowd.now)
    answer(crowd, crowd.answering0)
    spread(crowd)
    assert crowd.olga.public_name not in told("contribution.answered")


def test_an_account_that_is_closed_is_not_told(crowd: World):
    Person.objects.filter(pk=crowd.jonas.pk).update(is_active=False)
    answer(crowd, crowd.answering0)
    spread(crowd)
    assert crowd.jonas.public_name not in told("contribution.answered")


def test_the_promise_and_all_that_becomes_of_it_reach_the_same_people(crowd: World):
    from feedback import actions

    answer(crowd, crowd.answering0)
    commitment = promised(crowd, crowd.answering0)
    actions.complete_milestone(milestone=commitment.milestones.first(), by=crowd.olga, at=crowd.now)
    actions.delay_commitment(
        commitment=commitment,
        new_due=commitment.due + DAY,
        reason=both("x", "x"),
        by=crowd.olga,
        at=crowd.now,
    )
    actions.deliver(commitment=commitment, by=crowd.olga, at=crowd.now)
    spread(crowd)
    for verb in ("commitment.promised", "commitment.delayed", "commitment.delivered"):
        assert set(told(verb)) == {
            p.public_name for p in (crowd.amina, crowd.jonas, crowd.ines, crowd.mo, crowd.clara)
        }
    assert told("milestone.done")[crowd.jonas.public_name] == Kind.SUPPORTED
    assert crowd.clara.public_name not in told("milestone.done")


def test_a_promise_without_a_proposal_reaches_who_follows_the_process(crowd: World):
    promised(crowd)
    spread(crowd)
    assert told("commitment.promised") == {crowd.clara.public_name: Kind.FOLLOWED}


def test_what_was_hidden_before_the_news_spread_reaches_nobody(crowd: World):
    answer(crowd, crowd.answering0)
    hide_contribution(
        contribution=crowd.answering0.contribution, by=crowd.ada, at=crowd.now, rule="r", reason="g"
    )
    spread(crowd)
    assert not told("contribution.answered")
    assert told("contribution.hidden") == {crowd.amina.public_name: Kind.MINE}
    restore_contribution(contribution=crowd.answering0.contribution, by=crowd.ada, at=crowd.now)
    spread(crowd)
    assert told("contribution.restored") == {crowd.amina.public_name: Kind.MINE}


def test_what_is_hidden_later_leaves_the_inbox_of_others(crowd: World):
    answer(crowd, crowd.answering0)
    spread(crowd)
    hide_contribution(
        contribution=crowd.answering0.contribution, by=crowd.ada, at=crowd.now, rule="r", reason="g"
    )
    assert not Notice.objects.of(crowd.jonas).filter(verb="contribution.answered").exists()
    assert Notice.objects.of(crowd.amina).filter(verb="contribution.answered").exists()


def test_a_vote_is_announced_to_who_wrote_or_supports_an_option_and_who_follows_the_process(crowd: World):
    move_stage(crowd.answering0, "on_ballot", at=crowd.now)
    phase = crowd.answering.line[0]
    entry("vote.opened", phase, crowd, process=crowd.answering)
    spread(crowd)
    assert told("vote.opened") == {
        crowd.amina.public_name: Kind.MINE,
        crowd.jonas.public_name: Kind.SUPPORTED,
        crowd.ines.public_name: Kind.SUPPORTED,
        crowd.mo.public_name: Kind.FOLLOWED,
        crowd.clara.public_name: Kind.FOLLOWED,
    }


def test_a_phase_that_opens_is_announced_to_followers_of_a_published_process(crowd: World):
    from cocreation.models import Process

    entry("phase.opened", crowd.answering.line[0], crowd, process=crowd.answering)
    spread(crowd)
    assert told("phase.opened") == {crowd.clara.public_name: Kind.FOLLOWED}
    Notice.objects.all().delete()
    Process.objects.filter(pk=crowd.answering.pk).update(published_at=None)
    entry("phase.opened", crowd.answering.line[0], crowd, process=crowd.answering)
    spread(crowd)
    assert not told("phase.opened")


# --- again, and much ---


def test_telling_again_makes_no_new_notices(crowd: World):
    answer(crowd, crowd.answering0)
    spread(crowd)
    before = set(Notice.objects.values_list("pk", flat=True))
    read(list(Entry.objects.filter(verb="contribution.answered")))
    assert FanOut.objects.exists()
    assert fanout.spread(crowd.now) == 0
    assert set(Notice.objects.values_list("pk", flat=True)) == before and not FanOut.objects.exists()


def test_chunks_reach_everybody_once_and_a_kill_between_them_loses_nobody(crowd: World):
    answer(crowd, crowd.answering0)
    read_on(crowd)
    chunks = []
    while (n := fanout.spread_chunk(crowd.now, chunk=2)) is not None:
        chunks.append(n)
        if len(chunks) == 2:  # a worker died before it noted its step: the next one tells the same two again
            FanOut.objects.filter(verb="contribution.answered").update(last_person=0)
    assert len(told("contribution.answered")) == 5
    assert sum(chunks) == Notice.objects.count()


def supported_by(world: World, many: int, prefix: str) -> None:
    people = [
        Person(email=f"{prefix}{n}@example.org", public_name=f"{prefix} {n}", password="!")
        for n in range(many)
    ]
    make_supports(world.answering1, [(person, world.now) for person in Person.objects.bulk_create(people)])


def test_a_fan_out_costs_the_same_questions_for_ten_and_for_a_thousand(world: World):
    spread(world)

    def cost() -> tuple[int, int]:
        answer(world, world.answering1)
        read_on(world)
        with CaptureQueriesContext(connection) as caught:
            written = fanout.spread(world.now)
        return len(caught), written

    supported_by(world, 10, "few")
    few, written = cost()
    assert written >= 10
    supported_by(world, 1000, "many")
    many, written = cost()
    assert written >= 1010
    assert many == few


def test_one_person_hears_of_one_event_once_says_the_database(crowd: World):
    from django.db import IntegrityError, transaction

    answer(crowd, crowd.answering0)
    spread(crowd)
    notice = Notice.objects.first()
    notice.pk = None
    with pytest.raises(IntegrityError, match="notices_notice_once"), transaction.atomic():
        notice.save(force_insert=True)


# --- rhythm ---


def test_everybody_gets_their_own_rhythm_and_all_rhythms_hear_of_the_same_events(crowd: World):
    for person, rhythm in [(crowd.jonas, "none"), (crowd.ines, "daily"), (crowd.mo, "weekly")]:
        choose_rhythm(by=person, rhythms={Kind.CITY: rhythm}, at=crowd.now)
    answer(crowd, crowd.answering0)
    promised(crowd, crowd.answering0)
    spread(crowd)
    for person, rhythm in [
        (crowd.amina, "immediate"),
        (crowd.jonas, "none"),
        (crowd.ines, "daily"),
        (crowd.mo, "weekly"),
    ]:
        mine = Notice.objects.filter(person=person)
        assert sorted(mine.values_list("verb", flat=True)) == ["commitment.promised", "contribution.answered"]
        assert set(mine.values_list("rhythm", flat=True)) == {rhythm}
        assert set(mine.values_list("due_at", flat=True)) == {due_at(rhythm, crowd.now)}


def test_old_news_stand_in_the_inbox_as_read_and_are_not_mailed(crowd: World):
    entry("phase.opened", crowd.answering.line[0], crowd, process=crowd.answering, at=crowd.now - 30 * DAY)
    spread(crowd)
    notice = Notice.objects.get(verb="phase.opened")
    assert notice.read_at and notice.due_at is None


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        ("2027-05-20T10:00", "2027-05-21T05:00", "2027-05-24T05:00"),  # a Thursday
        (
            "2027-05-24T04:59",
            "2027-05-25T05:00",
            "2027-05-31T05:00",
        ),  # Monday, a minute before the mail leaves
        ("2027-03-27T22:30", "2027-03-28T05:00", "2027-03-29T05:00"),  # the night summer time begins
        ("2027-10-30T12:00", "2027-10-31T06:00", "2027-11-01T06:00"),  # the night it ends
    ],
)
def test_digests_come_at_seven_in_the_morning_of_the_city(now: str, daily: str, weekly: str):
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    utc = lambda value: value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")  # noqa: E731
    assert utc(due_at(Rhythm.DAILY, at)) == daily and utc(due_at(Rhythm.WEEKLY, at)) == weekly
    assert due_at(Rhythm.IMMEDIATE, at) == at and due_at(Rhythm.NONE, at) is None


@pytest.mark.parametrize("verb", ["process.amended", "process.stopped"])
def test_a_change_of_what_stands_and_a_stop_reach_everybody_who_takes_part(crowd: World, verb: str):
    reason = both("Der Rat hat neu entschieden.", "The council decided anew.")
    if verb == "process.stopped":
        stop_process(process=crowd.answering, reason=reason, by=crowd.ada, at=crowd.now)
    else:
        phase = crowd.answering.main_lane()[-1]
        change = PhaseChange(
            name={"de": phase.name_de, "en": phase.name_en}, text={"de": "", "en": ""}, starts=phase.starts,
            ends=phase.ends + DAY, acts=phase.acts, audience=phase.audience, options=phase.opts,
        )  # fmt: skip
        change_phase(phase=phase, change=change, by=crowd.ada, at=crowd.now, reason=reason)
    with CaptureQueriesContext(connection) as queries:
        spread(crowd)
    assert told(verb) == {
        crowd.amina.public_name: Kind.MINE,
        crowd.jonas.public_name: Kind.SUPPORTED,
        crowd.ines.public_name: Kind.SUPPORTED,
        crowd.clara.public_name: Kind.FOLLOWED,
    }
    assert len(queries) < 40
    notice = Notice.objects.filter(verb=verb).select_related("process").first()
    assert said(notice, gather([notice])).quote == reason["de"]


def test_a_new_rhythm_holds_for_what_still_waits(crowd: World):
    answer(crowd, crowd.answering0)
    spread(crowd)
    choose_rhythm(by=crowd.jonas, rhythms={Kind.CITY: "daily"}, at=crowd.now)
    assert Notice.objects.get(person=crowd.jonas).due_at == due_at("daily", crowd.now)
    choose_rhythm(by=crowd.jonas, rhythms={Kind.CITY: "none"}, at=crowd.now)
    assert not Notice.objects.filter(person=crowd.jonas).waiting().exists()
    assert Notice.objects.filter(person=crowd.ines).waiting().exists()


@pytest.mark.parametrize("thing", ["person", "contribution", "process"])
def test_a_notice_points_at_what_exists_and_keeps_it(crowd: World, thing: str):
    """By the database, asked once a statement."""
    answer(crowd, crowd.answering0)
    spread(crowd)
    notice = Notice.objects.get(person=crowd.jonas)
    column = {f"{thing}_id": 2**40}
    with pytest.raises(IntegrityError, match="exists"), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(**column)
    made = [copy(notice) for _n in range(3)]
    for n, each in enumerate(made):
        each.pk, each.entry_id = None, 2**40 + n
    setattr(made[1], f"{thing}_id", 2**40)
    with pytest.raises(IntegrityError, match="exists"), transaction.atomic():
        Notice.objects.bulk_create(made)
    # Whatever else holds it is asked in the end, this at once.
    with connection.cursor() as cursor:
        cursor.execute(f"set constraints notices_{thing}_told immediate")
        if thing == "process":
            cursor.execute("alter table cocreation_process disable trigger cocreation_process_stays")
    model: Any = Notice._meta.get_field(thing).related_model
    with pytest.raises(IntegrityError, match="before the notices about it"), transaction.atomic():
        model._default_manager.filter(pk=getattr(notice, f"{thing}_id"))._raw_delete("default")


def test_every_verb_that_is_told_is_declared_and_has_its_words(crowd: World):
    from cocreation.news import news
    from feedback.notices.words import SAYERS, Facts

    assert set(SAYERS) | set(news.slugs()) == fanout.VERBS
    assert set(SAYERS) & set(news.slugs()) <= {
        "contribution.hidden"
    }  # moderation says more, where it is there
    known = set(journal.verbs.slugs())
    assert known | {"vote.opened", "vote.published"} >= fanout.VERBS
    for verb in fanout.VERBS:
        notice = Notice(verb=verb, subject_label="x.X", subject_key="1", data={}, kind=Kind.MINE)
        assert said(notice, Facts()).short
