"""Plain text as markup: nothing people write becomes markup of its own."""

from __future__ import annotations

import pytest

from cocreation.conversation.text import called_in, drawn, paragraphs, quoted

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "> <script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    'https://x.example/"onmouseover="alert(1)',
    "https://x.example/'onmouseover='alert(1)",
    "https://x.example/<b>",
    "@<b>Amina</b>",
    "&lt;script&gt;",
    "http://[::1]<script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str):
    from html.parser import HTMLParser

    found: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Reader(HTMLParser):
        said = ""

        def handle_starttag(self, tag, attrs):
            found.append((tag, attrs))

        def handle_data(self, data):
            self.said += data

    reader = Reader()
    reader.feed(drawn(text, ["<b>Amina</b>", "Amina"]))
    assert {tag for tag, _attrs in found} <= {"p", "br", "b", "a", "blockquote"}
    for tag, attrs in found:
        assert {name for name, _value in attrs} <= ({"href", "rel"} if tag == "a" else set())
        assert all(value.startswith(("http://", "https://")) for name, value in attrs if name == "href")
    assert reader.said == text.removeprefix("> ")


def test_paragraphs_lines_quotes_and_links():
    assert drawn("Eins\nzwei\n\ndrei") == "<p>Eins<br>zwei</p><p>drei</p>"
    assert drawn("> alt\n> noch\nneu") == "<blockquote><p>alt<br>noch</p></blockquote><p>neu</p>"
    link = '<a href="https://auental.example/plan?a=1&amp;b=2" rel="nofollow noopener ugc">'
    assert link in drawn("Siehe https://auental.example/plan?a=1&b=2.")
    assert drawn("Siehe https://a.example/x.").endswith("</a>.</p>")
    assert drawn("") == drawn("\n\n") == ""


def test_names_that_were_called_stand_out_and_the_longer_one_wins():
    assert "<b>@Ann Ott</b>" in drawn("@Ann Ott, ja", ["Ann", "Ann Ott"])
    assert called_in("@Ann Ott", ["Ann", "Ann Ott"]) == ["Ann Ott"]
    assert called_in("@Annika", ["Ann"]) == []
    assert called_in("> @Ann", ["Ann"]) == []


def test_a_quotation_is_short_and_leaves_out_what_was_quoted_itself():
    assert quoted("> alt\nneu") == "> neu\n\n"
    assert len(quoted("Wort " * 500)) < 420


def test_paragraphs_of_a_text():
    assert paragraphs("Eins\r\nzwei\r\n\r\n\r\ndrei\n \nvier") == [
        "Eins\r\nzwei".replace("\r", ""),
        "drei",
        "vier",
    ]
