"""Hints for plain language, in words and without marks: what makes a text heavy, and what would make it lighter.

    hints("Die Durchführung der Beteiligung wird durch das Amt vorgenommen.", "de")

Pure. A hint never blocks anything; somebody who knows better leaves the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LONGEST_SENTENCE = 18  # words
LONGEST_WORD = {"de": 22, "en": 14}  # letters
MOST_NAMED = 3

# A full stop after a number or one of these ends no sentence.
_SHORT = "z|B|u|a|d|h|bzw|ca|Nr|St|Abs|Dr|Prof|usw|etc|e|g|i|vs|approx|No"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")

# "wird … durchgeführt", "worden": who does it is not said.
_PASSIVE = {
    # Future ("wir werden beantworten") ends in -en like no weak participle does; strong ones are named.
    "de": re.compile(
        r"\b(?:[Ww]ird|[Ww]erden|[Ww]urden?|worden)\b(?:\W+[\w-]+){0,8}?\W+"
        r"(?!gewinnen|gestalten|genießen|genehmigen|gelangen|geschehen|gefallen|gehören)"
        r"(?:[a-zäöü]*ge[a-zäöüß]{2,}(?:t|en)|(?:be|ver|er|ent|zer)[a-zäöüß]{3,}t"
        r"|beschlossen|vergeben|entschieden|erhoben|verschoben|verboten|vertreten|beraten|erhalten|entnommen)\b"
    ),
    "en": re.compile(
        r"\b(?:is|are|was|were|been|being|be)\s+(?:\w+ly\s+)?(?:\w{2,}ed|done|made|given|taken|held|built|chosen|written|shown|sent|paid|put|set|drawn|known|found|kept)\b",
        re.IGNORECASE,
    ),
}
# Nouns made of verbs.
_NOMINAL = {
    "de": re.compile(r"\b[A-ZÄÖÜ][\wäöüß]{4,}(?:ungen|ung|heiten|heit|keiten|keit|ierung|nahme)\b"),
    "en": re.compile(r"\b\w{5,}(?:isation|ization|ation|ations|ement|ements|ance)\b", re.IGNORECASE),
}
# Words that look so and are what people say.
_DE = """
zeitung wohnung meinung ordnung kleidung lösung übung heizung rechnung abstimmung verwaltung öffnung
umgebung entfernung zeichnung einladung siedlung stimmung hoffnung gesundheit sicherheit freiheit möglichkeit mehrheit minderheit
"""
_EN = """
station information element moment apartment department statement transportation chance distance
entrance balance insurance location education population pavement basement playground association generation conversation
"""
_SAID = {
    "de": frozenset(_DE.split()),
    "en": frozenset(_EN.split()),
}
_MOST_NOMINAL = 2
# word -> what people say instead
_HEAVY = {
    "de": {
        "bezüglich": "zu", "hinsichtlich": "zu", "im rahmen": "bei", "zwecks": "für", "mittels": "mit", "gemäß": "nach", "sofern": "wenn", "seitens": "von", "aufgrund": "wegen", "obliegt": "ist Aufgabe von", "partizipation": "Beteiligung", "implementieren": "einführen", "implementierung": "Einführung", "evaluierung": "Auswertung", "evaluation": "Auswertung", "priorisierung": "Rangfolge", "zur verfügung gestellt": "gegeben", "in anspruch nehmen": "nutzen", "erfolgt": "geschieht", "diesbezüglich": "dazu", "nichtsdestotrotz": "trotzdem", "maßnahmen": "was getan wird",
    },
    "en": {
        "utilise": "use", "utilize": "use", "in order to": "to", "with regard to": "about", "regarding": "about", "prior to": "before", "subsequent to": "after", "commence": "begin", "implement": "carry out", "implementation": "carrying out", "facilitate": "help", "stakeholders": "the people concerned", "participatory": "with everyone", "terminate": "end", "in the event of": "if", "pursuant to": "under", "endeavour": "try", "leverage": "use", "thereof": "of it",
    },
}  # fmt: skip


def hints(text: str, language: str) -> list[str]:
    """What would make this text easier, in the reader's language; nothing where it is plain, or where it is empty."""
    if not text.strip() or language not in _PASSIVE:
        return []
    checks: list[Callable[[str, str], Iterator[str]]] = [
        _long_sentences, _long_words, _heavy_words, _passives, _nominals,
    ]  # fmt: skip
    return [hint for check in checks for hint in check(text, language)]


def sentences(text: str) -> list[str]:
    found, start = [], 0
    for end in re.finditer(r"[.!?;:]+(?=\s|$)|\n+", text):
        before = text[start : end.start()]
        last = _WORD.findall(before)[-1:] or [""]
        if end.group().startswith(".") and (
            before[-1:].isdigit() or (re.fullmatch(_SHORT, last[0]) and end.end() < len(text))
        ):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _long_sentences(text: str, language: str) -> Iterator[str]:
    for sentence in sentences(text):
        n = len(sentence.split())
        if n > LONGEST_SENTENCE:
            yield _("A sentence has {n} words: “{start} …” Two short ones are easier to read.").format(
                n=n, start=" ".join(sentence.split()[:4])
            )


def _long_words(text: str, language: str) -> Iterator[str]:
    long = _once(word for word in _WORD.findall(text) if _longest_part(word) > LONGEST_WORD[language])
    if long:
        yield ngettext(
            "A long word: {words}. Can it be said with two?",
            "Long words: {words}. Can they be said with two?",
            len(long),
        ).format(words=_named(long))


def _longest_part(word: str) -> int:
    return max(len(part) for part in re.split(r"[-'’]", word))


def _heavy_words(text: str, language: str) -> Iterator[str]:
    low = text.lower()
    for heavy, light in _HEAVY[language].items():
        if re.search(rf"\b{re.escape(heavy)}\b", low):
            yield _("“{heavy}”: people say “{light}”.").format(heavy=heavy, light=light)


def _passives(text: str, language: str) -> Iterator[str]:
    found = _PASSIVE[language].search(text)
    if found:
        yield _("“{words}”: say who does it. “The office checks” instead of “it is checked”.").format(
            words=" ".join(found[0].split())
        )


def _nominals(text: str, language: str) -> Iterator[str]:
    nouns = _once(word for word in _NOMINAL[language].findall(text) if word.lower() not in _SAID[language])
    if len(nouns) > _MOST_NOMINAL:
        yield _("Many nouns made of verbs: {words}. Verbs are lighter.").format(words=_named(nouns))


def _once(words: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _named(words: list[str]) -> str:
    return ", ".join(_("“{name}”").format(name=word) for word in words[:MOST_NAMED])
