"""What became of the promises of Auental: news with pictures, money, hands, one given up, one asked again, two reports."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from accounts.models import Person
from cocreation import files
from cocreation.files import Listed
from cocreation.models import Process
from feedback import actions, keeping_rules
from feedback.models import Commitment, day_of
from groundwork.answer import Refused
from quartier.demo.drawings import picture_of

if TYPE_CHECKING:
    from quartier.demo.seed import Town

BUDGET, YOUTH, SHADE = "buergerhaushalt-2026", "jugendbudget-2025", "schatten-und-wasser"
TREES, FOUNTAIN, CAFE, LOCKERS = (
    "40 Bäume für die Bahnhofstraße",
    "Trinkbrunnen an der Mühle in Obermühl",
    "Reparaturcafé im Alten Stellwerk",
    "Fahrradboxen am Bahnhof",
)


def build_keeping(town: Town) -> None:
    """After everything else has happened; every act at its own moment."""
    keeping = {each.title_de: each for each in Commitment.objects.select_related("office")}  # type: ignore[attr-defined]
    if TREES in keeping:
        _trees(town, keeping[TREES])
    if FOUNTAIN in keeping:
        _fountain(town, keeping[FOUNTAIN])
    if CAFE in keeping:
        _said(keeping[CAFE], "yes yes yes partly yes yes no yes yes partly yes yes", _ago(town, 130))
        for value in ("yes", "yes", "partly", "yes"):
            _poster(keeping[CAFE], value, _ago(town, 120))
    if LOCKERS in keeping:
        _lockers(town, keeping[LOCKERS])
    _dispenser(town)
    for slug, learned, changes in REPORTS:
        _report(town, slug, learned, changes)


def _ago(town: Town, days: float) -> datetime:
    return town.today - timedelta(days=days)


def _boss(town: Town, commitment: Commitment) -> Person:
    return town.officials[commitment.office.slug]


def _trees(town: Town, trees: Commitment) -> None:
    boss = _boss(town, trees)
    for days, amount, german, english in (
        (14, 2150, "Bewässerungssäcke für den ersten Sommer", "Watering bags for the first summer"),
        (6, -380, "Rabatt der Baumschule, zurückgezahlt", "Discount of the tree nursery, paid back"),
    ):
        at = _ago(town, days)
        actions.spend(
            commitment=trees, day=day_of(at), amount=Decimal(amount), what_for={"de": german, "en": english}, by=boss, at=at
        )  # fmt: skip
    at, draft, listed = _ago(town, 12), files.new_draft(), []
    for scene, alt, caption in (
        (
            "yard",
            "Vier junge Bäume mit runden Beeten stehen vor einem langen Gebäude.",
            "Der erste Abschnitt, im Mai.",
        ),
        (
            "square",
            "Ein Platz mit jungen Bäumen, Menschen gehen am Rand entlang.",
            "Hier kommt der zweite Abschnitt hin.",
        ),
    ):
        picture = io.BytesIO(picture_of(scene, f"{TREES} {caption}"))
        row = files.add_picture(draft=draft, file=picture, name=f"{scene}.jpg", by=boss, at=at)
        listed.append(Listed(row.key, alt, caption))
    table = io.BytesIO(b"Baumarten im ersten Abschnitt\nFeldahorn: 9\nWinterlinde: 8\nHainbuche: 5\n")
    row = files.add_document(draft=draft, file=table, name="Baumarten.txt", by=boss, at=at)
    actions.post_update(
        commitment=trees, by=boss, at=at, draft=draft, listed=[*listed, Listed(row.key)],
        text={
            "de": "22 Bäume sind angewachsen, zwei mussten wir ersetzen. Die Liste der Arten liegt bei.",
            "en": "22 trees have taken root, two had to be replaced. The list of species is attached.",
        },
    )  # fmt: skip
    water = actions.offer_task(
        commitment=trees, title={"de": "Bäume gießen: je zwei Bäume, einmal in der Woche", "en": "Water the trees: two trees each, once a week"},
        people=11, hours=Decimal(6), until=day_of(town.today + timedelta(days=60)), by=boss, at=_ago(town, 11),
    )  # fmt: skip
    actions.offer_task(
        commitment=trees, title={"de": "Baumscheiben bepflanzen, ein Samstag im Herbst", "en": "Plant the tree pits, one Saturday in autumn"},
        people=8, hours=Decimal("3.5"), until=day_of(town.today + timedelta(days=90)), by=boss, at=_ago(town, 11),
    )  # fmt: skip
    for number, person in enumerate(_people(trees, 5)):
        with suppress(Refused):
            pledge = actions.take_on(task=water, by=person, at=_ago(town, 9), is_named=number % 2 == 0)
            if number < 4:
                actions.report_done(pledge=pledge, hours=Decimal(2 + number), by=person, at=_ago(town, 1))


def _fountain(town: Town, fountain: Commitment) -> None:
    """Built, and yet too few say that it works: so the question is asked again where ideas are collected now."""
    _said(fountain, "no partly yes no no partly yes no no yes no partly", _ago(town, 150))
    process = Process.objects.filter(slug=SHADE).first()
    phase = process.phase_with("propose", _ago(town, 3)) if process else None
    fountain.refresh_from_db()
    if phase is not None and keeping_rules.works_too_little(fountain):
        actions.reopen(commitment=fountain, phase=phase, by=_boss(town, fountain), at=_ago(town, 3))


def _lockers(town: Town, lockers: Commitment) -> None:
    """Handed over once, and given up in the end."""
    to = town.offices.get("bauhof")
    if to is not None and to.pk != lockers.office_id:
        actions.hand_over(
            commitment=lockers, to=to, by=_boss(town, lockers), at=_ago(town, 60),
            reason={
                "de": "Der Bauhof stellt ab jetzt alles auf, was auf Plätzen fest steht.",
                "en": "From now on the works yard puts up whatever stands firmly on squares.",
            },
        )  # fmt: skip
        lockers.refresh_from_db()
    actions.give_up(
        commitment=lockers, by=_boss(town, lockers), at=_ago(town, 8),
        reason={
            "de": "Die Bahn braucht den Vorplatz selbst und hat endgültig abgesagt. Einen anderen Platz für 30 Boxen in der Nähe"
            " haben wir gesucht und nicht gefunden. Das Geld fließt zurück in den Bürgerhaushalt 2027.",
            "en": "The railway needs the forecourt itself and has finally said no. We looked for another site for 30 lockers"
            " nearby and found none. The money goes back into the Citizens' Budget 2027.",
        },
    )  # fmt: skip


def _dispenser(town: Town) -> None:
    """Just finished: people are asked now, and three answers are missing until anything is shown."""
    office = town.offices.get("gruenflaechenamt")
    process = Process.objects.filter(slug=BUDGET).first()
    if office is None or process is None:
        return
    boss = town.officials["gruenflaechenamt"]
    made = actions.promise(
        process=process, office=office, by=boss, at=_ago(town, 160), due=day_of(_ago(town, 15)), budget=Decimal(9400),
        title={"de": "Zwei Bänke mit Dach am Friedhof", "en": "Two benches with a roof at the cemetery"},
        text={"de": "Beide Bänke stehen, mit Armlehnen und Blick zum Tor.", "en": "Both benches are there, with armrests and a view of the gate."},
        milestones=[actions.Step({"de": "Fundamente", "en": "Foundations"}, day_of(_ago(town, 40)))],
    )  # fmt: skip
    step = made.milestones.get()
    actions.complete_milestone(milestone=step, by=boss, at=_ago(town, 42), spent=Decimal(3100))
    made = actions.deliver(commitment=made, by=boss, at=_ago(town, 18), spent=Decimal(9210))
    _said(made, "yes yes partly yes yes no yes", _ago(town, 9))


def _people(commitment: Commitment, number: int) -> list[Person]:
    """Residents of the demo, always the same for the same promise."""
    found = list(Person.objects.filter(is_active=True, is_guest=False, grants__isnull=True).order_by("pk"))
    start = commitment.pk * 7 % max(1, len(found) - number)
    return found[start : start + number]


def _said(commitment: Commitment, values: str, at: datetime) -> None:
    answers = values.split()
    for number, (person, value) in enumerate(zip(_people(commitment, len(answers)), answers, strict=False)):
        with suppress(Refused):
            actions.answer_by_link(
                commitment=commitment, person=person, value=value, at=at + timedelta(hours=number),
                as_promised="yes" if number % 3 else "partly", used=("often", "seldom", "never")[number % 3],
            )  # fmt: skip


def _poster(commitment: Commitment, value: str, at: datetime) -> None:
    with suppress(Refused):
        actions.answer_by_poster(commitment=commitment, value=value, as_promised=value, used="often", at=at)


REPORTS = [
    (
        YOUTH,
        {
            "de": "Ein Budget nur für Jugendliche bringt Menschen, die sonst nie zu uns kommen. Am meisten half, dass wir in die Schulen"
            " gegangen sind. Die Begründungen der Ämter waren zu lang: Die Hälfte wurde nicht gelesen.",
            "en": "A budget for young people alone brings people who otherwise never come to us. Going to the schools helped most."
            " The reasons given by the offices were too long: half of them were not read.",
        },
        {
            "de": "Begründungen haben höchstens drei Sätze. Die Abstimmung ist auch an zwei Schultagen möglich.",
            "en": "Reasons have three sentences at most. The vote is open on two school days, too.",
        },
    ),
    (
        BUDGET,
        {
            "de": "Was gewählt wurde, steht größtenteils. Zu spät kam, was von anderen abhing: von der Bahn und den Stadtwerken."
            " Der Trinkbrunnen ist gebaut, aber zu hoch; das hätten wir vor dem Bauen fragen müssen.",
            "en": "Most of what was chosen is there. What depended on others came late: on the railway and the utility."
            " The drinking fountain is built, but too high; we should have asked before building.",
        },
        {
            "de": "Wer fremdes Land braucht, hat vor der Abstimmung eine Zusage. Vor dem Bauen fragen wir die, die es benutzen.",
            "en": "Whoever needs somebody else's land has a promise before the vote. Before building we ask those who will use it.",
        },
    ),
]


def _report(town: Town, slug: str, learned: dict[str, str], changes: dict[str, str]) -> None:
    process = Process.objects.filter(slug=slug).select_related("office").first()
    ended = keeping_rules.ended_at(process) if process else None
    if process is None or ended is None or ended > town.today:
        return
    actions.publish_report(
        process=process, learned=learned, changes=changes, by=town.officials[process.office.slug],
        at=min(ended + timedelta(days=75), town.today),
    )  # fmt: skip
