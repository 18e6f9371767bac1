"""German pages speak German, English pages English.

Two proofs. A piece of a page that is, word for word, a text of the other language was not translated when it was shown.
And a piece that stands in both versions of a page unchanged never went through the catalogue at all.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict

import polib

from devtools.paths import ROOT
from tests.visits import Visit, none_of

CATALOGUE = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
LONG_ENOUGH = 8
HOLE = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|\{\w*\}|%[sd]")

# The same in both languages, and rightly so: names of people, places, products and things that are not words.
SAME = re.compile(
    r"Amina Yıldız|Jonas Petersen|Ines Pohl|Olga Brandt|Mo Bilgin|Clara Sommer|Ada Lindqvist|Gärtnerei Pohl|Geheimnis Verein"
    r"|Alle, die hier leben\.|Everyone who lives here\."  # a history shows both languages
    r"|Werbung\.|Beleidigt einen Menschen\.|python3 dev\.py .*|[0-9a-f]{32,}|[0-9a-f]{12} …|Moderation"
    r"|/data/[\w./]+|/oparl/[\w./]+|[\w-]+\.(csv|jsonl|json)|[\w-]+\.csv-metadata\.json|Version \d+|qrt_[\w-]+…|msg_[\w-]+|JSON Lines|CSV · .*|JSON Lines · .*|Auental|Lindach|Quartier( Auental)?|[\w.+-]+@[\w.-]+|https?://\S+|localhost/[\w-]+|Deutsch|English|Demo|[A-Z0-9]{12,}|Excel \(XLSX\)|Link \(Ctrl\+K\)|(python3 )?verify\.py( .*)?"
)
# What people of the world wrote in their own language, wherever it is shown.
WRITTEN = re.compile(
    r"[:·]?\s*(Sonnensegel am Markt|Trinkbrunnen am Dorfplatz|Bäume am Bahnhof|Bühne im Park|Bänke an der Aue|Radboxen|Ein Brunnen"
    r"|(Eine )?Rutsche (am|für den) Hang|Hier ist es rutschig|Aus Sandstein|Das ist genauer|Am Markt ist es am heißesten|Passt nicht|Wann geht es los|Gärten"
    r"|Kalender|Chat|Anzeige im Rathaus|Ich habe niemanden beleidigt|Beleidigt|Respekt|Bitte ohne die Nummer|Eine Telefonnummer|Geheimnis|Sollen die Segel|Ein Ausdruck lag offen|Etwa 12 Menschen|Jemand wird wiedererkannt|Namen sind frei gewählt|Bürgerhaushalt collecting)\b.*",
    re.DOTALL,
)
ENOUGH_WORDS = re.compile(r"[^\W\d_]{3,}.*[^\W\d_]{3,}")


@functools.cache
def _texts() -> tuple[
    dict[str, str], list[tuple[re.Pattern[str], str]], dict[str, str], list[tuple[re.Pattern[str], str]]
]:
    """German exact and with holes, English exact and with holes: only what differs between the two."""
    pairs: list[tuple[str, str]] = []
    for entry in polib.pofile(str(CATALOGUE)):
        pairs.append((entry.msgid, entry.msgstr))
        if entry.msgid_plural:
            pairs += [
                (entry.msgid, entry.msgstr_plural.get(0, "")),
                (entry.msgid_plural, entry.msgstr_plural.get(1, "")),
            ]
    pairs = [(_flat(english), _flat(german)) for english, german in pairs]
    english_texts, german_texts = {english for english, _ in pairs}, {german for _, german in pairs}
    german = {de: en for en, de in pairs if de not in english_texts}
    english = {en: de for en, de in pairs if en not in german_texts and de}
    return _exact(german), _with_holes(german), _exact(english), _with_holes(english)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _exact(texts: dict[str, str]) -> dict[str, str]:
    return {text: twin for text, twin in texts.items() if len(text) >= LONG_ENOUGH and not HOLE.search(text)}


def _with_holes(texts: dict[str, str]) -> list[tuple[re.Pattern[str], str]]:
    """Only texts with enough fixed words: "%(n)s %(what)s" would be everything."""
    found = []
    for text in texts:
        if HOLE.search(text) and len(HOLE.sub("", text).strip()) >= 12:
            found.append((re.compile(".+".join(map(re.escape, HOLE.split(text)))), text))
    return found


@functools.cache
def _is_foreign(text: str, language: str) -> bool:
    """Whether our own catalogue says that this is a text of the other language."""
    german, german_holes, english, english_holes = _texts()
    exact, holes = (german, german_holes) if language == "en" else (english, english_holes)
    return text in exact or any(hole.fullmatch(text) for hole, _text in holes)


def test_the_catalogue_is_there() -> None:
    german, german_holes, english, english_holes = _texts()
    assert len(german) > 100 and len(english) > 100 and german_holes and english_holes


def test_a_page_is_in_its_own_language(visits: list[Visit]) -> None:
    wrong = {
        f"{visit.language} {visit.route.name}[{visit.state}]: {words.text[:120]!r}"
        for visit in visits
        if visit.is_page and visit.route.translated
        for words in visit.page.words
        if words.language == visit.language
        and len(words.text) >= LONG_ENOUGH
        and _is_foreign(words.text, visit.language)
    }
    none_of(wrong)


def test_nothing_is_written_into_a_template_in_one_language(visits: list[Visit]) -> None:
    said: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(dict)
    for visit in visits:
        if visit.is_page and visit.route.translated and not visit.is_linked and visit.status < 500:
            ours = {words.text for words in visit.page.words if words.language == visit.language}
            said[visit.route.name, visit.state][visit.language] = ours
    wrong = set()
    for (name, state), languages in said.items():
        if len(languages) == 2:
            for text in languages["de"] & languages["en"]:
                if (
                    ENOUGH_WORDS.search(text)
                    and len(text) >= LONG_ENOUGH
                    and ENOUGH_WORDS.search(SAME.sub("", text))
                    and not WRITTEN.fullmatch(text)
                ):
                    wrong.add(f"{name}[{state}]: {text[:120]!r}")
    none_of(wrong)
