"""Scope and promise stand after the start. A later change has a public record, a reason, and reaches everybody concerned."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cocreation.actions import SETTINGS, TEXTS, change_phase, change_process
from cocreation.differences import word_difference
from cocreation.models import ChangeRecord, ConfigChange, Phase, Process
from cocreation.undoing import undo
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.budgets.actions import set_envelope
from tests.cocreation.test_studio import HERE, change, moment, stored

DAY = timedelta(days=1)
WHY = {"de": "Der Rat hat neu entschieden.", "en": "The council decided anew."}


def save(process: Process, world, *, reason=None, by=None, places=None, **fields) -> Process:
    """What the studio's form of the texts sends, with `fields` changed."""
    process = Process.objects.get(pk=process.pk)
    texts = {f"{name}_{code}": getattr(process, f"{name}_{code}") for name in TEXTS for code in ("de", "en")}
    settings = {name: getattr(process, name) for name in SETTINGS}
    for name, value in fields.items():
        (texts if name in texts else settings)[name] = value
    return change_process(
        process=process, texts=texts, settings=settings, places=places or [world.town], by=by or world.ada,
        at=world.now, reason=reason,
    )  # fmt: skip


FROZEN = {
    "question": lambda world: {"question_en": "What else?"},
    "what_open": lambda world: {"what_open_de": "Alles."},
    "what_fixed": lambda world: {"what_fixed_de": "Nichts."},
    "how_decided": lambda world: {"how_decided_en": "By lot."},
    "decides": lambda world: {"decides_de": "Das Los"},
    "promise": lambda world: {"promise": "inform"},
    "office": lambda world: {"office": world.money},
    "answer_by": lambda world: {"answer_by": world.collecting.answer_by + DAY},
    "places": lambda world: {"places": [world.village]},
}


@pytest.mark.parametrize("field", FROZEN)
@pytest.mark.parametrize("reason", [None, {"de": "Weil.", "en": " "}])
def test_without_a_reason_what_stands_stays_and_nothing_is_written(world, field, reason):
    before = Process.objects.filter(pk=world.collecting.pk).values().get()
    with pytest.raises(ValidationError) as error:
        save(world.collecting, world, reason=reason, **FROZEN[field](world))
    assert "reason_en" in error.value.message_dict
    assert Process.objects.filter(pk=world.collecting.pk).values().get() == before
    assert [place.pk for place in world.collecting.places.all()] == [world.town.pk]
    assert not ChangeRecord.objects.exists()
    assert not ConfigChange.objects.filter(process=world.collecting).exists()
    assert not Entry.objects.filter(verb__in=["process.changed", "process.amended"]).exists()


@pytest.mark.parametrize("field", FROZEN)
def test_with_a_reason_it_changes_and_the_record_says_what_it_was(world, field):
    save(world.collecting, world, reason=WHY, **FROZEN[field](world))
    record = ChangeRecord.objects.get()
    assert [each["field"] for each in record.changes] == [field]
    assert record.changes[0]["before"] != record.changes[0]["after"]
    assert (record.reason, record.by) == (WHY["de"], world.ada)
    assert Entry.objects.get(verb="process.amended").data == {"change_record": record.pk}
    assert not Entry.objects.filter(verb="process.changed").exists()


@pytest.mark.parametrize("fields", [{"minutes": 9}, {"lead_de": "Kürzer gesagt."}, {"hue": "plum"}])
def test_what_is_neither_scope_nor_promise_needs_no_reason(world, fields):
    save(world.collecting, world, **fields)
    assert not ChangeRecord.objects.exists()
    assert Entry.objects.filter(verb="process.changed").count() == 1


def test_before_the_start_nothing_is_asked(world):
    save(world.announced, world, promise="inform")
    assert not ChangeRecord.objects.exists()


def test_borders_of_phases_move_with_a_reason_only(world):
    answer = world.collecting.main_lane()[-1]
    before = stored(answer)
    with pytest.raises(ValidationError):
        change_phase(phase=answer, change=change(answer, ends=answer.ends + DAY), by=world.ada, at=world.now)
    assert stored(answer) == before
    change_phase(
        phase=answer, change=change(answer, ends=answer.ends + DAY), by=world.ada, at=world.now, reason=WHY
    )
    changes = ChangeRecord.objects.get().changes
    assert {(each["phase"], each["field"]) for each in changes} == {("answer", "ends"), ("", "answer_by")}


def test_the_start_of_the_first_phase_is_no_way_around(world):
    """Whoever may still move nothing into the past cannot un-begin a process either."""
    ideas = world.collecting.line[0]
    with pytest.raises(Refused):
        change_phase(
            phase=ideas, change=change(ideas, starts=world.now + DAY), by=world.ada, at=world.now, reason=WHY
        )


def test_what_runs_may_be_longer_and_not_shorter(world):
    ideas, assessment = world.collecting.line[:2]
    later = ideas.ends + DAY
    change_phase(
        phase=assessment, change=change(assessment, starts=later), by=world.ada, at=world.now, reason=WHY
    )
    change_phase(phase=ideas, change=change(ideas, ends=later), by=world.ada, at=world.now, reason=WHY)
    ideas = Phase.objects.get(pk=ideas.pk)
    with pytest.raises(Refused) as refused:
        change_phase(
            phase=ideas, change=change(ideas, ends=later - DAY), by=world.ada, at=world.now, reason=WHY
        )
    assert "longer" in str(refused.value) or "verlängert" in str(refused.value)


def test_a_coming_phase_gets_no_shorter_than_its_minimum(world):
    ballot = world.collecting.line[2]
    for days, fine in [(7, True), (6, False)]:
        ends = ballot.starts + days * DAY
        if fine:
            change_phase(
                phase=ballot, change=change(ballot, ends=ends), by=world.ada, at=world.now, reason=WHY
            )
        else:
            with pytest.raises(Refused):
                change_phase(
                    phase=ballot, change=change(ballot, ends=ends), by=world.ada, at=world.now, reason=WHY
                )


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_the_records(world, act):
    save(world.collecting, world, reason=WHY, promise="inform")
    for rows in (ChangeRecord.objects.all(), ConfigChange.objects.all()):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            rows.update(at=world.now - DAY) if act == "update" else rows.delete()
        assert "What was recorded" in str(error.value)


def test_the_public_page_shows_the_difference_word_by_word(world, client):
    save(world.collecting, world, reason=WHY, what_fixed_en="The total sum.")
    page = client.get("/en/processes/collecting/").content.decode()
    assert "What was changed" in page
    assert WHY["en"] in page
    assert "<ins>" in page
    assert 'class="vh">added: ' in page


def test_the_studio_asks_for_the_reason_beside_its_field(world, sign_in):
    ada = sign_in(world.ada)
    page = ada.get("/en/studio/collecting/texts/").content.decode()
    assert 'name="reason_de"' in page
    assert 'name="reason_de"' not in ada.get("/en/studio/announced/texts/").content.decode()
    answer = world.collecting.main_lane()[-1]
    form = {
        "name_de": answer.name_de, "name_en": answer.name_en, "acts": ["answer"], "audience_answer": "confirmed",
        **moment("starts", answer.starts + DAY), **moment("ends", answer.ends + DAY),
        "option_alone": "everybody", "option_threshold": "0", "option_days": "30",
    }  # fmt: skip
    url = f"/en/studio/collecting/phases/{answer.key}/"
    refused = ada.post(url, form, **HERE)
    assert refused.status_code == 422
    assert 'href="#id_reason_de"' in refused.content.decode()
    assert ada.post(url, form | {"reason_de": "Weil.", "reason_en": "Because."}, **HERE).status_code == 302


@pytest.mark.parametrize("name", ["amina", "olga", "mo", "clara", "ada"])
@pytest.mark.parametrize("reason", [None, WHY])
def test_the_rules_of_an_open_vote_change_for_nobody_whatever_the_reason(world, name, reason):
    person, ballot = world.people[name], next(p for p in world.voting.line if p.method == "ballot")
    before = stored(ballot)
    for options in ({"budget": 1}, {"min_choices": 2}):
        options = type(ballot.opts)(**{**vars(ballot.opts), **options})
        with pytest.raises(Refused):
            change_phase(
                phase=ballot, change=change(ballot, options=options), by=person, at=world.now, reason=reason
            )
    with pytest.raises(Refused):
        set_envelope(process=world.voting, amount=Decimal(1), title={}, by=person, at=world.now)
    assert stored(ballot) == before
    assert not ChangeRecord.objects.exists()


def test_the_difference_keeps_words_whole():
    pieces = [
        (piece.kind, piece.text.strip())
        for piece in word_difference("Die Summe bleibt.", "Die ganze Summe steigt.")
    ]
    assert pieces == [
        ("same", "Die"),
        ("new", "ganze"),
        ("same", "Summe"),
        ("gone", "bleibt."),
        ("new", "steigt."),
    ]
    assert word_difference("", "") == []


# --- the staff history and its undo ---


def test_the_history_keeps_every_change_also_of_drafts_and_undoes_it(world):
    draft = world.processes["draft"]
    save(draft, world, question_de="Was fehlt hier?", minutes=9)
    step = ConfigChange.objects.first()
    assert step.before == {"question_de": "Was soll entstehen?", "minutes": 5}
    undo(change=step, by=world.ada, at=world.now)
    draft.refresh_from_db()
    assert (draft.question_de, draft.minutes) == ("Was soll entstehen?", 5)
    assert ConfigChange.objects.first().undoes == step
    with pytest.raises(Refused):
        undo(change=ConfigChange.objects.get(pk=step.pk), by=world.ada, at=world.now)


def test_undo_of_a_phase_and_what_was_changed_again(world):
    ideas = world.processes["draft"].line[0]
    first_end = ideas.ends
    change_phase(phase=ideas, change=change(ideas, ends=ideas.ends - DAY / 2), by=world.ada, at=world.now)
    step = ConfigChange.objects.first()
    ideas.refresh_from_db()
    change_phase(phase=ideas, change=change(ideas, ends=ideas.ends - DAY / 4), by=world.ada, at=world.now)
    with pytest.raises(Refused):
        undo(change=step, by=world.ada, at=world.now)
    undo(change=ConfigChange.objects.first(), by=world.ada, at=world.now)
    undo(change=step, by=world.ada, at=world.now)
    ideas.refresh_from_db()
    assert ideas.ends == first_end


def test_undo_runs_under_the_same_rules(world, sign_in):
    save(world.announced, world, promise="inform")
    step = ConfigChange.objects.first()
    ideas = world.announced.line[0]
    Phase.objects.filter(pk=ideas.pk).update(starts=world.now - DAY)
    with pytest.raises(ValidationError):
        undo(change=step, by=world.ada, at=world.now)
    with pytest.raises(Refused):
        undo(change=step, by=world.olga, at=world.now, reason=WHY)
    url = f"/en/studio/announced/history/{step.pk}/undo/"
    ada = sign_in(world.ada)
    assert ada.post(url, {"reason_de": "", "reason_en": ""}, **HERE).status_code == 422
    assert ada.post(url, {"reason_de": "Irrtum.", "reason_en": "Mistake."}, **HERE).status_code == 302
    assert ChangeRecord.objects.values_list("reason_en", flat=True).get() == "Mistake."
    page = ada.get("/en/studio/announced/history/").content.decode()
    assert "undid an earlier change" in page
