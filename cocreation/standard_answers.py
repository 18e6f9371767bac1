"""Honest standard sentences for the publish gate: true of every process that runs on this platform from a recipe.

A recipe adds its own (`Recipe.gate`, and `Recipe.left_out` for what it leaves out, with the reason). Until somebody writes
an answer of their own, they count, marked "suggested, please read"; what is public then is what was read and published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cocreation.recipes import Text, recipe_named

if TYPE_CHECKING:
    from cocreation.models import GateAnswer


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a recipe proposes for an item: an answer, or (`left_out`) the reason for leaving it out."""

    text: Text
    left_out: bool = False


STANDARD: dict[int, Text] = {
    13: {
        "de": "Alle können mitmachen, die in den genannten Orten leben, arbeiten oder zu tun haben. Niemand wird ausgewählt."
        " Wir laden über die Zeitung, die Internetseite der Stadt und Aushänge ein.",
        "en": "Everyone who lives or works in these places, or has to do with them, can take part. Nobody is selected."
        " We invite through the newspaper, the city's website and notices.",
    },
    15: {
        "de": "Wir gehen fair miteinander um. Nicht erlaubt sind Beleidigungen und Drohungen, Privates über andere, Werbung und"
        " was gegen Gesetze verstößt. Die Moderation blendet solche Beiträge aus und nennt den Grund.",
        "en": "We treat each other fairly. Not allowed are insults and threats, private matters of others, advertising and"
        " whatever breaks the law. The moderators hide such contributions and give the reason.",
    },
    16: {
        "de": "Öffentlich sind nur der Beitrag und der selbst gewählte Name. Nach Herkunft, Gesundheit, Religion oder politischer"
        " Meinung wird nicht gefragt. Es gelten die geprüften Standardabläufe der Plattform; jede Person kann ihre Daten"
        " ansehen und löschen lassen.",
        "en": "Only the contribution and the name a person chose are public. Nobody is asked about origin, health, religion or"
        " political opinion. The checked standard procedures of the platform apply; everybody can see their data and have"
        " them erased.",
    },
    17: {
        "de": "Wir zählen Beiträge nach Ort und nach Weg (Internet, Papier, Telefon, Veranstaltung) und vergleichen sie mit der"
        " Zahl der Menschen, die dort leben. Personen werden nicht bewertet.",
        "en": "We count contributions by place and by way (internet, paper, phone, event) and compare them with the number of"
        " people who live there. Persons are not rated.",
    },
    18: {
        "de": "Alle öffentlichen Beiträge, Zahlen und Antworten stehen dauerhaft zum Lesen und zum Herunterladen bereit, ohne"
        " Angaben zu Personen.",
        "en": "All public contributions, figures and answers stay readable and can be downloaded for good, without data about"
        " persons.",
    },
    19: {
        "de": "Ausgangspunkt sind die Zahlen der letzten vergleichbaren Beteiligung; gibt es keine, sind die ersten Zahlen der Ausgangspunkt."
        " Spätestens 90 Tage nach dem Ende berichten wir: wer mitgemacht hat, was daraus wurde und was wir besser machen.",
        "en": "The starting point are the figures of the last comparable process; where there is none, the first figures are."
        " At the latest 90 days after the end we report who took part, what came of it and what we will do better.",
    },
}


def brought(answer: GateAnswer) -> Suggestion:
    """What another city said of its process, as a suggestion for ours."""
    said = "reason" if answer.is_waived else "text"
    return Suggestion(
        {code: getattr(answer, f"{said}_{code}") or "" for code in ("de", "en")}, left_out=answer.is_waived
    )


def suggestions_for(recipe: str) -> dict[int, Suggestion]:
    """The suggestions for a process from this recipe, by item; none for a process that began on an empty page."""
    if not recipe:
        return {}
    found = {item: Suggestion(text) for item, text in STANDARD.items()}
    if known := recipe_named(recipe):
        found |= {item: Suggestion(text) for item, text in known.gate.items()}
        found |= {item: Suggestion(text, left_out=True) for item, text in known.left_out.items()}
    return found
