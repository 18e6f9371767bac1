"""The studio: a draft from a recipe, what is missing, publishing, and careful changes of what is public."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from cocreation.actions import PhaseChange, change_phase, change_process, publish_process
from cocreation.models import Phase, Process
from cocreation.studio import gaps_of
from groundwork.answer import Refused
from groundwork.journal.models import Entry

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
DAY = timedelta(days=1)


def change(phase: Phase, **fields) -> PhaseChange:
    values = {
        "name": {"de": phase.name_de, "en": phase.name_en},
        "text": {"de": phase.text_de, "en": phase.text_en},
        "starts": phase.starts,
        "ends": phase.ends,
        "acts": list(phase.acts),
        "audience": dict(phase.audience),
        "options": phase.opts,
    }
    return PhaseChange(**(values | fields))


def stored(phase: Phase):
    row = Phase.objects.filter(pk=phase.pk)
    return row.values("name_de", "name_en", "starts", "ends", "acts", "audience", "options").get()


def moment(name: str, value) -> dict[str, str]:
    there = timezone.localtime(value)
    return {f"{name}_0": there.strftime("%Y-%m-%d"), f"{name}_1": there.strftime("%H:%M")}


def test_a_draft_comes_from_a_recipe_and_is_seen_by_nobody_else(world, sign_in, client):
    ada = sign_in(world.ada)
    form = {
        "recipe": "participatory_budget",
        "title_de": "Bürgerhaushalt 2028",
        "title_en": "Budget 2028",
        "office": world.money.pk,
        "places": [world.town.pk],
        **moment("starts", world.now + 10 * DAY),
    }
    answer = ada.post("/de/studio/new/", form, **HERE)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    process = Process.objects.get(slug="buergerhaushalt-2028")
    assert [phase.method for phase in process.line] == ["ideas", "assessment", "ballot", "answer"]
    assert all(a.ends == b.starts for a, b in zip(process.line, process.line[1:], strict=False))
    assert client.get(f"/de/processes/{process.slug}/").status_code == 404
    assert sign_in(world.amina).get(f"/de/processes/{process.slug}/").status_code == 404
    page = ada.get(f"/de/studio/{process.slug}/").content.decode()
    assert all(f"#id_{field}" in page for field in ("decides_de", "decides_en"))
    assert "#id_offline_de" not in page  # the city's own desk and telephone stand there already


def test_a_new_process_cannot_begin_in_the_past(world, sign_in):
    before = Process.objects.count()
    form = {
        "recipe": "participatory_budget",
        "title_de": "Alt",
        "title_en": "Old",
        "office": world.money.pk,
        "places": [world.town.pk],
        **moment("starts", world.now - DAY),
    }
    assert sign_in(world.ada).post("/de/studio/new/", form, **HERE).status_code == 422
    assert Process.objects.count() == before


def test_a_new_process_may_begin_in_the_minute_that_runs(world, sign_in):
    form = {
        "recipe": "idea_box",
        "title_de": "Sofort",
        "title_en": "At once",
        "office": world.money.pk,
        "places": [world.town.pk],
        **moment("starts", world.now),
    }
    ada = sign_in(world.ada)
    with time_machine.travel(world.now.replace(second=59), tick=False):
        assert ada.post("/de/studio/new/", form, **HERE).status_code == 302
    starts = Process.objects.get(slug="sofort").line[0].starts
    assert starts == world.now.replace(second=0, microsecond=0)


def test_the_promised_answer_moves_with_the_end_of_the_answer(world):
    draft = world.processes["draft"]
    answer = next(phase for phase in draft.line if phase.method == "answer")
    Process.objects.filter(pk=draft.pk).update(answer_by=answer.ends)
    later = answer.ends + 7 * DAY
    change_phase(phase=answer, change=change(answer, ends=later), by=world.ada, at=world.now)
    draft.refresh_from_db()
    assert draft.answer_by == later


def test_a_promised_answer_of_its_own_stays(world):
    draft = world.processes["draft"]
    answer = next(phase for phase in draft.line if phase.method == "answer")
    promised = answer.ends - DAY
    Process.objects.filter(pk=draft.pk).update(answer_by=promised)
    change_phase(phase=answer, change=change(answer, ends=answer.ends + DAY), by=world.ada, at=world.now)
    draft.refresh_from_db()
    assert draft.answer_by == promised


def test_publishing_is_refused_while_something_is_missing_and_nothing_changes(world, sign_in):
    draft = world.processes["draft"]
    Process.objects.filter(pk=draft.pk).update(question_en="")
    answer = sign_in(world.ada).post("/de/studio/draft/publish/", **HERE)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert 'role="alert"' in page and "#id_question_en" in page  # what is missing, with the way to it
    draft.refresh_from_db()
    assert draft.published_at is None
    assert not Entry.objects.filter(verb="process.published", process_id=draft.pk).exists()


def test_a_complete_draft_is_published_once(world, sign_in, client):
    draft = world.processes["draft"]
    assert not gaps_of(draft)
    assert sign_in(world.ada).post("/de/studio/draft/publish/", **HERE).status_code == 302
    assert client.get("/de/processes/draft/").status_code == 200
    with pytest.raises(Refused):
        publish_process(process=draft, by=world.ada, at=world.now)
    assert Entry.objects.filter(verb="process.published", process_id=draft.pk).count() == 1


@pytest.mark.parametrize("name", ["amina", "olga", "mo", "clara"])
def test_only_the_administration_publishes_and_changes(world, name):
    draft, person = world.processes["draft"], world.people[name]
    phase = draft.line[0]
    with pytest.raises(Refused):
        publish_process(process=draft, by=person, at=world.now)
    with pytest.raises(Refused):
        change_phase(phase=phase, change=change(phase, name={"de": "X", "en": "X"}), by=person, at=world.now)
    phase.refresh_from_db()
    draft.refresh_from_db()
    assert phase.name_de == "Ideen"
    assert draft.published_at is None


def test_a_border_ahead_of_a_public_process_moves_and_is_told(world):
    phase = world.processes["announced"].line[0]
    earlier = phase.ends - DAY
    change_phase(phase=phase, change=change(phase, ends=earlier), by=world.ada, at=world.now)
    phase.refresh_from_db()
    assert phase.ends == earlier
    entry = Entry.objects.get(verb="process.changed")
    assert entry.data["phase"] == "ideas"
    assert set(entry.data["changed"]) == {"ends"}


@pytest.mark.parametrize(
    "fields",
    [
        lambda p, now: {"starts": p.starts - DAY},  # it has begun: the start is history
        lambda p, now: {"ends": now - timedelta(seconds=1)},  # an end cannot move into the past
        lambda p, now: {"ends": None},
        lambda p, now: {"ends": p.ends - DAY},  # what runs gets no shorter
        lambda p, now: {"acts": ["support"]},  # the rules of an open phase stay
        lambda p, now: {"audience": {"propose": {"level": "anyone"}, "support": {"level": "confirmed"}}},
    ],
)
def test_what_has_begun_stays_as_it_is(world, fields):
    phase = world.processes["collecting"].line[0]
    before = stored(phase)
    with pytest.raises(Refused):
        change_phase(
            phase=phase, change=change(phase, **fields(phase, world.now)), by=world.ada, at=world.now
        )
    assert stored(phase) == before
    assert not Entry.objects.filter(verb="process.changed").exists()


def test_saving_a_phase_unchanged_tells_nobody(world):
    phase = world.processes["collecting"].line[0]
    change_phase(phase=phase, change=change(phase), by=world.ada, at=world.now)
    assert not Entry.objects.filter(verb="process.changed").exists()


def test_overlapping_dates_are_refused_beside_the_form(world, sign_in):
    first, second = world.processes["draft"].line[:2]
    before = stored(first)
    with pytest.raises(ValidationError):
        change_phase(phase=first, change=change(first, ends=second.ends), by=world.ada, at=world.now)
    form = {
        "name_de": "Ideen",
        "name_en": "Ideas",
        "acts": ["propose"],
        "audience_propose": "confirmed",
        "audience_support": "confirmed",
        "audience_comment": "confirmed",
        "audience_amend": "confirmed",
        "option_threshold": "0",
        **moment("starts", first.starts),
        **moment("ends", second.ends),
    }
    answer = sign_in(world.ada).post("/en/studio/draft/phases/ideas/", form, **HERE)
    assert answer.status_code == 422
    assert "must not overlap" in answer.content.decode()
    assert stored(first) == before


def test_a_phase_saved_in_the_studio_says_when(world, sign_in):
    first = world.processes["draft"].line[0]
    form = {
        "name_de": "Sammeln",
        "name_en": "Collect",
        "acts": ["propose"],
        "audience_propose": "verified",
        "audience_propose_places": ["auental"],
        "audience_support": "confirmed",
        "audience_comment": "confirmed",
        "audience_amend": "confirmed",
        "option_threshold": "0",
        **moment("starts", first.starts),
        **moment("ends", first.ends),
    }
    ada = sign_in(world.ada)
    answer = ada.post("/en/studio/draft/phases/ideas/", form, **HERE)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    page = ada.get("/en/studio/draft/phases/ideas/").content.decode()
    assert "Saved at" in page
    first.refresh_from_db()
    assert (first.name_de, first.name_en, first.acts) == ("Sammeln", "Collect", ["propose"])
    assert first.audience_of("propose").store() == {"level": "verified", "places": ["auental"]}


def test_the_texts_of_a_public_process_stay_complete(world):
    process = world.processes["announced"]
    settings = {
        "office": process.office,
        "promise": process.promise,
        "minutes": 7,
        "hue": process.hue,
        "pattern": process.pattern,
        "answer_by": process.answer_by,
    }
    with pytest.raises(Refused):
        change_process(
            process=process,
            texts={"question_de": ""},
            settings=settings,
            places=[world.town],
            by=world.ada,
            at=world.now,
        )
    process.refresh_from_db()
    assert process.question_de == "Was soll entstehen?"
    assert process.minutes == 5
    change_process(
        process=process,
        texts={"question_de": "Was fehlt?"},
        settings=settings,
        places=[world.town],
        by=world.ada,
        at=world.now,
    )
    process.refresh_from_db()
    assert (process.question_de, process.minutes) == ("Was fehlt?", 7)
    assert Entry.objects.get(verb="process.changed").data["changed"] == ["minutes", "question_de"]


def test_a_draft_may_be_saved_with_gaps(world, sign_in):
    ada, draft = sign_in(world.ada), world.processes["draft"]
    form = {
        "title_de": "Neu",
        "title_en": "New",
        "office": world.parks.pk,
        "promise": "consult",
        "minutes": 3,
        "hue": "river",
        "pattern": "river",
    }
    assert ada.post("/de/studio/draft/texts/", form, **HERE).status_code == 302
    draft.refresh_from_db()
    assert draft.question_de == ""
    assert draft.answer_by is None
    assert {gap.field for gap in gaps_of(Process.objects.get(pk=draft.pk))} >= {
        "question_de",
        "lead_en",
        "answer_by",
        "places",
    }
