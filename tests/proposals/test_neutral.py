"""Words that look like formulas are made harmless and come back exactly."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from proposals.neutral import neutral, restored

BEGINS = "=+-@\t\r"


@settings(max_examples=50)
@given(st.text(alphabet=st.sampled_from("=+-@\t\r'a1 "), max_size=6))
def test_neutral_words_come_back_and_never_begin_like_a_formula(words):
    assert restored(neutral(words)) == words
    assert neutral(words)[:1] not in tuple(BEGINS)
