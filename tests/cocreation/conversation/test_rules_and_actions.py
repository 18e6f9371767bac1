"""Who may say what, when, and what stays of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.actions import close_account
from cocreation.actions import hide_contribution, restore_contribution
from cocreation.conversation.actions import (
    CommentText,
    edit_comment,
    find_helpful,
    pin_comment,
    publish_comment,
    summarise,
    take_back_helpful,
    withdraw_comment,
)
from cocreation.conversation.models import Comment, CommentRevision, Helpful, Summary
from cocreation.conversation.queries import Choice, by_paragraph, counts_of, threads_of
from cocreation.conversation.talks import Talk
from cocreation.models import Contribution, Phase
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from quartier.builders import both
from tests.world import DAY, World

pytestmark = pytest.mark.django_db
HIDE: dict[str, str] = {"rule": "Respekt", "reason": "Beleidigt."}


def square(world: World) -> Talk:
    return Talk.of(
        Comment.objects.select_related("process", "phase", "on").get(pk=world.comments["public"].pk)
    )


def say(
    world: World, words: str = "Ich bin dafür.", by: str = "amina", at: Any = None, **more: Any
) -> Comment:
    talk = more.pop("talk", None) or square(world)
    text = CommentText(words, "de", more.pop("stance", ""), more.pop("paragraph", None))
    return publish_comment(talk=talk, text=text, by=world.people[by], at=at or world.now, **more)


def rows() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Comment, Contribution, CommentRevision, Helpful, Summary, Entry)
    )


def refused(act: Any, sentence: str) -> None:
    """Refused in these words, and nothing changed."""
    before = rows()
    with translation.override("en"):
        with pytest.raises(Refused) as caught:
            act()
        assert sentence in str(caught.value)
    assert rows() == before


def test_a_comment_gets_its_receipt_its_words_and_an_entry(world: World):
    comment = say(world, "Mehr Bänke.\r\n\r\nUnd Wasser.", stance="for", paragraph=2)
    assert comment.receipt == comment.contribution.receipt
    assert comment.text == "Mehr Bänke.\n\nUnd Wasser."
    assert (comment.is_public, comment.phase.key, comment.on, comment.stance) == (True, "talk", None, "for")
    assert comment.revisions.get().by == world.amina
    entry = Entry.objects.get(verb="comment.published", subject_key=str(comment.pk))
    assert entry.data == {"phase": comment.phase_id}
    assert "Bänke" not in str(entry.data)


def test_after_the_phase_nobody_comments_but_the_city_still_answers(world: World):
    end = square(world).phase.ends
    assert say(world, at=end - timedelta(seconds=1))
    refused(lambda: say(world, at=end), "“Debate” closed on")
    refused(lambda: say(world, at=end, parent=world.comments["public"]), "“Debate” closed on")
    refused(
        lambda: find_helpful(comment=world.comments["public"], by=world.jonas, at=end), "“Debate” closed on"
    )
    reply = say(world, by="olga", at=end + DAY, parent=world.comments["public"], office=world.parks)
    assert reply.office == world.parks


def test_before_the_phase_nobody_comments_not_even_the_city(world: World):
    before = square(world).phase.starts - timedelta(seconds=1)
    refused(lambda: say(world, at=before), "“Debate” opens on")
    refused(lambda: say(world, by="olga", at=before, office=world.parks), "“Debate” opens on")


def test_only_an_official_speaks_for_an_office_and_only_a_member_for_an_organisation(world: World):
    refused(lambda: say(world, by="amina", office=world.parks), "Only the responsible office")
    refused(lambda: say(world, by="olga", office=world.money), "Only the responsible office")
    refused(lambda: say(world, by="jonas", organisation=world.garden), "Only confirmed members")
    assert say(world, by="ines", organisation=world.garden).contribution.organisation == world.garden


def test_a_reply_to_a_reply_joins_the_thread_and_has_no_stance(world: World):
    first = say(world, parent=world.comments["question"], stance="for", paragraph=1)
    second = say(world, by="jonas", parent=first)
    assert first.parent == second.parent == world.comments["question"]
    assert (first.stance, first.paragraph) == ("", None)
    entry = Entry.objects.get(verb="comment.published", subject_key=str(second.pk))
    assert entry.data["reply_to"] == first.pk and entry.data["thread"] == world.comments["question"].pk


def test_the_database_refuses_what_no_form_sends(world: World):
    public, official = world.comments["public"], world.comments["official"]
    for pk, change in [
        (official.pk, {"stance": "for"}),  # a reply with a stance
        (public.pk, {"stance": "maybe"}),
        (public.pk, {"on": world.trees.contribution, "on_is_public": True}),  # two subjects
        (public.pk, {"phase": None}),  # none
        (public.pk, {"pinned_at": world.now}),  # not of the city
        (world.comments["on_fountain"].pk, {"paragraph": 1}),  # of no text
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=pk).update(**change)


def test_a_paragraph_that_does_not_exist_and_a_text_that_is_too_long_are_refused(world: World):
    refused(lambda: say(world, paragraph=3), "no such paragraph")
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        say(world, "x" * 3001)
    assert say(world, "x" * 3000)


def test_words_can_be_changed_for_half_an_hour_and_the_old_ones_stay(world: World):
    comment = say(world, "Drei Bäume.")
    edit_comment(comment=comment, text="Vier Bäume.", by=world.amina, at=world.now + timedelta(minutes=29))
    comment.refresh_from_db()
    assert comment.text == "Vier Bäume." and comment.edited_at
    assert list(comment.revisions.order_by("number").values_list("text", flat=True)) == [
        "Drei Bäume.",
        "Vier Bäume.",
    ]
    late = world.now + timedelta(minutes=30)
    refused(lambda: edit_comment(comment=comment, text="Fünf", by=world.amina, at=late), "30 minutes")
    refused(
        lambda: edit_comment(comment=comment, text="Fünf", by=world.jonas, at=world.now), "Only the author"
    )
    comment.refresh_from_db()
    assert comment.text == "Vier Bäume."


def test_the_same_words_are_no_change(world: World):
    comment = say(world, "Drei Bäume.")
    edit_comment(comment=comment, text="Drei Bäume.\r\n", by=world.amina, at=world.now)
    assert Comment.objects.get(pk=comment.pk).edited_at is None and comment.revisions.count() == 1


def test_withdrawing_takes_the_words_away_and_leaves_the_replies(world: World):
    question = world.comments["question"]
    withdraw_comment(comment=question, by=world.ines, at=world.now)
    refused(lambda: withdraw_comment(comment=question, by=world.ines, at=world.now), "withdrawn already")
    shown = {each.comment.pk: each for each in threads_of(square(world), None, world.now).items}
    assert "withdrawn" in translated(lambda: threads_gone(world, question))
    assert [reply.comment for reply in shown[question.pk].replies] == [world.comments["official"]]
    refused(lambda: say(world, parent=Comment.objects.get(pk=question.pk)), "not shown any more")


def threads_gone(world: World, comment: Comment) -> str:
    items = threads_of(square(world), None, world.now).items
    return next(each.gone for each in items if each.comment.pk == comment.pk)


def translated(ask: Any) -> str:
    with translation.override("en"):
        return str(ask())


def test_helpful_once_per_person_never_for_oneself_and_it_can_be_taken_back(world: World):
    comment = world.comments["public"]
    assert find_helpful(comment=comment, by=world.jonas, at=world.now) == 1
    refused(lambda: find_helpful(comment=comment, by=world.jonas, at=world.now), "helpful already")
    assert find_helpful(comment=comment, by=world.ines, at=world.now) == 2
    refused(lambda: find_helpful(comment=comment, by=world.amina, at=world.now), "wrote this yourself")
    assert take_back_helpful(comment=comment, by=world.jonas, at=world.now) == 1
    refused(lambda: take_back_helpful(comment=comment, by=world.jonas, at=world.now), "have not said")


def test_the_city_pins_its_own_replies_and_nobody_elses(world: World):
    official = world.comments["official"]
    pin_comment(comment=official, by=world.olga, at=world.now)
    assert Comment.objects.get(pk=official.pk).pinned_at
    pin_comment(comment=official, by=world.olga, at=world.now, pinned=False)
    assert Comment.objects.get(pk=official.pk).pinned_at is None
    refused(lambda: pin_comment(comment=official, by=world.mo, at=world.now), "Only the responsible office")
    refused(
        lambda: pin_comment(comment=world.comments["public"], by=world.olga, at=world.now),
        "Only replies of the city",
    )


def test_a_pinned_comment_stands_on_top_once(world: World):
    notice = say(world, by="olga", office=world.parks, at=world.now - 3 * DAY)
    pin_comment(comment=notice, by=world.olga, at=world.now)
    found = threads_of(square(world), None, world.now)
    assert [each.comment for each in found.pinned] == [notice]
    assert notice not in [each.comment for each in found.items]


def test_a_conclusion_closes_the_conversation_for_good(world: World):
    words = both("Alle wollen Bäume.", "Everybody wants trees.")
    refused(
        lambda: summarise(talk=square(world), text=words, by=world.amina, at=world.now), "Only moderators"
    )
    summarise(talk=square(world), text=words, by=world.mo, at=world.now)
    assert say(world)
    summarise(talk=square(world), text=words, by=world.olga, at=world.now, closes=True, office=world.parks)
    assert Summary.objects.filter(closes=True).values_list("text_en", flat=True).get() == words["en"]
    fresh = world.comments["fresh"]
    refused(lambda: say(world), "closed with a conclusion")
    refused(lambda: say(world, by="olga", office=world.parks), "closed with a conclusion")
    refused(
        lambda: edit_comment(comment=fresh, text="Anders", by=world.jonas, at=world.now),
        "closed with a conclusion",
    )
    refused(
        lambda: summarise(talk=square(world), text=words, by=world.mo, at=world.now, closes=True),
        "closed with a conclusion",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Summary.objects.create(
            process=square(world).process, phase=square(world).phase, closes=True, at=world.now
        )


def test_a_conversation_on_a_proposal_needs_a_phase_with_the_act(world: World):
    assert say(world, talk=Talk(on=world.fountain.contribution)).contribution.phase.method == "ideas"
    assert say(world, talk=Talk(on=world.to_assess.contribution)).contribution.phase.method == "assessment"
    refused(lambda: say(world, talk=Talk(on=world.voting0.contribution)), "closed on")
    Phase.objects.filter(process=world.collecting, method="ideas").update(acts=["propose"])
    world.collecting.__dict__.pop("line", None)
    talk = Talk(on=Contribution.objects.select_related("process").get(pk=world.trees.pk))
    refused(lambda: say(world, talk=Talk(on=world.hidden.contribution)), "not public")
    assert say(world, talk=talk).contribution.phase.method == "debate"  # still open beside it


def test_what_is_said_about_a_hidden_thing_is_hidden_with_it_and_comes_back(world: World):
    comment, contribution = world.comments["on_fountain"], world.fountain.contribution
    assert comment in Comment.objects.public() and comment in Comment.objects.visible_to(None)
    hide_contribution(contribution=contribution, by=world.mo, at=world.now, **HIDE)
    assert comment not in Comment.objects.public() and comment not in Comment.objects.visible_to(world.jonas)
    assert comment in Comment.objects.visible_to(world.mo)
    restore_contribution(contribution=contribution, by=world.mo, at=world.now)
    assert comment in Comment.objects.public()


def test_counts_speak_of_public_comments_only(world: World):
    counts = counts_of(square(world))
    assert (counts.total, counts.open) == (4, 0)
    assert counts.by_stance == {"": 3, "for": 1, "against": 1, "question": 1}
    assert by_paragraph(square(world)) == {1: 1}
    restore_contribution(contribution=world.comments["hidden"].contribution, by=world.mo, at=world.now)
    assert counts_of(square(world)).by_stance["against"] == 2


def test_orders_are_newest_most_helpful_and_the_questions_that_wait(world: World):
    find_helpful(comment=world.comments["public"], by=world.jonas, at=world.now)
    asked = say(world, "Und nachts?", stance="question", at=world.now - timedelta(hours=1))

    def order(name: str) -> list[Comment]:
        return [each.comment for each in threads_of(square(world), None, world.now, Choice(order=name)).items]

    assert order("new")[0] == asked and order("helpful")[0] == world.comments["public"]
    assert order("open") == [asked]
    say(world, "Nachts ist es dunkel.", parent=asked)
    assert order("open") == []


def test_a_call_by_name_reaches_people_of_the_thread_only(world: World):
    def called(comment: Comment) -> Any:
        return Entry.objects.get(verb="comment.published", subject_key=str(comment.pk)).data.get("mentions")

    words = "@Ines Pohl und @Jonas Petersen, was meinen Sie?\n> @Olga Brandt"
    assert called(say(world, words, parent=world.comments["question"])) == [world.ines.pk]
    say(world, "Gern.", by="jonas", parent=world.comments["question"])
    both_of_them = sorted([world.ines.pk, world.jonas.pk])
    assert called(say(world, words, parent=world.comments["question"])) == both_of_them
    assert called(say(world, words)) is None
    on_hers = say(world, "@Amina Yıldız schön!", by="jonas", talk=Talk(on=world.fountain.contribution))
    assert called(on_hers) == [world.amina.pk]


def test_closing_an_account_leaves_the_words_and_takes_the_name_and_the_votes(world: World):
    find_helpful(comment=world.comments["public"], by=world.jonas, at=world.now)
    close_account(person=world.jonas, at=world.now)
    comment = Comment.objects.get(pk=world.comments["fresh"].pk)
    assert comment.is_public and comment.contribution.author is None
    assert not CommentRevision.objects.filter(by=world.jonas).exists()
    assert Comment.objects.get(pk=world.comments["public"].pk).helpful == 0 and not Helpful.objects.exists()
