"""What readers of the journal make of a conversation: who is told, and the number on the cards."""

from __future__ import annotations

import pytest
from django.apps import apps

from cocreation.actions import follow, hide_contribution
from cocreation.conversation.actions import CommentText, publish_comment, summarise
from cocreation.conversation.counts import recount
from cocreation.conversation.models import Comment
from cocreation.conversation.talks import Talk
from groundwork.journal.models import Entry
from quartier.builders import both
from tests.world import World

pytestmark = pytest.mark.django_db
needs_notices = pytest.mark.skipif(
    not apps.is_installed("feedback.notices"), reason="the room is not installed"
)


def told(world: World, verb: str, after: int = 0) -> dict[str, str]:
    """Public name -> sentence, of everybody who was told of it."""
    from feedback.notices import words
    from feedback.notices.fanout import plan
    from feedback.notices.fanout import spread as spread_all
    from feedback.notices.models import Notice

    plan(list(Entry.objects.filter(verb=verb, id__gt=after)))
    spread_all(world.now)
    return {
        notice.person.public_name: words.said(notice, words.Facts()).short
        for notice in Notice.objects.filter(verb=verb).select_related("person").with_things()
    }


def newest_entry() -> int:
    return Entry.objects.latest("id").pk


@needs_notices
def test_the_author_the_one_who_is_answered_the_called_and_the_followers_are_told(world: World) -> None:
    talk = Talk(on=world.fountain.contribution)
    before = newest_entry()
    first = world.comments["on_fountain"]  # by Ines, on Amina's proposal
    publish_comment(talk=talk, text=CommentText("Gut."), by=world.clara, at=world.now, parent=first)
    called = newest_entry()
    follow(person=world.mo, contribution=world.fountain.contribution, at=world.now)
    follow(person=world.olga, process=world.collecting, at=world.now)
    words = "Das sehe ich auch so, @Clara Sommer."
    publish_comment(talk=talk, text=CommentText(words), by=world.jonas, at=world.now, parent=first)
    found = told(world, "comment.published", called)
    assert found == {
        "Amina Yıldız": "Eine Antwort im Gespräch",
        "Ines Pohl": "Eine Antwort im Gespräch",
        "Clara Sommer": "Jemand ruft Sie in einem Beitrag beim Namen",
        "Mo Bilgin": "Eine Antwort im Gespräch",
        "Olga Brandt": "Eine Antwort im Gespräch",
    }
    assert before < called


@needs_notices
def test_nobody_is_told_of_a_comment_that_was_hidden_meanwhile_and_old_notices_go(world: World) -> None:
    from feedback.notices.models import Notice

    talk = Talk.of(world.comments["public"])
    before = newest_entry()
    text = CommentText("Schlimmes.")
    seen = publish_comment(
        talk=talk, text=text, by=world.jonas, at=world.now, parent=world.comments["public"]
    )
    assert told(world, "comment.published", before) == {"Amina Yıldız": "Eine Antwort im Gespräch"}
    hide_contribution(
        contribution=seen.contribution, by=world.mo, at=world.now, rule="Respekt", reason="Nein."
    )
    assert not Notice.objects.of(world.amina).filter(verb="comment.published").exists()
    Notice.objects.all().delete()
    assert told(world, "comment.published", before) == {}


@needs_notices
def test_notices_of_one_conversation_stand_together_and_lead_to_the_comment(world: World) -> None:
    from feedback.notices.inbox import groups_of

    talk = Talk.of(world.comments["public"])
    before = newest_entry()
    for words in ("Eins.", "Zwei."):
        made = publish_comment(
            talk=talk, text=CommentText(words), by=world.jonas, at=world.now, parent=world.comments["public"]
        )
    told(world, "comment.published", before)
    groups, _more = groups_of(world.amina)
    assert [(group.title, len(group.notices), group.url) for group in groups] == [
        (world.collecting.title, 2, made.get_absolute_url())
    ]


@needs_notices
def test_whoever_said_something_hears_of_the_conclusion(world: World) -> None:
    talk, words = Talk.of(world.comments["public"]), both("Es gibt Bäume.", "There will be trees.")
    summarise(talk=talk, text=words, by=world.mo, at=world.now, closes=True)
    assert told(world, "conversation.concluded").keys() == {
        "Amina Yıldız", "Ines Pohl", "Jonas Petersen", "Olga Brandt",
    }  # fmt: skip


def test_the_number_on_the_card_follows_what_is_public(world: World) -> None:
    def number() -> int:
        recount(list(Entry.objects.all()))
        world.fountain.refresh_from_db()
        return int(world.fountain.comments)

    assert number() == 1
    talk = Talk(on=world.fountain.contribution)
    made = publish_comment(talk=talk, text=CommentText("Auch gut."), by=world.jonas, at=world.now)
    assert number() == 2
    hide_contribution(
        contribution=made.contribution, by=world.mo, at=world.now, rule="Respekt", reason="Nein."
    )
    assert number() == 1 and Comment.objects.filter(on=world.fountain.pk).count() == 2
