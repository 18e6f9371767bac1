"""Icons, addresses, markdown and the parts of a page that are kept."""

from types import SimpleNamespace

import pytest
from django.middleware.csrf import CSRF_SESSION_KEY
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.utils import translation

from groundwork.html import tags
from groundwork.html.text import markdown


def draw(source, request=None, **context):
    if request is not None:
        return Template(source).render(RequestContext(request, context))
    return Template(source).render(Context(context))


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert draw('{% icon "heart" %}') == draw('{% icon "heart" %}')
    assert 'aria-hidden="true"' in draw('{% icon "heart" %}') and "icons.svg#heart" in draw(
        '{% icon "heart" %}'
    )
    assert 'role="img" aria-label="&lt;x&gt;"' in draw('{% icon "heart" label %}', label="<x>")


def test_an_icon_may_be_named_by_a_variable():
    template = Template("{% icon name %}")
    assert "#bell" in template.render(Context({"name": "bell"}))
    assert "#lock" in template.render(Context({"name": "lock"}))


def test_an_icon_needs_a_name():
    with pytest.raises(TemplateSyntaxError):
        Template("{% icon %}")


def test_a_thing_shows_its_photo_or_always_the_same_pattern():
    photo = SimpleNamespace(pk=1, photo=SimpleNamespace(url="/m/a.jpg"), photo_alt='The "square"')
    assert 'src="/m/a.jpg" alt="The &quot;square&quot;"' in draw("{% picture thing %}", thing=photo)
    plain = SimpleNamespace(pk=4)
    first = draw('{% picture thing "pic--round" %}', thing=plain)
    assert first == draw('{% picture thing "pic--round" %}', thing=plain)
    assert 'class="pic pic--round"' in first
    assert "#trees" in draw("{% picture thing %}", thing=SimpleNamespace(pk=4, pattern="trees"))


# --- markdown ---


def test_markdown_stays_below_the_headings_of_the_page():
    assert markdown("# One\n\n## Two\n\n### Three") == "<h3>One</h3>\n<h4>Two</h4>\n<h5>Three</h5>\n"


def test_markdown_skips_no_level_however_people_start():
    assert markdown("### One\n\n###### Two\n\n### Three") == "<h3>One</h3>\n<h4>Two</h4>\n<h3>Three</h3>\n"
    assert markdown("## One\n\n# Two") == "<h3>One</h3>\n<h3>Two</h3>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<a href="x" onclick="alert(1)">x</a>',
        "![x](https://elsewhere.example/pixel.png)",
        '<img src=x onerror="alert(1)">',
        "[x](data:text/html,hi)",
    ],
)
def test_markdown_lets_nothing_dangerous_or_foreign_through(text):
    html = markdown(text)
    for word in ("<script", "<img", 'href="javascript', 'href="data', '<a href="x"'):
        assert word not in html


def test_links_of_people_are_marked():
    assert 'rel="nofollow noopener ugc"' in markdown("[x](https://example.org)")


def test_markdown_is_remembered_by_content():
    assert markdown("same") is markdown("same")


# --- addresses ---


def test_a_missing_page_is_no_link():
    assert draw('{% maybe_url "no:such_page" as url %}{% if url %}x{% endif %}') == ""
    with translation.override("de"):
        assert draw('{% maybe_url "home" %}') == "/de/"
    with translation.override("en"):
        assert draw('{% maybe_url "home" %}') == "/en/"


def test_the_same_page_in_the_other_language(rf, settings):
    request = rf.get("/de/search/?q=a&place=b")
    with translation.override("de"):
        assert draw('{% alternate "en" %}', request) == "/en/search/?q=a&amp;place=b"
        assert draw('{% alternate "en" True %}', request) == f"{settings.SITE_URL}/en/search/"


# --- parts of a page ---


def test_what_is_kept_is_drawn_once_per_language_and_key():
    template = Template("{% keep key %}{{ value }}{% endkeep %}")
    with translation.override("de"):
        assert template.render(Context({"key": 1, "value": "a"})) == "a"
        assert template.render(Context({"key": 1, "value": "b"})) == "a"
        assert template.render(Context({"key": 2, "value": "c"})) == "c"
    with translation.override("en"):
        assert template.render(Context({"key": 1, "value": "d"})) == "d"


def test_no_token_is_written_and_no_cookie_asked_for(rf):
    request = rf.get("/")
    assert draw("{% csrf_token %}", request) == ""
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in request.META and CSRF_SESSION_KEY not in request.META


def test_a_toast_escapes_its_sentence():
    html = tags.toast("<b>x</b>", "error", "/undo/", "Undo")
    assert "&lt;b&gt;" in html and '<a href="/undo/">Undo</a>' in html and "#circle-alert" in html


def _beside(number=1, src="/de/files/abc/?w=800"):
    return SimpleNamespace(number=number, src=src, srcset="", alt='Der "Platz"', width=800, height=600)


def test_a_text_shows_the_pictures_beside_it_by_number():
    html = markdown("![<b>Platz</b> & *Baum*](picture:1)", [_beside()])
    assert html.startswith('<p><img src="/de/files/abc/?w=800" alt="&lt;b&gt;Platz&lt;/b&gt; &amp; Baum"')
    assert 'width="800"' in html and 'loading="lazy"' in html
    assert 'alt="Der &quot;Platz&quot;"' in markdown("![](picture:1)", [_beside()])


@pytest.mark.parametrize(
    "source",
    ["![Baum](picture:2)", "![Baum](https://elsewhere.example/x.png)", "![Baum](/de/files/abc/)", "![Baum](picture:x)"],
)  # fmt: skip
def test_of_any_other_picture_only_the_words_are_shown(source):
    assert markdown(source, [_beside()]) == "<p>Baum</p>\n"
    assert markdown("![Baum](picture:1)") == "<p>Baum</p>\n"


def test_a_picture_from_elsewhere_has_no_address_even_if_a_page_hands_it_over():
    assert "elsewhere" not in markdown("![x](picture:1)", [_beside(src="https://elsewhere.example/x.png")])
    assert "elsewhere" not in markdown("![x](picture:1)", [_beside(src="//elsewhere.example/x.png")])


def test_tables_stay_text():
    assert "<table" not in markdown("|a|b|\n|-|-|\n|1|2|")


def test_a_constant_text_is_said_in_the_language_of_each_reader():
    template = Template('{% translate "Search" %}|{% translate "Yes" context "helpful" %}')
    for _ in range(2):
        for language, said in (("de", "Suchen|Ja"), ("en", "Search|Yes")):
            with translation.override(language):
                assert template.render(Context()) == said


def test_a_text_that_is_a_variable_or_named_is_looked_up_each_time():
    template = Template('{% translate word %}{% translate "Search" as named %}, {{ named }}')
    with translation.override("de"):
        assert template.render(Context({"word": "Search"})) == "Suchen, Suchen"
        assert template.render(Context({"word": "Menu"})) == "Menü, Suchen"


def test_the_address_of_a_file_is_the_same_each_time_and_one_by_a_variable_is_not():
    template = Template(
        '{% static "css/city.css" %} {% static name %}{% static "js/toast.js" as named %} {{ named }}'
    )
    first = template.render(Context({"name": "css/desk.css"}))
    assert "css/city" in first and "css/desk" in first and "js/toast" in first
    assert template.render(Context({"name": "css/data.css"})) == first.replace("css/desk", "css/data")


# --- blocks of words ---

RECEIPT = "{% blocktranslate with number=receipt %}No. {{ number }}{% endblocktranslate %}"


def test_a_block_of_words_says_in_every_language_what_stands_in_its_gaps():
    template = Template(RECEIPT)
    for language, said in (("de", "Nr. 26-0412"), ("en", "No. 26-0412"), ("de", "Nr. 26-0412")):
        with translation.override(language):
            assert template.render(Context({"receipt": "26-0412"})) == said
    with translation.override("de"):
        assert template.render(Context({"receipt": "<b>"})) == "Nr. &lt;b&gt;"


def test_a_block_takes_what_the_page_knows_and_says_what_it_does_not(settings):
    template = Template(RECEIPT.replace(" with number=receipt", ""))
    with translation.override("en"):
        assert template.render(Context({"number": 7})) == "No. 7"
        assert template.render(Context()) == "No. "
        engine = template.engine
        before, engine.string_if_invalid = engine.string_if_invalid, "MISSING %s"
        try:
            assert template.render(Context()) == "No. MISSING number"
        finally:
            engine.string_if_invalid = before


def test_percent_signs_of_a_block_stay_as_they_are():
    template = Template("{% blocktranslate %}100 % of {{ what }}, %(what)s{% endblocktranslate %}")
    assert template.render(Context({"what": "it"})) == "100 % of it, %(what)s"


def test_a_translation_with_a_gap_of_its_own_gives_way_to_the_original(monkeypatch):
    monkeypatch.setattr(tags, "gettext", lambda words: "%(other)s fehlt")
    with translation.override("en"):
        assert draw("{% blocktranslate %}of {{ what }}{% endblocktranslate %}", what="it") == "of it"


def test_blocks_that_count_or_are_kept_in_a_name_are_djangos():
    source = "{% blocktranslate count n=n %}one{% plural %}{{ n }}{% endblocktranslate %}"
    assert [draw(source, n=n) for n in (1, 5)] == ["one", "5"]
    assert draw("{% blocktranslate asvar said %}a{{ n }}{% endblocktranslate %}[{{ said }}]", n=1) == "[a1]"
