"""Two versions compared: nothing is lost, nothing is invented, and no markup gets through."""

from __future__ import annotations

from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.actions import Wording
from proposals.differences import difference, joined
from proposals.views.versions import compared, sentence_of

WORDS = st.sampled_from(["Brunnen", "der", "am", "Platz", "\n", "\n\n", " ", ". ", "ä", "<b>", "1.", "\r\n"])
TEXTS = st.lists(WORDS, max_size=60).map("".join) | st.text(max_size=80)
WORDINGS = st.builds(Wording, title=TEXTS, summary=TEXTS, body=TEXTS)


@settings(max_examples=50, deadline=None)
@given(old=WORDINGS, new=WORDINGS)
def test_what_stayed_with_what_went_is_the_old_text_and_with_what_came_the_new_one(old, new):
    found = difference(old, new)
    assert joined(found.body, "old") == old.body and joined(found.body, "new") == new.body
    assert joined([found.title], "old") == old.title and joined([found.title], "new") == new.title
    assert joined([found.summary], "old") == old.summary and joined([found.summary], "new") == new.summary
    assert [each for run in found.runs for each in run.paragraphs] == list(found.body)


@settings(max_examples=30, deadline=None)
@given(text=WORDINGS)
def test_a_text_does_not_differ_from_itself(text):
    found = difference(text, text)
    assert (found.added, found.removed, found.changed) == (0, 0, 0)


@settings(max_examples=30, deadline=None)
@given(old=WORDINGS, new=WORDINGS)
def test_going_back_removes_what_going_forth_added(old, new):
    forth, back = difference(old, new), difference(new, old)
    assert (forth.added - forth.removed) == (back.removed - back.added)


@settings(max_examples=20, deadline=None)
@given(inside=st.text(alphabet="<>\"'&abc/= ", max_size=30))
def test_markup_of_writers_stays_text_in_both_views(inside):
    old = Wording("T", "S", f"<script>{inside}</script> eins")
    shown = compared(old, Wording("T", "S", f"<img src=x onerror={inside}> zwei"))
    for view in ("inline", "sides"):
        page = render_to_string("proposals/difference.html", {"shown": shown, "view": view})
        assert "<script" not in page and "<img" not in page


def test_words_are_compared_inside_the_paragraph_they_belong_to():
    old = Wording("Brunnen", "Wasser", "Erstens.\n\nDrei Bäume am Platz.\n\nEnde.")
    new = Wording("Brunnen", "Wasser", "Erstens.\n\nVier hohe Bäume am Platz.\n\nNeu.\n\nEnde.")
    found = difference(old, new)
    assert [(part.kind, part.text) for part in found.body[1].parts] == [
        ("removed", "Drei"), ("added", "Vier hohe"), ("same", " Bäume am Platz.\n\n"),
    ]  # fmt: skip
    assert (found.added, found.removed, found.changed) == (3, 1, 2)


def test_the_sentence_says_how_much_changed_where():
    def said(old: str, new: str) -> str:
        return sentence_of(difference(Wording("T", "S", old), Wording("T", "S", new)))

    from django.utils import translation

    with translation.override("en"):
        assert said("eins zwei", "eins drei vier") == "2 words added, 1 removed in 1 paragraph."
        assert said("eins zwei", "eins") == "1 word removed in 1 paragraph."
        assert said("eins zwei", "eins, zwei") == "Only spaces and signs changed in 1 paragraph."
        assert said("eins", "eins") == "The two texts are the same."


def test_long_unchanged_stretches_are_folded_and_what_is_near_a_change_is_not():
    old = [f"Absatz {n} bleibt." for n in range(9)]
    new = [*old[:-1], "Absatz 8 ist neu."]
    found = difference(Wording("T", "S", "\n\n".join(old)), Wording("T", "S", "\n\n".join(new)))
    assert [(run.folded, len(run.paragraphs)) for run in found.runs] == [(True, 7), (False, 2)]


def test_a_text_of_the_same_word_ten_thousand_times_is_compared_at_once():
    one = Wording("T", "S", "a " * 4999)
    assert difference(one, Wording("T", "S", "a b " * 2499)).removed == 2500
