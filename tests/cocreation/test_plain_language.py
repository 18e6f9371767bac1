"""Hints for plain language: short texts of everyday are left alone, the language of offices is not."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cocreation.plain_language import hints, sentences


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "de"),
        ("Wofür soll Auental 300.000 Euro ausgeben?", "de"),
        ("Wir sammeln bis zum 14. März Ideen. Dann prüfen die Ämter jede Idee. Am Ende stimmen alle ab.", "de"),
        ("Kommen Sie z. B. ins Rathaus, Am Markt 1.", "de"),
        ("Wir werden Ihre Fragen beantworten und den Platz gestalten.", "de"),
        ("Die Verwaltung liest Ihre Meinung in der Zeitung.", "de"),
        ("What should Auental spend 300,000 euros on?", "en"),
        ("We collect ideas until 14 March. Then the offices check each idea.", "en"),
        ("Texte in einer Sprache, die hier niemand prüft, bleiben, wie sie sind, auch wenn sie wirklich lang werden und dauern.", "fr"),
    ],
)  # fmt: skip
def test_plain_texts_are_left_alone(text, language):
    assert hints(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Die Ideen werden im Mai durch die Ämter geprüft.", "de", "say who does it"),
        ("The ideas are checked by the offices.", "en", "“are checked”"),
        ("Beteiligung zwecks Planung", "de", "“zwecks”: people say “für”"),
        ("We utilise your ideas.", "en", "people say “use”"),
        ("Grundstücksverkehrsgenehmigungszuständigkeit", "de", "A long word"),
        ("Die Durchführung der Beteiligung dient der Berücksichtigung von Belangen.", "de", "nouns made of verbs"),
        (
            "Wir sammeln jetzt Ideen und prüfen sie dann gemeinsam mit allen Ämtern, bevor wir am Ende noch einmal alle fragen.",
            "de",
            "has 20 words: “Wir sammeln jetzt Ideen …”",
        ),
    ],
)  # fmt: skip
def test_the_language_of_offices_gets_a_hint(text, language, words):
    assert any(words in hint for hint in hints(text, language)), hints(text, language)


def test_sentences_end_where_people_end_them():
    text = "Am 3. Mai um 18 Uhr, z. B. im Saal. Kommen Sie! Und danach?\nAnmelden"
    assert sentences(text) == [
        "Am 3. Mai um 18 Uhr, z. B. im Saal.", "Kommen Sie!", "Und danach?", "Anmelden",
    ]  # fmt: skip


@given(st.text(max_size=400), st.sampled_from(["de", "en", "fr"]))
def test_every_text_is_taken(text, language):
    assert all(isinstance(hint, str) and hint for hint in hints(text, language))
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
