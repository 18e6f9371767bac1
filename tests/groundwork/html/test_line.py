"""The line: what a screen reader hears, what a designer sees, and that nothing leaks between two readers."""

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

from groundwork.html.bars import money_bar
from groundwork.html.line import Stop, line, mini

STOPS = [
    Stop("Ideas", "past", "214 ideas"),
    Stop("Vote", "now", due="until Sunday"),
    Stop("Answer", "next", due="by 30 June", due_icon="calendar-clock"),
    Stop("Building", "late", "Delivery", "new: 15 July", "triangle-alert"),
]


@pytest.mark.parametrize(
    ("language", "states"),
    [
        ("de", ["(erledigt)", "(jetzt)", "(kommt noch)", "(verspätet)"]),
        ("en", ["(done)", "(now)", "(still to come)", "(late)"]),
    ],
)
def test_every_state_is_said_in_words(language, states):
    with translation.override(language):
        html = line(STOPS)
    assert [state for state in states if state in html] == states


def test_the_markup_is_a_list_with_one_current_step():
    html = line(STOPS, label="The way")
    assert html.startswith(
        '<div class="line"><div class="line__map stops-4"><ol class="line__main" aria-label="The way">'
    )
    assert html.count("<li") == 4
    assert html.count('aria-current="step"') == 1
    assert '<li class="is-late">' in html and "#triangle-alert" in html
    assert 'style="' not in html


def test_a_vertical_line_has_no_map():
    assert line(STOPS, vertical=True).startswith('<div class="line line--v"><ol>')


def test_more_stops_than_fit_stand_below_each_other():
    assert "line--v" in line([Stop(str(n), "past") for n in range(10)])


def test_a_lane_says_that_it_runs_in_parallel():
    with translation.override("en"):
        html = line(STOPS, lanes=[("Youth budget", 2, 4, [Stop("Jury", "past")])])
    assert '<ol class="line__lane from-2 to-4" aria-label="In parallel: Youth budget">' in html


def test_texts_are_escaped_and_safe_ones_are_not_even_when_they_look_the_same():
    safe = line([Stop("a", "past", mark_safe("<b>214</b>"))])
    plain = line([Stop("a", "past", "<b>214</b>")])
    again = line([Stop("a", "past", mark_safe("<b>214</b>"))])
    assert "<b>214</b>" in safe and safe == again
    assert "&lt;b&gt;214&lt;/b&gt;" in plain
    assert "&lt;" in mini([Stop("<i>", "past")], "<b>") and "<i>" not in mini([Stop("<i>", "past")], "<b>")
    assert 'href="/x?a=1&amp;b=&quot;"' in line([Stop("a", "past", url='/x?a=1&b="')])


def test_the_language_is_part_of_what_is_remembered():
    with translation.override("de"):
        german = line(STOPS)
    with translation.override("en"):
        english = line(STOPS)
    assert german != english


def test_the_short_line_has_dots_and_words():
    with translation.override("de"):
        html = mini(STOPS, "Auf dem Stimmzettel", "bis Sonntag")
    assert '<span class="vh">Vote: jetzt</span>' in html
    assert "<span><strong>Auf dem Stimmzettel</strong> bis Sonntag</span>" in html
    assert "aria-current" not in html
    assert "<em>x</em>" in mini(STOPS, mark_safe("<em>x</em>"))


def test_the_tags_take_their_arguments_by_name():
    html = Template("{% line stops label='W' vertical=True %}{% mini stops 'Now' %}").render(
        Context({"stops": STOPS})
    )
    assert "line--v" in html and "<strong>Now</strong>" in html


# --- bars ---


def test_a_bar_is_drawn_by_attributes_and_never_longer_than_the_whole():
    html = money_bar([("river", 42_000), ("clay", 78_000), ("", 500_000)], 300_000, "120 of 300")
    assert 'class="hue-river" x="0.00" y="0" width="13.65"' in html
    assert 'class="hue-clay" x="14.00"' in html
    assert 'class="a" x="40.00" y="0" width="59.65"' in html
    assert "style" not in html and 'aria-label="120 of 300"' in html


def test_a_bar_of_nothing_is_empty():
    assert money_bar([("river", 5)], 0, "x").count("<rect") == 1
