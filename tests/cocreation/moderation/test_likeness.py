"""Pure functions: what counts as the same text, and what is looked at first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cocreation.moderation import likeness, weighing

NOW = datetime(2027, 5, 1, tzinfo=UTC)
few = settings(max_examples=40, deadline=None)


@few
@given(st.text(max_size=200))
def test_normal_text_stays_normal_and_capitals_and_dots_do_not_matter(text: str):
    once = likeness.normal(text)
    assert likeness.normal(once) == once
    assert likeness.digest(text) == likeness.digest(f"  {text} … ")


@few
@given(st.text(max_size=60), st.text(max_size=60))
def test_alike_is_mutual(one: str, other: str):
    assert likeness.alike(one, other) == likeness.alike(other, one)


def test_short_texts_are_never_a_wave():
    assert not likeness.alike("Gute Idee!", "Gute Idee!")


def test_phrases_are_whole_words():
    assert likeness.hits("Ein Klassenrat, kein Ass.", ["ass"]) == ["ass"]
    assert likeness.hits("Ein Klassenrat.", ["ass"]) == []


@few
@given(
    st.lists(st.tuples(st.floats(0, 100), st.integers(0, 500)), min_size=2, max_size=8),
    st.integers(0, 10_000),
)
def test_the_order_of_cases_never_changes_by_waiting(cases: list[tuple[float, int]], later: int):
    ranks = [weighing.rank(points, NOW + timedelta(hours=hours)) for points, hours in cases]
    at = NOW + timedelta(hours=500 + later)
    shown = [weighing.place(rank, at) for rank in ranks]
    assert sorted(range(len(cases)), key=lambda n: ranks[n]) == sorted(
        range(len(cases)), key=lambda n: shown[n]
    )


@few
@given(st.integers(0, 50), st.integers(0, 50))
def test_trust_is_a_share_and_grows(right: int, wrong: int):
    trust = weighing.trust(right, right + wrong)
    assert 0 < trust < 1 and weighing.trust(right + 1, right + wrong + 1) > trust
