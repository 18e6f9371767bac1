"""Designs of a proposal: who adds them, notes at a spot, one preference per person."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction

from cocreation.models import PendingAct
from groundwork.answer import Refused
from proposals.variants import actions
from proposals.variants.models import MOST, Annotation, Preference, Variant

pytestmark = pytest.mark.django_db

WRITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def first(world) -> Variant:
    return Variant.objects.select_related("proposal__process").get(proposal=world.fountain, number=1)


def address(world, rest="") -> str:
    return f"/en/proposals/{world.fountain.receipt}/variants/{rest}"


def add(world, by, picture=None, title="Oval"):
    return actions.add_variant(
        proposal=world.fountain, title=title, words="Mit Bank.", picture=picture, by=by, at=world.now
    )


def test_only_writers_add_designs_and_five_are_enough(world):
    with pytest.raises(Refused):
        add(world, world.jonas)
    assert world.fountain.variants.count() == 2
    while world.fountain.variants.count() < MOST:
        add(world, world.amina)
    with pytest.raises(Refused):
        add(world, world.amina)
    actions.remove_variant(variant=world.fountain.variants.get(number=2), by=world.amina, at=world.now)
    assert add(world, world.amina).number == MOST + 1


def test_a_drawing_is_a_picture_of_this_proposal(world):
    for file in ("hidden", "waiting"):
        with pytest.raises(Refused):
            add(world, world.amina, picture=world.files[file])
    assert add(world, world.amina, picture=world.files["fountain"]).picture == world.files["fountain"]


def test_a_person_has_one_preference_for_a_design_and_may_change_it(world, first):
    for choice in ("like", "not", "not"):
        actions.prefer(variant=first, choice=choice, by=world.jonas, at=world.now)
    assert Preference.objects.get(variant=first, person=world.jonas).choice == "not"
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(variant=first, person=world.jonas, choice="like", at=world.now)
    with pytest.raises(Refused):
        actions.prefer(variant=first, choice="love", by=world.jonas, at=world.now)
    actions.prefer(variant=first, choice="", by=world.jonas, at=world.now)
    assert not Preference.objects.filter(variant=first, person=world.jonas).exists()


def test_notes_stand_at_their_spot_and_in_the_list_and_hidden_ones_nowhere(world, sign_in):
    for who in (None, world.amina, world.mo):
        page = sign_in(who).get(address(world)).content.decode()
        assert page.count("Hier ist es rutschig.") == 1 and "bottom left" in page
        assert "Geheimnis" not in page
        assert 'transform="translate(6 36)"' in page


def test_a_note_in_words_and_by_point_and_never_without_text(world, sign_in, first):
    client = sign_in(world.jonas)
    client.post(address(world, "1/note/"), {"note-1-spot": "02", "note-1-text": "Oben rechts"}, headers=WRITE)
    note = Annotation.objects.get(text="Oben rechts")
    assert (round(note.x), round(note.y), note.number) == (83, 17, 3)
    assert note.contribution.kind == "annotation" and note.contribution.author == world.jonas
    client.post(
        address(world, "1/note/"),
        {"note-1-x": "12.5", "note-1-y": "99", "note-1-text": "Genau"},
        headers=WRITE,
    )
    assert Annotation.objects.get(text="Genau").x == 12.5
    count = Annotation.objects.count()
    for wrong in ({"note-1-text": ""}, {"note-1-text": "x", "note-1-x": "101", "note-1-y": "5"}):
        assert client.post(address(world, "1/note/"), wrong, headers=WRITE).status_code == 422
    assert Annotation.objects.count() == count


def test_what_visitors_note_and_prefer_waits_for_them(world, sign_in, first):
    sent = {"note-1-spot": "11", "note-1-text": "Mitte"}
    response = sign_in(None).post(address(world, "1/note/"), sent, headers=WRITE)
    assert "/waiting/" in response["Location"] and not Annotation.objects.filter(text="Mitte").exists()
    done = sign_in(world.jonas).post(response["Location"], headers=WRITE)
    assert done["Location"].endswith("#variant-1") and Annotation.objects.get(text="Mitte").variant == first
    response = sign_in(None).post(address(world, "1/prefer/"), {"choice": "fine"}, headers=WRITE)
    sign_in(world.jonas).post(response["Location"], headers=WRITE)
    assert Preference.objects.get(variant=first, person=world.jonas).choice == "fine"
    assert not PendingAct.objects.filter(completed_at=None, act__in=["annotate", "prefer"]).exists()


def test_the_page_of_the_proposal_leads_to_the_designs_without_a_query_of_its_own(
    world, sign_in, django_assert_max_num_queries
):
    client = sign_in(None)
    client.get(f"/en/proposals/{world.fountain.receipt}/")
    with django_assert_max_num_queries(9):
        page = client.get(f"/en/proposals/{world.fountain.receipt}/").content.decode()
    assert re.search(r"There are\s+2\s+designs", page) and address(world) in page


def test_more_designs_and_notes_need_no_more_queries(world, sign_in, first, django_assert_max_num_queries):
    for number in range(4):
        actions.note_at(
            variant=first, x=5, y=5, text=f"n{number}", language="de", by=world.ines, at=world.now
        )
    add(world, world.amina)
    with django_assert_max_num_queries(9):
        sign_in(None).get(address(world))
