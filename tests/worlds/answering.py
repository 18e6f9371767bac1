"""What stands around answers in the world: fixed dates, a draft with its second reader, a question, adopted texts."""

from __future__ import annotations

from tests.world import World


def build_answering(world: World) -> None:
    from feedback import actions, clocks
    from feedback.models import OfficialAnswer
    from quartier.builders import both

    clocks.fix_missing(world.now)
    waiting = world.proposals["to_answer"].contribution
    content = {
        "status": "accepted",
        "reason_code": "doable",
        "reason_de": "Geheimnis Antwort.",
        "office": str(world.parks.pk),
    }
    draft = actions.save_draft(
        process=world.answering,
        contribution=waiting,
        office=world.parks,
        content=content,
        by=world.olga,
        at=world.now,
    )
    world.replies["handed in"] = actions.hand_in(draft=draft, by=world.olga, at=world.now)
    answer = OfficialAnswer.objects.get(contribution=world.proposals["answering0"].pk)
    world.replies["answer"] = answer
    world.replies["question"] = actions.ask_about(
        answer=answer, question="Wann geht es los?", by=world.amina, at=world.now
    )
    for name, german, english in [
        ("plan", "Auenplan", "River plan"),
        ("not yet", "Geheimnis Plan", "Secret plan"),
    ]:
        plan = actions.make_plan(
            process=world.answering, office=world.parks, title=both(german, english),
            paragraphs=[both("Es gibt Bänke.", "There are benches.")], by=world.olga, at=world.now,
        )  # fmt: skip
        actions.tie(plan=plan, sources={1: [world.answering0.receipt]}, by=world.olga)
        world.replies[name] = plan
    actions.publish_plan(plan=world.replies["plan"], by=world.olga, at=world.now)
