"""A prepared query gives what its queryset gives, each time, for every argument, and asks once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, TextField, Value
from django.utils import translation

from accounts.models import Person
from cocreation.models import Phase, RoleGrant
from groundwork.journal.models import Entry
from groundwork.prepared import Prepared, planned_anew
from proposals.models import Proposal
from proposals.views.page import get_proposal
from tests.world import World


def everything(thing: object) -> dict[str, object]:
    return {name: value for name, value in thing.__dict__.items() if name != "_state"}


def test_objects_are_those_of_the_queryset(world: World, django_assert_num_queries):
    def build(receipt: str):
        return Proposal.objects.select_related("contribution__author", "process__office").filter(
            receipt=receipt
        )

    prepared: Prepared[Any] = Prepared(build, receipt="?")
    for proposal in world.proposals.values():
        with django_assert_num_queries(1):
            (found,) = prepared(receipt=proposal.receipt)
            assert found.process.office and (
                found.contribution.author is None or found.contribution.author.public_name
            )
        expected = build(proposal.receipt).get()
        assert everything(found) == everything(expected)
        assert everything(found.process) == everything(expected.process)
        assert everything(found.contribution) == everything(expected.contribution)
        assert found.contribution.author == expected.contribution.author
        assert not found._state.adding and found._state.db == "default"


def test_nothing_found_is_an_empty_list(world: World):
    assert (
        Prepared(lambda receipt: Proposal.objects.filter(receipt=receipt), receipt="?")(receipt="nothing")
        == []
    )


def test_annotations_tuples_and_flat_values_come_as_from_the_queryset(world: World):
    def annotated(stage: str):
        return Proposal.objects.filter(stage=stage).annotate(doubled=F("supports") * 2).order_by("pk")

    rows: list[Any] = Prepared(annotated, stage="?")(stage="received")
    assert [(p.pk, p.doubled) for p in rows] == [(p.pk, p.doubled) for p in annotated("received")] != []

    def tuples(person: int, at: datetime):
        return RoleGrant.objects.valid(at).filter(person=person).values_list("role", "office_id")

    prepared: Prepared[Any] = Prepared(tuples, person=-1, at=datetime.max.replace(tzinfo=UTC))
    for person in Person.objects.all():
        for at in (world.now, world.now - timedelta(days=2000)):
            assert prepared(person=person.pk, at=at) == list(tuples(person.pk, at))

    flat: Prepared[Any] = Prepared(
        lambda key: Person.objects.filter(pk=key).values_list("public_name", flat=True), key=-1
    )
    assert flat.first(key=world.amina.pk) == "Amina Yıldız"
    assert flat.first(key=-5) is None


def test_a_number_the_field_wraps_is_found_and_wrapped_again(world: World):
    prepared: Prepared[Any] = Prepared(
        lambda process: Entry.objects.filter(process_id=process).order_by("pk"), process=-1
    )
    expected = list(Entry.objects.filter(process_id=world.collecting.pk).order_by("pk"))
    assert prepared(process=world.collecting.pk) == expected != []


def test_columns_left_out_are_asked_for_when_needed(world: World, django_assert_num_queries):
    prepared: Prepared[Any] = Prepared(lambda key: Proposal.objects.filter(pk=key).defer("search"), key=-1)
    with django_assert_num_queries(1):
        found = prepared.first(key=world.fountain.pk)
        assert found.title == world.fountain.title
    with django_assert_num_queries(1):
        assert "trinkbrunn" in found.search


def test_values_are_converted_as_the_fields_say(world: World):
    prepared: Prepared[Any] = Prepared(
        lambda process: Phase.objects.filter(process=process).order_by("pk"), process=-1
    )
    assert [(p.acts, p.audience, p.options, p.starts) for p in prepared(process=world.collecting.pk)] == [
        (p.acts, p.audience, p.options, p.starts)
        for p in Phase.objects.filter(process=world.collecting).order_by("pk")
    ]


def test_each_language_has_its_own_plan(world: World):
    prepared: Prepared[Any] = Prepared(
        lambda name: Phase.objects.filter(name=name, process=world.collecting), name="?"
    )
    with translation.override("de"):
        assert len(prepared(name="Ideen")) == 1
    with translation.override("en"):
        assert prepared(name="Ideen") == []
        assert len(prepared(name="Ideas")) == 1


def test_an_argument_that_the_query_does_not_use_is_an_error(world: World):
    with pytest.raises(TypeError, match="does not use person"):
        Prepared(lambda receipt, person: Proposal.objects.filter(receipt=receipt), receipt="?", person=-1)(
            receipt="x", person=1
        )
    with pytest.raises(TypeError, match="takes receipt"):
        Prepared(lambda receipt: Proposal.objects.filter(receipt=receipt), receipt="?")(number=1)
    with pytest.raises(TypeError, match="prefetch"):
        Prepared(lambda key: Proposal.objects.filter(pk=key).prefetch_related("moves"), key=-1)(key=1)


@pytest.mark.django_db(transaction=True)
def test_a_plan_made_in_one_thread_serves_another_through_its_own_connection():
    prepared: Prepared[Any] = Prepared(lambda key: Person.objects.filter(pk=key), key=-1)
    person = Person.objects.create(email="somebody@example.org", public_name="Somebody")
    assert prepared(key=person.pk) == [person]
    found: list[object] = []

    def elsewhere() -> None:
        found.extend(prepared(key=person.pk))
        connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [person]


def test_the_page_of_a_proposal_asks_no_less_strictly_than_visible_to(world: World):
    """What the shortcut finds, and what it leaves to the full question, is together what the policy says."""
    from django.http import Http404

    for person in [None, *Person.objects.all()]:
        for proposal in world.proposals.values():
            allowed = Proposal.objects.visible_to(person).filter(pk=proposal.pk).exists()
            for text in (False, True):
                try:
                    found = get_proposal(proposal.receipt, person, text=text)
                except Http404:
                    assert not allowed
                else:
                    assert allowed and found.pk == proposal.pk


def test_texts_that_are_no_arguments_stand_in_the_statement_as_they_are(world: World):
    odd = "100 % of 'what' \\ they %s said"

    def build(receipt: str):
        return (
            Proposal.objects.filter(receipt=receipt)
            .exclude(title=odd)
            .annotate(said=Value(odd, output_field=TextField()))
        )

    prepared: Prepared[Any] = Prepared(build, receipt="?")
    found = prepared.first(receipt=world.fountain.receipt)
    assert found.pk == world.fountain.pk and found.said == odd
    (plan,) = prepared._plans.values()
    assert plan.parameters == ("?",)


def test_a_query_planned_anew_is_never_prepared_and_others_are_again_afterwards(world: World) -> None:
    def ask(mark: str) -> int:
        for _turn in range(8):
            list(Person.objects.filter(public_name=mark).values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_prepared_statements where statement like '%\"public_name\" = $1%'"
            )
            return int(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute("deallocate all")
    connection.connection._prepared.clear()
    with pytest.raises(LookupError), planned_anew("default"):
        assert ask("Feldahorn") == 0
        raise LookupError
    assert ask("Feldahorn") == 1, "also after an error"
