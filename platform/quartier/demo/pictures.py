"""Which proposals of the demo city have pictures, with what can be seen in them; and one document."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps

from accounts.models import Person
from cocreation import files
from cocreation.files import Listed
from cocreation.models import Attachment
from groundwork.answer import Refused
from proposals.models import Proposal
from quartier.demo.drawings import picture_of


@dataclass(frozen=True)
class Drawn:
    scene: str
    alt: str
    caption: str = ""


# (process, number of the proposal) -> its pictures, in the language of the proposal.
DRAWN: dict[tuple[str, int], list[Drawn]] = {
    ("schatten-und-wasser", 1): [
        Drawn("sail", "Ein orangefarbenes Segel spannt sich an drei Masten über einen runden Sandkasten, darunter spielen Kinder.",
              "So groß müsste es sein, damit mittags der ganze Sand im Schatten liegt."),
    ],
    ("schatten-und-wasser", 2): [
        Drawn("square", "Ein Marktplatz mit Bäumen. Eine flache Wasserrinne läuft quer über das Pflaster, Menschen gehen daran entlang.",
              "Die Rinne wäre drei Zentimeter tief. Kinderwagen rollen darüber."),
        Drawn("yard", "Vier Bäume mit runden Beeten vor einem langen Gebäude, Kinder laufen dazwischen.",
              "Wo das Wasser ankommt: die Beete vor der alten Schule."),
    ],
    ("schatten-und-wasser", 5): [
        Drawn("pond", "Ein Dorfteich mit Schilf, eine Bank am Ufer, Hügel dahinter.", "Der Teich, wie er bis 2011 war. Gezeichnet nach der Erinnerung meiner Mutter."),
    ],
    ("schatten-und-wasser", 7): [
        Drawn("brook", "Ein Bach schlängelt sich durch eine Wiese mit Bäumen, Kinder stehen an den Steinen.", "Der Lindbach ohne Rohr, vom Steg am Kindergarten aus gesehen."),
    ],
    ("schatten-und-wasser", 11): [
        Drawn("river", "A wooden jetty in the river, people stand on it and three are swimming.", "The old mooring, with one new jetty."),
    ],
    ("schatten-und-wasser", 15): [
        Drawn("yard", "Ein Schulhof mit vier großen Bäumen vor dem Schulgebäude, Kinder sitzen und laufen im Schatten.", "Zeichnung der Klasse 8c."),
    ],
}  # fmt: skip

LIST = """Wassermenge am Marktplatz, grob gerechnet
Rinne: 84 m lang, 40 cm breit, 3 cm tief
Wasser im Kreis: rund 1 m3
Verdunstung an heissen Tagen: etwa 400 Liter
Pumpe: 0,4 kW, tagsueber aus Sonnenstrom
"""


def add_pictures(proposal: Proposal, drawn: list[Drawn], at: datetime) -> None:
    """Put them beside the proposal as its author would; the market square also gets its calculation."""
    author, contribution, draft = proposal.contribution.author, proposal.contribution, files.new_draft()
    listed = []
    for each in drawn:
        picture = io.BytesIO(picture_of(each.scene, proposal.title))
        row = files.add_picture(draft=draft, file=picture, name=f"{each.scene}.jpg", by=author, at=at)
        listed.append(Listed(row.key, each.alt, each.caption))
    if len(drawn) > 1:
        text = io.BytesIO(LIST.encode())
        row = files.add_document(draft=draft, file=text, name="Wasser am Markt.txt", by=author, at=at)
        listed.append(Listed(row.key))
    kept = files.settle(contribution=contribution, draft=draft, listed=listed, by=author, at=at)
    if len(drawn) > 1:
        add_designs(proposal, kept, at)


def add_designs(proposal: Proposal, kept: list[Attachment], at: datetime) -> None:
    """Two ways to bring the water to the square, with notes in the drawings. A city without this room has none."""
    if not apps.is_installed("proposals.variants"):
        return
    from proposals.variants.actions import add_variant, note_at, prefer

    author = proposal.contribution.author
    assert author is not None
    others = list(Person.objects.filter(is_active=True).exclude(pk=author.pk).order_by("pk")[:24])
    designs = [
        add_variant(proposal=proposal, title=title, words=words, picture=picture, by=author, at=at)
        for (title, words), picture in zip(DESIGNS, kept, strict=False)
    ]
    for person, (which, x, y, text) in zip(others, NOTES, strict=False):
        with suppress(Refused):
            note_at(variant=designs[which], x=x, y=y, text=text, language="de", by=person, at=at)
    for number, person in enumerate(others):
        for design, answers in zip(
            designs, (["like", "like", "fine", "like", "not"], ["fine", "like", "not", "fine"]), strict=True
        ):
            with suppress(Refused):
                prefer(variant=design, choice=answers[number % len(answers)], by=person, at=at)


DESIGNS = [
    (
        "Eine Rinne quer über den Platz",
        "Das Wasser läuft sichtbar vom Rathaus zum Fluss. Wer den Platz überquert, steigt darüber. Kinder sehen es sofort.",
    ),
    (
        "Beete am Rand, die das Wasser trinken",
        "Die Mitte bleibt frei für den Markt. Das Wasser versickert bei den Bäumen und hält sie durch den Sommer.",
    ),
]
# (design, x, y, words)
NOTES = [
    (0, 43.0, 88.0, "Hier ist es am Samstag eng: Der Gemüsestand braucht drei Meter."),
    (0, 22.0, 74.0, "Die Bank bitte mit Lehne, und so, dass man die Füße ins Wasser halten kann."),
    (0, 78.0, 40.0, "Zwischen Rinne und Tür muss ein Rollstuhl durchpassen, 1,50 m."),
    (1, 12.0, 70.0, "Dieses Beet liegt tiefer, hierhin fließt es von allein."),
    (1, 88.0, 92.0, "Noch eine Bank! Um vier warten hier alle Eltern."),
]  # fmt: skip
