"""Two clicks at one moment, and five thousand comments in one debate."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from cocreation.conversation.actions import find_helpful
from cocreation.conversation.models import Comment, CommentRevision, Helpful
from cocreation.models import Contribution
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from tests import keepsake
from tests.pages import read
from tests.visits import forget
from tests.world import DAY, World

RACERS = 8
MANY = 5_000


@pytest.mark.django_db(transaction=True)
def test_clicks_at_one_moment_are_one_helpful_because_the_constraint_says_so():
    world = keepsake.world()
    comment, person = world.comments["public"].pk, world.jonas.pk

    def race() -> list[str]:
        start, results = threading.Barrier(RACERS), [""] * RACERS

        def run(number: int) -> None:
            try:
                found = Comment.objects.select_related("contribution", "process", "phase", "on").get(
                    pk=comment
                )
                by = Person.objects.get(pk=person)
                start.wait(timeout=60)
                find_helpful(comment=found, by=by, at=world.now)
                results[number] = "yes"
            except Refused:
                results[number] = "no"
            except Exception as error:  # a thread has no other way to tell
                results[number] = repr(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        return sorted(results)

    assert race() == ["no"] * (RACERS - 1) + ["yes"]
    assert Helpful.objects.count() == Comment.objects.get(pk=comment).helpful == 1
    assert Entry.objects.filter(verb="comment.found_helpful").count() == 1
    # The rule alone would not have held: without the constraint more than one gets through.
    Helpful.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "alter table conversation_helpful drop constraint conversation_helpful_once_per_person"
        )
    try:
        race()
        assert Helpful.objects.count() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("delete from conversation_helpful")
            cursor.execute(
                "alter table conversation_helpful add constraint conversation_helpful_once_per_person"
                " unique (comment_id, person_id)"
            )


def many_comments(world: World, many: int) -> None:
    """Rows as `publish_comment` would leave them: every third a question, every fourth thread answered."""
    template = world.comments["public"]
    phase, people = template.phase, [world.amina, world.jonas, world.ines]

    def said(n: int, **about: object) -> tuple[Contribution, Comment]:
        contribution = Contribution(
            kind="comment",
            process=phase.process,
            phase=phase,
            author=people[n % 3],
            created_at=world.now - DAY,
            published_at=world.now - DAY,
            is_public=True,
        )
        comment = Comment(process=phase.process, is_public=True, phase=phase, text=f"Beitrag {n}", **about)
        return contribution, comment

    def insert(pairs: list[tuple[Contribution, Comment]]) -> list[Comment]:
        Contribution.objects.bulk_create([contribution for contribution, _comment in pairs], batch_size=1000)
        receipts = dict(
            Contribution.objects.filter(pk__in=[each.pk for each, _comment in pairs]).values_list(
                "pk", "receipt"
            )
        )
        for contribution, comment in pairs:
            comment.contribution, comment.receipt = contribution, receipts[contribution.pk]
        comments = Comment.objects.bulk_create([comment for _each, comment in pairs], batch_size=1000)
        CommentRevision.objects.bulk_create(
            [CommentRevision(comment=each, text=each.text, at=world.now) for each in comments],
            batch_size=1000,
        )
        return comments

    roots = insert(
        [
            said(n, stance="question" if n % 3 == 0 else "for", helpful=n % 40, paragraph=1 + n % 2)
            for n in range(many * 4 // 5)
        ]
    )
    insert([said(n, parent=roots[n * 4]) for n in range(many // 5)])


@pytest.mark.django_db
def test_five_thousand_comments_take_as_many_queries_as_five(world: World, client):
    url = "/de/processes/collecting/debate/talk/"
    wanted = [
        url, f"{url}?order=helpful", f"{url}?order=open", f"{url}?stance=question", f"{url}?paragraph=1", f"{url}feed/",
        "/de/processes/collecting/", world.comments["question"].get_absolute_url(),
    ]  # fmt: skip

    def ask(address: str) -> tuple[int, str]:
        forget()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200
        return len(queries), response.content.decode()

    for address in wanted:  # what is worked out once per process is not counted
        ask(address)
    few = {address: ask(address)[0] for address in wanted}
    many_comments(world, MANY)
    for address in wanted:
        queries, _page = ask(address)
        assert queries <= few[address] + 1, address  # the first replies of a page that had none before
    first = ask(url)[1]
    assert first.count('<article class="say') <= 20 * 4 + 1
    assert "5.004" in first  # four of the world, and these


@pytest.mark.django_db
def test_paging_shows_every_thread_once_in_every_order(world: World, client):
    many_comments(world, 80)
    for order in ("new", "helpful", "open"):
        seen: list[str] = []
        address = f"/de/processes/collecting/debate/talk/?order={order}"
        while address:
            page = client.get(address).content.decode()
            seen += re.findall(r'<article class="say(?: say--city)?" id="c-([\d-]+)">', page)
            more = [link for link in read(page).links if link.startswith("?") and "after=" in link]
            address = f"/de/processes/collecting/debate/talk/{more[-1].split('#')[0]}" if more else ""
        threads = Comment.objects.filter(phase=world.comments["public"].phase, parent=None, is_public=True)
        if order == "open":
            threads = threads.filter(stance="question", replies=None)
        roots = [receipt for receipt in seen if Comment.objects.get(receipt=receipt).parent_id is None]
        assert sorted(roots) == sorted(threads.values_list("receipt", flat=True)), order
