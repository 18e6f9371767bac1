"""A lively week of moderation in Auental: a few things that went wrong, what was decided, one appeal, and what waits now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cocreation.conversation.actions import CommentText, publish_comment
from cocreation.conversation.models import Comment
from cocreation.conversation.talks import Talk
from cocreation.models import Contribution, Phase
from cocreation.moderation import actions
from cocreation.moderation.actions import Verdict
from cocreation.moderation.models import Case, Decision

if TYPE_CHECKING:
    from quartier.demo.seed import Town

HOUR = timedelta(hours=1)
DAY = 24 * HOUR

SAID: dict[str, tuple[str, str, float]] = {
    "fool": ("jonas-petersen", "Wer gegen Bäume am Markt ist, hat zu lange in der Sonne gestanden. Im Kopf.", 9),
    "number": ("miriam-okafor", "Beim Hausmeister der Schule einfach klingeln, Mühlgasse 4, zweiter Stock, er ist krank und zu Hause.", 8),
    "sun": ("david-kowalski", "Sonnensegel gibt es bei uns im Laden mit 15 Prozent für alle Nachbarn. www.kowalski-schatten.example www.segel.example www.rabatt.example", 7),
    "pigeon": ("jonas-petersen", "Die Tauben am Brunnen haben mehr Ahnung vom Wasser als das halbe Rathaus.", 6),
    "off": ("miriam-okafor", "Wann kommt eigentlich die neue Turnhalle? Und warum gibt es donnerstags keinen Fisch mehr?", 5),
    "dog": ("david-kowalski", "Mein Hund trinkt aus jedem Brunnen, den ihr baut. Er findet: mehr davon.", 0.3),
    "angry": ("jonas-petersen", "Der Kerl vom Tiefbauamt soll sich schämen, der kann ja nicht mal ein Loch graben.", 0.2),
    "lead": ("miriam-okafor", "Ich habe gehört, wo der Bauleiter wohnt: das gelbe Haus hinter der Kirche. Fragt ihn doch dort.", 0.1),
}  # fmt: skip
WAVE = "Keine Poller am Markt! Wir Händler brauchen die Zufahrt, sonst stirbt die Altstadt. Stoppt den Plan jetzt"


@dataclass
class Week:
    """What was said, by its key."""

    town: Town
    phase: Phase
    said: dict[str, Contribution] = field(default_factory=dict)

    def person(self, key: str) -> Any:
        return self.town.people[key]

    def say(self, key: str, by: str, text: str, at: datetime) -> None:
        comment: Comment = publish_comment(
            talk=Talk(phase=self.phase), text=CommentText(text, "de"), by=self.person(by), at=at
        )
        self.said[key] = comment.contribution

    def report(self, key: str, rule: str, words: str, at: datetime, by: str = "", email: str = "") -> None:
        person = self.person(by) if by else None
        actions.report(contribution=self.said[key], rule=rule, words=words, by=person, email=email, at=at)

    def decide(self, key: str, verdict: Verdict, at: datetime, by: str = "tarek-bilgin") -> None:
        case = Case.objects.get(contribution=self.said[key], state=Case.State.OPEN)
        actions.decide(case=case, verdict=verdict, by=self.person(by), at=at)

    def appeal(self, key: str, words: str, at: datetime) -> None:
        decision = Decision.objects.standing().get(contribution=self.said[key])
        author = self.said[key].author
        assert author is not None
        actions.appeal(decision=decision, words=words, by=author, at=at)

    def reverse(self, key: str, reason: str, at: datetime) -> None:
        appeal = Decision.objects.standing().get(contribution=self.said[key]).appeals.get()
        actions.decide_appeal(
            appeal=appeal, reversed=True, reason=reason, by=self.person("sofia-lindqvist"), at=at
        )

    def rewrite(self, key: str, text: str, at: datetime) -> None:
        decision = Decision.objects.standing().get(contribution=self.said[key])
        author = self.said[key].author
        assert author is not None
        actions.change(decision=decision, texts={"text": text}, by=author, at=at)


def plan_moderation(town: Town) -> None:
    """Everything at its moment, like the rest of the city; nothing where no debate is open."""
    now = town.today
    phase = (
        Phase.objects.published()
        .open(now)
        .filter(method="debate")
        .select_related("process")
        .order_by("pk")
        .first()
    )
    if phase is None or (phase.starts and phase.starts > now - 8 * DAY):
        return
    week = Week(town, phase)

    def on(days: float, do: Callable[..., None], *about: Any, **more: Any) -> None:
        at = now - 0.8 * days * DAY
        town.on(at, lambda: do(*about, at=at, **more))

    for key, (by, text, days) in SAID.items():
        on(days, week.say, key, by, text)
    on(8.8, week.report, "fool", "respect", "Das ist gegen ältere Leute gemünzt.", by="miriam-okafor")
    on(
        8.6,
        week.decide,
        "fool",
        Verdict("fine", reason="Spöttisch, aber gegen niemand Bestimmtes. Das hält eine Debatte aus."),
    )
    on(
        7.9,
        week.report,
        "number",
        "private",
        "Adresse und Krankheit eines Menschen!",
        email="nachbarin@example.org",
    )
    on(7.8, week.report, "number", "private", "Bitte schnell entfernen.", by="david-kowalski")
    on(
        7.7,
        week.decide,
        "number",
        Verdict(
            "hide",
            "private",
            "Der Beitrag nennt Adresse und Gesundheit einer bestimmten Person.",
            "Wie jemand wohnt und ob er krank ist, gehört nicht in eine Debatte. Schreiben Sie gern neu, was Sie an der Schule ändern möchten.",
        ),
    )
    on(
        6.9,
        week.decide,
        "sun",
        Verdict(
            "change",
            "advertising",
            "Der Beitrag nennt drei Läden mit Rabatt.",
            "Dass Segel helfen, interessiert alle. Bitte schreiben Sie es ohne Werbung für den eigenen Laden.",
        ),
    )
    on(
        6.5,
        week.rewrite,
        "sun",
        "Sonnensegel helfen schnell und kosten weniger als Bäume. Ich verkaufe selbst welche, das sage ich dazu.",
    )
    on(6.4, week.decide, "sun", Verdict("fine", reason="Danke, so ist es für alle nützlich."))
    on(5.9, week.report, "pigeon", "respect", "Beleidigt die Verwaltung.", by="david-kowalski")
    on(
        5.7,
        week.decide,
        "pigeon",
        Verdict(
            "hide",
            "respect",
            "Der Beitrag vergleicht Beschäftigte mit Tauben.",
            "Kritik ja, Verspotten nein.",
        ),
    )
    on(
        5.5,
        week.appeal,
        "pigeon",
        "Ich habe über Tauben gesprochen, nicht über Menschen. Und die Verwaltung muss das aushalten.",
    )
    on(
        4.5,
        week.reverse,
        "pigeon",
        "Satire über eine Behörde verletzt keine Regel. Der Beitrag ist wieder da, wir bitten um Entschuldigung.",
    )
    on(
        4.9,
        week.report,
        "off",
        "topic",
        "Turnhalle und Fisch haben hier nichts zu suchen.",
        by="jonas-petersen",
    )
    on(
        4.7,
        week.decide,
        "off",
        Verdict(
            "hide",
            "topic",
            "Der Beitrag fragt nach Turnhalle und Fischstand.",
            "Hier geht es um Schatten und Wasser. Für die Turnhalle gibt es die Bürgersprechstunde.",
        ),
    )
    on(4.2, week.appeal, "off", "Fische brauchen auch Wasser.")
    on(
        0.19,
        week.report,
        "angry",
        "respect",
        "Der Mann vom Tiefbau arbeitet seit 30 Jahren hier.",
        email="kollegin@example.org",
    )
    on(0.18, week.report, "angry", "respect", "Das ist keine Kritik mehr.", by="miriam-okafor")
    on(0.08, week.report, "lead", "private", "Bitte schnell! Da wohnt eine Familie.", by="david-kowalski")
    on(0.06, week.report, "dog", "topic", "Hunde können nicht abstimmen.", email="katze@example.org")
    for number, by in enumerate(["jonas-petersen", "miriam-okafor", "david-kowalski"]):
        on(0.05 - number * 0.01, week.say, f"wave{number}", by, WAVE + "!" * (number + 1))
