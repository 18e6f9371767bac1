"""Search: two grammars, no accents, beginnings, insides and slips; and nothing is learned of what is not public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from cocreation.actions import hide_contribution, restore_contribution
from proposals import memory, queries
from proposals.folding import WORD, fold
from proposals.models import Proposal, SearchWord
from proposals.queries import Choice, search
from proposals.search import Asked, Term, ask
from proposals.similar import similar
from proposals.vocabulary import Vocabulary, fold_words, rebuild_words, vocabulary_of
from quartier.builders import both, make_proposal

pytestmark = pytest.mark.django_db

TITLES = {
    "playground": ("Wasserspielplatz im Südpark", "Water playground in the south park"),
    "fountain": ("Fontäne vor dem Rathaus", "Fountain in front of the town hall"),
    "street": ("Weniger Lärm in der Bahnhofstraße", "Less noise in Station Street"),
    "café": ("Ein Café für alle Generationen", "A café for all generations"),
}


@pytest.fixture
def town(world):
    for n, (key, (german, english)) in enumerate(TITLES.items()):
        world.proposals[key] = make_proposal(
            world.collecting, by=world.amina, place=world.village, at=world.now - timedelta(hours=n + 1),
            title=both(german, english),
        )  # fmt: skip
    memory.forget()
    return world


def found(town, words: str) -> set[str]:
    hits = {proposal.pk for proposal in search(words, "de", process=town.collecting)}
    return {key for key in TITLES if town.proposals[key].pk in hits}


# --- folding ---


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs", "Co", "Cn"]),
            max_size=12,
        ),
        max_size=8,
    )
)
def test_the_database_folds_words_of_latin_writing_as_we_do(texts):
    latin = [text for text in texts if all(ord(letter) < 0x250 for letter in text)]
    with connection.cursor() as cursor:
        cursor.execute(
            "select proposals_fold(t) from unnest(%s::text[]) with ordinality u (t, n) order by n", [latin]
        )
        assert [row[0] for row in cursor.fetchall()] == [fold(text) for text in latin]


def test_letters_without_accents():
    assert fold("Füße İzmir Fontäne ŁÓDŹ Œuvre") == "fusse izmir fontane lodz oeuvre"


# --- what is found ---


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("spielpl", {"playground"}),  # the beginning of a part of a compound
        ("Wassersp", {"playground"}),
        ("Spilplatz", {"playground"}),  # a slip inside a compound is too far off, beside it is not
        ("Wasserspilplatz", {"playground"}),
        ("sudpark", {"playground"}),
        ("fontain", {"fountain"}),
        ("fontane", {"fountain"}),
        ("FONTÄNE", {"fountain"}),
        ("bahnhofstrasse", {"street"}),
        ("bahnhofstraße", {"street"}),
        ("noise", {"street"}),
        ("noises", {"street"}),
        ("lärm in der bahnhofstraße", {"street"}),
        ("cafe", {"café"}),
        ("generation", {"café"}),
        ('"vor dem rathaus"', {"fountain"}),
        ("rathaus -fontäne", set()),
        ("Schwimmbad", set()),
        ("", set()),
        ("der die das", set()),
        ("'); drop table x; --", set()),
        (":*&|!()", set()),
    ],
)  # fmt: skip
def test_words_find_what_they_mean(town, words, expected):
    if words == "Spilplatz":
        make_proposal(
            town.collecting,
            by=town.amina,
            place=town.village,
            at=town.now,
            title=both("Spielplatz am See", "Playground"),
        )
        memory.forget()
        asked = ask(words, vocabulary_of(town.collecting))
        assert asked.meant == "Spielplatz"
        assert [p.title for p in search(words, "de", process=town.collecting)] == ["Spielplatz am See"]
        return
    assert found(town, words) == expected


def test_the_place_and_the_translation_are_found(town):
    assert found(town, "Lindach Fontäne") == {"fountain"}
    assert found(town, "town hall") == {"fountain"}


def test_a_slip_is_said_and_can_be_followed(town, sign_in):
    page = sign_in(None).get("/de/processes/collecting/proposals/", {"q": "Fontene"})
    assert page.context["meant"] == "Fontäne"
    assert page.context["meant_url"] == "?q=Font%C3%A4ne"
    assert [p.pk for p in page.context["page"].items] == [town.proposals["fountain"].pk]


def test_best_matches_stand_first_and_pages_go_on_after_them(town, sign_in):
    for n in range(23):
        make_proposal(
            town.collecting, by=town.amina, place=town.town, at=town.now, channel="event", title=both(f"Etwas {n}", f"Thing {n}"),
            summary=both("Nahe der Fontäne.", "Near the fountain."),
        )  # fmt: skip
    client, seen, after = sign_in(None), [], ""
    while True:
        page = client.get("/de/processes/collecting/proposals/", {"q": "Fontäne", "after": after}).context[
            "page"
        ]
        seen += [p.pk for p in page.items]
        if not page.next_token:
            break
        after = page.next_token
    assert seen[0] == town.proposals["fountain"].pk
    assert len(seen) == len(set(seen)) == 24


# --- marks ---


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), st.text(max_size=12))
def test_marks_never_let_markup_of_a_text_through(text, word):
    marked = str(ask(word, Vocabulary({}, {})).mark(text))
    assert marked.replace("<mark>", "").replace("</mark>", "").count("<") == 0


def test_marks_stand_around_the_words_that_were_found():
    asked = Asked("x", (Term(("baume",), ()), Term(("platz",), ("spielplatz",))))
    assert str(asked.mark("Ein Baum & ein <b>Spielplatz</b>")) == (
        "Ein <mark>Baum</mark> &amp; ein &lt;b&gt;<mark>Spielplatz</mark>&lt;/b&gt;"
    )


# --- the words known ---


def kept() -> dict[tuple[int, str], int]:
    sums: dict[tuple[int, str], int] = {}
    for process, word, n in SearchWord.objects.values_list("process", "word", "n"):
        sums[process, word] = sums.get((process, word), 0) + n
    return {key: n for key, n in sums.items() if n}


def counted() -> dict[tuple[int, str], int]:
    sums: dict[tuple[int, str], int] = {}
    for p in Proposal.objects.filter(is_public=True):
        texts = [
            p.title,
            p.summary,
            *(w for t in p.translations.values() for w in (t["title"], t["summary"])),
        ]
        for word in {w for w in WORD.findall(" ".join(texts)) if len(w) > 2 and w.isalpha()}:
            sums[p.process_id, word] = sums.get((p.process_id, word), 0) + 1
    return sums


def test_words_are_those_of_public_texts_after_every_change(town):
    assert kept() == counted()
    fountain = town.proposals["fountain"]
    hide_contribution(contribution=fountain.contribution, by=town.mo, at=town.now, rule="Respekt", reason="x")
    assert kept() == counted()
    assert not any(word == "Fontäne" for _process, word in kept())
    restore_contribution(contribution=fountain.contribution, by=town.mo, at=town.now)
    before = kept()
    assert before == counted()
    fold_words()
    assert kept() == before and fold_words() == 0
    rebuild_words()
    assert kept() == before


def test_a_word_of_a_hidden_text_is_never_proposed(town):
    hide_contribution(
        contribution=town.proposals["fountain"].contribution,
        by=town.mo,
        at=town.now,
        rule="Respekt",
        reason="x",
    )
    memory.forget()
    assert ask("Fontene", vocabulary_of(town.collecting)).meant == ""
    assert ask("Fontene", vocabulary_of()).meant == ""


def test_what_cannot_be_read_changes_neither_hits_nor_numbers_nor_proposals(town, sign_in):
    """The same questions before and after everything that is not public changes its words."""

    def told() -> list:
        memory.forget()
        client = sign_in(None)
        return [
            (page.context["total"], page.context["meant"], [p.pk for p in page.context["page"].items])
            for q in ("Fontäne", "Fontene", "Geheimnis", "Zauberwort", "Zauberwrt")
            for page in [client.get("/de/proposals/", {"q": q})]
        ]

    before = told()
    for proposal in Proposal.objects.exclude(pk__in=Proposal.objects.public()):
        proposal.title, proposal.summary = "Zauberwort Fontäne", "Zauberwort"
        proposal.save(update_fields=["title", "summary"])
        with connection.cursor() as cursor:
            cursor.execute("select proposals_index(array[%s]::bigint[])", [proposal.pk])
    assert told() == before


# --- similar ---


def test_similar_titles_meet_across_languages_and_endings_and_strangers_do_not(town):
    memory.forget()

    def like(title: str) -> list[str]:
        return [p.title for p in similar(title, "de", process=town.collecting)]

    assert like("Café für die Generationen")[0] == TITLES["café"][0]
    assert like("Fountain in front of town halls")[0] == TITLES["fountain"][0]
    assert like("Wasserspielplätze im Südpark")[0] == TITLES["playground"][0]
    assert like("Glasfaser bis ins letzte Dorf") == []
    assert like("") == like("der die das") == []


def test_a_choice_with_words_that_mean_nothing_finds_nothing(town):
    assert list(Choice(q="()").narrow(Proposal.objects.public())) == []


# --- frequent words ---


def test_a_frequent_word_is_found_without_the_index_as_with_it(town, monkeypatch):
    asked = ask("Fontäne", vocabulary_of(None))
    assert vocabulary_of(None).is_frequent("fontane") and not vocabulary_of(None).is_frequent("nirgends")

    def told():
        found: list[Any] = queries.best(asked)
        return [(hit.pk, hit.rank, hit.hits) for hit in found]

    with CaptureQueriesContext(connection) as looking:
        frequent = told()
    monkeypatch.setattr(queries, "_is_frequent", lambda asked, process: False)
    with CaptureQueriesContext(connection) as by_index:
        assert told() == frequent != []
    assert "ts_match_vq" in looking[-1]["sql"] and "ts_match_vq" not in by_index[-1]["sql"]


def test_only_one_plain_word_counts_as_frequent(town):
    known = vocabulary_of(None)
    for words in ("Fontäne Rathaus", "-Fontäne", '"vor dem Rathaus"'):
        assert not queries._is_frequent(ask(words, known), None)


def _hits(asked: Asked) -> set[int]:
    found: list[Any] = queries.best(asked)
    return {hit.hits for hit in found}


def test_that_there_are_very_many_is_remembered_for_a_minute(town, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 1)
    asked = ask("Rathaus Fontäne", vocabulary_of(None))
    queries._best.cache_clear()
    assert _hits(asked) == {1}  # not more than one: counted each time
    assert not queries._many
    for key in ("playground", "street"):
        Proposal.objects.filter(pk=town.proposals[key].pk).update(title="Brunnen Brunnen")
        with connection.cursor() as cursor:
            cursor.execute("select proposals_index(array[%s]::bigint[])", [town.proposals[key].pk])
    brunnen = ask("Brunnen", vocabulary_of(None))
    assert _hits(brunnen) == {2}
    with CaptureQueriesContext(connection) as again:
        assert _hits(brunnen) == {2}
    assert "count(" not in again[-1]["sql"].lower()
    queries._best.cache_clear()
