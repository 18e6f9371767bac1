"""Where a passage stands after others changed the text: edits beside it never conflict, edits of it are never lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.amendments.rebase import Changed, Gone, Moved, Placed, put, rebase

WORDS = st.lists(st.sampled_from(["der", "Platz", "ist", "heiß", "Baum,", "und"]), max_size=8)
# Words that stand nowhere else: the passage can be told from everything around it.
PASSAGES = st.lists(st.sampled_from(["Linde", "Wasser", "Bank"]), min_size=1, max_size=3, unique=True)


def joined(*parts: list[str]) -> str:
    return " ".join(word for part in parts for word in part)


def place(old: str, passage: str, new: str):
    start = old.index(passage)
    return rebase(old, start, start + len(passage), new)


@settings(max_examples=50, deadline=None)
@given(WORDS, PASSAGES, WORDS, WORDS, WORDS)
def test_edits_beside_the_passage_never_conflict(before, passage, after, new_before, new_after):
    words = " ".join(passage)
    old, new = joined(before, passage, after), joined(new_before, passage, new_after)
    found = place(old, words, new)
    assert isinstance(found, Placed | Moved)
    assert new[found.start : found.end] == words
    assert put(new, found, "EICHE") == joined(new_before, ["EICHE"], new_after)


@settings(max_examples=50, deadline=None)
@given(WORDS, WORDS, WORDS, WORDS, WORDS)
def test_whatever_stands_there_is_named_truly(before, passage, after, new_before, new_after):
    """Also where words repeat: what is Placed or Moved is the passage, letter by letter."""
    words = " ".join(passage) or "ist"
    old, new = joined(before, [words], after), joined(new_before, [words], new_after)
    start = len(joined(before)) + bool(before)
    found = rebase(old, start, start + len(words), new)
    if isinstance(found, Placed | Moved):
        assert new[found.start : found.end] == words
    elif isinstance(found, Changed):
        assert 0 <= found.start < found.end <= len(new)


@settings(max_examples=30, deadline=None)
@given(WORDS, PASSAGES, WORDS)
def test_an_unchanged_text_leaves_it_where_it_is(before, passage, after):
    old, words = joined(before, passage, after), " ".join(passage)
    start = old.index(words)
    assert rebase(old, start, start + len(words), old) == Placed(start, start + len(words))


def test_a_passage_that_was_changed_shows_what_stands_there_now():
    old = "Wir wünschen vier Bäume und fünf Bänke am Platz."
    new = "Wir wünschen drei Bäume und fünf Bänke am Platz."
    found = place(old, "vier Bäume", new)
    assert isinstance(found, Changed)
    assert new[found.start : found.end] == "drei Bäume"


def test_words_put_into_the_passage_change_it():
    old, new = "Alle zehn Meter eine. Ende.", "Alle zehn Meter eine schöne Linde. Ende."
    found = place(old, "zehn Meter eine.", new)
    assert isinstance(found, Changed)
    assert new[found.start : found.end] == "zehn Meter eine schöne Linde."


def test_a_passage_that_was_taken_out_is_gone():
    assert place("Erstens. Zweitens. Drittens.", " Zweitens.", "Erstens. Drittens.") == Gone()


def test_a_paragraph_that_was_moved_is_found_again():
    old = "Der Bach fließt im Rohr.\n\nWir holen ihn herauf.\n\nDas kühlt den Markt."
    new = "Das kühlt den Markt.\n\nWir holen ihn herauf.\n\nDer Bach fließt im Rohr."
    found = place(old, "Der Bach fließt im Rohr.", new)
    assert isinstance(found, Placed | Moved)
    assert new[found.start : found.end] == "Der Bach fließt im Rohr."


def test_of_two_equal_passages_the_surroundings_tell_which_one():
    old = "Morgens ist es heiß. Abends ist es heiß. Ende."
    new = "Früh ist es heiß. Abends ist es heiß. Schluss jetzt."
    start = old.rindex("ist es heiß")
    found = rebase(old, start, start + len("ist es heiß"), new)
    assert isinstance(found, Placed)
    assert found.start == new.rindex("ist es heiß")


def test_the_same_word_elsewhere_is_not_taken_for_the_passage():
    old, new = "Die Linde am Markt. Die Linde am Fluss.", "Die Eiche am Markt. Die Linde am Fluss."
    found = rebase(old, 4, 9, new)
    assert isinstance(found, Changed)
    assert new[found.start : found.end] == "Eiche"


def test_half_a_word_is_never_the_passage():
    assert not isinstance(rebase("Baum", 0, 4, "Baumhaus"), Placed)
