"""What invented residents propose and what an invented office finds, for dry runs."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import ngettext

from cocreation.dry_run import Rehearsal, Scene, rehearsals
from groundwork.answer import No, Refused, Words
from proposals.actions import Details, ProposalText, assess_proposal, publish_proposal, support_proposal
from proposals.models import Assessment, Proposal, ReasonCode, Stage, Theme
from proposals.rules import may_support, needs_signature

# title and reason in German and English, theme, what it would cost (None: cannot be done)
IDEAS: list[tuple[str, str, str, str, str, int | None]] = [
    ("Bänke im Schatten", "Wer einkauft, soll sich ausruhen können.", "Benches in the shade", "Whoever shops should be able to rest.", Theme.MEETING, 6_500),
    ("Trinkbrunnen am Spielplatz", "An heißen Tagen fehlt dort Wasser.", "Drinking fountain at the playground", "On hot days there is no water.", Theme.CLIMATE, 14_000),
    ("Sichere Querung vor der Schule", "Morgens ist die Straße voll.", "A safe crossing at the school", "In the morning the street is busy.", Theme.MOBILITY, 28_000),
    ("Werkstatt für alle", "Reparieren statt wegwerfen.", "A workshop for everyone", "Repair instead of throwing away.", Theme.MEETING, 19_000),
    ("Bäume auf dem Parkplatz", "Der Asphalt heizt sich auf.", "Trees on the car park", "The asphalt gets very hot.", Theme.GREEN, 11_000),
    ("Seilbahn über den Fluss", "Das wäre der schnellste Weg.", "A cable car across the river", "It would be the quickest way.", Theme.MOBILITY, None),
    ("Probenraum für Bands", "Es gibt keinen Raum, in dem man laut sein darf.", "A rehearsal room for bands", "There is no room where one may be loud.", Theme.YOUTH, 24_000),
    ("Lesung im Freibad", "Kultur dort, wo alle sind.", "Readings at the open-air pool", "Culture where everybody is.", Theme.CULTURE, 2_500),
    ("Fahrradständer am Bahnhof", "Räder stehen überall.", "Bicycle stands at the station", "Bicycles stand everywhere.", Theme.MOBILITY, 9_000),
    ("Wiese statt Rasen", "Mehr Blüten, weniger Mähen.", "A meadow instead of a lawn", "More flowers, less mowing.", Theme.GREEN, 1_800),
]  # fmt: skip


def invent_proposals(scene: Scene) -> Words:
    """Each person proposes something; the others support what they like. Who may not, does not."""
    process, places = scene.phase.process, list(scene.phase.process.places.order_by("slug"))
    made: list[Proposal] = []
    reason: No | None = None
    for number, (german, why, english, because, theme, _cost) in enumerate(IDEAS):
        text = ProposalText(
            german,
            why,
            why,
            "de",
            theme,
            places[number % len(places)],
            translations={"en": {"title": english, "summary": because, "body": because, "by": "human"}},
        )
        by = scene.people[number % len(scene.people)]
        try:
            made.append(
                publish_proposal(process=process, text=text, by=by, at=scene.moment(0.1 + number * 0.05))
            )
        except Refused as refused:
            reason = refused.answer
    if not made and reason is not None:
        raise Refused(reason)
    at = scene.moment(0.9)
    for proposal in made:
        for person in scene.dice.sample(scene.people, scene.dice.randint(1, len(scene.people) - 1)):
            if may_support(person, proposal, at):
                support_proposal(proposal=proposal, by=person, at=at)
    return ngettext("%(n)s invented proposal", "%(n)s invented proposals", len(made)) % {"n": len(made)}


def invent_assessments(scene: Scene) -> Words:
    """The office of the process looks at every proposal."""
    costs = {german: cost for german, _why, _english, _because, _theme, cost in IDEAS}
    waiting = Proposal.objects.filter(process=scene.phase.process, is_public=True, stage=Stage.RECEIVED)
    found = list(waiting.order_by("pk"))
    two = needs_signature(scene.phase.process, scene.moment(0.2))
    for number, proposal in enumerate(found):
        cost = costs.get(proposal.title, 5_000)
        feasible = cost is not None
        assess_proposal(
            proposal=proposal,
            office=scene.office,
            verdict=Assessment.Verdict.FEASIBLE if feasible else Assessment.Verdict.NOT_FEASIBLE,
            reason={"de": "Das geht.", "en": "That works."}
            if feasible
            else {"de": "Das geht dort nicht.", "en": "That is not possible there."},
            by=scene.official,
            at=scene.moment(0.2 + 0.7 * number / max(1, len(found))),
            cost=Decimal(cost) if cost is not None else None,
            details=Details()
            if feasible
            else Details(
                reason_code=ReasonCode.TOO_DEAR,
                way_on={
                    "de": "Ein Bus im Takt kostet weniger.",
                    "en": "A bus in regular intervals costs less.",
                },
            ),
            signed_by=scene.colleague if two else None,
        )
    return ngettext("%(n)s assessed", "%(n)s assessed", len(found)) % {"n": len(found)}


rehearsals.add("ideas", Rehearsal("ideas", play=invent_proposals))
rehearsals.add("assessment", Rehearsal("assessment", play=invent_assessments))
