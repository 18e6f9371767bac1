"""The life record: one page for every contribution, without an account, and nothing of what is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocreation.actions import hide_contribution, restore_contribution
from cocreation.kinds import kinds
from cocreation.models import Contribution
from cocreation.record import receipt_from

pytestmark = pytest.mark.django_db


def page(client, receipt: str) -> str:
    return client.get(f"/en/r/{receipt}/").content.decode()


@given(
    st.integers(2000, 2099),
    st.integers(1, 99_999_999),
    st.sampled_from(["-", " ", "–", " - ", ".", "/", "--", "-0", "-00"]),
)
def test_a_number_is_understood_however_it_is_typed(year, number, between):
    assert receipt_from(f" {year}{between}{str(number)[: 8 - between.count('0')]} ") == (
        f"{year}-{int(str(number)[: 8 - between.count('0')]):04}"
    )


@pytest.mark.parametrize(
    ("typed", "number"),
    [("2027-113", "2027-0113"), ("nr. 2027 0113", "2027-0113"), ("20270113", "2027-0113"), ("Receipt no. 2027-113.", "2027-0113"),
     ("", ""), ("hello", ""), ("27-113", ""), ("2027", ""), ("2027-0113-5", ""), ("٢٠٢٧-0113", "")],
)  # fmt: skip
def test_receipt_from(typed, number):
    assert receipt_from(typed) == number


def test_the_form_leads_to_the_record_and_says_when_a_number_is_unknown(world, sign_in):
    client, receipt = sign_in(None), world.fountain.receipt
    year, number = receipt.split("-")
    typed = f" {year}  {int(number)} "
    assert client.get("/en/r/", {"number": typed})["Location"] == f"/en/r/{receipt}/"
    unknown = client.get("/en/r/", {"number": "2001-1"})
    assert unknown.status_code == 404 and "2001-0001" in unknown.content.decode()
    draft = client.get("/en/r/", {"number": world.proposals["draft"].receipt})
    assert draft.status_code == 404
    assert client.get("/en/r/").status_code == 200


def test_every_published_contribution_of_every_kind_has_its_record(world, sign_in):
    client, seen = sign_in(None), set()
    public = Contribution.objects.public().exclude(comment__on_is_public=False).select_related("process")
    for contribution in public:
        answer = client.get(f"/en/r/{contribution.receipt}/")
        assert answer.status_code == 200, contribution.kind
        text = answer.content.decode()
        assert contribution.receipt in text and "<svg" in text
        life = answer.context["life"]
        assert life.entries and [e.at for e in life.entries] == sorted(e.at for e in life.entries)
        assert f'href="{life.url}"' in text
        seen.add(contribution.kind)
    assert {"proposal", "comment"} <= seen <= set(kinds.slugs())


def test_a_comment_and_its_record_lead_to_each_other(world, sign_in):
    comment = world.comments["on_fountain"]
    text = page(sign_in(None), comment.receipt)
    assert f"/en/comments/{comment.receipt}/" in text and comment.text[:20] in text
    assert (
        f"/en/r/{comment.receipt}/" in sign_in(None).get(f"/en/comments/{comment.receipt}/").content.decode()
    )


def test_what_is_gone_says_only_that(world, sign_in):
    comment = world.comments["on_fountain"]
    words = comment.text[:20]
    hide_contribution(
        contribution=comment.contribution, by=world.mo, at=world.now, rule="Respekt", reason="Beleidigung"
    )
    text = page(sign_in(None), comment.receipt)
    assert words not in text and "Beleidigung" not in text and comment.receipt in text
    restore_contribution(contribution=comment.contribution, by=world.mo, at=world.now)
    back = page(sign_in(None), comment.receipt)
    assert words in back and "Put back on the pages" in back and "Beleidigung" not in back


def test_what_is_said_about_a_hidden_thing_has_no_record(world, sign_in):
    comment = world.comments["on_fountain"]
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="Respekt", reason="x"
    )
    assert sign_in(None).get(f"/en/r/{comment.receipt}/").status_code == 404
    assert sign_in(None).get("/en/r/", {"number": comment.receipt}).status_code == 404


def test_the_record_takes_as_many_queries_for_a_long_life(world, sign_in, django_assert_max_num_queries):
    client = sign_in(None)
    page(client, world.fountain.receipt)
    with django_assert_max_num_queries(
        12
    ):  # moves, versions, authors, assessments, and one for each room that knows more
        page(client, world.fountain.receipt)
    comment = world.comments["on_fountain"]
    with django_assert_max_num_queries(9):
        page(client, comment.receipt)
