"""A comment drawn from a shape is the comment, and a conversation read whole is the same conversation."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cocreation.actions import hide_contribution
from cocreation.conversation import drawing
from cocreation.conversation.actions import (
    CommentText,
    edit_comment,
    find_helpful,
    pin_comment,
    publish_comment,
    withdraw_comment,
)
from cocreation.conversation.models import Comment
from cocreation.conversation.queries import Threads, small_talk, threads_of
from cocreation.conversation.talks import Talk
from cocreation.models import Contribution
from tests.world import World

pytestmark = pytest.mark.django_db
HOSTILE = "<b>Ada</b> & \ue000body\ue001 Q-u-A-r-T-i-E-r"


@pytest.fixture
def talk(world: World) -> Talk:
    return Talk(on=Contribution.objects.select_related("process", "author").get(pk=world.trees.pk))


def converse(world: World, talk: Talk, seed: int) -> None:
    """Twenty things that happen in a conversation, by chance."""
    chance, people, at = random.Random(seed), [world.amina, world.jonas, world.ines], world.now
    openers: list[Comment] = []
    for number in range(20):
        at += timedelta(minutes=1)
        by, what = chance.choice(people), chance.random()
        if what < 0.45 or not openers:
            stance = chance.choice(["", "for", "against", "question"])
            openers.append(
                publish_comment(talk=talk, text=CommentText(f"Nr. {number}", "de", stance), by=by, at=at)
            )
            continue
        opener = chance.choice(openers)
        if not opener.is_public:
            continue
        if what < 0.75:
            quoted = f"> {opener.text}\n\n" if chance.random() < 0.3 else ""
            office = world.parks if chance.random() < 0.4 else None
            made = publish_comment(
                talk=talk, text=CommentText(f"{quoted}Antwort {number}", "en"), by=world.olga if office else by, at=at,
                parent=opener, office=office,
            )  # fmt: skip
            if office and chance.random() < 0.5:
                pin_comment(comment=made, by=world.olga, at=at)
        elif what < 0.85:
            reader = next(person for person in people if person != opener.contribution.author)
            if not opener.helpful:
                find_helpful(comment=opener, by=reader, at=at)
        elif what < 0.93:
            hide_contribution(contribution=opener.contribution, by=world.mo, at=at, rule="r", reason="Nein.")
        else:
            withdraw_comment(comment=opener, by=opener.contribution.author, at=at)
        for each in openers:
            each.refresh_from_db()


@pytest.mark.parametrize("seed", range(6))
def test_a_conversation_read_whole_shows_what_reading_its_first_page_shows(
    world: World, talk: Talk, seed: int
):
    converse(world, talk, seed)
    for person in (None, world.jonas, world.olga):
        for size in (2, 6):
            whole = small_talk(talk, person, world.now, size)
            paged = threads_of(talk, person, world.now, size=size)
            assert seen(whole) == seen(paged), (person, size)


def seen(threads: Threads) -> object:
    frame = drawing.Frame(threads.talk.url, may_write=True)
    return threads.counts, threads.next_url, threads.first_url, drawing.all_of(threads, frame)


def test_a_conversation_read_whole_takes_one_query(world: World, talk: Talk):
    converse(world, talk, 1)
    Comment.objects.filter(on=talk.on, text__startswith=">").update(text="Ohne Zitat")
    small_talk(talk, world.jonas, world.now)
    with CaptureQueriesContext(connection) as queries:
        small_talk(talk, world.jonas, world.now)
    assert len(queries) == 1


def test_nothing_somebody_wrote_becomes_markup_or_a_place_in_a_shape(world: World, talk: Talk):
    world.jonas.public_name = HOSTILE[:60]
    world.jonas.save()
    said = publish_comment(
        talk=talk, text=CommentText(f"{HOSTILE} \ue000name\ue001"), by=world.jonas, at=world.now
    )
    markup = seen(small_talk(talk, None, world.now))[3]  # type: ignore[index]
    assert markup.count("&lt;b&gt;Ada&lt;/b&gt; &amp; \ue000body\ue001 Q-u-A-r-T-i-E-r") >= 2
    assert "<b>Ada" not in markup and f'id="c-{said.receipt}"' in markup
    assert markup.count("\ue000name\ue001") == 1, "as it was typed, not the name"


def test_each_comment_has_its_own_words_and_its_own_shape(world: World, talk: Talk):
    first = publish_comment(talk=talk, text=CommentText("Eins", "de", "for"), by=world.jonas, at=world.now)
    second = publish_comment(talk=talk, text=CommentText("Zwei", "de", "for"), by=world.amina, at=world.now)
    edit_comment(comment=second, text="Zwei, genauer", by=world.amina, at=world.now)
    find_helpful(comment=first, by=world.amina, at=world.now)
    with translation.override("de"):
        visitor = str(seen(small_talk(talk, None, world.now))[3])  # type: ignore[index]
        amina = str(seen(small_talk(talk, world.amina, world.now))[3])  # type: ignore[index]
    with translation.override("en"):
        english = str(seen(small_talk(talk, None, world.now))[3])  # type: ignore[index]
    newest, oldest = visitor.split(f'id="c-{first.receipt}"')
    assert "Zwei, genauer" in newest and "geändert" in newest and "Amina Yıldız" in newest
    assert "Eins" in oldest and "geändert" not in oldest and "Jonas Petersen" in oldest
    assert 'aria-pressed="true"' in amina and 'aria-pressed="true"' not in visitor
    assert "Zurückziehen" in amina and "Zurückziehen" not in visitor
    assert "Reply" in english and "Reply" not in visitor
