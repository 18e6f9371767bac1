"""Ballots on paper in the demo: printed, handed out at the town hall, typed by two people batch by batch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cocreation.models import Phase

if TYPE_CHECKING:
    from quartier.demo.seed import Town


def plan_paper(town: Town, phase: Phase, plan: dict[str, Any]) -> None:
    """Everything on the day of the plan. Two people type every batch, but the last one only the second of them: it waits for another."""
    at = town.at(plan["at"])

    def work() -> None:
        from proposals.ballots import rules as votes
        from proposals.ballots.models import Vote
        from proposals.ballots.paperwork import actions

        vote = Vote.objects.select_related("phase__process").get(pk=phase.pk)
        clerk = town.people[plan["clerk"]]
        for language, large in (("de", False), ("de", True), ("en", False)):
            actions.print_run(
                vote=vote, way="desk", copies=plan["printed"], language=language, large=large, by=clerk, at=at
            )
        for name in plan["people"]:
            key = votes.voter_key(town.people[name], vote.phase)
            assert key is not None, f"{name} may not vote here"
            actions.hand_out(vote=vote, key=key, by=clerk, at=at)
        typists = [town.people[name] for name in plan["typists"]]
        for number, papers in enumerate(plan["batches"], start=1):
            then = at + timedelta(hours=2 * number)
            batch = actions.open_batch(vote=vote, way="desk", size=len(papers), by=clerk, at=then)
            for typist in typists if number < len(plan["batches"]) else typists[1:]:
                for place, text in enumerate(papers, start=1):
                    actions.type_ballot(batch=batch, number=place, text=text, by=typist, at=then)

    town.on(at, work)
