"""Keyset paging on PostgreSQL: nothing twice, nothing lost, and a wrong token opens the first page."""

import base64
import json

import pytest

from accounts.models import Person
from groundwork.html.paging import keyset

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return Person.objects.bulk_create(
        Person(email=f"p{n:02}@example.org", public_name=f"P{n:02}", language=("de", "en", "fr")[n % 3])
        for n in range(23)
    )


ORDERS = [
    ("pk",),
    ("-pk",),
    ("language", "pk"),
    ("-language", "-pk"),
    ("language", "-pk"),
    ("-language", "pk"),
    ("-joined_at", "language", "-pk"),
]


@pytest.mark.parametrize("order", ORDERS)
def test_the_pages_together_are_the_whole_list(people, order):
    seen, token, pages = [], None, 0
    while True:
        page = keyset(Person.objects.all(), order=order, after=token, size=5)
        seen += [person.pk for person in page]
        pages += 1
        if not (token := page.next_token):
            break
    assert seen == list(Person.objects.order_by(*order).values_list("pk", flat=True))
    assert pages == 5


def test_rows_that_come_in_front_do_not_shift_the_next_page(people):
    first = keyset(Person.objects.all(), order=("-pk",), size=5)
    Person.objects.create(email="new@example.org", public_name="New")
    second = keyset(Person.objects.all(), order=("-pk",), after=first.next_token, size=5)
    assert [person.pk for person in second] == [person.pk for person in reversed(people)][5:10]


def test_one_direction_is_one_row_comparison(people, django_assert_num_queries):
    token = keyset(Person.objects.all(), order=("-language", "-pk"), size=5).next_token
    with django_assert_num_queries(1) as queries:
        keyset(Person.objects.all(), order=("-language", "-pk"), after=token, size=5)
    assert '("accounts_person"."language", "accounts_person"."id") <' in queries[0]["sql"]


def test_a_page_that_is_just_full_has_no_next(people):
    assert keyset(Person.objects.all(), size=23).next_token is None


def forged(order, values):
    return base64.urlsafe_b64encode(json.dumps([order, values]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "é",
        "A" * 9000,
        "W10",
        forged(["pk"], [5]),
        forged(["-language", "-pk"], ["de"]),
        forged(["-language", "-pk"], ["de", "five"]),
        forged(["-language", "-pk"], ["de", None]),
        forged(["-language", "-pk"], ["de", [1]]),
        forged(["-language", "-pk"], ["de", 10**30]),
        forged(["-language", "-pk"], ["d\x00e", 5]),
        forged(["-language", "-pk"], {"a": 1}),
        forged("-language", "de"),
    ],
)
def test_a_wrong_token_opens_the_first_page(people, token):
    order = ("-language", "-pk")
    first = keyset(Person.objects.all(), order=order, size=5).items
    assert keyset(Person.objects.all(), order=order, after=token, size=5).items == first
