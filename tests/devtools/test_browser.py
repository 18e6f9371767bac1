"""The browser of the tests: it refuses foreign origins, hears the console, and axe finds what it should."""

import pytest

from tests.browser import axe

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="de"><title>Auental</title><main><h1>Ideen</h1>{}</main></html>"""


def test_a_foreign_origin_is_refused(new_context, observed):
    page = new_context().new_page()
    page.set_content(
        PAGE.format('<img alt="" src="https://tracker.example.com/pixel.png">'), wait_until="load"
    )
    assert observed.foreign == ["https://tracker.example.com/pixel.png"]
    observed.foreign.clear()  # or the test would fail at its end, as it should
    observed.console.clear()


def test_axe_finds_a_picture_without_words(new_context):
    page = new_context(360, 800).new_page()
    page.set_content(PAGE.format(""))
    assert axe(page) == []
    page.set_content(PAGE.format('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">'))
    assert [line.split(":")[0] for line in axe(page)] == ["image-alt"]


def test_a_script_that_throws_is_heard(new_context, console_errors):
    page = new_context().new_page()
    page.set_content(PAGE.format("<script>throw new Error('lost')</script>"))
    page.wait_for_function("() => true")
    assert any("lost" in line for line in console_errors)


def test_scripts_can_be_off_and_the_window_speaks_german(new_context):
    page = new_context(javascript=False, color_scheme="dark").new_page()
    page.set_content(PAGE.format("<noscript>ohne</noscript>"))
    assert page.locator("noscript").text_content() == "ohne"
    speaking = new_context(locale="de-DE").new_page()
    assert speaking.evaluate("navigator.language") == "de-DE"
