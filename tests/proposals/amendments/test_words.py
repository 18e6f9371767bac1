"""Two wordings word by word, and which passage somebody means: nothing is added, nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.amendments.drawn import compared
from proposals.amendments.passages import Passage, paragraphs, read_key, selected
from proposals.amendments.words import Piece, changes

TEXTS = st.text(alphabet="abÄ .,\n-", max_size=40)

BODY = """Auf dem Platz ist es **sehr heiß**, im Juli 39 Grad.

- Ein *Brunnen* für alle
- Drei Bäume

Der [Bericht](https://example.org/bericht) sagt es auch. Drei Bäume reichen nicht."""


@settings(max_examples=50, deadline=None)
@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts(old, new):
    pieces = changes(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new


def test_words_that_change_side_by_side_are_one_change():
    assert changes("vier alte Bäume hier", "drei junge Bäume hier") == [
        Piece("removed", "vier alte"), Piece("added", "drei junge"), Piece("same", " Bäume hier"),
    ]  # fmt: skip


def test_changes_are_said_and_nothing_in_a_wording_is_markup():
    drawn = compared("a <b>", "a <script>")
    assert "<script>" not in drawn and "&lt;" in drawn
    assert 'class="vh"' in drawn


def test_paragraphs_are_what_blank_lines_divide():
    assert [BODY[each.start : each.end].split()[0] for each in paragraphs(BODY)] == ["Auf", "-", "Der"]
    assert [each.start for each in paragraphs("eins\r\n\r\nzwei")] == [0, 8]


@pytest.mark.parametrize(
    ("shown", "before", "source"),
    [
        ("ist es sehr heiß", "Auf dem Platz", "ist es **sehr heiß**"),
        ("Ein Brunnen für alle", "", "Ein *Brunnen* für alle"),
        ("Drei Bäume", "Brunnen für alle", "Drei Bäume"),
        ("atz ist", "Auf dem Pl", "Platz ist"),
        ("Bericht sagt", "Der", "[Bericht](https://example.org/bericht) sagt"),
    ],
)
def test_what_is_marked_in_the_page_is_found_in_the_source(shown, before, source):
    place = selected(BODY, shown, shown, len(shown), before)
    assert place is not None
    found = BODY[place[0] : place[1]]
    assert found.strip("[*") == source.strip("[*")


def test_of_two_equal_selections_what_stands_before_tells_which_one():
    first = selected(BODY, "Drei Bäume", "Drei Bäume", 10, "für alle")
    second = selected(BODY, "Drei Bäume", "Drei Bäume", 10, "sagt es auch.")
    assert first is not None and second is not None
    assert first[0] < second[0]


def test_what_is_not_in_the_source_is_not_guessed():
    assert selected(BODY, "Etwas anderes", "Etwas anderes", 13) is None
    assert selected(BODY, "Auf dem", "Auf dem", 0) is None


@pytest.mark.parametrize(
    "key", ["body-0-0", "body-5-2", "body-0-99999", "secret-0-3", "body--1-3", "", "title"]
)
def test_a_passage_outside_the_text_is_none(key):
    assert read_key(key, {"title": "Ein Steg", "summary": "", "body": BODY}) is None


def test_a_passage_has_a_key():
    assert read_key(Passage("title", 0, 3).key, {"title": "Ein", "summary": "", "body": ""}) == Passage(
        "title", 0, 3
    )
