"""Suggested changes to the awnings on the market: open, put to its supporters, accepted, declined, hidden, withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps

from cocreation.actions import hide_contribution

if TYPE_CHECKING:
    from accounts.models import Person
    from proposals.models import Proposal
    from tests.world import World

DAY = timedelta(days=1)


def suggest(
    world: World, proposal: Proposal, *, by: str, old: str, new: str, at: Any = None, **more: Any
) -> Any:
    """Another wording for `old`, which stands in the newest text of the proposal."""
    from proposals.amendments.actions import Suggestion, publish_amendment
    from proposals.amendments.passages import Passage

    revision = proposal.revisions.order_by("-number").first()
    field = next(name for name in ("body", "summary", "title") if old in getattr(revision, name))
    start = getattr(revision, field).index(old)
    return publish_amendment(
        proposal=proposal,
        revision=revision,
        suggestion=Suggestion(
            Passage(field, start, start + len(old)),
            new,
            more.pop("reason", "Das ist genauer."),
            more.pop("named", True),
        ),
        by=world.people[by],
        at=at or world.now - DAY,
        **more,
    )


def build_amendments(world: World) -> None:
    """The awnings' text: "Sonnensegel am Markt, weil es fehlt.". What is accepted changes the sentence below the title."""
    if not apps.is_installed("proposals.amendments"):
        return
    from proposals.amendments import actions
    from proposals.amendments.models import Poll

    now, awnings = world.now, world.to_assess
    made = world.amendments
    made["public"] = suggest(world, awnings, by="jonas", old="weil es fehlt", new="weil Schatten fehlt")
    made["asked"] = suggest(world, awnings, by="ines", old="Sonnensegel", new="Bäume", named=False)
    # Nobody in this world supports it, so the action would refuse.
    Poll.objects.create(amendment=made["asked"], by=world.amina, at=now - DAY / 2, ends=now + 5 * DAY)
    made["accepted"] = suggest(world, awnings, by="ines", old="bald", new="noch im Sommer")
    actions.accept_amendment(amendment=made["accepted"], by=world.amina, at=now - DAY / 2, seen=1)
    made["declined"] = suggest(world, awnings, by="jonas", old="Markt, weil", new="Bahnhof, weil")
    actions.decline_amendment(
        amendment=made["declined"], by=world.amina, at=now - DAY / 2, reason="Am Markt ist es am heißesten."
    )
    secret = {"by": "jonas", "old": "weil es fehlt", "reason": "Geheimnis"}
    made["hidden"] = suggest(world, awnings, new="Geheimnis verborgen", **secret)
    hide_contribution(
        contribution=made["hidden"].contribution,
        by=world.mo,
        at=now - DAY / 2,
        rule="Respekt",
        reason="Beleidigt.",
    )
    made["withdrawn"] = suggest(world, awnings, new="Geheimnis zurück", **secret)
    actions.withdraw_amendment(amendment=made["withdrawn"], by=world.jonas, at=now - DAY / 2)


def grow_amendments(world: World, person: Person) -> None:
    """Two more suggestions by somebody else, one of them decided."""
    if not world.amendments:
        return
    from proposals.amendments import actions

    world.people["more"] = person
    suggest(world, world.to_assess, by="more", old="weil es fehlt", new="weil alle schwitzen", at=world.now)
    other = suggest(world, world.to_assess, by="more", old="weil es fehlt", new="weil nötig", at=world.now)
    actions.decline_amendment(amendment=other, by=world.amina, at=world.now, reason="Es fehlt ja wirklich.")
    del world.people["more"]
