"""The publish gate: each of the twenty items blocks alone, a waiver needs its public reason, and both stand on the page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cocreation.actions import publish_process
from cocreation.gate import ITEMS, check_gate, loaded_words, missing_of
from cocreation.models import ConfigChange, GateAnswer, Phase, Process
from cocreation.preparing import answer_item, leave_out, take_back
from cocreation.standard_answers import suggestions_for
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from tests.cocreation.test_studio import moment

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
DAY = timedelta(days=1)
BOTH = {"de": "Ja, so ist es.", "en": "Yes, that is so."}
# How the product's own items are taken away, one at a time.
TAKE = {
    1: lambda p: Process.objects.filter(pk=p.pk).update(question_en=""),
    2: lambda p: Process.objects.filter(pk=p.pk).update(what_fixed_de=""),
    3: lambda p: Process.objects.filter(pk=p.pk).update(promise=""),
    4: lambda p: Process.objects.filter(pk=p.pk).update(decides_de=""),
    5: lambda p: Process.objects.filter(pk=p.pk).update(answer_by=None),
    8: lambda p: Phase.objects.filter(process=p, key="ideas").update(ends=p.line[0].starts + 20 * DAY),
    10: lambda p: Process.objects.filter(pk=p.pk).update(offline_en="At the desk."),
}


@pytest.fixture
def draft(world) -> Process:
    """A draft from an empty page, with every item settled in words of its own."""
    process = world.processes["draft"]
    Process.objects.filter(pk=process.pk).update(recipe="")
    for number, item in ITEMS.items():
        if item.check is None:
            who: Any = (
                {"checked_by": "Datenschutz", "checked_on": date(2026, 1, 2)} if item.who == "must" else {}
            )
            answer_item(process=process, item=number, text=BOTH, by=world.ada, at=world.now, **who)
    return Process.objects.get(pk=process.pk)


def numbers(process: Process, at, *states: str) -> list[int]:
    return [
        each.item.number
        for each in check_gate(Process.objects.get(pk=process.pk), at)
        if each.state in states
    ]


def test_a_process_with_all_twenty_is_published(world, draft):
    assert len(ITEMS) == 20
    assert numbers(draft, world.now, "met") == list(range(1, 21))
    publish_process(process=draft, by=world.ada, at=world.now)


@pytest.mark.parametrize("number", list(range(1, 21)))
def test_each_item_taken_away_alone_blocks(world, draft, number):
    if number in TAKE:
        TAKE[number](draft)
    else:
        GateAnswer.objects.filter(process=draft, item=number).delete()
    assert numbers(draft, world.now, "open") == [number]
    with pytest.raises(Refused):
        publish_process(process=draft, by=world.ada, at=world.now)
    draft.refresh_from_db()
    assert not draft.is_published
    assert not Entry.objects.filter(verb="process.published", process_id=draft.pk).exists()


@pytest.mark.parametrize("number", [number for number, item in ITEMS.items() if item.waivable])
def test_left_out_with_a_reason_it_no_longer_blocks(world, draft, number):
    TAKE.get(number, lambda p: None)(draft)
    leave_out(process=draft, item=number, reason=BOTH, by=world.ada, at=world.now)
    assert numbers(draft, world.now, "waived") == [number]
    publish_process(process=draft, by=world.ada, at=world.now)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_the_page_itself_cannot_be_left_out(world, draft, number):
    with pytest.raises(Refused):
        leave_out(process=draft, item=number, reason=BOTH, by=world.ada, at=world.now)
    assert not draft.gate_answers.filter(item=number).exists()


@pytest.mark.parametrize("reason", [{}, {"de": "Weil."}, {"de": "Weil.", "en": "  "}])
def test_leaving_out_needs_a_reason_in_both_languages(world, draft, reason):
    with pytest.raises(ValidationError) as error:
        leave_out(process=draft, item=20, reason=reason, by=world.ada, at=world.now)
    assert "reason_en" in error.value.message_dict
    assert not draft.gate_answers.get(item=20).is_waived
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.gate_answers.filter(item=20).update(waived_at=world.now, reason_de="Weil.", reason_en=None)


def test_the_data_protection_check_says_who_and_when(world, draft):
    with pytest.raises(ValidationError) as error:
        answer_item(process=draft, item=16, text=BOTH, by=world.ada, at=world.now)
    assert set(error.value.message_dict) == {"checked_by", "checked_on"}
    with pytest.raises(ValidationError):
        answer_item(
            process=draft, item=16, text=BOTH, by=world.ada, at=world.now, checked_by="DSB",
            checked_on=world.now.date() + 2 * DAY,
        )  # fmt: skip


@pytest.mark.parametrize("name", ["amina", "olga", "mo", "clara"])
def test_only_the_administration_answers(world, draft, name):
    person = world.people[name]
    for act in (
        lambda: answer_item(process=draft, item=6, text=BOTH, by=person, at=world.now),
        lambda: leave_out(process=draft, item=6, reason=BOTH, by=person, at=world.now),
        lambda: take_back(process=draft, item=6, by=person, at=world.now),
    ):
        with pytest.raises(Refused):
            act()


def test_what_was_said_at_the_publication_stays(world, draft):
    publish_process(process=draft, by=world.ada, at=world.now)
    with pytest.raises(Refused):
        answer_item(process=draft, item=6, text=BOTH, by=world.ada, at=world.now)


def test_suggestions_count_are_taken_over_and_shown(world, client, sign_in):
    draft = world.processes["draft"]
    assert set(numbers(draft, world.now, "suggested")) == set(suggestions_for("idea_box")) - {9}
    ada = sign_in(world.ada)
    page = ada.get("/en/studio/draft/gate/").content.decode()
    assert "suggested, please read" in page
    assert "still open" not in page
    assert ada.post("/en/studio/draft/publish/", **HERE).status_code == 302
    assert draft.gate_answers.get(item=16).checked_by == draft.office.name
    assert draft.gate_answers.get(item=20).is_waived
    page = client.get("/en/processes/draft/").content.decode()
    assert "How this process was prepared" in page
    assert "What we left out, and why" in page
    assert "In plain language" in page
    assert "Easy to read" not in page


def test_only_a_summary_that_readers_tested_is_called_easy_to_read(world, draft, client):
    answer_item(
        process=draft, item=11, text=BOTH, by=world.ada, at=world.now, checked_by="Prüfgruppe Lebenshilfe",
        checked_on=date(2026, 2, 3),
    )  # fmt: skip
    publish_process(process=draft, by=world.ada, at=world.now)
    page = client.get("/en/processes/draft/").content.decode()
    assert "Easy to read" in page
    assert "Prüfgruppe Lebenshilfe" in page


def test_an_answer_is_given_changed_and_taken_back_in_the_studio(world, sign_in):
    ada, draft = sign_in(world.ada), world.processes["draft"]
    url = "/en/studio/draft/gate/7/"
    assert "suggested, please read" in ada.get(url).content.decode()
    answer = ada.post(url, {"act": "answer", "text_de": "Alle.", "text_en": ""}, **HERE)
    assert answer.status_code == 422
    assert 'href="#id_text_en"' in answer.content.decode()
    assert ada.post(url, {"act": "answer", "text_de": "Alle.", "text_en": "All."}, **HERE).status_code == 302
    assert 7 in numbers(draft, world.now, "met")
    assert (
        ada.post(url, {"act": "leave_out", "reason_de": "Weil.", "reason_en": "Because."}, **HERE).status_code
        == 302
    )
    assert numbers(draft, world.now, "waived") == [7]
    assert ada.post(url, {"act": "take_back"}, **HERE).status_code == 302
    assert 7 in numbers(draft, world.now, "suggested")
    assert ConfigChange.objects.filter(process=draft, what="gate", part="7").count() == 3


def test_the_first_phase_is_announced_in_time(world, draft, settings):
    starts = draft.line[0].starts
    assert not missing_of(draft, starts - 7 * DAY)
    assert [gap.field for gap in missing_of(draft, starts - 6 * DAY)] == ["starts"]
    settings.QUARTIER_MINIMUM_DAYS = {"notice": 0}
    assert not missing_of(draft, starts - 6 * DAY)


def test_loaded_words_are_a_hint_and_no_block(world, draft):
    Process.objects.filter(pk=draft.pk).update(question_de="Soll der Platz endlich schön werden?")
    first = check_gate(Process.objects.get(pk=draft.pk), world.now)[0]
    assert first.state == "met"
    assert "endlich" in str(first.hint)
    assert loaded_words("Unendlich viel Platz", "de") == []


def test_an_idea_box_asks_for_little_before_it_is_public(world, sign_in):
    """Recipe, two names, a place and a date: the recipe says the rest in words that are true everywhere."""
    ada = sign_in(world.ada)
    form = {
        "recipe": "idea_box", "title_de": "Ideen", "title_en": "Ideas", "office": world.parks.pk, "places": [world.town.pk],
        **moment("starts", world.now + 10 * DAY),
    }  # fmt: skip
    assert ada.post("/de/studio/new/", form, **HERE).status_code == 302
    process = Process.objects.get(slug="ideen")
    assert not missing_of(process, world.now), "the recipe has words for everything; they can be changed"
    assert ada.post("/de/studio/ideen/publish/", **HERE).status_code == 302


def test_what_the_product_sees_by_itself_is_not_answered_in_words(world, sign_in):
    form = {"act": "answer", "text_de": "Ja.", "text_en": "Yes."}
    answer = sign_in(world.ada).post("/en/studio/draft/gate/10/", form, **HERE)
    assert answer.status_code == 403
    assert "sees this by itself" in answer.content.decode()
