"""A process travels as a file: out and in again it is the same, and what is not one is refused with the reason."""

from __future__ import annotations

import copy
import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cocreation import packages, reading, sharing
from cocreation.methods import methods
from cocreation.models import (
    CheckSource,
    Contribution,
    Group,
    IncomingPackage,
    Office,
    Phase,
    Place,
    Process,
    SavedRecipe,
)
from cocreation.parts import package_parts
from cocreation.recipes import offered
from devtools.paths import ROOT
from groundwork.answer import Refused
from proposals.budgets.models import Envelope
from quartier.builders import both, give_role, make_person, make_phase
from tests import keepsake
from tests.visits import undone

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
DAY = timedelta(days=1)
SCHEMA = ROOT / "docs/process-package.schema.json"


def a_rich_process(world) -> Process:
    """Two lanes, an audience of one village, money, a phase without dates."""
    process = world.processes["draft"]
    line = process.line
    make_phase(
        process,
        "beside",
        "ideas",
        both("Daneben", "Beside"),
        starts=line[0].starts,
        ends=line[0].ends,
        lane=1,
        acts=["propose"],
        audience={"propose": {"level": "verified", "places": ["lindach"]}},
        threshold=3,
    )
    make_phase(process, "later", "answer", both("Später", "Later"), starts=None, ends=None, lane=1)
    # A named group may support; people are checked by the register of the process, and at the desk.
    Group.objects.create(slug="gartenrat", name_de="Gartenrat", name_en="Garden council", process=process)
    line[0].audience["support"] = {"any": [{"level": "verified"}, {"group": "gartenrat"}]}
    line[0].save()
    Process.objects.filter(pk=process.pk).update(identity="register")
    CheckSource.objects.create(
        process=process, adapter="register", active=True, options={"postal": {"1": "x"}}
    )
    process.refresh_from_db()
    Envelope.objects.create(
        process=process, amount=Decimal("50000.00"), title_de="Für alle", title_en="For all"
    )
    return process


def package_of_the_world() -> dict[str, Any]:
    with undone():
        world = keepsake.world()
        found: dict[str, Any] = json.loads(packages.write(packages.export(a_rich_process(world))))
        return found


@pytest.fixture(scope="module")
def good(django_db_setup, django_db_blocker) -> dict[str, Any]:
    with django_db_blocker.unblock():
        return package_of_the_world()


@pytest.fixture
def package(good) -> dict[str, Any]:
    return copy.deepcopy(good)


@pytest.fixture
def boss(db):
    person = make_person("boss", "Berta Boss")
    give_role(person, "admin")
    return person


def take_over(data: Any, by, at=None, *, office=None, places=None, starts=None) -> Process:
    at = at or timezone.now()
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    incoming = sharing.receive(file="a.json", content=content, by=by, at=at)
    return sharing.create_from_package(
        incoming=incoming, office=office, places=places or {}, starts=starts, by=by, at=at
    )


# --- there and back ---


def test_out_of_one_database_into_an_empty_one_and_out_again_is_the_same(package, boss):
    assert not Process.objects.exists()
    assert not Place.objects.exists()
    process = take_over(package, boss)
    assert json.loads(packages.write(packages.export(process))) == package
    assert process.phases.count() == len(package["phases"]) == 7
    assert Envelope.objects.get(process=process).amount == Decimal("50000.00")
    assert process.identity == "register"
    assert list(process.check_sources.values_list("adapter", "options")) == [("register", {})]
    assert Group.objects.get().name_en == "Garden council"
    said = process.gate_answers.get(item=9)
    assert said.suggested, "another city's answer is read before it counts as ours"
    assert not process.is_published
    assert not IncomingPackage.objects.exists()


def test_a_package_holds_no_people_and_no_contributions(world):
    text = packages.write(packages.export(world.processes["answering"])).decode()
    for person in world.people.values():
        assert person.public_name not in text
        assert person.email not in text
    for contribution in Contribution.objects.all():
        assert contribution.receipt not in text
    assert "Bänke" not in text


def test_whose_idea_it_was_stays_visible_and_a_city_adds_itself_when_it_publishes(package, boss, client):
    package["attribution"][0]["city"] = "Flussstadt"
    process = take_over(package, boss)
    assert [one["city"] for one in packages.attribution_of(process)] == ["Flussstadt"]
    Process.objects.filter(pk=process.pk).update(published_at=timezone.now())
    process.refresh_from_db()
    assert [one["city"] for one in packages.attribution_of(process)] == ["Flussstadt", "Auental"]
    page = client.get(f"/en/processes/{process.slug}/").content.decode()
    assert "After a process of the city of Flussstadt." in page


def test_places_and_the_office_may_be_ours_under_other_names(package, world):
    process = take_over(
        package,
        world.ada,
        office=world.money,
        places={"auental": world.village, "lindach": world.town},
    )
    assert process.office == world.money
    assert set(process.places.all()) == {world.village}
    assert process.slug == "draft-2"  # ours has the name already
    assert process.phases.get(key="beside").audience["propose"]["places"] == ["auental"]


def test_all_dates_move_together_by_the_clock_on_the_wall(package, boss):
    first = min(phase["starts"] for phase in package["phases"] if phase["starts"])
    there = timezone.localtime(reading.moment(first, ""))
    starts = there + 200 * DAY
    process = take_over(package, boss, starts=starts)
    for plan in package["phases"]:
        phase = process.phases.get(key=plan["key"])
        for border in ("starts", "ends"):
            if plan[border]:
                before = timezone.localtime(reading.moment(plan[border], ""))
                assert timezone.localtime(getattr(phase, border)) == before + 200 * DAY


def test_the_published_form_is_the_one_that_is_read():
    assert json.loads(SCHEMA.read_text()) == json.loads(json.dumps(packages.schema())), (
        "python3 dev.py manage package_schema > docs/process-package.schema.json"
    )


def test_a_part_nobody_knows_here_is_named_and_left_out(package, boss, sign_in):
    package["parts"]["gate_of_another_house"] = {"1": "x"}
    incoming = sharing.receive(
        file="a.json", content=json.dumps(package).encode(), by=boss, at=timezone.now()
    )
    page = sign_in(boss).get(f"/en/studio/import/{incoming.pk}/").content.decode()
    assert "gate_of_another_house" in page
    assert "is left out" in page


# --- what is refused ---


def at(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The package with one value changed; "phases.0.starts" is its place."""
    *way, last = path.split(".")
    there: Any = data
    for step in way:
        there = there[int(step)] if isinstance(there, list) else there[step]
    there[int(last) if isinstance(there, list) else last] = value
    return data


DEEP: Any = "x"
for _n in range(40):
    DEEP = [DEEP]

# what is wrong -> (place, value, a word of the reason)
HOSTILE: dict[str, tuple[str, Any, str]] = {
    "another format": ("format", "decidim", "not a process"),
    "a newer version": ("version", 2, "version 2"),
    "true as version": ("version", True, "version"),
    "an unknown name": ("surprise", 1, "surprise"),
    "an unknown fact": ("facts.surprise", 1, "facts.surprise"),
    "an unknown method": ("phases.0.method", "magic", "“magic” is not installed"),
    "an unknown act": ("phases.0.acts", ["fly"], "fly"),
    "an act twice": ("phases.0.acts", ["propose", "propose"], "twice"),
    "a text of another type": ("texts.question", ["de"], "texts.question"),
    "a number as text": ("texts.title.de", 7, "texts.title.de"),
    "no title": ("texts.title", {"de": " ", "en": ""}, "texts.title"),
    "a text too long": ("texts.lead.de", "x" * 501, "too long"),
    "a huge text": ("texts.lead.de", "x" * 300_000, "too long"),
    "script in a text": ("texts.lead.en", "Hi <script>alert(1)</script>", "code of a web page"),
    "a picture that loads": ("phases.0.text.de", "<img src=x onerror=alert(1)>", "code of a web page"),
    "an address that runs": ("texts.offline.de", "JavaScript:alert(1)", "code of a web page"),
    "a text that turns around": ("texts.title.de", "Haushalt \u202eexe.nosj", "cannot be shown"),
    "nothing visible": ("texts.title.de", "\u200b\u2060", "cannot be shown"),
    "a zero byte": ("texts.lead.de", "a\x00b", "cannot be shown"),
    "half a character": ("texts.lead.de", "a\ud800b", "cannot be shown"),
    "a slug of Cyrillic letters": ("facts.slug", "b\u0443dget", "short name"),
    "a slug that climbs": ("facts.slug", "../../admin", "short name"),
    "a slug with a line break": ("facts.slug", "budget\n", "short name"),
    "a slug too long": ("facts.slug", "a" * 81, "short name"),
    "a key with a space": ("phases.0.key", "die ideen", "short name"),
    "a key twice": ("phases.1.key", "ideas", "twice"),
    "a negative number": ("facts.minutes", -5, "between"),
    "a huge number": ("facts.minutes", 10**14, "between"),
    "true as a number": ("facts.minutes", True, "whole number"),
    "a negative lane": ("phases.0.lane", -1, "between"),
    "a negative option": ("phases.0.options.threshold", -1, "between"),
    "an option of another type": ("phases.0.options.threshold", "many", "whole number"),
    "an unknown option": ("phases.0.options.free_beer", True, "free_beer"),
    "options of a newer version": ("phases.0.options.version", 99, "newer"),
    "options that are a list": ("phases.0.options", [], "phases[1].options"),
    "an unknown promise": ("facts.promise", "everything", "facts.promise"),
    "an unknown colour": ("facts.hue", "red; background:url(x)", "facts.hue"),
    "an absurd date": ("phases.0.starts", "9999-12-31T23:59:59+00:00", "too far away"),
    "a date of long ago": ("facts.answer_by", "0001-01-01T00:00:00+00:00", "too far away"),
    "a date without its offset": ("phases.0.starts", "2027-01-01T00:00:00", "not a moment"),
    "no date": ("phases.0.starts", "tomorrow", "not a moment"),
    "a date as a number": ("phases.0.starts", 1_800_000_000, "not a moment"),
    "an end before the start": ("phases.0.ends", "2001-01-01T00:00:00+00:00", "end after it starts"),
    "a phase of a century": ("phases.3.ends", "2099-01-01T00:00:00+00:00", "ten years"),
    "an audience of kings": ("phases.0.audience.propose", {"level": "king"}, "king"),
    "an audience of nobody's place": ("phases.0.audience.propose", {"places": ["rome"]}, "rome"),
    "an audience of another world": ("phases.0.audience.propose", {"sql": "drop"}, "sql"),
    "an empty audience": ("phases.0.audience.propose", {}, "audience.propose"),
    "an audience of unknown bodies": ("phases.0.audience.propose", {"organisations": ["mafia"]}, "mafia"),
    "ages that are none": ("phases.0.audience.propose", {"age": {"from": -3}}, "between"),
    "an audience for an unknown act": ("phases.0.audience.fly", {"level": "anyone"}, "fly"),
    "a place nobody describes": ("facts.places", ["rome"], "rome"),
    "an office nobody describes": ("facts.office", "rome", "facts.office"),
    "a place of an unknown kind": ("places.0.kind", "planet", "planet"),
    "nobody's idea": ("attribution", [], "attribution"),
    "an idea of nowhere": ("attribution.0.city", "", "attribution[1].city"),
    "an idea of no day": ("attribution.0.date", "2027-02-30", "not a day"),
    "a part that is wrong": ("parts.budget", {"amount": "-5", "title": {"de": "", "en": ""}}, "parts.budget"),
    "money that is none": ("parts.budget", {"amount": "NaN"}, "amount of money"),
    "phases that are none": ("phases", {"0": {}}, "list"),
    "too deep": ("parts.deep", DEEP, "nested"),
}


def refused(data: Any, boss, word: str) -> None:
    before = [model.objects.count() for model in (Process, Phase, Place, Office, IncomingPackage)]
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(Refused, match=re.escape(word)):
        take_over(content, boss)
    after = [model.objects.count() for model in (Process, Phase, Place, Office, IncomingPackage)]
    assert before == after


@pytest.fixture
def english():
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package_is_refused_with_the_reason_and_nothing_is_created(name, good, boss, english):
    path, value, word = HOSTILE[name]
    refused(at(copy.deepcopy(good), path, value), boss, word)


@pytest.mark.parametrize(
    "path", ["format", "version", "texts", "texts.title", "facts.slug", "phases", "phases.0.acts"]
)
def test_a_package_with_something_missing_is_refused(path, good, boss, english):
    data = copy.deepcopy(good)
    *way, last = path.split(".")
    there: Any = data
    for step in way:
        there = there[int(step)] if isinstance(there, list) else there[step]
    del there[last]
    refused(data, boss, last if last not in ("format", "version") else "process")


def test_overlapping_phases_of_one_lane_are_refused(good, boss, english):
    data = copy.deepcopy(good)
    main = [phase for phase in data["phases"] if phase["lane"] == 0]
    main[1]["starts"] = main[0]["starts"]
    refused(data, boss, "must not overlap")


BYTES = {
    "no JSON": (b"PK\x03\x04 a zip file", "JSON"),
    "no UTF-8": ('{"format": "Gr\u00fc\u00dfe"}'.encode("latin-1"), "UTF-8"),
    "nothing": (b"", "JSON"),
    "a list": (b"[]", "not a process"),
    "ten megabytes": (b'{"a": "' + b"x" * 10_000_000 + b'"}', "too large"),
    "a name twice": (b'{"format": "quartier-process", "format": "quartier-process"}', "twice"),
    "infinity": (b'{"format": Infinity}', "whole numbers"),
    "a number without end": (b'{"version": ' + b"9" * 5000 + b"}", "whole numbers"),
    "a broken number": (b'{"version": 1.5}', "whole numbers"),
    "a bottomless list": (b"[" * 200_000, "JSON"),
    "a deep list": (b"[" * 60 + b"]" * 60, "nested"),
}


@pytest.mark.parametrize("name", BYTES)
def test_a_file_that_is_no_package_is_refused_before_anything_else(name, boss, english):
    content, word = BYTES[name]
    refused(content, boss, word)


VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just("2027-05-01T00:00:00+00:00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def places_of(data: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [way] if way else []
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in children:
        found += places_of(value, (*way, key))
    return found


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_one_changes_a_package_is_taken_whole_or_refused_in_words(data, good, boss):
    package = copy.deepcopy(good)
    for _change in range(data.draw(st.integers(1, 3))):
        ways = places_of(package)
        way = ways[data.draw(st.integers(0, len(ways) - 1))]
        there: Any = package
        for step in way[:-1]:
            there = there[step]
        kind = data.draw(st.sampled_from(["put", "drop", "add", "copy"]))
        if kind == "drop":
            del there[way[-1]]
        elif kind == "put":
            there[way[-1]] = data.draw(VALUES)
        elif kind == "add" and isinstance(there, dict):
            there[data.draw(st.text(max_size=8))] = data.draw(VALUES)
        elif isinstance(there, list):
            there.append(copy.deepcopy(there[way[-1]]))
    with transaction.atomic():
        try:
            process = take_over(json.dumps(package).encode(), boss)
        except Refused as reason:
            assert len(str(reason)) > 10
        else:
            assert packages.read(json.loads(packages.write(packages.export(process))))
        transaction.set_rollback(True)


def test_a_package_that_waited_too_long_makes_nothing(package, boss):
    now = timezone.now()
    incoming = sharing.receive(file="a.json", content=json.dumps(package).encode(), by=boss, at=now)
    late = now + timedelta(hours=49)
    with pytest.raises(Refused):
        sharing.create_from_package(incoming=incoming, office=None, places={}, starts=None, by=boss, at=late)
    assert sharing.forget_expired(late) == 1
    assert not Process.objects.exists()


# --- in the studio ---


def test_the_way_through_the_studio(package, world, sign_in):
    ada = sign_in(world.ada)
    exported = ada.get("/de/studio/draft/export/")
    assert exported["Content-Disposition"] == 'attachment; filename="quartier-process-draft.json"'
    assert packages.read(json.loads(exported.content))
    package["places"].append(
        {"slug": "rome", "name": both("Rom", "Rome"), "kind": "municipality", "character": "urban"}
    )
    package["facts"]["places"].append("rome")
    file = SimpleUploadedFile("von-nebenan.json", json.dumps(package).encode())
    answer = ada.post("/en/studio/import/", {"file": file}, **HERE)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    page = ada.get(answer["Location"]).content.decode()
    for words in ("Geheimnis Prozess", "Create “Rome”", "Whose idea it was", "Beside", "Auental"):
        assert words in page, words
    assert Process.objects.filter(slug="draft-2").count() == 0
    form = {
        "office": world.parks.pk,
        "place_auental": world.town.pk,
        "place_lindach": world.village.pk,
        "place_rome": "",
    }
    done = ada.post(answer["Location"], form, **HERE)
    assert done.status_code == 302, done.content.decode()[-3000:]
    process = Process.objects.get(slug="draft-2")
    assert set(process.places.values_list("slug", flat=True)) == {"auental", "rome"}
    assert ada.get(answer["Location"]).status_code == 404


def test_a_refused_file_says_why_beside_the_field(world, sign_in):
    file = SimpleUploadedFile("x.json", b"{}")
    answer = sign_in(world.ada).post("/en/studio/import/", {"file": file}, **HERE)
    assert answer.status_code == 422
    assert "not a process that was exported from Quartier" in answer.content.decode()


def test_nobody_else_sees_what_was_uploaded(package, world, sign_in, boss):
    incoming = sharing.receive(
        file="a.json", content=json.dumps(package).encode(), by=boss, at=timezone.now()
    )
    assert sign_in(world.ada).get(f"/de/studio/import/{incoming.pk}/").status_code == 404
    assert sign_in(boss).get(f"/de/studio/import/{incoming.pk}/").status_code == 200


# --- recipes of one's own ---


def test_a_process_becomes_a_recipe_and_the_recipe_the_same_process_again(world, sign_in):
    process = a_rich_process(world)
    ada = sign_in(world.ada)
    names = {
        "name_de": "Unser Haushalt",
        "name_en": "Our budget",
        "about_de": "Für uns.",
        "about_en": "For us.",
    }
    assert ada.post("/de/studio/draft/recipe/", names, **HERE).status_code == 302
    recipe = next(recipe for recipe in offered() if str(recipe.name) == "Unser Haushalt")
    starts = timezone.localtime(process.line[0].starts) + 30 * DAY
    form = {
        "recipe": recipe.slug,
        "title_de": "Noch einmal",
        "title_en": "Once more",
        "office": world.parks.pk,
        "places": [world.town.pk],
        "starts_0": starts.strftime("%Y-%m-%d"),
        "starts_1": starts.strftime("%H:%M"),
    }
    assert ada.post("/de/studio/new/", form, **HERE).status_code == 302
    again = Process.objects.get(slug="noch-einmal")
    assert (again.question_de, again.promise, again.recipe) == (
        process.question_de,
        process.promise,
        recipe.slug,
    )
    for phase in process.line:
        copied = again.phases.get(key=phase.key)
        assert (copied.method, copied.lane, copied.acts, copied.audience) == (
            phase.method,
            phase.lane,
            phase.acts,
            phase.audience,
        )
        if phase.starts:
            assert (
                timezone.localtime(copied.starts).date() - timezone.localtime(phase.starts).date() == 30 * DAY
            )
            days = timezone.localtime(phase.ends).date() - timezone.localtime(phase.starts).date()
            assert timezone.localtime(copied.ends).date() - timezone.localtime(copied.starts).date() == days
    assert again.after_cities == ["Auental"]


def test_a_recipe_is_removed_and_brought_back(world, sign_in):
    saved = sharing.save_as_recipe(
        process=world.collecting,
        name=both("Unser", "Ours"),
        about=both("Gut.", "Good."),
        by=world.ada,
        at=world.now,
    )
    ada = sign_in(world.ada)
    assert ada.post(f"/de/studio/recipes/{saved.slug}/remove/", **HERE).status_code == 302
    assert f"own-{saved.slug}" not in [recipe.slug for recipe in offered()]
    assert "Unser" in ada.get("/de/studio/recipes/").content.decode()
    assert ada.post(f"/de/studio/recipes/{saved.slug}/remove/", **HERE).status_code == 403
    assert ada.post(f"/de/studio/recipes/{saved.slug}/restore/", **HERE).status_code == 302
    assert f"own-{saved.slug}" in [recipe.slug for recipe in offered()]


def test_only_the_administration_shares(world, package):
    before = SavedRecipe.objects.count(), IncomingPackage.objects.count()
    for person in (world.amina, world.olga, world.mo):
        with pytest.raises(Refused):
            sharing.receive(file="a", content=json.dumps(package).encode(), by=person, at=world.now)
        with pytest.raises(Refused):
            sharing.save_as_recipe(
                process=world.collecting, name=both("a", "b"), about=both("a", "b"), by=person, at=world.now
            )
    assert (SavedRecipe.objects.count(), IncomingPackage.objects.count()) == before


def test_rooms_bring_their_part():
    assert "budget" in package_parts
    assert {"ideas", "ballot"} <= set(methods.slugs())
