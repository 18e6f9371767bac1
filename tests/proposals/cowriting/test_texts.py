"""The document: differences are minimal, what two people write is kept, and what is no text is refused."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text

from proposals.actions import Wording
from proposals.cowriting import texts

FEW = settings(max_examples=50, deadline=None)
SOME = st.text(st.sampled_from("aäß🌳 \n.,b"), max_size=40)


def said(body: str) -> Wording:
    return Wording("Title", "Summary", body)


@FEW
@given(SOME, SOME)
@example("Grün 🌳 ist", "Grün 🌳🌳 ist es")
def test_a_rewritten_text_says_exactly_the_new_words(old, new):
    state = texts.started(said(old))
    update = texts.rewritten(state, said(new))
    assert texts.words_of(texts.opened([state, update])) == said(new)
    assert (update == texts.EMPTY) == (old == new)


@FEW
@given(SOME, SOME, SOME)
def test_two_who_write_at_the_same_time_end_with_the_same_words_in_any_order(base, one, two):
    state = texts.started(said(base))
    first, second = texts.rewritten(state, said(one)), texts.rewritten(state, said(two))
    assert texts.words_of(texts.opened([state, first, second])) == texts.words_of(
        texts.opened([state, second, first])
    )
    assert texts.words_of(texts.opened([texts.merged([state, first, second])])) == texts.words_of(
        texts.opened([state, first, second])
    )


def test_what_two_people_add_in_different_places_both_stays():
    state = texts.started(said("A bench. A tree."))
    one = texts.rewritten(state, said("A long bench. A tree."))
    two = texts.rewritten(state, said("A bench. A tree. A lamp."))
    assert texts.words_of(texts.opened([state, one, two])).body == "A long bench. A tree. A lamp."


@FEW
@given(SOME, SOME)
def test_a_comparison_holds_both_texts(old, new):
    pieces = texts.compared(old, new)
    assert "".join(p.text for p in pieces if p.kind != "new") == old
    assert "".join(p.text for p in pieces if p.kind != "gone") == new


def test_an_update_that_comes_before_what_it_needs_is_kept_by_a_compaction():
    doc: Doc = Doc()
    doc["body"] = body = Text("one")
    first, before = doc.get_update(), doc.get_state()
    body.insert(3, " two")
    second = doc.get_update(before)
    early = texts.merged([texts.EMPTY, second])
    assert texts.words_of(texts.opened([early])).body == ""
    assert texts.words_of(texts.opened([early, first])).body == "one two"


def bad_updates() -> dict[str, bytes]:
    good = texts.started(said("words"))
    strange: Doc = Doc()
    strange["other"] = Text("hello")
    shaped: Doc = Doc()
    shaped["body"] = inside = Text("hi")
    inside.insert_embed(1, {"image": "x"})
    return {
        "nothing": b"", "noise": b"\xff" * 30, "cut": good[:-3], "huge": b"\x01" + b"\xff\xff\xff\xff\x0f" * 8,
        "another text": strange.get_update(), "a picture": shaped.get_update(),
    }  # fmt: skip


@pytest.mark.parametrize("which", sorted(bad_updates()))
def test_what_is_no_change_of_the_three_texts_is_refused(which):
    with pytest.raises(texts.Broken):
        texts.take(texts.opened([texts.started(said("words"))]), bad_updates()[which])


def test_a_map_where_a_text_should_be_does_no_harm():
    confused: Doc = Doc()
    confused["body"] = Map({"a": 1})
    doc = texts.opened([texts.started(said("words"))])
    try:
        texts.take(doc, confused.get_update())
    except texts.Broken:
        return
    assert texts.words_of(doc).body == "words"


def test_what_is_known_already_is_nothing_new():
    state = texts.started(said("words"))
    assert texts.take(texts.opened([state]), state) is False
